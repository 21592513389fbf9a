"""Personal rows: what stands is what was digested, what is gone was erased by an entry."""

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Cursor

from makegood.record.actions.personal import ERASED, personal_digest
from makegood.record.batches import CoveredTable
from makegood.record.check.findings import Verification, streamed

_ERASED = f"""
SELECT merchant_id, jsonb_array_elements_text(payload::jsonb -> 'erased')::uuid AS id
FROM record_entry WHERE action = '{ERASED}'
"""


def check_personal(
    cursor: Cursor[Any], tables: Sequence[CoveredTable], found: Verification
) -> None:
    """Compare personal rows with the digests that facts and entries keep."""
    holders = [("record_entry", "personal_digest")]
    holders += [(table.table, table.digest_column) for table in tables if table.digest_column]
    for table, column in holders:
        for id, digest, salt, content, erased in _held(cursor, table, column):
            if salt is None:
                found.erased += 1
                if not erased:
                    found.differs("record_personal", id, "is gone, though nothing erased it")
                continue
            found.personal += 1
            if erased:
                found.differs("record_personal", id, "stands, though it was erased")
            if personal_digest(salt, content) != digest:
                found.differs("record_personal", id, f"is not what {table} keeps the digest of")
    for (id,) in _orphans(cursor, holders):
        found.differs("record_personal", id, "belongs to no fact and no entry")


def _held(cursor: Cursor[Any], table: str, column: str) -> Iterator[tuple[Any, ...]]:
    query = f"""
    WITH erased AS ({_ERASED})
    SELECT holder.id, holder."{column}", personal.salt, personal.content, erased.id IS NOT NULL
    FROM "{table}" AS holder
    LEFT JOIN record_personal AS personal
      ON personal.merchant_id = holder.merchant_id AND personal.id = holder.id
    LEFT JOIN (SELECT DISTINCT merchant_id, id FROM erased) AS erased
      ON erased.merchant_id = holder.merchant_id AND erased.id = holder.id
    WHERE holder."{column}" IS NOT NULL
    """
    return streamed(cursor, f"held_{table}", query)


def _orphans(cursor: Cursor[Any], holders: Sequence[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    unheld = " AND ".join(
        f'NOT EXISTS (SELECT FROM "{table}" AS holder WHERE holder.id = personal.id '
        f'AND holder.merchant_id = personal.merchant_id AND holder."{column}" IS NOT NULL)'
        for table, column in holders
    )
    query = f"SELECT personal.id FROM record_personal AS personal WHERE {unheld}"
    return streamed(cursor, "orphans", query)
