"""A table of the tests' own whose rows entries stand for, as facts and transfers are later."""

from typing import Any
from uuid import UUID

from django.db import models
from psycopg import Cursor

from makegood.record.actions import append, keep_personal, seal
from makegood.record.batches import CoveredTable, covered_rows
from makegood.record.canonical import row_leaf
from tests.record.story import NOON, PLATFORM, made_id

COLUMNS = ("merchant_id", "id", "amount", "note", "at", "personal_digest")


class Told(models.Model):
    """What was told in a batch; made by `create_told`, not by a migration."""

    pk = models.CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    amount = models.BigIntegerField()
    note = models.TextField(null=True)
    at = models.DateTimeField()
    personal_digest = models.BinaryField(null=True)
    entry_id = models.UUIDField()

    class Meta:
        app_label = "record_tests"
        db_table = "told"

    def __str__(self) -> str:
        return str(self.id)


TOLD = CoveredTable("told", COLUMNS, row_leaf(COLUMNS), digest_column="personal_digest")


def create_told(cursor: Cursor[Any]) -> None:
    """Make the table, for this transaction."""
    cursor.execute(
        "CREATE TABLE told (merchant_id uuid, id uuid, amount bigint, note text, "
        "at timestamptz, personal_digest bytea, entry_id uuid, PRIMARY KEY (merchant_id, id))"
    )


def tell(cursor: Cursor[Any], batch: str, count: int) -> UUID:
    """Tell a batch of rows under one entry of the platform's book; the first is personal."""
    entry_id = made_id("batch", batch)
    salt, content, digest = seal({"consumer": "alice"})
    first = made_id("told", batch, 0)
    keep_personal(cursor, [(PLATFORM, first, salt, content)])
    cursor.executemany(
        "INSERT INTO told (merchant_id, id, amount, note, at, personal_digest, entry_id) "
        "VALUES (%s, %s, %s, %s, to_timestamp(%s), %s, %s)",
        [
            (
                PLATFORM,
                made_id("told", batch, number),
                number * 100,
                None if number % 2 else f"第{number}",
                NOON // 1_000_000 + number,
                None if number else digest,
                entry_id,
            )
            for number in range(count)
        ],
    )
    columns = ", ".join(COLUMNS)
    cursor.execute(f"SELECT {columns} FROM told WHERE entry_id = %s", (entry_id,))
    rows = cursor.fetchall()
    append(
        cursor,
        merchant_id=PLATFORM,
        id=entry_id,
        actor="source:shop",
        action="facts.taken",
        subject=f"batch_{batch}",
        at=NOON,
        payload={"rows": covered_rows({"told": map(TOLD.leaf, rows)})},
    )
    return entry_id
