"""What is held moves by a person's word alone: released or dropped, once, recorded."""

from typing import Any
from uuid import UUID

import pytest
from psycopg import Cursor

from makegood.compensation.actions.holds import HoldRefused, Reason
from makegood.watch.actions import deciding
from tests.compensation.shop import (
    BOB,
    NOON,
    Event,
    awards,
    balances,
    cancelled,
    event,
    everything,
    paid,
    payment,
    promise,
    refunded,
    released,
    rows,
    shipped,
    tell,
    top_up,
    withdrawn,
)

LIMIT = "hold_above_minor = 5000"
DELIVERED = event("line.delivered", "A/1", 40)
UNTOUCHED = {"cash": 10_000, "escrow": 10_000}
DUE = {"cash": 10_000, "owed_consumer": 10_000}


def hold(cursor: Cursor[Any]) -> UUID:
    """The hold that is open, or else the last one."""
    found = rows(cursor, "compensation_hold", "ended_at IS NOT NULL, id", "1, placed_at DESC")
    id: UUID = found[0][1]
    return id


def release(cursor: Cursor[Any], by: str = "dana", reason: str = "looked at it") -> str:
    return deciding.release(BOB, hold(cursor), by=by, reason=reason, at=NOON)


def drop(cursor: Cursor[Any], by: str = "dana", reason: str = "looked at it") -> str:
    return deciding.drop(BOB, hold(cursor), by=by, reason=reason, at=NOON)


def contradict(cursor: Cursor[Any]) -> None:
    promise(cursor)
    tell(paid(), shipped(hour=20), DELIVERED, cancelled())


def exceed(cursor: Cursor[Any]) -> None:
    promise(cursor, platform=LIMIT)
    tell(paid(), cancelled())


def exhaust(cursor: Cursor[Any]) -> None:
    promise(cursor, cap=400)
    tell(paid(), shipped())


HELD = {"cash": 10_000}


def test_an_award_above_the_limit_needs_two_persons(cursor: Cursor[Any]) -> None:
    exceed(cursor)
    assert balances(cursor) == HELD
    assert payment(cursor) == {"amount": 10_000, "drawn": 10_000}
    assert release(cursor) == "approved"
    assert balances(cursor) == HELD
    assert release(cursor, by="charlie") == "released"
    assert balances(cursor) == DUE


def test_a_dropped_award_goes_back_and_is_not_awarded_again(cursor: Cursor[Any]) -> None:
    exceed(cursor)
    assert drop(cursor) == "dropped"
    assert balances(cursor) == UNTOUCHED
    assert payment(cursor) == {"amount": 10_000}
    tell(shipped(hour=10))
    assert balances(cursor) == UNTOUCHED


def test_what_had_no_cover_is_paid_after_a_top_up(cursor: Cursor[Any]) -> None:
    exhaust(cursor)
    assert balances(cursor) == UNTOUCHED
    top_up(cursor, 300)
    assert release(cursor) == "released"
    assert balances(cursor) == {
        "cash": 10_300, "escrow": 10_000, "advance": 200, "owed_consumer": 500
    }  # fmt: skip
    assert awards(cursor) == [("lightning_dispatch", 500)]


def test_contradicting_facts_pay_at_most_what_they_allow(cursor: Cursor[Any]) -> None:
    contradict(cursor)
    assert balances(cursor) == UNTOUCHED
    assert release(cursor) == "released"
    assert balances(cursor) == DUE
    assert awards(cursor) == [("refund_guarantee", 10_000)]


@pytest.mark.parametrize(
    ("then", "stands"),
    [
        pytest.param([withdrawn(DELIVERED)], DUE, id="the cancellation alone is left"),
        pytest.param([withdrawn(cancelled())], UNTOUCHED, id="nothing is owed"),
        pytest.param([refunded(10_000)], {}, id="paid outside"),
        pytest.param([event("line.delivered", "A/1", 39)], DUE, id="told again"),
    ],
)
def test_a_released_contradiction_is_never_paid_twice(
    cursor: Cursor[Any], then: list[Event], stands: dict[str, int]
) -> None:
    contradict(cursor)
    release(cursor)
    tell(*then)
    assert balances(cursor) == stands


@pytest.mark.parametrize(
    ("then", "stands", "open_holds"),
    [
        pytest.param([event("line.delivered", "A/1", 39)], UNTOUCHED, 0, id="told again"),
        pytest.param([withdrawn(DELIVERED)], DUE, 0, id="facts alone now owe it"),
    ],
)
def test_a_dropped_contradiction_stays_dropped(
    cursor: Cursor[Any], then: list[Event], stands: dict[str, int], open_holds: int
) -> None:
    contradict(cursor)
    drop(cursor)
    tell(*then)
    assert balances(cursor) == stands
    assert sum(not ended for (ended,) in rows(cursor, "compensation_hold", "outcome")) == open_holds


def test_facts_that_contradict_again_are_held_again(cursor: Cursor[Any]) -> None:
    contradict(cursor)
    tell(withdrawn(DELIVERED), hour=101)
    assert balances(cursor) == DUE
    tell(event("line.delivered", "A/1", 41), hour=102)
    assert balances(cursor) == UNTOUCHED
    assert rows(cursor, "compensation_hold", "outcome") == [("",), ("dropped",)]


def test_money_from_outside_frees_what_waits(cursor: Cursor[Any]) -> None:
    """The award is held; then the marketplace refunds by itself, out of what was reserved."""
    exceed(cursor)
    tell(refunded(4_000))
    assert balances(cursor) == {"cash": 6_000}
    assert payment(cursor) == {
        "amount": 10_000, "drawn": 6_000, "returned": 4_000, "refunded": 4_000
    }  # fmt: skip


@pytest.mark.parametrize("word", [release, drop])
def test_a_word_twice_is_once(cursor: Cursor[Any], word: Any) -> None:
    contradict(cursor)
    word(cursor)
    before = everything(cursor)
    word(cursor, by="charlie")
    assert everything(cursor) == before


@pytest.mark.parametrize(
    ("start", "first", "then", "reason"),
    [
        (exceed, release, {"by": "dana"}, Reason.A_SECOND_PERSON_MUST_AGREE),
        (contradict, drop, {"by": "dana"}, Reason.IT_HAS_ENDED_ALREADY),
        (exhaust, None, {"by": "dana"}, Reason.NOTHING_COVERS_IT_YET),
        (exceed, None, {"by": " "}, Reason.A_NAME_AND_A_REASON_ARE_NEEDED),
        (exceed, None, {"by": "dana", "reason": ""}, Reason.A_NAME_AND_A_REASON_ARE_NEEDED),
    ],
)
def test_a_refusal_changes_nothing(
    cursor: Cursor[Any], start: Any, first: Any, then: dict[str, str], reason: Reason
) -> None:
    start(cursor)
    if first:
        first(cursor, by="dana")
    before = everything(cursor)
    with pytest.raises(HoldRefused) as refused:
        release(cursor, **then)
    assert refused.value.reason is reason
    assert everything(cursor) == before


def test_a_hold_of_nobody_is_refused(cursor: Cursor[Any]) -> None:
    contradict(cursor)
    before = everything(cursor)
    with pytest.raises(HoldRefused):
        deciding.drop(BOB, BOB, by="dana", reason="no such hold", at=NOON)
    assert everything(cursor) == before


def test_who_and_why_is_recorded(cursor: Cursor[Any]) -> None:
    exceed(cursor)
    release(cursor, by="dana", reason="the receipt fits")
    release(cursor, by="charlie", reason="so it does")
    told = rows(cursor, "record_entry WHERE action LIKE 'hold.%%'", "action, actor, payload", "2")
    assert [(action, actor) for action, actor, _ in told] == [
        ("hold.released", "charlie"),
        ("hold.approved", "dana"),
    ]
    assert "the receipt fits" in told[1][2]


def test_a_released_award_that_falls_goes_back(cursor: Cursor[Any]) -> None:
    exceed(cursor)
    release(cursor)
    release(cursor, by="charlie")
    tell(withdrawn(cancelled()))
    assert balances(cursor) == UNTOUCHED
    tell(released(10_000))
    assert balances(cursor) == {}
