"""Until when the sources have told all: beyond it, silence says nothing."""

from typing import Any

from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import Instant, instant
from makegood.people.actions import PLATFORM_ID
from makegood.record.actions import append
from makegood.storage.keys import key

NO_END: Instant = 2**62
"""An instant after every watermark."""


class Horizon(Struct, frozen=True):
    """Up to when silence may be judged, on lines of which sources."""

    until: Instant
    sources: list[str]


def horizon(cursor: Cursor[Any], at_most: Instant) -> Horizon | None:
    """The earliest watermark of all sources in use, at most `at_most`; None when none has told.

    A source that falls behind or silent holds every judgement of silence back, since what it
    has not told may be just what would have kept a promise. A line whose own source never said
    until when it told all is not judged for silence.
    """
    cursor.execute("SELECT source, until FROM trade_watermark WHERE NOT retired ORDER BY source")
    told = cursor.fetchall()
    if not told:
        return None
    until = min(instant(until) for _, until in told)
    return Horizon(min(until, at_most), [source for source, _ in told])


def retire(cursor: Cursor[Any], source: str, *, by: str, reason: str, at: Instant) -> bool:
    """Let silence be judged without this source from now on; whether it was in use.

    For a feed that has ended. Its own lines are not judged for silence any more, and it is in
    use again as soon as it tells until when it has told all. Who retired it and why is recorded.
    """
    cursor.execute(
        "UPDATE trade_watermark SET retired = true WHERE source = %s AND NOT retired", (source,)
    )
    if not cursor.rowcount:
        return False
    append(
        cursor,
        merchant_id=PLATFORM_ID,
        id=key("feed retired", source, str(at)),
        actor=by,
        action="feed.retired",
        subject=f"source {source}",
        at=at,
        payload={"reason": reason},
    )
    return True
