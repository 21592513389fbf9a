"""Appending entries and numbering them; what the database refuses."""

from typing import Any

import psycopg
import pytest
from psycopg import Cursor

from makegood.record.actions import EntryIdUsed, append, append_all, sequence
from makegood.record.canonical import NotCanonical
from makegood.record.entries import Entry, entry
from makegood.record.merkle import leaf_hash, root
from makegood.record.notes import SigningKey
from makegood.record.tree import LogDamaged, stored_root
from tests.record.story import (
    BOB,
    NOON,
    PLATFORM,
    append_one,
    append_with_personal,
    made_id,
    write_whole_record,
)

TABLES = ("entry", "pending", "leaf", "node", "checkpoint", "personal")


def counts(cursor: Cursor[Any]) -> dict[str, int]:
    """The number of rows of each table of the record."""
    found = {}
    for table in TABLES:
        cursor.execute(f"SELECT count(*) FROM record_{table}")
        found[table] = cursor.fetchone()[0]  # type: ignore[index]
    return found


def written(cause: object, **changes: Any) -> Entry:
    """The entry that `append_one` appends, with changes."""
    values: dict[str, Any] = {
        "merchant_id": BOB,
        "id": made_id("entry", cause),
        "actor": "merchant:bob",
        "action": "offer.changed",
        "subject": f"offer_{cause}",
        "at": NOON,
        "payload": {"cause": str(cause), "承诺": ["七天", 7, True, None]},
    }
    return entry(**(values | changes))


def test_an_entry_waits_for_its_number(cursor: Cursor[Any]) -> None:
    assert append_one(cursor, 1) == made_id("entry", 1)
    assert counts(cursor) == {
        "entry": 1,
        "pending": 1,
        "leaf": 0,
        "node": 0,
        "checkpoint": 0,
        "personal": 0,
    }


def test_the_same_entry_again_changes_nothing(cursor: Cursor[Any]) -> None:
    append_one(cursor, 1)
    sequence(cursor)
    before = counts(cursor)
    assert append_one(cursor, 1) == made_id("entry", 1)
    assert counts(cursor) == before


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "other"},
        {"action": "other"},
        {"subject": "other"},
        {"at": NOON + 1},
        {"payload": {}},
        {"personal_digest": b"d" * 32},
    ],
)
def test_another_entry_under_the_same_id_is_refused(
    cursor: Cursor[Any], change: dict[str, Any]
) -> None:
    append_one(cursor, 1)
    before = counts(cursor)
    values: dict[str, Any] = {
        "actor": "merchant:bob",
        "action": "offer.changed",
        "subject": "offer_1",
        "at": NOON,
        "payload": {"cause": "1", "承诺": ["七天", 7, True, None]},
    }
    with pytest.raises(EntryIdUsed):
        append(cursor, merchant_id=BOB, id=made_id("entry", 1), **(values | change))
    assert counts(cursor) == before


def test_a_payload_without_canonical_bytes_is_refused(cursor: Cursor[Any]) -> None:
    before = counts(cursor)
    with pytest.raises(NotCanonical):
        append(
            cursor,
            merchant_id=BOB,
            id=made_id("float"),
            actor="a",
            action="b",
            subject="c",
            at=NOON,
            payload={"sum": 1.5},
        )
    assert counts(cursor) == before


def test_many_at_once_are_as_one_by_one(cursor: Cursor[Any]) -> None:
    append_all(cursor, [written(cause) for cause in range(5)])
    before = counts(cursor)
    for cause in range(5):
        append_one(cursor, cause)
    assert counts(cursor) == before
    assert sequence(cursor) == 5


@pytest.mark.parametrize("sizes", [[1], [2], [1, 1, 1], [5, 3], [7, 1, 8, 16, 1], [64, 1]])
def test_numbering_in_any_portions_grows_the_tree_of_the_whole(
    cursor: Cursor[Any], sizes: list[int]
) -> None:
    entries: list[Entry] = []
    for portion in sizes:
        start = len(entries)
        new = [written(cause, at=NOON + cause) for cause in range(start, start + portion)]
        append_all(cursor, new)
        entries += new
        assert sequence(cursor) == len(entries)
    hashes = [leaf_hash(one.leaf_data(number)) for number, one in enumerate(entries)]
    for size in range(len(entries) + 1):
        assert stored_root(cursor, size) == root(hashes[:size])
    assert counts(cursor)["pending"] == 0


def test_entries_are_numbered_in_order_of_time(cursor: Cursor[Any]) -> None:
    late = append_one(cursor, "late", at=NOON + 1)
    early = append_one(cursor, "early", at=NOON, merchant_id=PLATFORM)
    sequence(cursor)
    cursor.execute("SELECT entry_id FROM record_leaf ORDER BY number")
    assert [id for (id,) in cursor.fetchall()] == [early, late]


def test_a_tree_that_lacks_a_node_cannot_grow(cursor: Cursor[Any]) -> None:
    append_all(cursor, [written(cause) for cause in range(2)])
    sequence(cursor)
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("DELETE FROM record_node")
    append_one(cursor, "next")
    with pytest.raises(LogDamaged, match="lacks its node 0 at level 1"):
        sequence(cursor)


CHANGES = [
    (table, change)
    for table, column in (
        ("record_entry", "actor"),
        ("record_leaf", "hash"),
        ("record_node", "hash"),
        ("record_checkpoint", "note"),
        ("record_personal", "content"),
    )
    for change in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    )
]


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_the_database_refuses_change(
    cursor: Cursor[Any], key: SigningKey, table: str, change: str
) -> None:
    write_whole_record(cursor, key)
    before = counts(cursor)
    assert before[table.removeprefix("record_")]
    cursor.execute("SAVEPOINT before_change")
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        cursor.execute(change)
    cursor.execute("ROLLBACK TO SAVEPOINT before_change")
    assert counts(cursor) == before


@pytest.mark.parametrize("column", ["actor", "action"])
def test_an_entry_says_who_did_what(cursor: Cursor[Any], column: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        append_all(cursor, [written(1, **{column: ""})])


def test_an_entry_with_personal_fields_keeps_only_their_digest(cursor: Cursor[Any]) -> None:
    append_with_personal(cursor, 1)
    cursor.execute("SELECT payload, octet_length(personal_digest) FROM record_entry")
    assert cursor.fetchall() == [('{"claim":"refund"}', 32)]
