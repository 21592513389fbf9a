"""The key that signs checkpoints: one Ed25519 key in a file that only its owner can read."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from makegood.home.paths import kept_secret, make_folder
from makegood.record.notes import SigningKey


class SigningKeyUnusable(Exception):
    """The key file is missing or holds no Ed25519 key; the message is one sentence."""


def ensure_signing_key(path: Path) -> None:
    """Make the key file, mode 0600, if it is missing; an existing one is never replaced."""
    make_folder(path.parent, 0o700)
    kept_secret(path, _new_key)


def _new_key() -> str:
    private = Ed25519PrivateKey.generate()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def read_signing_key(path: Path, name: str) -> SigningKey:
    """The key in the file, under the name of its log; else `SigningKeyUnusable`."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise SigningKeyUnusable(f"there is no signing key at {path}") from error
    except (OSError, ValueError, TypeError) as error:
        raise SigningKeyUnusable(f"the signing key at {path} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyUnusable(f"the signing key at {path} is not an Ed25519 key")
    return SigningKey(name, key)
