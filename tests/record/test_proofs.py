"""Proofs travel as plain data and hold only for what was sealed."""

from typing import Any, TypeVar

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import Cursor

from makegood.record.actions import checkpoint
from makegood.record.batches import covered_rows
from makegood.record.notes import NoteRefused, SigningKey
from makegood.record.proofs import (
    ConsistencyProof,
    EntryProof,
    NotProvable,
    ProofRefused,
    RowProof,
    prove_consistency,
    prove_entry,
    prove_row,
    verify_consistency,
    verify_entry,
    verify_row,
)
from makegood.record.queries import entry_by_id, entry_by_number, last_checkpoint
from tests.record.covered import COLUMNS, TOLD, create_told, tell
from tests.record.story import BOB, NOON, PLATFORM, append_one, made_id, write_whole_record

Proof = TypeVar("Proof", EntryProof, RowProof, ConsistencyProof)


def carried(proof: Proof) -> Proof:
    """The proof after a journey as JSON."""
    return msgspec.json.decode(msgspec.json.encode(proof), type=type(proof))


def test_each_entry_is_proved_by_the_first_checkpoint_that_seals_it(
    cursor: Cursor[Any], key: SigningKey
) -> None:
    ids = write_whole_record(cursor, key)
    sizes = []
    for number in range(5):
        found = entry_by_number(cursor, number)
        assert found is not None
        proof = carried(prove_entry(cursor, found.entry.merchant_id, found.entry.id, key.verifier))
        verify_entry(proof, key.verifier)
        assert (proof.entry, proof.number) == (found.entry, number)
        sizes.append(int(proof.checkpoint.splitlines()[1]))
    assert sizes == [3, 3, 3, 5, 5]
    pending = entry_by_id(cursor, BOB, ids[-1])
    assert pending is not None
    assert pending.number is None
    for missing in (ids[-1], made_id("nothing")):
        with pytest.raises(NotProvable):
            prove_entry(cursor, BOB, missing, key.verifier)


def test_an_entry_not_sealed_yet_is_not_provable(cursor: Cursor[Any], key: SigningKey) -> None:
    assert last_checkpoint(cursor) is None
    write_whole_record(cursor, key)
    checkpoint(cursor, key=key, at=NOON)
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("DELETE FROM record_checkpoint WHERE size > 5")
    with pytest.raises(NotProvable, match="no checkpoint seals"):
        prove_entry(cursor, BOB, made_id("entry", 5), key.verifier)
    note = last_checkpoint(cursor)
    assert note is not None
    assert note.splitlines()[1] == "5"


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": 10**9},
        {"path": ()},
        {"path": ("00" * 32, "00" * 32, "00" * 32)},
        {"path": ("no hex",)},
        {"entry": {"payload": "{}"}},
        {"entry": {"actor": "somebody else"}},
        {"entry": {"at": NOON + 1}},
        {"entry": {"personal_digest": b"x" * 32}},
    ],
)
def test_a_changed_proof_is_refused(
    cursor: Cursor[Any], key: SigningKey, change: dict[str, Any]
) -> None:
    ids = write_whole_record(cursor, key)
    proof = prove_entry(cursor, PLATFORM, ids[3], key.verifier)
    verify_entry(proof, key.verifier)
    plain = msgspec.to_builtins(proof)
    for name, value in change.items():
        if isinstance(value, dict):
            plain[name] |= msgspec.to_builtins(value)
        else:
            plain[name] = value
    with pytest.raises(ProofRefused):
        verify_entry(msgspec.convert(plain, EntryProof), key.verifier)


def test_a_proof_under_another_key_is_refused(cursor: Cursor[Any], key: SigningKey) -> None:
    ids = write_whole_record(cursor, key)
    proof = prove_entry(cursor, BOB, ids[0], key.verifier)
    for other in (
        SigningKey(key.name, Ed25519PrivateKey.from_private_bytes(b"o" * 32)),
        SigningKey("other.example/record", key.private),
    ):
        with pytest.raises(NoteRefused):
            verify_entry(proof, other.verifier)


def test_each_row_of_a_batch_is_proved(cursor: Cursor[Any], key: SigningKey) -> None:
    create_told(cursor)
    first, second = tell(cursor, "first", 5), tell(cursor, "second", 1)
    checkpoint(cursor, key=key, at=NOON)
    cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM told WHERE entry_id = %s", [first])
    rows = [TOLD.leaf(row) for row in cursor.fetchall()]
    for row in rows:
        proof = carried(prove_row(cursor, TOLD, row, (PLATFORM, first), key.verifier))
        verify_row(proof, key.verifier)
        assert proof.row == row.decode()
        for changed in (
            msgspec.structs.replace(proof, row=proof.row.replace("0", "1", 1)),
            msgspec.structs.replace(proof, place=proof.place ^ 1),
            msgspec.structs.replace(proof, path=proof.path[:-1]),
            msgspec.structs.replace(proof, table="other"),
            msgspec.structs.replace(
                proof, batch=prove_entry(cursor, PLATFORM, second, key.verifier)
            ),
        ):
            with pytest.raises(ProofRefused):
                verify_row(changed, key.verifier)
    with pytest.raises(NotProvable):
        prove_row(cursor, TOLD, rows[0], (PLATFORM, second), key.verifier)


def test_an_entry_without_rows_proves_no_row(cursor: Cursor[Any], key: SigningKey) -> None:
    create_told(cursor)
    batch = tell(cursor, "first", 1)
    other = append_one(cursor, 1)
    checkpoint(cursor, key=key, at=NOON)
    cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM told")
    (row,) = map(TOLD.leaf, cursor.fetchall())
    proof = prove_row(cursor, TOLD, row, (PLATFORM, batch), key.verifier)
    elsewhere = msgspec.structs.replace(proof, batch=prove_entry(cursor, BOB, other, key.verifier))
    with pytest.raises(ProofRefused, match="stands for no rows"):
        verify_row(elsewhere, key.verifier)


def test_every_checkpoint_continues_every_older_one(cursor: Cursor[Any], key: SigningKey) -> None:
    sizes = []
    for cause in range(9):
        append_one(cursor, cause, at=NOON + cause)
        note = checkpoint(cursor, key=key, at=NOON)
        assert note == checkpoint(cursor, key=key, at=NOON + 9_000_000) == last_checkpoint(cursor)
        sizes.append(int(note.splitlines()[1]))
    for older in sizes:
        for newer in sizes[older:]:
            proof = carried(prove_consistency(cursor, older, newer, key.verifier))
            verify_consistency(proof, key.verifier)
            turned = msgspec.structs.replace(proof, older=proof.newer, newer=proof.older)
            spoiled = msgspec.structs.replace(proof, path=(*proof.path, "00" * 32))
            for bad in (turned, spoiled):
                with pytest.raises(ProofRefused):
                    verify_consistency(bad, key.verifier)
    for older, newer in ((2, 2), (2, 1), (2, 99), (0, 2)):
        with pytest.raises(NotProvable):
            prove_consistency(cursor, older, newer, key.verifier)


def test_rows_of_a_batch_are_a_set() -> None:
    leaves = [b"%d" % number for number in range(6)]
    covered = covered_rows({"told": leaves, "empty": []})
    assert covered == covered_rows({"told": reversed(leaves)})
    assert covered["told"]["count"] == 6
    assert covered != covered_rows({"told": [*leaves, leaves[0]]})
