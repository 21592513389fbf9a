"""What is counted over spans of time: overlaps once, excused time not, limits and strikes."""

import pytest

from makegood.clock.intervals import (
    Interval,
    merged,
    nth_strike,
    passes_limit,
    total,
    without,
)

Spans = list[tuple[int, int]]


def spans(pairs: Spans) -> list[Interval]:
    return [Interval(starts, ends) for starts, ends in pairs]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([(1, 3)], [(1, 3)]),
        ([(5, 9), (1, 3)], [(1, 3), (5, 9)]),
        ([(1, 5), (3, 9)], [(1, 9)]),
        ([(1, 3), (3, 9)], [(1, 9)]),
        ([(1, 9), (3, 5)], [(1, 9)]),
        ([(3, 3), (9, 5)], []),
    ],
)
def test_merged_spans_tell_the_same_time_once(given: Spans, expected: Spans) -> None:
    assert merged(spans(given)) == spans(expected)


@pytest.mark.parametrize(
    ("given", "excused", "expected"),
    [
        ([(0, 10)], [], [(0, 10)]),
        ([(0, 10)], [(2, 4)], [(0, 2), (4, 10)]),
        ([(0, 10)], [(2, 4), (6, 8)], [(0, 2), (4, 6), (8, 10)]),
        ([(0, 10)], [(-5, 3)], [(3, 10)]),
        ([(0, 10)], [(8, 20)], [(0, 8)]),
        ([(0, 10)], [(0, 10)], []),
        ([(0, 10), (20, 30)], [(5, 25)], [(0, 5), (25, 30)]),
        ([(0, 10)], [(10, 20)], [(0, 10)]),
    ],
)
def test_excused_time_is_taken_out(given: Spans, excused: Spans, expected: Spans) -> None:
    left = without(spans(given), spans(excused))
    assert left == spans(expected)
    assert total(spans(given), spans(excused)) == sum(one.ends - one.starts for one in left)


@pytest.mark.parametrize(
    ("given", "limit", "excused", "reached"),
    [
        ([(0, 40)], 30, [], 30),
        ([(0, 30)], 30, [], 30),
        ([(0, 29)], 30, [], None),
        ([(0, 20), (50, 90)], 30, [], 60),
        ([(0, 40)], 30, [(10, 15)], 35),
        ([(0, 40)], 30, [(10, 25)], None),
        ([], 30, [], None),
    ],
)
def test_a_limit_of_days_is_reached_when_it_is_used_up(
    given: Spans, limit: int, excused: Spans, reached: int | None
) -> None:
    assert passes_limit(spans(given), limit, spans(excused)) == reached


@pytest.mark.parametrize(
    ("strikes", "limit", "expected"),
    [([], 2, None), ([5], 2, None), ([5, 9], 2, 9), ([9, 5, 12], 2, 9), ([5], 1, 5)],
)
def test_the_second_strike_is_the_second_in_time(
    strikes: list[int], limit: int, expected: int | None
) -> None:
    assert nth_strike(strikes, limit) == expected


def test_a_limit_of_no_strikes_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        nth_strike([5], 0)
