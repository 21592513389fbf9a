"""Which of two durations is longer, though they may run on different clocks."""

from makegood.clock.durations import Duration, microseconds
from makegood.clock.instants import DAY

_DAYS_SHORTEST = {"calendar_days": 1, "working_days": 1, "months": 28, "years": 365}
# In a run of working days the longest rest seen is counted for each of them, and a start late
# in the day after adds one more.
_DAYS_LONGEST = {"calendar_days": 1, "working_days": 10, "months": 31, "years": 366}


def days_between(length: Duration) -> tuple[int, int]:
    """The fewest and the most days that a duration can last, elapsed ones rounded both ways."""
    if length.is_elapsed:
        elapsed = microseconds(length)
        return elapsed // DAY, -(-elapsed // DAY)
    shortest = length.amount * _DAYS_SHORTEST[length.unit]
    longest = length.amount * _DAYS_LONGEST[length.unit] + 1
    return shortest, longest + (_DAYS_LONGEST["working_days"] if length.rolls else 0)


def is_as_long(one: Duration, other: Duration) -> bool:
    """Whether `one` is never shorter than `other`, whenever both begin.

    On the same clock the amounts decide, and rolling off a day of rest never shortens. On
    different clocks the shortest that `one` can be must reach the longest of `other`.
    """
    if one.is_elapsed and other.is_elapsed:
        return microseconds(one) >= microseconds(other)
    same_clock = (one.unit, one.zone, one.calendar) == (other.unit, other.zone, other.calendar)
    if same_clock and one.rolls >= other.rolls:
        return one.amount >= other.amount
    return days_between(one)[0] >= days_between(other)[1]
