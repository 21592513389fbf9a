"""The whole check, part by part."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from traceback import clear_frames
from typing import Any

import psycopg
from psycopg import Cursor

from makegood.record.batches import CoveredTable
from makegood.record.check.findings import Findings, Progress, Verification
from makegood.record.check.log import check_log, check_pending
from makegood.record.check.personal import check_personal
from makegood.record.check.rows import check_rows
from makegood.record.notes import VerifierKey


def _silent(_part: str, _done: int) -> None:
    """Progress that nobody looks at."""


def verify(
    cursor: Cursor[Any],
    tables: Sequence[CoveredTable] = (),
    *,
    key: VerifierKey,
    published: Iterable[str] = (),
    progress: Progress = _silent,
) -> Verification:
    """Verify the record against the rows as they stand, in memory that does not grow.

    `tables` are all tables whose rows entries stand for. `key` is the log's public key,
    `published` checkpoints that were kept elsewhere. Runs in a transaction; for one picture
    of a busy database that is REPEATABLE READ. `progress` is told a part and how far it is.
    """
    found = Verification()
    parts: list[tuple[str, Callable[[], None]]] = [
        ("the log", partial(check_log, cursor, found, key, tuple(published), progress)),
        ("what is pending", partial(check_pending, cursor, found)),
        ("the batches", partial(check_rows, cursor, tables, found, progress)),
        ("the personal rows", partial(check_personal, cursor, tables, found)),
    ]
    for name, check in parts:
        survive_unreadable(cursor, name, check, found)
    return found


def survive_unreadable(
    cursor: Cursor[Any],
    name: str,
    check: Callable[[], object],
    found: Findings,
    unreadable: tuple[type[Exception], ...] = (),
) -> None:
    """Run a part of a check; a value that cannot even be read is a difference.

    Such as a time past the year 9999; `unreadable` names what else a changed value can make
    the part raise. Needs a transaction.
    """
    expected: tuple[type[Exception], ...] = (
        psycopg.DataError,
        OverflowError,
        UnicodeError,
        *unreadable,
    )
    cursor.execute("SAVEPOINT record_check")
    try:
        check()
    except expected as error:
        found.differs(name, "a row", f"cannot be read: {error}")
        # Open cursors hang on the failed frames and must be closed before they are rolled back.
        clear_frames(error.__traceback__)
        cursor.execute("ROLLBACK TO SAVEPOINT record_check")
    cursor.execute("RELEASE SAVEPOINT record_check")
