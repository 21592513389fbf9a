"""Instants as integers: microseconds since 1970-01-01T00:00:00Z.

Integers compare, add and travel faster than datetimes and have no zone to forget.
"""

from datetime import UTC, datetime, timedelta

Instant = int
HOUR: int = 3_600_000_000
DAY: int = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(moment: datetime) -> Instant:
    """The instant of an aware datetime; a naive one is a ValueError, since it names no moment."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} names no time zone, so it names no moment")
    return (moment - _EPOCH) // _MICROSECOND


def moment(at: Instant) -> datetime:
    """The aware datetime, in UTC, of an instant."""
    return _EPOCH + timedelta(microseconds=at)
