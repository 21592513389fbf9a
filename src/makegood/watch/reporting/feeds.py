"""The health of the feeds: until when each source told all, and its last fact of each type."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Cursor


class Delivered(Struct, frozen=True):
    """What a source delivered of one type: how many facts, and the times of the last."""

    type: str
    facts: int
    last_at: datetime
    taken_at: datetime


class Feed(Struct):
    """A source: until when it told all (None: it never said), and its facts by type."""

    source: str
    until: datetime | None
    retired: bool
    delivered: list[Delivered]


_DELIVERED = """
SELECT source, type, sum(facts)::bigint, max(last_at), max(taken_at) FROM trade_delivery
GROUP BY source, type ORDER BY source, type
"""


def feeds(cursor: Cursor[Any]) -> list[Feed]:
    """Every source that has delivered a fact, in order of name."""
    found: dict[str, Feed] = {}
    cursor.execute("SELECT source, until, retired FROM trade_watermark")
    for source, until, retired in cursor.fetchall():
        found[source] = Feed(source, until, retired, [])
    cursor.execute(_DELIVERED)
    for source, *delivered in cursor.fetchall():
        feed = found.setdefault(source, Feed(source, None, False, []))
        feed.delivered.append(Delivered(*delivered))
    return [found[source] for source in sorted(found)]
