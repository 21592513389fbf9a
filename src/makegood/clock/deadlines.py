"""Deadlines: when a duration lapses, with pauses and restarts, and how that came about."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from makegood.clock.calendars import calendar
from makegood.clock.durations import Duration, microseconds
from makegood.clock.instants import Instant, day_ends, local_day
from makegood.clock.intervals import Interval, Pause, merged

_ONE_DAY = timedelta(days=1)


class Lapse(Struct, frozen=True):
    """What happens by default when a deadline lapses, in both languages, and to whose cost."""

    en: str
    zh: str
    cost: Literal["consumer", "merchant", "platform", "nobody"]


class Deadline(Struct, frozen=True):
    """When a duration lapses, with all that made it so.

    An act at `at` is in time, one microsecond later is late. `by` names the fact that started
    it. `paused` is how much later it is for its pauses: microseconds of elapsed time, else days.
    `nominal` is the last day before it rolled off days of rest. `calendar` is the version of
    the calendar it rests on; `provisional`: on days which that does not know yet, so that it
    has to be worked out again.
    """

    at: Instant
    started: Instant
    by: str
    duration: Duration
    pauses: tuple[Pause, ...] = ()
    paused: int = 0
    nominal: date | None = None
    calendar: str = ""
    provisional: bool = False
    lapse: Lapse | None = None


class Restart(Struct, frozen=True):
    """A clock that begins anew at `at`, because of what was `asked` for while it still ran."""

    asked: Instant
    at: Instant
    by: str = ""


def lapses_at(started: Instant, duration: Duration, pauses: Iterable[Pause] = ()) -> Instant:
    """The instant of the deadline alone; the last one that is still in time."""
    if duration.is_elapsed:
        return _after_elapsed(started, microseconds(duration), pauses)
    _, last = _last_days(started, duration, pauses)
    return day_ends(last, duration.zone)


def deadline(
    started: Instant,
    duration: Duration,
    *,
    by: str = "",
    pauses: Iterable[Pause] = (),
    lapse: Lapse | None = None,
) -> Deadline:
    """The deadline that `duration` sets from `started`, with all that made it so.

    A pause stretches elapsed time by its own length. Of days, months and years it stretches by
    each day that it touches, wholly or in part: such a day is not counted.
    """
    pauses = tuple(pauses)
    relevant = _relevant(pauses, started, lapses_at(started, duration, pauses)) if pauses else ()
    if duration.is_elapsed:
        length = microseconds(duration)
        at = _after_elapsed(started, length, relevant)
        paused = at - started - length
        return Deadline(at, started, by, duration, relevant, paused, lapse=lapse)
    counted, last = _last_days(started, duration, relevant)
    unpaused = _last_days(started, duration, ())[0] if relevant else counted
    uses_calendar = duration.rolls or duration.unit == "working_days"
    return Deadline(
        at=day_ends(last, duration.zone),
        started=started,
        by=by,
        duration=duration,
        pauses=relevant,
        paused=(counted - unpaused).days,
        nominal=counted if counted != last else None,
        calendar=calendar(duration.calendar).version if uses_calendar else "",
        provisional=uses_calendar and _is_provisional(started, duration, last),
        lapse=lapse,
    )


def restarted(
    started: Instant,
    duration: Duration,
    restarts: Iterable[Restart],
    pauses: Sequence[Pause] = (),
) -> Instant:
    """When the clock that runs now began: at the last restart asked for while it still ran.

    A replacement that was asked for in time starts the warranty anew when it arrives, though
    it may arrive after the old one would have ended; one asked for too late starts nothing.
    """
    for restart in sorted(restarts, key=lambda restart: (restart.asked, restart.at)):
        if restart.asked <= lapses_at(started, duration, pauses):
            started = max(started, restart.at)
    return started


def _after_elapsed(started: Instant, length: int, pauses: Iterable[Pause]) -> Instant:
    at = started + length
    for pause in merged(pauses):
        if pause.starts >= at:
            break
        at += max(0, pause.ends - max(pause.starts, started))
    return at


def _last_days(started: Instant, duration: Duration, pauses: Iterable[Pause]) -> tuple[date, date]:
    """The last day as counted, and the day that holds after it rolled off days of rest."""
    first = local_day(started, duration.zone)
    paused = _days_touched(pauses, duration.zone)
    if duration.unit == "working_days":
        last = _count_working_days(first, duration, paused)
    else:
        last = _stretch(first, _counted(first, duration), paused)
    held = last
    while duration.rolls and not _is_working(held, duration, paused):
        held += _ONE_DAY
    return last, held


def _is_working(day: date, duration: Duration, paused: list[Interval]) -> bool:
    """Whether `day` is a working day of the duration's calendar that no pause touches."""
    if not calendar(duration.calendar).is_working(day):
        return False
    return not any(span.starts <= day.toordinal() < span.ends for span in paused)


def _counted(first: date, duration: Duration) -> date:
    """The last day of a duration in days, months or years that began on `first`, unpaused."""
    if duration.unit == "calendar_days":
        return first + timedelta(days=duration.amount)
    months = duration.amount * (12 if duration.unit == "years" else 1)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - _ONE_DAY).day


def _count_working_days(first: date, duration: Duration, paused: list[Interval]) -> date:
    day = first
    left = duration.amount
    while left:
        day += _ONE_DAY
        if _is_working(day, duration, paused):
            left -= 1
    return day


def _stretch(first: date, last: date, paused: list[Interval]) -> date:
    """`last` moved on by each paused day after `first` and up to it, the added days included."""
    after, until = first.toordinal(), last.toordinal()
    for span in paused:
        counted_from = max(span.starts, after + 1)
        if counted_from > until:
            break
        until += max(0, span.ends - counted_from)
    return date.fromordinal(until)


def _days_touched(pauses: Iterable[Pause], zone: str) -> list[Interval]:
    """The days (ordinals) that pauses touch in `zone`, as spans in order."""
    return merged(
        Interval(
            local_day(pause.starts, zone).toordinal(),
            local_day(pause.ends - 1, zone).toordinal() + 1,
        )
        for pause in pauses
        if pause.ends > pause.starts
    )


def _is_provisional(started: Instant, duration: Duration, last: date) -> bool:
    known = calendar(duration.calendar)
    since = local_day(started, duration.zone) if duration.unit == "working_days" else last
    return not (known.knows(since) and known.knows(last))


def _relevant(pauses: Iterable[Pause], started: Instant, at: Instant) -> tuple[Pause, ...]:
    """The pauses that touch the time between start and deadline, in order."""
    touching = (
        pause for pause in pauses if pause.ends > max(pause.starts, started) and pause.starts <= at
    )
    return tuple(sorted(touching, key=lambda pause: (pause.starts, pause.ends, pause.cause)))
