"""Silence, judged by the sweep: also of a promise that is broken already and can owe more."""

from typing import Any

import pytest
from psycopg import Cursor

from makegood.trade.watermarks import NO_END, horizon, retire
from tests.compensation.shop import (
    cancelled,
    charged_back,
    event,
    paid,
    refunded,
    tell,
    withdrawn,
)
from tests.watch.shelf import (
    DAY,
    REFUND_IN_A_DAY,
    REPAIR,
    RETURN,
    complete,
    found,
    of_all,
    promise,
    swept,
)

IN_REPAIR = (
    paid(),
    event("line.delivered", "A/1", 10),
    event("repair.requested", "A/1", DAY),
)
LATE = {"thirty_day_repair": (0, 500)}
TOO_LONG = {"thirty_day_repair": (10_000, 500)}


@pytest.mark.parametrize(
    ("until", "expected"),
    [(26, (10_000, 0)), (26.1, (10_000, 1_000)), (100, (10_000, 1_000))],
)
def test_a_refund_that_does_not_come_is_late(
    cursor: Cursor[Any], until: float, expected: tuple[int, int]
) -> None:
    promise(cursor, REFUND_IN_A_DAY)
    tell(paid(), cancelled(hour=2), complete(until))
    swept(until)
    assert found(cursor) == {"refund_guarantee": expected}


def test_a_late_fact_shows_that_the_refund_came_in_time(cursor: Cursor[Any]) -> None:
    promise(cursor, REFUND_IN_A_DAY)
    tell(paid(), cancelled(hour=2), complete(100))
    swept(100)
    tell(refunded(10_000, hour=20), hour=101)
    assert found(cursor) == {"refund_guarantee": (10_000, 0)}


@pytest.mark.parametrize(
    ("sweeps", "expected"),
    [
        ([9 * DAY], {}),
        ([15 * DAY], LATE),
        ([15 * DAY, 20 * DAY], LATE),
        ([60 * DAY], TOO_LONG),
        ([15 * DAY, 60 * DAY], TOO_LONG),
        ([9 * DAY, 15 * DAY, 60 * DAY], TOO_LONG),
    ],
)
def test_a_late_repair_can_take_too_many_days(
    cursor: Cursor[Any], sweeps: list[int], expected: dict[str, tuple[int, int]]
) -> None:
    """However often it is swept on the way."""
    promise(cursor, REPAIR)
    tell(*IN_REPAIR)
    for until in sweeps:
        tell(complete(until))
        swept(until)
    assert found(cursor) == expected


def test_silence_judged_by_a_word_that_was_withdrawn_is_judged_anew(cursor: Cursor[Any]) -> None:
    promise(cursor, REFUND_IN_A_DAY)
    sooner, later = complete(20), complete(100)
    tell(paid(), cancelled(hour=2), sooner, later)
    swept(100)
    assert found(cursor) == {"refund_guarantee": (10_000, 1_000)}
    tell({**of_all("fact.retracted", 101), "subject": later["id"]})
    swept(101)
    assert found(cursor) == {"refund_guarantee": (10_000, 0)}
    tell({**of_all("fact.retracted", 102), "subject": sooner["id"]}, complete(120))
    swept(120)
    assert found(cursor) == {"refund_guarantee": (10_000, 1_000)}


def test_a_retired_source_holds_nothing_back_until_it_tells_all_again(cursor: Cursor[Any]) -> None:
    promise(cursor, REFUND_IN_A_DAY)
    tell(paid(), cancelled(hour=2), complete(100), {**complete(1), "source": "carrier"})
    swept(100)
    assert found(cursor) == {"refund_guarantee": (10_000, 0)}
    assert retire(cursor, "carrier", by="dana", reason="its contract ended", at=0)
    assert not retire(cursor, "carrier", by="dana", reason="again", at=1)
    swept(100)
    assert found(cursor) == {"refund_guarantee": (10_000, 1_000)}
    tell({**complete(2), "source": "carrier"})
    with_carrier = horizon(cursor, NO_END)
    assert with_carrier is not None
    assert with_carrier.sources == ["carrier", "shop"]


RETURNED = (
    paid(),
    event("line.delivered", "A/1", 10),
    event("return.requested", "A/1", DAY),
    event("return.received", "A/1", 3 * DAY, inspection="intact"),
)


@pytest.mark.parametrize(
    ("until", "expected"), [(10 * DAY, {}), (12 * DAY, {"seven_day_return": (10_000, 0)})]
)
def test_a_return_that_is_not_refunded(
    cursor: Cursor[Any], until: int, expected: dict[str, tuple[int, int]]
) -> None:
    """Seven calendar days from the day after its arrival; silence alone tells that they passed."""
    promise(cursor, RETURN)
    tell(*RETURNED, complete(until))
    assert found(cursor) == {}
    swept(until)
    assert found(cursor) == expected


def test_the_bank_taking_the_payment_back_in_time_is_a_refund_too(cursor: Cursor[Any]) -> None:
    promise(cursor, RETURN)
    tell(*RETURNED, charged_back(10_000, hour=5 * DAY), complete(12 * DAY))
    swept(12 * DAY)
    assert found(cursor) == {}


def test_the_withdrawal_of_a_withdrawal_changes_nothing(cursor: Cursor[Any]) -> None:
    """A fact that was withdrawn by mistake is told anew, under another id."""
    promise(cursor, REFUND_IN_A_DAY)
    ended = cancelled(hour=2)
    withdrawal = withdrawn(ended)
    tell(paid(), ended, withdrawal)
    tell(withdrawn(withdrawal))
    assert found(cursor) == {}
