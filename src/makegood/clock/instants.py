"""Instants as integers: microseconds since 1970-01-01T00:00:00Z.

Integers compare, add and travel faster than datetimes and have no zone to forget.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Instant = int
MINUTE: int = 60_000_000
HOUR: int = 60 * MINUTE
DAY: int = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)


def instant(moment: datetime) -> Instant:
    """The instant of an aware datetime; a naive one is a ValueError, since it names no moment."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} names no time zone, so it names no moment")
    return (moment - _EPOCH) // _MICROSECOND


def moment(at: Instant) -> datetime:
    """The aware datetime, in UTC, of an instant."""
    return _EPOCH + timedelta(microseconds=at)


def local(at: Instant, zone: str) -> datetime:
    """The aware datetime of an instant in `zone` (an IANA name)."""
    return moment(at).astimezone(ZoneInfo(zone))


def local_day(at: Instant, zone: str) -> date:
    """The day on the calendar of `zone` on which `at` falls."""
    return local(at, zone).date()


@lru_cache(maxsize=8192)
def day_starts(day: date, zone: str) -> Instant:
    """The first instant of `day` in `zone`: midnight, or the first moment after a skipped one."""
    # In a gap or an overlap fold=0 takes the offset before it: that is the first moment.
    return instant(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


def day_ends(day: date, zone: str) -> Instant:
    """The last instant (microsecond) of `day` in `zone`."""
    return day_starts(day + _ONE_DAY, zone) - 1


def start_of_day(at: Instant, zone: str) -> Instant:
    """The first instant of the day in `zone` on which `at` falls."""
    if zone == "UTC":
        return at - at % DAY
    return day_starts(local_day(at, zone), zone)


def end_of_day(at: Instant, zone: str) -> Instant:
    """The last instant (microsecond) of the day in `zone` on which `at` falls."""
    if zone == "UTC":
        return at - at % DAY + DAY - 1
    return day_ends(local_day(at, zone), zone)
