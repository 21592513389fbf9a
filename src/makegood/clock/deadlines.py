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
    it. `provisional`: it rests on days that no published calendar knows yet, so it has to be
    worked out again. `nominal` is the last day before it rolled off a day of rest.
    """

    at: Instant
    started: Instant
    by: str
    duration: Duration
    pauses: tuple[Pause, ...] = ()
    provisional: bool = False
    nominal: date | None = None
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
    ordered = sorted(pauses, key=lambda pause: (pause.starts, pause.ends, pause.cause))
    at = lapses_at(started, duration, ordered)
    nominal: date | None = None
    provisional = False
    if not duration.is_elapsed:
        counted, last = _last_days(started, duration, ordered)
        nominal = counted if counted != last else None
        provisional = _is_provisional(started, duration, last)
    return Deadline(
        at=at,
        started=started,
        by=by,
        duration=duration,
        pauses=tuple(pause for pause in ordered if _matters(pause, started, at)),
        provisional=provisional,
        nominal=nominal,
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
    if not duration.rolls:
        return last, last
    return last, calendar(duration.calendar).next_working(last)


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
    working = calendar(duration.calendar)
    day = first
    left = duration.amount
    while left:
        day += _ONE_DAY
        if working.is_working(day) and not _is_in(day.toordinal(), paused):
            left -= 1
    return day


def _stretch(first: date, last: date, paused: list[Interval]) -> date:
    """`last` moved on by each paused day after `first` and up to it, the added days included."""
    after, until = first.toordinal(), last.toordinal()
    for span in paused:
        if span.starts > until:
            break
        until += max(0, span.ends - max(span.starts, after + 1))
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


def _is_in(day: int, spans: list[Interval]) -> bool:
    return any(span.starts <= day < span.ends for span in spans)


def _is_provisional(started: Instant, duration: Duration, last: date) -> bool:
    known = calendar(duration.calendar)
    if duration.unit == "working_days":
        return not (known.knows(local_day(started, duration.zone)) and known.knows(last))
    return duration.rolls and not known.knows(last)


def _matters(pause: Pause, started: Instant, at: Instant) -> bool:
    return pause.ends > pause.starts and pause.ends > started and pause.starts <= at
