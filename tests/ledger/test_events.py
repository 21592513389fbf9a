"""Every event of the domain's table (section 7): which accounts it moves money between, and how."""

import re
from typing import Any

import pytest
from psycopg import Cursor

from makegood.ledger.chart import CHART, AccountName, Side
from makegood.ledger.events import EVENTS, Code
from makegood.ledger.lifecycle import Kind
from tests.ledger.books import BOB, fill, move, post_steps, settle, standing

AT_ONCE = "at once"
RESERVED = "reserved"
EITHER = "either"

TABLE = """
    order_paid                  at once   cash → escrow
    order_corrected             at once   escrow → cash
    escrow_released             at once   escrow → cash, advance, deposit; suspense → cash
    escrow_release_withdrawn    at once   cash, deposit, advance, suspense → escrow; cash → suspense
    deposit_topped_up           at once   cash → deposit
    advance_recovered           at once   deposit → advance
    deposit_withdrawn           reserved  deposit → cash
    awarded                     either    escrow, deposit, advance → owed_consumer
    payout_sent                 reserved  owed_consumer → cash
    award_reversed_unsent       at once   owed_consumer → escrow, advance, deposit
    award_reversed_paid         at once   owed_by_consumer, loss → advance, deposit
    award_restored_paid         at once   deposit, advance → owed_by_consumer, loss
    consumer_returned           at once   cash → owed_by_consumer
    consumer_kept               at once   loss → owed_by_consumer
    advance_written_off         at once   loss → advance
    recovered_after_write_off   at once   cash → loss
    fee_charged                 at once   deposit → fees
    fee_returned                at once   fees → deposit
    charged_back                at once   owed_consumer, escrow, deposit, advance, suspense → cash
    charge_back_won             at once   cash → owed_consumer, escrow, deposit, advance, suspense
    refunded_by_marketplace     at once   owed_consumer, escrow, suspense → cash
    refund_withdrawn            at once   cash → owed_consumer, escrow
    gateway_says_more_went_out  at once   suspense → cash
    gateway_says_more_came_in   at once   cash → suspense
    fund_filled                 at once   cash → fund
"""


def rows() -> list[tuple[str, str, str, str]]:
    """The table, one row for each move: code, how, debit, credit."""
    found = []
    for line in TABLE.strip().splitlines():
        code, how, moves = re.split(r"\s{2,}", line.strip())
        for group in moves.split(";"):
            debits, credits_ = (side.split(",") for side in group.split("→"))
            found += [(code, how, d.strip(), c.strip()) for d in debits for c in credits_]
    return found


MOVES = rows()
EXPLAINED = [
    (Code.SUSPENSE_EXPLAINED.value, AT_ONCE, debit.value, credit.value)
    for debit, credit in sorted(EVENTS[Code.SUSPENSE_EXPLAINED].moves)
]


def test_the_chart_is_the_domains() -> None:
    """Account, side, never below zero: the table of section 7."""
    assert {
        name: (rule.side, rule.never_negative, rule.capped) for name, rule in CHART.items()
    } == {
        "cash": (Side.DEBIT, False, False),
        "escrow": (Side.CREDIT, True, False),
        "deposit": (Side.CREDIT, True, False),
        "owed_consumer": (Side.CREDIT, True, False),
        "advance": (Side.DEBIT, True, True),
        "owed_by_consumer": (Side.DEBIT, True, False),
        "suspense": (Side.DEBIT, False, False),
        "loss": (Side.DEBIT, False, False),
        "costs": (Side.DEBIT, False, False),
        "fees": (Side.CREDIT, False, False),
        "fund": (Side.CREDIT, False, False),
    }


def test_the_events_are_the_domains() -> None:
    assert {(code, debit, credit) for code, _, debit, credit in MOVES + EXPLAINED} == {
        (code, debit, credit) for code, rule in EVENTS.items() for debit, credit in rule.moves
    }


@pytest.mark.parametrize(("code", "how", "debit", "credit"), MOVES + EXPLAINED)
def test_an_event_moves_money(
    cursor: Cursor[Any], code: str, how: str, debit: str, credit: str
) -> None:
    fill(cursor)
    before = standing(cursor)
    event, source, sink = Code(code), AccountName(debit), AccountName(credit)
    if how in {AT_ONCE, EITHER}:
        post_steps(cursor, move("event", source, sink, 7, event))
    if how in {RESERVED, EITHER}:
        post_steps(cursor, move("event in two", source, sink, 7, event, reserve=True))
        post_steps(cursor, settle("event in two", Kind.POST))
    times = 2 if how == EITHER else 1
    after = standing(cursor)
    assert {key: row for key, row in after.items() if row != before[key]} == {
        (BOB, "BRL", debit): added(before[BOB, "BRL", debit], (0, 7 * times, 0, 0)),
        (BOB, "BRL", credit): added(before[BOB, "BRL", credit], (0, 0, 0, 7 * times)),
    }


@pytest.mark.parametrize(
    ("kind", "debit", "credit"),
    [
        (None, (7, 0, 0, 0), (0, 0, 7, 0)),
        (Kind.POST, (0, 7, 0, 0), (0, 0, 0, 7)),
        (Kind.VOID, (0, 0, 0, 0), (0, 0, 0, 0)),
        (Kind.EXPIRE, (0, 0, 0, 0), (0, 0, 0, 0)),
    ],
)
def test_a_reserve_waits_and_ends_once(
    cursor: Cursor[Any], kind: Kind | None, debit: tuple[int, ...], credit: tuple[int, ...]
) -> None:
    fill(cursor)
    before = standing(cursor)
    source, sink = AccountName.OWED_CONSUMER, AccountName.CASH
    post_steps(cursor, move("payout", source, sink, 7, Code.PAYOUT_SENT, reserve=True))
    if kind:
        post_steps(cursor, settle("payout", kind))
    after = standing(cursor)
    assert after[BOB, "BRL", source] == added(before[BOB, "BRL", source], debit)
    assert after[BOB, "BRL", sink] == added(before[BOB, "BRL", sink], credit)


def added(row: tuple[Any, ...], more: tuple[int, ...]) -> tuple[Any, ...]:
    return (*(total + add for total, add in zip(row, more, strict=False)), row[4])
