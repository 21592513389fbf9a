"""Durations that name their clock: an amount, a unit, a time zone and a calendar."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from makegood.clock.calendars import CalendarName
from makegood.clock.instants import HOUR, MINUTE

Unit = Literal[
    "elapsed_minutes", "elapsed_hours", "calendar_days", "working_days", "months", "years"
]

_MICROSECONDS: dict[str, int] = {"elapsed_minutes": MINUTE, "elapsed_hours": HOUR}

# A century: longer is a slip of the pen, and would leave the calendar.
_AMOUNT_MAX: dict[Unit, int] = {
    "elapsed_minutes": 52_560_000,
    "elapsed_hours": 876_000,
    "calendar_days": 36_500,
    "working_days": 26_000,
    "months": 1_200,
    "years": 100,
}


class Duration(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A length of time on a clock that it names.

    Elapsed hours and minutes run from the instant of the start, day and night. Days, months
    and years run from the day after the start and last to the end of their last day in `zone`;
    months and years end on the day of the same number, or on the month's last day if it has
    none (Civil Code 201-202; Regulation 1182/71, 3). With `rolls`, a last day that is a day of
    rest in `calendar` gives way to the next working day (Civil Code 203; the same, 3(4)).
    """

    amount: Annotated[int, Meta(ge=0)]
    unit: Unit
    zone: str = "UTC"
    calendar: CalendarName = "weekdays"
    rolls: bool = False

    def __post_init__(self) -> None:
        """Refuse, as a ValueError, a zone that does not exist and an amount past a century."""
        if not 0 <= self.amount <= _AMOUNT_MAX[self.unit]:
            raise ValueError(f"{self.amount} {self.unit} is not between 0 and a century")
        if self.unit in _MICROSECONDS and self.rolls:
            raise ValueError("elapsed time has no last day that could roll")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{self.zone!r} is not a time zone") from None

    @property
    def is_elapsed(self) -> bool:
        """Whether it is a plain number of microseconds, whatever the calendar says."""
        return self.unit in _MICROSECONDS


def hours(amount: int) -> Duration:
    """`amount` elapsed hours."""
    return Duration(amount, "elapsed_hours")


def microseconds(duration: Duration) -> int:
    """The length of an elapsed duration; on the fast path a deadline is `start +` this.

    A duration in days, months or years has no fixed length: ValueError.
    """
    try:
        return duration.amount * _MICROSECONDS[duration.unit]
    except KeyError:
        raise ValueError(f"{duration.unit} have no fixed length") from None
