"""Judging stored lines anew, under the lock of their merchant and with an entry of their own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from psycopg import Cursor

from makegood.compensation.actions.settlement import Outside
from makegood.enrolment.queries import coverages
from makegood.people.actions import lock_merchants
from makegood.storage.cursors import begin
from makegood.storage.keys import key
from makegood.trade import exemptions
from makegood.trade.lines import TrackedLine
from makegood.watch.actions.settling import Settled, Work, settle_lines
from makegood.watch.actions.taking import PLAN

LINES_AT_ONCE = 2_000


@contextmanager
def locked(ref: str) -> Iterator[tuple[Cursor[Any], int]]:
    """A transaction that holds one merchant's row, locked by its first statement."""
    with begin() as cursor:
        cursor.execute(PLAN)
        (merchant,) = lock_merchants(cursor, {ref: 0}).values()
        yield cursor, merchant.facts_taken


def judge_again(
    cursor: Cursor[Any],
    lines: Sequence[TrackedLine],
    cause: Sequence[str],
    at: datetime,
    actor: str,
    action: str,
    ref: str,
) -> Settled:
    """Judge stored lines of one locked merchant anew and settle what changed."""
    keys = {(one.merchant_id, one.coverage_id) for one in lines if one.coverage_id is not None}
    covers = coverages(cursor, keys)
    exemptions.attach(cursor, lines)
    entry_id = key(*cause)
    work = Work(entry_id, at, actor, action, f"merchant {ref}", {}, {"lines": len(lines)})
    return settle_lines(cursor, lines, covers, {}, Outside(), work)
