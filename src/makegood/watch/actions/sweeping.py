"""The sweep: judges what did not happen, up to what the sources have told, a merchant at a time."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import DAY, instant, moment
from makegood.storage.cursors import begin, open_cursor
from makegood.trade.lines import load_lines
from makegood.trade.watermarks import Horizon, horizon
from makegood.watch.actions.again import LINES_AT_ONCE, judge_again, locked
from makegood.watch.actions.lowering import judge_lowered
from makegood.watch.actions.taking import once_more

REACH = 366 * DAY
"""How long before an exemption a line can have been bought whose delivery it still pauses."""

Progress = Callable[[int, int], None]
"""Told, after each merchant, how many of how many are done."""


def sweep(*, until: datetime, at: datetime, actor: str, progress: Progress | None = None) -> int:
    """Judge silence up to `until`, but never beyond what all sources have told; breaches revised.

    `at` is when the sweep runs: what it finds is found then.
    """
    with open_cursor() as cursor:
        apply_exemptions(cursor, at, actor)
        found = judge_lowered(cursor, at, actor)
        seen = horizon(cursor, instant(until))
        if seen is None:
            return found
        due = _due_merchants(cursor, seen)
    for place, (merchant_id, ref) in enumerate(due, 1):
        found += _sweep_merchant(merchant_id, ref, seen, at, actor)
        if progress is not None:
            progress(place, len(due))
    return found


_DUE = """
SELECT DISTINCT m.id, m.ref
FROM watch_openpromise o JOIN people_merchant m ON m.id = o.merchant_id
JOIN trade_line l ON l.merchant_id = o.merchant_id AND l.id = o.line_id
WHERE o.due_at < %s AND l.source = ANY(%s)
ORDER BY m.id
"""
_DUE_LINES = """
SELECT DISTINCT o.merchant_id, o.line_id
FROM watch_openpromise o
JOIN trade_line l ON l.merchant_id = o.merchant_id AND l.id = o.line_id
WHERE o.merchant_id = %s AND o.due_at < %s AND l.source = ANY(%s)
ORDER BY o.line_id LIMIT %s
"""


def _due_merchants(cursor: Cursor[Any], seen: Horizon) -> list[tuple[UUID, str]]:
    """Merchants with something due, found without any lock."""
    cursor.execute(_DUE, (moment(seen.until), seen.sources))
    return cursor.fetchall()


def _sweep_merchant(merchant_id: UUID, ref: str, seen: Horizon, at: datetime, actor: str) -> int:
    found = 0
    while True:
        settled, lines = _sweep_some(merchant_id, ref, seen, at, actor)
        found += settled
        if lines < LINES_AT_ONCE:
            return found


@once_more
def _sweep_some(
    merchant_id: UUID, ref: str, seen: Horizon, at: datetime, actor: str
) -> tuple[int, int]:
    with locked(ref) as (cursor, taken):
        limit = moment(seen.until)
        cursor.execute(_DUE_LINES, (merchant_id, limit, seen.sources, LINES_AT_ONCE), binary=True)
        lines = load_lines(cursor, cursor.fetchall())
        if not lines:
            return 0, 0
        for tracked in lines:
            tracked.swept_at = max(seen.until, tracked.swept_at or seen.until)
            tracked.changed = True
        cause = ("sweep", ref, str(taken), str(seen.until), str(lines[0].id), at.isoformat())
        settled = judge_again(cursor, lines, cause, at, actor, "silence.judged", ref)
        return settled.breaches, len(lines)


# Of lines bought long before, those of which something is open, broken, or came back to be
# mended or refunded: their windows of return and repair may have been running still.
_TOUCHED = """
l.placed_at <= %s AND (l.placed_at >= %s OR l.found > 0 OR l.watching <> ''
    OR l.folded::jsonb -> 10 <> '[]' OR l.folded::jsonb -> 11 <> '[]')
"""


def apply_exemptions(cursor: Cursor[Any], at: datetime, actor: str) -> None:
    """Judge anew the lines whose clocks a newly declared or withdrawn exemption may touch."""
    cursor.execute(
        "SELECT id, starts_at, ends_at, retracted FROM trade_exemption "
        "WHERE applied_at IS NULL ORDER BY id"
    )
    waiting = cursor.fetchall()
    if waiting:
        _let_batches_end()
    for id, starts_at, ends_at, retracted in waiting:
        since = moment(instant(starts_at) - REACH)
        cursor.execute(
            "SELECT DISTINCT m.id, m.ref FROM trade_line l "
            f"JOIN people_merchant m ON m.id = l.merchant_id WHERE {_TOUCHED} ORDER BY m.id",
            (ends_at, since),
        )
        for merchant_id, ref in cursor.fetchall():
            for lines in _pages(merchant_id, since, ends_at):
                _apply(ref, (str(id), str(retracted)), lines, at, actor)
        # One that was withdrawn in the meantime is left to the next sweep.
        cursor.execute(
            "UPDATE trade_exemption SET applied_at = %s WHERE id = %s AND retracted = %s",
            (at, id, retracted),
        )


@once_more
def _let_batches_end() -> None:
    """Wait for those that read the exemptions before these were told: their lines must be seen.

    Whoever has read the table keeps it from being locked until its transaction ends.
    """
    with begin() as cursor:
        cursor.execute("LOCK TABLE trade_exemption IN ACCESS EXCLUSIVE MODE")


def _pages(
    merchant_id: UUID, since: datetime, until: datetime
) -> Iterator[list[tuple[UUID, UUID]]]:
    """The merchant's lines that an exemption may touch, some at a time, by their ids."""
    after = UUID(int=0)
    while True:
        with open_cursor() as cursor:
            cursor.execute(
                "SELECT l.merchant_id, l.id FROM trade_line l "
                f"WHERE l.merchant_id = %s AND l.id > %s AND {_TOUCHED} ORDER BY l.id LIMIT %s",
                (merchant_id, after, until, since, LINES_AT_ONCE),
            )
            keys = cursor.fetchall()
        if not keys:
            return
        yield keys
        after = keys[-1][1]


@once_more
def _apply(
    ref: str, exemption: tuple[str, str], keys: list[tuple[UUID, UUID]], at: datetime, actor: str
) -> None:
    with locked(ref) as (cursor, taken):
        lines = load_lines(cursor, keys)
        cause = ("exemption", *exemption, ref, str(taken), str(keys[0][1]), at.isoformat())
        judge_again(cursor, lines, cause, at, actor, "exemption.applied", ref)
