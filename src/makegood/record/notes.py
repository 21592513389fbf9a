"""Signed notes and checkpoints as C2SP specifies them (signed-note, tlog-checkpoint, Ed25519).

A checkpoint is signed twice by the log's key: over its text (type 0x01), which every
reader of such notes understands, and over its text with the time (type 0x04,
tlog-cosignature), so that the time of sealing cannot be changed afterwards either.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PLAIN = 0x01
TIMED = 0x04
SIGNATURES_AT_MOST = 100
_DASH = "\u2014 "
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


class NoteRefused(ValueError):
    """A note that cannot be trusted; the message says why."""


@dataclass(frozen=True)
class VerifierKey:
    """The name and the 32 bytes of a public Ed25519 key."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(letter.isspace() for letter in self.name):
            raise ValueError(f"{self.name!r} cannot name a key: no spaces, no plus, not empty")

    def key_id(self, kind: int) -> bytes:
        """SHA-256(name || newline || type || public key), its first four bytes."""
        return sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]

    def text(self) -> str:
        """The key as verifiers exchange it: name+id+base64(type || public key)."""
        encoded = b64encode(bytes([PLAIN]) + self.public).decode()
        return f"{self.name}+{self.key_id(PLAIN).hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read what `text` writes; a `ValueError` when it is no Ed25519 verifier key."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        decoded = b64decode(encoded, validate=True)
        key = cls(name, decoded[1:])
        if len(decoded) != 33 or decoded[0] != PLAIN or key.key_id(PLAIN).hex() != key_id:
            raise ValueError(f"{text!r} is no Ed25519 verifier key")
        return key


@dataclass(frozen=True)
class SigningKey:
    """A private key under the name of its log."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says: the log, its size, the root over it; `at` in seconds, UTC."""

    origin: str
    size: int
    root: bytes
    at: int

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The signed note of a checkpoint."""
    text = checkpoint.text()
    timed = checkpoint.at.to_bytes(8, "big") + key.private.sign(_timed_message(text, checkpoint.at))
    lines = [
        _signature_line(key.verifier, PLAIN, key.private.sign(text.encode())),
        _signature_line(key.verifier, TIMED, timed),
    ]
    return f"{text}\n{''.join(lines)}"


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """What a signed checkpoint says, after both signatures of the key were verified.

    Signatures of other keys, such as witnesses, are passed over. Anything amiss is a
    `NoteRefused`.
    """
    text, signatures = _parts(note)
    origin, size, root, *extensions = text[:-1].split("\n")
    if origin != key.name:
        raise NoteRefused(f"the checkpoint is of the log {origin!r}, not of {key.name!r}")
    if extensions or not _SIZE.fullmatch(size):
        raise NoteRefused("the checkpoint's text is not origin, size and root")
    plain = _signature(signatures, key, PLAIN, 64)
    timed = _signature(signatures, key, TIMED, 72)
    at = int.from_bytes(timed[:8], "big")
    public = Ed25519PublicKey.from_public_bytes(key.public)
    try:
        public.verify(plain, text.encode())
        public.verify(timed[8:], _timed_message(text, at))
    except InvalidSignature as error:
        raise NoteRefused(f"a signature of {key.name!r} does not hold") from error
    checkpoint = Checkpoint(origin, int(size), _decoded(root), at)
    if checkpoint.text() != text or len(checkpoint.root) != 32:
        raise NoteRefused("the checkpoint's root is no SHA-256")
    return checkpoint


def _timed_message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _signature_line(key: VerifierKey, kind: int, signature: bytes) -> str:
    return f"{_DASH}{key.name} {b64encode(key.key_id(kind) + signature).decode()}\n"


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A note's text and its signatures, each with the name of its key."""
    if any(letter < " " and letter != "\n" for letter in note):
        raise NoteRefused("the note holds control characters")
    text, blank, signed = note.rpartition("\n\n")
    lines = signed.removesuffix("\n").split("\n")
    if not blank or not signed.endswith("\n") or len(lines) > SIGNATURES_AT_MOST:
        raise NoteRefused("the note has no text followed by signatures")
    if text.count("\n") < 2:
        raise NoteRefused("the checkpoint's text is not origin, size and root")
    signatures = []
    for line in lines:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not name:
            raise NoteRefused("a line after the note's text is no signature")
        signatures.append((name, _decoded(encoded)))
    return f"{text}\n", signatures


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise NoteRefused(f"{text!r} is not base64") from error


def _signature(
    signatures: list[tuple[str, bytes]], key: VerifierKey, kind: int, length: int
) -> bytes:
    """The key's first signature of this kind; without one the note must not be trusted."""
    key_id = key.key_id(kind)
    for name, signature in signatures:
        if name == key.name and signature[:4] == key_id:
            if len(signature) != 4 + length:
                raise NoteRefused(f"a signature of {key.name!r} has the wrong length")
            return signature[4:]
    raise NoteRefused(f"the note carries no signature of {key.name!r}")
