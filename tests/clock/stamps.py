"""Times as a person writes them, for the tables of these tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.clock.instants import Instant, instant, local

SHANGHAI = "Asia/Shanghai"


def stamp(text: str, zone: str = SHANGHAI) -> Instant:
    """The instant of `2025-09-26 10:00` on the clocks of `zone`."""
    return instant(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def told(at: Instant, zone: str = SHANGHAI) -> str:
    """An instant to the second, on the clocks of `zone`."""
    return local(at, zone).replace(tzinfo=None, microsecond=0).isoformat(" ")
