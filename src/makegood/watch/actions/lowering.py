"""Watermarks that were told too high: what silence broke under them is judged anew.

A retracted `facts.complete` takes back that all was told. Owed is a function of the facts that
stand, so no breach by silence may outlive the word that let it be judged.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import Instant, moment
from makegood.storage.cursors import begin
from makegood.trade.lines import load_lines
from makegood.trade.watermarks import NO_END, horizon
from makegood.watch.actions.again import LINES_AT_ONCE, judge_again, locked
from makegood.watch.actions.taking import once_more

# Lines judged further than is told now; those of a retired source stay as they were judged.
_FURTHER = """
l.swept_at IS NOT NULL AND CASE
    WHEN l.source = ANY(%(in_use)s) THEN l.swept_at > %(until)s
    ELSE NOT EXISTS (SELECT FROM trade_watermark w WHERE w.source = l.source)
END
"""
_MERCHANTS = f"""
SELECT DISTINCT m.id, m.ref FROM trade_line l JOIN people_merchant m ON m.id = l.merchant_id
WHERE {_FURTHER} ORDER BY m.id
"""
_LINES = f"""
SELECT l.merchant_id, l.id FROM trade_line l
WHERE l.merchant_id = %(merchant)s AND {_FURTHER} ORDER BY l.id LIMIT %(at_once)s
"""


def judge_lowered(cursor: Cursor[Any], at: datetime, actor: str) -> int:
    """Judge anew what was judged beyond the watermarks that stand; the breaches revised."""
    cursor.execute("SELECT source, fact_id FROM trade_loweredwatermark ORDER BY source")
    lowered = cursor.fetchall()
    if not lowered:
        return 0
    seen = horizon(cursor, NO_END)
    until = None if seen is None else seen.until
    told: dict[str, Any] = {
        "in_use": [] if seen is None else seen.sources,
        "until": None if until is None else moment(until),
    }
    cursor.execute(_MERCHANTS, told)
    revised = 0
    for merchant_id, ref in cursor.fetchall():
        while (found := _judge_some(merchant_id, ref, told, until, at, actor)) >= 0:
            revised += found
    with begin() as done:
        # A word withdrawn in the meantime is left to the next sweep.
        done.executemany(
            "DELETE FROM trade_loweredwatermark WHERE source = %s AND fact_id = %s", lowered
        )
    return revised


@once_more
def _judge_some(
    merchant_id: UUID,
    ref: str,
    told: dict[str, Any],
    until: Instant | None,
    at: datetime,
    actor: str,
) -> int:
    """The breaches revised of some of the merchant's lines; -1 when none is left."""
    with locked(ref) as (cursor, taken):
        cursor.execute(_LINES, {**told, "merchant": merchant_id, "at_once": LINES_AT_ONCE})
        lines = load_lines(cursor, cursor.fetchall())
        if not lines:
            return -1
        for tracked in lines:
            bought = tracked.line.purchase
            in_use = bought is not None and bought.source in told["in_use"]
            tracked.swept_at = until if in_use else None
            tracked.changed = True
        cause = ("lowered", ref, str(taken), str(until), str(lines[0].id), at.isoformat())
        settled = judge_again(cursor, lines, cause, at, actor, "watermark.lowered", ref)
        return settled.breaches
