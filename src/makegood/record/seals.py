"""The newest seal of the log, and whether it holds: looked at in a moment, at any size.

The whole record is verified by `makegood.record.check`, which reads every row.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import Cursor

from makegood.record.notes import NoteRefused, VerifierKey, open_checkpoint
from makegood.record.queries import last_checkpoint
from makegood.record.tree import LogDamaged, log_size, stored_root


@dataclass(frozen=True, slots=True)
class Seal:
    """A checkpoint: over how many entries, their root, when; and whether it holds.

    It holds if its signatures are the key's and the tree as it stands has this root.
    """

    size: int
    root: bytes
    at: datetime
    holds: bool


@dataclass(frozen=True, slots=True)
class LogState:
    """How many entries are numbered, how many wait for it, and the newest seal, if any."""

    numbered: int
    waiting: int
    seal: Seal | None


def log_state(cursor: Cursor[Any], key: VerifierKey | None) -> LogState:
    """The log as it stands; without a key no seal holds."""
    cursor.execute("SELECT count(*) FROM record_pending")
    row = cursor.fetchone()
    waiting = int(row[0]) if row else 0
    return LogState(log_size(cursor), waiting, _seal(cursor, key))


def _seal(cursor: Cursor[Any], key: VerifierKey | None) -> Seal | None:
    cursor.execute("SELECT size, root, at FROM record_checkpoint ORDER BY size DESC LIMIT 1")
    row = cursor.fetchone()
    note = last_checkpoint(cursor)
    if row is None or note is None:
        return None
    size, root, at = row
    return Seal(size, bytes(root), at, key is not None and _holds(cursor, note, key, row))


def _holds(
    cursor: Cursor[Any], note: str, key: VerifierKey, row: tuple[int, bytes, datetime]
) -> bool:
    size, root, at = row
    try:
        signed = open_checkpoint(note, key)
        stands = stored_root(cursor, size)
    except (NoteRefused, LogDamaged):
        return False
    said = (signed.size, signed.root, datetime.fromtimestamp(signed.at, UTC))
    return said == (size, bytes(root), at) and stands == signed.root
