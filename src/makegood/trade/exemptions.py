"""What holds for all merchants: declared exemptions and the sources' watermarks."""

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor

from makegood.clock.instants import Instant, instant
from makegood.guarantees.facts import vocabulary as say
from makegood.guarantees.facts.line import Exemption
from makegood.trade.events import Arrival, read_content
from makegood.trade.lines import TrackedLine

_DECLARE = """
INSERT INTO trade_exemption (id, ref, starts_at, ends_at, content, retracted)
VALUES (%s, %s, %s, %s, %s, false) ON CONFLICT (id) DO NOTHING
"""
_COMPLETE = """
INSERT INTO trade_watermark AS w (source, until, retired) VALUES (%s, %s, false)
ON CONFLICT (source) DO UPDATE SET until = greatest(w.until, EXCLUDED.until), retired = false
"""


def note_for_all(cursor: Cursor[Any], arrivals: Sequence[Arrival]) -> None:
    """Note exemptions, which the sweep applies to earlier lines, and the sources' watermarks."""
    for arrival in sorted(arrivals, key=lambda one: (one.fact.source, one.place)):
        fact = arrival.fact
        if isinstance(fact, say.ExemptionDeclared):
            data = fact.data
            cursor.execute(
                _DECLARE,
                (arrival.id, fact.subject, data.starts_at, data.ends_at, arrival.content),
            )
        else:
            cursor.execute(_COMPLETE, (fact.source, fact.data.until))


def declared(cursor: Cursor[Any], at: Instant | None = None) -> tuple[Exemption, ...]:
    """The exemptions that stand, by their beginning; with `at`, those declared by then."""
    cursor.execute("SELECT content FROM trade_exemption WHERE NOT retracted ORDER BY starts_at, id")
    facts = [read_content(content) for (content,) in cursor.fetchall()]
    return tuple(_exemption(fact) for fact in facts if at is None or instant(fact.time) <= at)


def _exemption(fact: Any) -> Exemption:
    data = fact.data
    return Exemption(
        instant(data.starts_at),
        instant(data.ends_at),
        fact.id,
        data.areas,
        data.carriers,
        data.clocks,
    )


def attach(cursor: Cursor[Any], lines: Sequence[TrackedLine]) -> None:
    """Give the lines the exemptions declared so far; they are context, not stored with a line."""
    if exemptions := declared(cursor):
        for tracked in lines:
            tracked.line.exemptions = exemptions
