"""The key that signs checkpoints: one Ed25519 key in a file that only its owner can read."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from psycopg import Cursor

from makegood.home.paths import kept_secret, make_folder
from makegood.record.notes import SigningKey
from makegood.record.queries import last_checkpoint


class SigningKeyUnusable(Exception):
    """The key file is missing or holds no Ed25519 key; the message is one sentence."""


def ensure_signing_key(path: Path) -> None:
    """Make the key file, mode 0600, if it is missing; an existing one is never replaced."""
    make_folder(path.parent, 0o700)
    kept_secret(path, _new_key)


def log_key(cursor: Cursor[Any], path: Path, name: str) -> SigningKey:
    """The log's key, made when the log has no checkpoint yet; a lost one is never replaced.

    A new key beside old checkpoints would make all of them look forged: `SigningKeyUnusable`.
    """
    if not path.exists() and last_checkpoint(cursor) is not None:
        raise SigningKeyUnusable(
            f"the record's checkpoints were signed with a key that is not at {path}: bring it back"
        )
    ensure_signing_key(path)
    return read_signing_key(path, name)


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
