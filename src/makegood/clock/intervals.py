"""Spans of time, and what is counted over them: pauses, restarts, strikes and limits of days."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from makegood.clock.instants import Instant


class Interval(Struct, frozen=True):
    """From `starts` up to, not including, `ends`; one that ends before it starts is empty."""

    starts: Instant
    ends: Instant


class Pause(Struct, frozen=True):
    """An interval in which a clock stands still, and why: an exemption's note or id, say."""

    starts: Instant
    ends: Instant
    cause: str = ""


Span = Interval | Pause


def merged(spans: Iterable[Span]) -> list[Interval]:
    """The same time as `spans`, in order, none empty, none touching another."""
    result: list[Interval] = []
    for span in sorted(spans, key=lambda span: span.starts):
        if span.ends <= span.starts:
            continue
        if result and span.starts <= result[-1].ends:
            last = result.pop()
            result.append(Interval(last.starts, max(last.ends, span.ends)))
        else:
            result.append(Interval(span.starts, span.ends))
    return result


def without(spans: Iterable[Span], excused: Iterable[Span]) -> list[Interval]:
    """The time of `spans` that is in none of `excused`, in order."""
    left: list[Interval] = []
    holes = merged(excused)
    for span in merged(spans):
        starts = span.starts
        for hole in holes:
            if hole.ends <= starts or hole.starts >= span.ends:
                continue
            if hole.starts > starts:
                left.append(Interval(starts, hole.starts))
            starts = hole.ends
        if starts < span.ends:
            left.append(Interval(starts, span.ends))
    return left


def total(spans: Iterable[Span], excused: Iterable[Span] = ()) -> int:
    """Microseconds in `spans`, counted once where they overlap, less what is `excused`."""
    return sum(span.ends - span.starts for span in without(spans, excused))


def passes_limit(spans: Iterable[Span], limit: int, excused: Iterable[Span] = ()) -> Instant | None:
    """When the time in `spans` less `excused` reaches `limit` microseconds; None if it never does.

    At that instant the limit is used up and not yet passed; any instant after it is past. For
    a repair that is still going on, the last span ends at the instant up to which is judged.
    """
    left = limit
    for span in without(spans, excused):
        if span.ends - span.starts >= left:
            return span.starts + left
        left -= span.ends - span.starts
    return None


def nth_strike(strikes: Sequence[Instant], limit: int) -> Instant | None:
    """When the `limit`-th of `strikes` happened (two failed repairs, say); None if it has not."""
    if limit < 1:
        raise ValueError("a limit of strikes is at least 1")
    return sorted(strikes)[limit - 1] if len(strikes) >= limit else None
