"""Waterfalls: sources in their order to one account, one account to sinks in theirs."""

from typing import Any

import pytest
from psycopg import Cursor

from makegood.ledger.actions import post
from makegood.ledger.chart import AccountName
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.queries import parts
from makegood.ledger.refusals import PostingRefused, Reason
from makegood.ledger.steps import Settle
from tests.ledger.books import (
    BOB,
    ENTRY,
    balance,
    everything,
    fall,
    fill,
    made_id,
    move,
    paid,
    post_steps,
)

FROM_ESCROW = (A.ESCROW, A.OWED_CONSUMER)
FROM_DEPOSIT = (A.DEPOSIT, A.OWED_CONSUMER)
ADVANCED = (A.ADVANCE, A.OWED_CONSUMER)
TO_ADVANCE = (A.OWED_CONSUMER, A.ADVANCE)
TO_DEPOSIT = (A.OWED_CONSUMER, A.DEPOSIT)
Paths = tuple[tuple[AccountName, AccountName] | tuple[AccountName, AccountName, int], ...]


@pytest.mark.parametrize(
    ("amount", "paths", "drawn", "uncovered"),
    [
        (400, (FROM_ESCROW, FROM_DEPOSIT, ADVANCED), [400], 0),
        (1_000, (FROM_ESCROW, FROM_DEPOSIT, ADVANCED), [1_000], 0),
        (1_700, (FROM_ESCROW, FROM_DEPOSIT, ADVANCED), [1_000, 700], 0),
        (2_900, (FROM_ESCROW, FROM_DEPOSIT, ADVANCED), [1_000, 1_000, 900], 0),
        (6_000, (FROM_ESCROW, FROM_DEPOSIT, ADVANCED), [1_000, 1_000, 4_000], 0),
        (6_001, (FROM_ESCROW, FROM_DEPOSIT, ADVANCED), [], 1),
        (1_200, ((*FROM_ESCROW, 300), FROM_DEPOSIT), [300, 900], 0),
        (1_200, ((*FROM_ESCROW, 0), FROM_DEPOSIT), [], 200),
        (1_200, (FROM_DEPOSIT, FROM_ESCROW), [1_000, 200], 0),
        (1_000, (FROM_ESCROW, FROM_ESCROW), [1_000], 0),
        (600, ((*FROM_ESCROW, 250), (*FROM_ESCROW, 350)), [250, 350], 0),
    ],
)
def test_it_takes_from_each_source_in_turn(
    cursor: Cursor[Any], amount: int, paths: Paths, drawn: list[int], uncovered: int
) -> None:
    fill(cursor)
    before = everything(cursor)
    (outcome,) = post_steps(cursor, fall("award", amount, *paths))
    assert [row.amount for row in outcome.parts] == drawn
    assert outcome.uncovered == uncovered
    assert drawn or everything(cursor) == before


@pytest.mark.parametrize(
    ("amount", "sunk"), [(400, [("advance", 400)]), (1_000, [("advance", 1_000)])]
)
def test_what_is_reversed_goes_to_the_advance_as_far_as_it_stands(
    cursor: Cursor[Any], amount: int, sunk: list[tuple[str, int]]
) -> None:
    fill(cursor)
    back = fall("back", amount, TO_ADVANCE, TO_DEPOSIT, code=Code.AWARD_REVERSED_UNSENT)
    (outcome,) = post_steps(cursor, back)
    assert [(row.credit, row.amount) for row in outcome.parts] == sunk


def test_what_the_advance_does_not_take_goes_to_the_deposit(cursor: Cursor[Any]) -> None:
    fill(cursor)
    post_steps(cursor, move("award", *FROM_ESCROW, 500, Code.AWARDED))
    back = fall("back", 1_500, TO_ADVANCE, TO_DEPOSIT, code=Code.AWARD_REVERSED_UNSENT)
    (outcome,) = post_steps(cursor, back)
    assert [(row.credit, row.amount) for row in outcome.parts] == [
        ("advance", 1_000),
        ("deposit", 500),
    ]
    assert balance(cursor, A.ADVANCE) == balance(cursor, A.OWED_CONSUMER) == 0


def test_a_set_counts_what_its_earlier_steps_took(cursor: Cursor[Any]) -> None:
    """Running sums: three awards of 700 on 1,000 of escrow, to which 200 come in between."""
    fill(cursor)
    outcomes = post_steps(
        cursor,
        fall("first", 700, FROM_ESCROW, FROM_DEPOSIT),
        fall("second", 700, FROM_ESCROW, FROM_DEPOSIT),
        paid("order", 200),
        fall("third", 700, FROM_ESCROW, FROM_DEPOSIT),
        fall("fourth", 700, FROM_ESCROW, FROM_DEPOSIT),
    )
    drawn = [[(row.debit, row.amount) for row in outcome.parts] for outcome in outcomes]
    assert drawn == [
        [("escrow", 700)],
        [("escrow", 300), ("deposit", 400)],
        [("cash", 200)],
        [("escrow", 200), ("deposit", 500)],
        [],
    ]
    assert [outcome.uncovered for outcome in outcomes] == [0, 0, 0, 0, 600]


def test_it_can_cover_what_it_can(cursor: Cursor[Any]) -> None:
    fill(cursor)
    (outcome,) = post_steps(cursor, fall("award", 2_500, FROM_ESCROW, FROM_DEPOSIT, whole=False))
    assert [row.amount for row in outcome.parts] == [1_000, 1_000]
    assert outcome.uncovered == 500


def test_a_repeat_finds_its_parts_whatever_the_accounts_hold_by_then(cursor: Cursor[Any]) -> None:
    """The first posting drew on escrow alone; by the repeat escrow is empty, and deposit is not."""
    fill(cursor)
    award = fall("award", 600, FROM_ESCROW, FROM_DEPOSIT)
    (first,) = post_steps(cursor, award)
    post_steps(cursor, fall("other", 400, FROM_ESCROW))
    before = everything(cursor)
    (again,) = post_steps(cursor, award)
    assert again.repeated
    assert again.parts == first.parts
    assert everything(cursor) == before


def test_a_waterfall_that_nothing_covered_is_tried_anew(cursor: Cursor[Any]) -> None:
    fill(cursor)
    award = fall("award", 1_500, FROM_ESCROW)
    (held,) = post_steps(cursor, award)
    assert (held.parts, held.uncovered) == ((), 500)
    _, funded = post_steps(cursor, paid("order", 500), award)
    assert [row.amount for row in funded.parts] == [1_500]


@pytest.mark.parametrize("amount", [599, 601])
def test_the_same_id_for_another_sum_is_refused(cursor: Cursor[Any], amount: int) -> None:
    fill(cursor)
    post_steps(cursor, fall("award", 600, FROM_ESCROW, FROM_DEPOSIT))
    before = everything(cursor)
    with pytest.raises(PostingRefused) as refused:
        post_steps(cursor, fall("award", amount, FROM_ESCROW, FROM_DEPOSIT))
    assert refused.value.reason is Reason.TRANSFER_ID_USED_WITH_OTHER_FIELDS
    assert everything(cursor) == before


def test_each_part_of_a_reserved_waterfall_is_settled(cursor: Cursor[Any]) -> None:
    fill(cursor)
    award = fall("award", 1_300, FROM_ESCROW, FROM_DEPOSIT, reserve=True)
    post_steps(cursor, award)
    reserved = parts(BOB, [award.id])[award.id]
    assert [row.amount for row in reserved] == [1_000, 300]
    due = [
        Settle(BOB, made_id("due", row.id), row.id, Kind.POST, row.cause_id, award.at)
        for row in reserved
    ]
    outcomes = post(cursor, due, entry_id=ENTRY)
    assert [outcome.parts[0].code for outcome in outcomes] == ["awarded", "awarded"]
    assert balance(cursor, A.OWED_CONSUMER) == -2_300
