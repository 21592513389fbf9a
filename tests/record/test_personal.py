"""Personal fields: kept apart, erased by a recorded erasure only, and no proof breaks."""

from typing import Any

import psycopg
import pytest
from psycopg import Cursor

from makegood.record.actions import (
    PersonalNotFound,
    checkpoint,
    erase_personal,
    personal_digest,
    seal,
)
from makegood.record.check import verify
from makegood.record.notes import SigningKey
from makegood.record.proofs import prove_entry, verify_entry
from makegood.record.queries import entries_on
from tests.record.story import BOB, NOON, PLATFORM, append_with_personal, made_id


def kept(cursor: Cursor[Any]) -> list[Any]:
    """The personal rows."""
    cursor.execute("SELECT id, content FROM record_personal ORDER BY content, id")
    return cursor.fetchall()


def erase(cursor: Cursor[Any], cause: str, *ids: Any, merchant_id: Any = BOB) -> None:
    """Erase as Dana does."""
    erase_personal(
        cursor,
        merchant_id=merchant_id,
        ids=ids,
        entry_id=made_id("erasure", cause),
        actor="member:dana",
        reason="the consumer asked for it",
        at=NOON,
    )


def test_fields_are_sealed_with_a_salt_of_their_own() -> None:
    first, second = (seal({"name": "Alice", "area": "上海"}) for _ in range(2))
    assert first[1] == second[1] == '{"area":"上海","name":"Alice"}'
    assert first[0] != second[0]
    assert first[2] != second[2]
    assert personal_digest(first[0], first[1]) == first[2]


def test_an_erasure_is_an_entry_and_breaks_no_proof(cursor: Cursor[Any], key: SigningKey) -> None:
    alice, charlie = (append_with_personal(cursor, name) for name in ("alice", "charlie"))
    checkpoint(cursor, key=key, at=NOON)
    proof = prove_entry(cursor, BOB, alice, key.verifier)
    erase(cursor, "one", alice)
    assert [id for id, _ in kept(cursor)] == [charlie]
    (erasure,) = entries_on(cursor, BOB, "personal")
    assert erasure.entry.payload == (
        f'{{"erased":["{alice}"],"reason":"the consumer asked for it"}}'
    )
    verify_entry(proof, key.verifier)
    assert prove_entry(cursor, BOB, alice, key.verifier) == proof
    found = verify(cursor, key=key.verifier)
    assert (found.holds, found.personal, found.erased) == (True, 1, 1)


def test_many_are_erased_at_once(cursor: Cursor[Any], key: SigningKey) -> None:
    erase(cursor, "all", *(append_with_personal(cursor, number) for number in range(20)))
    assert kept(cursor) == []
    assert verify(cursor, key=key.verifier).erased == 20


@pytest.mark.parametrize("merchant_id", [BOB, PLATFORM])
def test_erasing_what_is_not_kept_is_refused_and_erases_nothing(
    cursor: Cursor[Any], merchant_id: Any
) -> None:
    alice = append_with_personal(cursor, "alice")
    before = kept(cursor)
    ids = [alice, made_id("nobody")] if merchant_id == BOB else [alice]
    with pytest.raises(PersonalNotFound):
        erase(cursor, "wrong", *ids, merchant_id=merchant_id)
    assert kept(cursor) == before
    assert entries_on(cursor, merchant_id, "personal") == []


@pytest.mark.parametrize("setting", ["erasure", "another entry", "nothing", "no id"])
def test_a_delete_without_a_recorded_erasure_is_refused(cursor: Cursor[Any], setting: str) -> None:
    alice, charlie = (append_with_personal(cursor, name) for name in ("alice", "charlie"))
    erase(cursor, "charlie", charlie)
    value = {
        "erasure": made_id("erasure", "charlie"),  # It names Charlie, not Alice.
        "another entry": alice,
        "nothing": "",
        "no id": made_id("nothing"),
    }[setting]
    before = kept(cursor)
    cursor.execute("SAVEPOINT before_delete")
    cursor.execute("SELECT set_config('makegood.erasure', %s, true)", [str(value)])
    with pytest.raises(psycopg.errors.RestrictViolation, match="only by a recorded erasure"):
        cursor.execute("DELETE FROM record_personal WHERE id = %s", [alice])
    cursor.execute("ROLLBACK TO SAVEPOINT before_delete")
    assert kept(cursor) == before
