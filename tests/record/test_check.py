"""The check of the record finds a change of any field of any row."""

from typing import Any

import pytest
from django.db import models
from psycopg import Cursor

from makegood.clock.instants import DAY
from makegood.record.actions import checkpoint, erase_personal, sequence
from makegood.record.check import Verification, verify
from makegood.record.models import Checkpoint, Entry, Leaf, Node, Pending, Personal
from makegood.record.notes import Checkpoint as Statement
from makegood.record.notes import SigningKey, sign_checkpoint
from tests.record.covered import TOLD, Told, create_told, tell
from tests.record.story import BOB, NOON, append_one, made_id, write_whole_record
from tests.record.tampering import Check, unnoticed_changes, unnoticed_removal


@pytest.fixture
def check(cursor: Cursor[Any], key: SigningKey) -> Check:
    """The check of a record with rows in all its tables, two batches and an erasure among them."""
    create_told(cursor)
    tell(cursor, "first", 7)
    tell(cursor, "second", 3)
    write_whole_record(cursor, key)
    erase_personal(
        cursor,
        merchant_id=BOB,
        ids=[made_id("entry", "alice")],
        entry_id=made_id("erasure"),
        actor="member:dana",
        reason="asked for",
        at=NOON + DAY,
    )
    return lambda: verify(cursor, [TOLD], key=key.verifier).differences


def test_what_was_verified_is_counted(cursor: Cursor[Any], key: SigningKey, check: Check) -> None:
    told = []
    found = verify(
        cursor,
        [TOLD],
        key=key.verifier,
        progress=lambda part, done: told.append((part, done)),
    )
    assert found == Verification(
        entries=9, leaves=7, pending=2, nodes=4, checkpoints=2, batches=2, rows=10, personal=2,
        erased=1,
    )  # fmt: skip
    assert found.holds
    assert told[-1] == ("told", 10)
    assert ("leaves", 7) in told


def test_an_empty_record_holds(cursor: Cursor[Any], key: SigningKey) -> None:
    assert verify(cursor, key=key.verifier) == Verification()
    checkpoint(cursor, key=key, at=NOON)
    assert verify(cursor, key=key.verifier) == Verification(checkpoints=1)


ROWS: list[tuple[type[models.Model], str]] = [
    (Entry, "merchant_id, id"),
    (Pending, "merchant_id, id"),
    (Leaf, "number"),
    (Node, "level, index"),
    (Checkpoint, "size"),
    (Personal, "merchant_id, id"),
    (Told, "merchant_id, id"),
]


@pytest.mark.parametrize(("model", "columns"), ROWS)
def test_a_change_of_any_column_of_any_row_is_found(
    cursor: Cursor[Any], check: Check, model: type[models.Model], columns: str
) -> None:
    rows = keys(cursor, model, columns)
    assert rows
    for row in rows:
        assert unnoticed_changes(cursor, model, row, check) == []


@pytest.mark.parametrize(("model", "columns"), [row for row in ROWS if row[0] is not Checkpoint])
def test_a_removed_row_is_found(
    cursor: Cursor[Any], check: Check, model: type[models.Model], columns: str
) -> None:
    for row in keys(cursor, model, columns):
        assert not unnoticed_removal(cursor, model, row, check), row


def keys(cursor: Cursor[Any], model: type[models.Model], columns: str) -> list[dict[str, Any]]:
    """The keys of all rows of a table."""
    cursor.execute(f"SELECT {columns} FROM {model._meta.db_table}")
    return [dict(zip(columns.split(", "), row, strict=True)) for row in cursor.fetchall()]


def test_an_added_row_is_found(cursor: Cursor[Any], check: Check) -> None:
    assert not check()
    cursor.execute(
        "INSERT INTO told SELECT merchant_id, %s, amount, note, at, NULL, entry_id FROM told "
        "WHERE id = %s",
        (made_id("slipped in"), made_id("told", "first", 1)),
    )
    assert [str(one) for one in check()] == [
        f"told of entry {made_id('batch', 'first')}: are 8, not 7"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM told WHERE entry_id = '{first}'", "told of entry {first}: all 7 are gone"),
        ("UPDATE told SET entry_id = NULL WHERE id = '{row}'", "told of entry None: no such entry"),
        ("UPDATE told SET amount = 9007199254740993 WHERE id = '{row}'", "is beyond 2^53 - 1"),
        ("UPDATE told SET amount = 5 WHERE id = '{row}'", "{first}: are not what was recorded"),
        ("UPDATE record_entry SET at = 'infinity' WHERE id = '{first}'", "the log a row: cannot"),
        ("UPDATE record_entry SET payload = '\"rows\":{{' WHERE id = '{first}'", "cannot be read"),
        ("DELETE FROM record_leaf WHERE number = 2", "3: stands where number 2 belongs"),
        ("DELETE FROM record_pending", "is neither numbered nor pending"),
        (
            "INSERT INTO record_pending SELECT merchant_id, entry_id, hash FROM record_leaf",
            "is numbered and pending",
        ),
        ("INSERT INTO record_node VALUES (9, 0, 'x')", "9/0: belongs to no tree of this log"),
        ("DELETE FROM record_node WHERE level = 2", "record_node 2/0: is missing"),
        ("UPDATE record_checkpoint SET note = 'x' WHERE size = 5", "record_checkpoint 5: the note"),
        ("DELETE FROM record_entry WHERE action = 'personal.erased'", "though nothing erased it"),
        ("DELETE FROM record_personal", "though nothing erased it"),
        (
            "INSERT INTO record_personal VALUES ('{bob}', '{bob}', 'salt', '{{}}')",
            "belongs to no fact and no entry",
        ),
        (
            "INSERT INTO record_personal VALUES ('{bob}', '{alice}', 'salt', '{{}}')",
            "stands, though it was erased",
        ),
    ],
)  # fmt: skip
def test_a_difference_is_named(cursor: Cursor[Any], check: Check, change: str, said: str) -> None:
    assert not check()
    names = {
        "first": made_id("batch", "first"),
        "row": made_id("told", "first", 2),
        "bob": BOB,
        "alice": made_id("entry", "alice"),
    }
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(change.format(**names))
    assert said.format(**names) in "\n".join(map(str, check()))


def test_rows_of_a_table_that_is_not_checked_are_named(
    cursor: Cursor[Any], key: SigningKey, check: Check
) -> None:
    found = verify(cursor, key=key.verifier)
    assert {one.what for one in found.differences} == {
        "stands for rows of told, not checked here",
        "belongs to no fact and no entry",
    }


def test_a_log_rewritten_with_all_its_hashes_is_found_by_its_checkpoint(
    cursor: Cursor[Any], key: SigningKey
) -> None:
    write_whole_record(cursor, key)
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("UPDATE record_entry SET actor = 'somebody else'")
    cursor.execute("TRUNCATE record_leaf, record_node, record_pending")
    cursor.execute("INSERT INTO record_pending SELECT merchant_id, id, '' FROM record_entry")
    sequence(cursor)
    found = verify(cursor, key=key.verifier)
    assert [str(one) for one in found.differences] == [
        "record_checkpoint 3: its root is not that of the log",
        "record_checkpoint 5: its root is not that of the log",
    ]


def test_a_shortened_log_is_found_by_a_published_checkpoint(
    cursor: Cursor[Any], key: SigningKey
) -> None:
    append_one(cursor, 1)
    kept = checkpoint(cursor, key=key, at=NOON)
    append_one(cursor, 2)
    published = checkpoint(cursor, key=key, at=NOON)
    assert verify(cursor, key=key.verifier, published=[kept, published]).checkpoints == 4
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("DELETE FROM record_leaf WHERE number = 1")
    cursor.execute("DELETE FROM record_node")
    cursor.execute("DELETE FROM record_checkpoint WHERE size = 2")
    cursor.execute("DELETE FROM record_entry WHERE id = %s", [made_id("entry", 2)])
    assert verify(cursor, key=key.verifier).holds
    found = verify(cursor, key=key.verifier, published=[kept, published, "no note"])
    assert [str(one) for one in found.differences] == [
        "published checkpoint no. 3: the note has no text followed by signatures",
        "published checkpoint 2: seals more than the 1 entries of the log",
    ]


def test_differences_are_all_counted_but_not_all_named(
    cursor: Cursor[Any], key: SigningKey
) -> None:
    for cause in range(150):
        append_one(cursor, cause)
    sequence(cursor)
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("UPDATE record_entry SET actor = 'somebody else'")
    found = verify(cursor, key=key.verifier)
    assert (found.holds, found.differing, len(found.differences)) == (False, 150, 100)


def test_a_forged_checkpoint_is_found(cursor: Cursor[Any], key: SigningKey) -> None:
    append_one(cursor, 1)
    sequence(cursor)
    forged = sign_checkpoint(Statement(key.name, 1, b"r" * 32, NOON // 1_000_000), key)
    cursor.execute(
        "INSERT INTO record_checkpoint VALUES (1, %s, to_timestamp(%s), %s)",
        [b"r" * 32, NOON // 1_000_000, forged],
    )
    found = verify(cursor, key=key.verifier)
    assert [str(one) for one in found.differences] == [
        "record_checkpoint 1: its root is not that of the log"
    ]
