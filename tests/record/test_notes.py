"""Signed notes and checkpoints as C2SP specifies them, and the key that signs them."""

import stat
import threading
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from makegood.record.keys import SigningKeyUnusable, ensure_signing_key, read_signing_key
from makegood.record.notes import (
    Checkpoint,
    NoteRefused,
    SigningKey,
    VerifierKey,
    open_checkpoint,
    sign_checkpoint,
)

STATEMENT = Checkpoint("makegood.example/record", 20852163, bytes(range(32)), 1_679_315_147)

# The example of the specification of signed notes in the Go toolchain's sumdb.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_published_key_has_the_id_that_is_published() -> None:
    key = VerifierKey.parse(PUBLISHED_KEY)
    assert (key.name, key.text()) == ("PeterNeumann", PUBLISHED_KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+c74f20a3",
        PUBLISHED_KEY.replace("c74f", "c74e"),
        PUBLISHED_KEY.replace("Peter", "Petra"),
        PUBLISHED_KEY[:-4],
        PUBLISHED_KEY.replace("+ARpc", "+?Rpc"),
        "Peter Neumann" + PUBLISHED_KEY[12:],
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|verifier key|name a key|padding"):
        VerifierKey.parse(text)


def test_a_checkpoint_is_written_as_specified(key: SigningKey) -> None:
    note = sign_checkpoint(STATEMENT, key)
    text, _, signatures = note.rpartition("\n\n")
    root = b64encode(bytes(range(32))).decode()
    assert text == f"makegood.example/record\n20852163\n{root}"
    plain, timed = (line.split(" ") for line in signatures.splitlines())
    assert plain[:2] == timed[:2] == ["—", "makegood.example/record"]
    public = key.private.public_key()
    raw = public.public_bytes_raw()
    for kind, encoded, length in ((1, plain[2], 68), (4, timed[2], 76)):
        decoded = b64decode(encoded)
        hashed = sha256(b"makegood.example/record\n" + bytes([kind]) + raw).digest()
        assert (decoded[:4], len(decoded)) == (hashed[:4], length)
    public.verify(b64decode(plain[2])[4:], f"{text}\n".encode())
    message = f"cosignature/v1\ntime 1679315147\n{text}\n".encode()
    public.verify(b64decode(timed[2])[12:], message)


def test_a_checkpoint_says_what_was_signed(key: SigningKey) -> None:
    note = sign_checkpoint(STATEMENT, key)
    assert open_checkpoint(note, key.verifier) == STATEMENT
    witnessed = f"{note}— witness.example/w1 {b64encode(b'x' * 76).decode()}\n"
    assert open_checkpoint(witnessed, key.verifier) == STATEMENT


def test_a_checkpoint_changed_in_any_byte_is_refused(key: SigningKey) -> None:
    note = sign_checkpoint(STATEMENT, key)
    for place, letter in enumerate(note):
        other = "A" if letter != "A" else "B"
        with pytest.raises(NoteRefused):
            open_checkpoint(note[:place] + other + note[place + 1 :], key.verifier)
        with pytest.raises(NoteRefused):
            open_checkpoint(note[:place] + note[place + 1 :], key.verifier)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda note: note[:0], "no text followed by signatures"),
        (lambda note: note.rpartition("\n\n")[0], "no text followed by signatures"),
        (lambda note: note.rstrip("\n"), "no text followed by signatures"),
        (lambda note: note.replace("2085", "\t2085"), "control characters"),
        (lambda note: note.replace("20852163", "020852163"), "not origin, size and root"),
        (lambda note: note.replace("20852163", "9" * 40), "not origin, size and root"),
        (lambda note: note.replace("20852163\n", ""), "not origin, size and root"),
        (lambda note: note.replace("20852163\n", "20852163\nmore\n"), "not origin, size and root"),
        (lambda note: "makegood.other" + note[16:], "is of the log 'makegood.other/record'"),
        (lambda note: note.replace("20852163", "20852164"), "does not hold"),
        (lambda note: note + "no signature\n", "is no signature"),
        (lambda note: note + note.splitlines(keepends=True)[4] * 99, "no text followed"),
        (lambda note: "".join(note.splitlines(keepends=True)[:5]), "carries no signature"),
    ],
)
def test_what_is_no_checkpoint_is_refused(key: SigningKey, spoil: object, why: str) -> None:
    assert callable(spoil)
    with pytest.raises(NoteRefused, match=why):
        open_checkpoint(spoil(sign_checkpoint(STATEMENT, key)), key.verifier)


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "signing.pem"
    threads = [threading.Thread(target=ensure_signing_key, args=[file]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = read_signing_key(file, "a").verifier.public
    ensure_signing_key(file)
    assert read_signing_key(file, "a").verifier.public == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_key_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    missing, broken, other = (tmp_path / name for name in ("missing", "broken", "other"))
    broken.write_text("no key")
    other.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    for file, why in ((missing, "no signing key"), (broken, "cannot be read"), (other, "Ed25519")):
        with pytest.raises(SigningKeyUnusable, match=why):
            read_signing_key(file, "a")
