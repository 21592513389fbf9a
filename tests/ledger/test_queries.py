"""Reading the books, and the bytes under which the record holds a transfer."""

import json
from typing import Any

from psycopg import Cursor

from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.models import Transfer
from makegood.ledger.queries import Balance, balances, currencies, free_fund, history, parts
from makegood.ledger.steps import Step
from makegood.ledger.transfers import COLUMNS, canonical_row, leaves
from makegood.record.canonical import canonical
from makegood.storage.bulk import columns_of
from tests.ledger.books import (
    BOB,
    CAP,
    NOON,
    fall,
    fill,
    made_id,
    move,
    paid,
    post_steps,
    settle,
)

PAYOUT = move("payout", A.OWED_CONSUMER, A.CASH, 7, Code.PAYOUT_SENT, reserve=True)
HELD = move("held", A.ESCROW, A.OWED_CONSUMER, 30, Code.AWARDED, reserve=True)
AWARD = fall("award", 1_200, (A.ESCROW, A.OWED_CONSUMER), (A.DEPOSIT, A.OWED_CONSUMER))


def test_a_book_says_what_each_account_holds(cursor: Cursor[Any]) -> None:
    fill(cursor)
    post_steps(cursor, PAYOUT, HELD)
    found = balances(BOB, "BRL")
    assert list(found) == list(A)
    assert found[A.ESCROW] == Balance(1_000, outgoing=30, incoming=0, limit=None)
    assert found[A.ESCROW].free == 970
    assert found[A.OWED_CONSUMER] == Balance(1_000, outgoing=7, incoming=30, limit=None)
    assert found[A.ADVANCE] == Balance(1_000, outgoing=0, incoming=0, limit=CAP)
    assert found[A.CASH] == Balance(2_000, outgoing=7, incoming=0, limit=None)
    assert balances(BOB, "EUR") == {}
    assert currencies(BOB) == ["BRL"]


def test_the_history_of_an_account_is_in_order_of_time(cursor: Cursor[Any]) -> None:
    fill(cursor)
    post_steps(cursor, PAYOUT, settle("payout", Kind.VOID), paid("order", 5))
    whole = list(history(BOB, "BRL"))
    assert len(whole) == 8
    assert whole == sorted(whole, key=lambda row: (row.at, row.id.bytes))
    assert {row.kind for row in history(BOB, "BRL", A.OWED_CONSUMER)} == {
        "posted",
        "reserve",
        "void",
    }
    assert sum(row.amount for row in history(BOB, "BRL", A.ESCROW)) == 1_005


def test_the_parts_of_a_waterfall_are_found_by_its_id(cursor: Cursor[Any]) -> None:
    fill(cursor)
    (award, order) = post_steps(cursor, AWARD, paid("order", 5))
    ids = [AWARD.id, made_id("transfer", "order"), made_id("nothing")]
    assert parts(BOB, ids) == {ids[0]: list(award.parts), ids[1]: list(order.parts)}


def test_the_free_fund_is_what_was_put_in_and_earned_less_what_is_out(cursor: Cursor[Any]) -> None:
    fill(cursor)
    platform = made_id("merchant", "platform")
    post_steps(
        cursor,
        move("fund", A.CASH, A.FUND, 9_000, Code.FUND_FILLED, merchant_id=platform),
        move("loss", A.LOSS, A.ADVANCE, 300, Code.ADVANCE_WRITTEN_OFF),
        move("costs", A.COSTS, A.SUSPENSE, 40, Code.SUSPENSE_EXPLAINED),
    )
    assert free_fund("BRL") == 9_000 + 1_000 - 300 - 40 - 700
    assert free_fund("EUR") == 0


def test_a_new_row_and_the_stored_one_have_the_same_bytes(cursor: Cursor[Any]) -> None:
    """Few rows and many are written in different ways; both read back as they were made."""
    fill(cursor)
    many: list[Step] = [paid(("order", n), n + 1) for n in range(50)]
    few: list[Step] = [PAYOUT, settle("payout", Kind.EXPIRE), AWARD]
    made = leaves(post_steps(cursor, *many)) + leaves(post_steps(cursor, *few))
    stored = {canonical_row(row) for row in history(BOB, "BRL")}
    assert len(set(made)) == len(made) == 53
    assert set(made) <= stored


def test_a_row_s_bytes_are_the_record_s_and_cover_every_column(cursor: Cursor[Any]) -> None:
    (outcome,) = post_steps(cursor, paid("order", 5))
    (row,) = outcome.parts
    values = {column: getattr(row, column) for column in COLUMNS}
    assert set(COLUMNS) == set(columns_of(Transfer))
    assert canonical_row(row) == canonical(values)
    assert json.loads(canonical_row(row))["at"] == "2018-05-21T12:00:00Z"
    assert NOON % 1_000_000 == 0
