"""Every read of the record that is not a check: what a page or a letter shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.record.entries import COLUMNS, Entry, entry_of

_COLUMNS = ", ".join(f"entry.{column.strip()}" for column in COLUMNS.split(","))
_ENTRIES = f"""
SELECT {_COLUMNS}, leaf.number
FROM record_entry AS entry LEFT JOIN record_leaf AS leaf
  ON leaf.merchant_id = entry.merchant_id AND leaf.entry_id = entry.id
"""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An entry and its number in the log, which is None while it is pending."""

    entry: Entry
    number: int | None


def entry_by_id(cursor: Cursor[Any], merchant_id: UUID, id: UUID) -> Numbered | None:
    """The entry of a merchant's book with this id."""
    cursor.execute(f"{_ENTRIES} WHERE entry.merchant_id = %s AND entry.id = %s", (merchant_id, id))
    return next(_numbered(cursor), None)


def entry_by_number(cursor: Cursor[Any], number: int) -> Numbered | None:
    """The entry with this number in the log, counted from 0."""
    cursor.execute(f"{_ENTRIES} WHERE leaf.number = %s", (number,))
    return next(_numbered(cursor), None)


def entries_on(cursor: Cursor[Any], merchant_id: UUID, subject: str) -> list[Numbered]:
    """What happened on a subject in a merchant's book, in order of time."""
    cursor.execute(
        f"{_ENTRIES} WHERE entry.merchant_id = %s AND entry.subject = %s "
        "ORDER BY entry.at, entry.id",
        (merchant_id, subject),
    )
    return list(_numbered(cursor))


def last_checkpoint(cursor: Cursor[Any]) -> str | None:
    """The signed note of the newest checkpoint."""
    cursor.execute("SELECT note FROM record_checkpoint ORDER BY size DESC LIMIT 1")
    row = cursor.fetchone()
    return None if row is None else str(row[0])


def _numbered(cursor: Cursor[Any]) -> Iterator[Numbered]:
    for *row, number in cursor.fetchall():
        yield Numbered(entry_of(row), number)
