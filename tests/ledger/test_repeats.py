"""Posting again: the same id with the same fields is the same transfer, whoever asks and when."""

from typing import Any

import pytest
from msgspec.structs import replace
from psycopg import Cursor

from makegood.ledger.actions import post
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.refusals import PostingRefused, Reason
from makegood.ledger.steps import Step
from makegood.ledger.transfers import leaves
from tests.ledger.books import (
    NOON,
    everything,
    fall,
    fill,
    made_id,
    move,
    paid,
    post_steps,
    settle,
)

RELEASED = Code.ESCROW_RELEASED
ORDER = paid("order", 70)
PAYOUT = move("payout", A.OWED_CONSUMER, A.CASH, 5, Code.PAYOUT_SENT, reserve=True)
END = settle("payout", Kind.POST)
AWARD = fall("award", 1_100, (A.ESCROW, A.OWED_CONSUMER), (A.DEPOSIT, A.OWED_CONSUMER))


@pytest.mark.parametrize("times", [1, 2])
def test_a_set_posted_again_changes_nothing(cursor: Cursor[Any], times: int) -> None:
    """Also within one set, and under another entry."""
    fill(cursor)
    steps: list[Step] = [ORDER, PAYOUT, END, AWARD]
    first = post_steps(cursor, *steps)
    before = everything(cursor)
    again = post(cursor, steps * times, entry_id=made_id("entry", 2))
    assert [outcome.parts for outcome in again] == [outcome.parts for outcome in first] * times
    assert all(outcome.repeated for outcome in again)
    assert leaves(again) == []
    assert everything(cursor) == before


@pytest.mark.parametrize("spent", [AWARD, move("spent", A.ESCROW, A.CASH, 1_000, RELEASED)])
def test_what_was_posted_is_repeated_though_its_account_is_empty_by_now(
    cursor: Cursor[Any], spent: Step
) -> None:
    """A repeat is known by its id before anything is said of what the accounts allow."""
    fill(cursor)
    first = post_steps(cursor, spent)
    rest = fall("rest", 970, (A.ESCROW, A.OWED_CONSUMER), (A.DEPOSIT, A.OWED_CONSUMER), whole=False)
    post_steps(cursor, rest)
    before = everything(cursor)
    again = post_steps(cursor, spent)
    assert (again[0].parts, again[0].uncovered, again[0].repeated) == (first[0].parts, 0, True)
    assert everything(cursor) == before


def test_a_step_that_stands_twice_in_a_set_is_posted_once(cursor: Cursor[Any]) -> None:
    fill(cursor)
    outcomes = post_steps(cursor, ORDER, PAYOUT, END, AWARD, AWARD, END, PAYOUT, ORDER)
    assert [outcome.repeated for outcome in outcomes] == [False] * 4 + [True] * 4
    assert len(leaves(outcomes)) == 5


def test_new_steps_among_repeated_ones_are_posted(cursor: Cursor[Any]) -> None:
    fill(cursor)
    old = [paid(("old", number), 1) for number in range(40)]
    new = [paid(("new", number), 1) for number in range(40)]
    post_steps(cursor, *old)
    outcomes = post_steps(cursor, *old, *new)
    assert [outcome.repeated for outcome in outcomes] == [True] * 40 + [False] * 40
    assert len(leaves(outcomes)) == 40


OTHERWISE: list[Step] = [
    replace(ORDER, amount=71),
    replace(ORDER, at=NOON + 1),
    replace(ORDER, cause_id=made_id("other")),
    move("order", A.CASH, A.DEPOSIT, 70, Code.DEPOSIT_TOPPED_UP),
    replace(ORDER, currency="EUR"),
    replace(PAYOUT, amount=6),
    replace(END, kind=Kind.VOID),
    replace(END, at=NOON),
    replace(END, cause_id=made_id("other")),
    replace(AWARD, cause_id=made_id("other")),
    replace(AWARD, at=NOON + 1),
    replace(AWARD, reserve=True),
]


@pytest.mark.parametrize("other", OTHERWISE)
def test_the_same_id_with_other_fields_is_refused(cursor: Cursor[Any], other: Step) -> None:
    fill(cursor)
    post_steps(cursor, ORDER, PAYOUT, END, AWARD)
    before = everything(cursor)
    with pytest.raises(PostingRefused) as refused:
        post_steps(cursor, paid("new", 1), other)
    assert refused.value.reason is Reason.TRANSFER_ID_USED_WITH_OTHER_FIELDS
    assert refused.value.index == 1
    assert everything(cursor) == before


def test_two_merchants_may_use_one_id(cursor: Cursor[Any]) -> None:
    """Ids are a merchant's own: no look-up and no key reaches over two books."""
    fill(cursor)
    other = replace(ORDER, merchant_id=made_id("eve"), amount=71)
    outcomes = post_steps(cursor, ORDER, other)
    assert [outcome.repeated for outcome in outcomes] == [False, False]
