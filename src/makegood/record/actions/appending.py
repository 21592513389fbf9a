"""Appending entries; their numbers come later, from the sequencer."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import Instant, moment
from makegood.record import models
from makegood.record.entries import COLUMNS, Entry, entry, entry_of
from makegood.storage.bulk import copy_rows

_INSERT_ENTRY = f"""
INSERT INTO record_entry ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (merchant_id, id) DO NOTHING
"""
_INSERT_PENDING = "INSERT INTO record_pending (merchant_id, id, digest) VALUES (%s, %s, %s)"
_SELECT_ENTRY = f"SELECT {COLUMNS} FROM record_entry WHERE merchant_id = %s AND id = %s"


class EntryIdUsed(Exception):
    """Another entry already has this id: an id belongs to one cause."""


def append(
    cursor: Cursor[Any],
    *,
    merchant_id: UUID,
    id: UUID,
    actor: str,
    action: str,
    subject: str,
    at: Instant,
    payload: dict[str, Any],
    personal_digest: bytes | None = None,
) -> UUID:
    """Append one entry to the record of a merchant's book, and tell its id.

    The id is made from the cause. The same entry again changes nothing; another entry under
    the same id is `EntryIdUsed`. A payload without canonical bytes is `NotCanonical`.
    """
    new = entry(
        merchant_id=merchant_id,
        id=id,
        actor=actor,
        action=action,
        subject=subject,
        at=at,
        payload=payload,
        personal_digest=personal_digest,
    )
    cursor.execute(_INSERT_ENTRY, _row(new))
    if cursor.rowcount:
        cursor.execute(_INSERT_PENDING, (merchant_id, id, new.content_hash()))
        return id
    cursor.execute(_SELECT_ENTRY, (merchant_id, id))
    known = cursor.fetchone()
    if known is None or entry_of(known) != new:
        raise EntryIdUsed(f"the entry {id} exists and says something else")
    return id


def append_all(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    """Append many new entries at once; an id already used is a unique violation."""
    copy_rows(cursor, models.Entry, map(_row, entries))
    copy_rows(
        cursor,
        models.Pending,
        ((new.merchant_id, new.id, new.content_hash()) for new in entries),
    )


def _row(new: Entry) -> tuple[Any, ...]:
    return (
        new.merchant_id,
        new.id,
        new.actor,
        new.action,
        new.subject,
        moment(new.at),
        new.payload,
        new.personal_digest,
    )
