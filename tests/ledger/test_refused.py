"""What the ledger refuses, by which name, and that a refused set changes nothing."""

from typing import Any

import pytest
from psycopg import Cursor
from psycopg.errors import CheckViolation, Error, ForeignKeyViolation, RestrictViolation

from makegood.ledger.actions import set_caps
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.refusals import PostingRefused, Reason
from makegood.ledger.steps import AMOUNT_MAX, Settle, Step
from tests.ledger.books import (
    BOB,
    CAP,
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

AWARD = (A.ESCROW, A.OWED_CONSUMER)
UNKNOWN: Any = "petty_cash"
NO_RESERVE = Settle(BOB, made_id(1), made_id(2), Kind.POST, made_id(3), NOON)


REFUSED: list[tuple[Reason, Step]] = [
    (Reason.AMOUNT_MUST_BE_POSITIVE, paid("x", 0)),
    (Reason.AMOUNT_MUST_BE_POSITIVE, paid("x", -1)),
    (Reason.AMOUNT_MUST_BE_POSITIVE, fall("x", 0, AWARD)),
    (Reason.AMOUNT_IS_TOO_LARGE, paid("x", AMOUNT_MAX + 1)),
    (
        Reason.CURRENCY_MUST_BE_THREE_CAPITALS,
        move("x", A.CASH, A.ESCROW, 1, Code.ORDER_PAID, currency="brl"),
    ),
    (Reason.UNKNOWN_ACCOUNT, move("x", A.CASH, UNKNOWN, 1, Code.ORDER_PAID)),
    (Reason.UNKNOWN_ACCOUNT, fall("x", 1, (UNKNOWN, A.OWED_CONSUMER))),
    (Reason.EVENT_DOES_NOT_MOVE_MONEY_SO, move("x", A.CASH, A.DEPOSIT, 1, Code.ORDER_PAID)),
    (Reason.EVENT_DOES_NOT_MOVE_MONEY_SO, move("x", A.CASH, A.CASH, 1, Code.ORDER_PAID)),
    (Reason.EVENT_DOES_NOT_MOVE_MONEY_SO, fall("x", 1, AWARD, (A.CASH, A.OWED_CONSUMER))),
    (
        Reason.EVENT_MUST_BE_RESERVED_FIRST,
        move("x", A.OWED_CONSUMER, A.CASH, 1, Code.PAYOUT_SENT),
    ),
    (
        Reason.EVENT_CANNOT_BE_RESERVED,
        move("x", A.CASH, A.ESCROW, 1, Code.ORDER_PAID, reserve=True),
    ),
    (Reason.WATERFALL_NEEDS_ONE_TO_EIGHT_PATHS, fall("x", 1)),
    (Reason.WATERFALL_NEEDS_ONE_TO_EIGHT_PATHS, fall("x", 1, *[AWARD] * 9)),
    (Reason.PATH_MUST_NOT_TAKE_LESS_THAN_NOTHING, fall("x", 1, (*AWARD, -1))),
    (Reason.ACCOUNT_WOULD_BE_OVERDRAWN, move("x", *AWARD, 1_001, Code.AWARDED)),
    (Reason.ACCOUNT_WOULD_BE_OVERDRAWN, move("x", *AWARD, 1_001, Code.AWARDED, reserve=True)),
    (
        Reason.ACCOUNT_WOULD_BE_OVERDRAWN,
        move("x", A.CASH, A.OWED_BY_CONSUMER, 1_001, Code.CONSUMER_RETURNED),
    ),
    (
        Reason.ADVANCE_CAP_EXCEEDED,
        move("x", A.ADVANCE, A.OWED_CONSUMER, CAP - 1_000 + 1, Code.AWARDED),
    ),
    (Reason.RESERVE_NOT_FOUND, NO_RESERVE),
    (Reason.RESERVE_NOT_FOUND, settle("fill cash escrow", Kind.VOID)),
    (Reason.RESERVE_IS_ENDED_BY_POST_VOID_OR_EXPIRE, settle("waiting", Kind.RESERVE)),
    (Reason.RESERVE_ALREADY_SETTLED, settle("ended", Kind.VOID, cause="second")),
    (Reason.TRANSFER_ID_USED_WITH_OTHER_FIELDS, paid("fill cash escrow", 999)),
    (Reason.TRANSFER_ID_USED_WITH_OTHER_FIELDS, settle("ended", Kind.VOID)),
]


@pytest.mark.parametrize(("reason", "step"), REFUSED)
def test_a_set_is_refused_whole_and_names_its_first_offender(
    cursor: Cursor[Any], reason: Reason, step: Step
) -> None:
    fill(cursor)
    for reserve in ("waiting", "ended"):
        post_steps(
            cursor, move(reserve, A.OWED_CONSUMER, A.CASH, 5, Code.PAYOUT_SENT, reserve=True)
        )
    post_steps(cursor, settle("ended", Kind.POST))
    before = everything(cursor)
    with pytest.raises(PostingRefused) as refused:
        post_steps(cursor, paid("sound", 1, merchant_id=made_id("eve")), step, step)
    assert (refused.value.reason, refused.value.index) == (reason, 1)
    assert reason.replace("_", " ") in str(refused.value)
    assert everything(cursor) == before


def test_pending_money_is_not_spent_twice(cursor: Cursor[Any]) -> None:
    """What is reserved to leave counts as gone, what is reserved to come does not count yet."""
    fill(cursor)
    post_steps(cursor, move("held", *AWARD, 600, Code.AWARDED, reserve=True))
    for step in (
        move("again", *AWARD, 401, Code.AWARDED),
        move("sent", A.OWED_CONSUMER, A.CASH, 1_001, Code.PAYOUT_SENT, reserve=True),
    ):
        with pytest.raises(PostingRefused) as refused:
            post_steps(cursor, step)
        assert refused.value.reason is Reason.ACCOUNT_WOULD_BE_OVERDRAWN
    post_steps(cursor, settle("held", Kind.VOID), move("again", *AWARD, 1_000, Code.AWARDED))


@pytest.mark.parametrize(
    ("cap", "reason"),
    [(-1, Reason.CAP_MUST_NOT_BE_NEGATIVE), (999, Reason.CAP_IS_BELOW_WHAT_IS_ADVANCED)],
)
def test_a_cap_that_cannot_hold_is_refused(cursor: Cursor[Any], cap: int, reason: Reason) -> None:
    fill(cursor)
    before = everything(cursor)
    with pytest.raises(PostingRefused) as refused:
        set_caps(cursor, {(made_id("eve"), "BRL"): 10, (BOB, "BRL"): cap})
    assert (refused.value.reason, refused.value.index) == (reason, 1)
    assert everything(cursor) == before


def test_only_a_cap_that_changes_is_told(cursor: Cursor[Any]) -> None:
    fill(cursor)
    book, other = (BOB, "BRL"), (made_id("eve"), "BRL")
    assert set_caps(cursor, {book: CAP, other: 0}) == []
    assert set_caps(cursor, {book: CAP + 1, other: 7}) == [book, other]
    assert set_caps(cursor, {}) == []


AT_THE_DATABASE: list[tuple[type[Error], str]] = [
    (RestrictViolation, "UPDATE ledger_transfer SET amount = amount + 1"),
    (RestrictViolation, "DELETE FROM ledger_transfer"),
    (RestrictViolation, "TRUNCATE ledger_transfer CASCADE"),
    (ForeignKeyViolation, "DELETE FROM ledger_account WHERE name = 'escrow'"),
    (ForeignKeyViolation, "UPDATE ledger_account SET currency = 'EUR'"),
    (CheckViolation, "UPDATE ledger_account SET debits_posted = 1001 WHERE name = 'escrow'"),
    (CheckViolation, "UPDATE ledger_account SET debits_pending = 1001 WHERE name = 'escrow'"),
    (CheckViolation, "UPDATE ledger_account SET credits_pending = 1001 WHERE name = 'advance'"),
    (CheckViolation, "UPDATE ledger_account SET debits_pending = 4001 WHERE name = 'advance'"),
    (CheckViolation, "UPDATE ledger_account SET limit_minor = NULL WHERE name = 'advance'"),
    (CheckViolation, "UPDATE ledger_account SET limit_minor = 1 WHERE name = 'cash'"),
    (CheckViolation, "UPDATE ledger_account SET debits_pending = -1 WHERE name = 'cash'"),
    (CheckViolation, "UPDATE ledger_account SET name = 'petty_cash' WHERE name = 'fund'"),
]


@pytest.mark.parametrize(("error", "statement"), AT_THE_DATABASE)
def test_the_database_refuses_what_must_never_be(
    cursor: Cursor[Any], error: type[Error], statement: str
) -> None:
    fill(cursor)
    before = everything(cursor)
    cursor.execute("SAVEPOINT attempt")
    with pytest.raises(error):
        cursor.execute(statement)
    cursor.execute("ROLLBACK TO SAVEPOINT attempt")
    assert everything(cursor) == before


WRONG_ROWS = [
    ("amount", "0"),
    ("debit", "'fund'"),
    ("credit", "'cash'"),
    ("code", "'found'"),
    ("kind", "'post'"),
    ("kind", "'perhaps'"),
    ("reserves", "id"),
]


@pytest.mark.parametrize(("column", "value"), WRONG_ROWS)
def test_the_database_refuses_a_transfer_that_cannot_be(
    cursor: Cursor[Any], column: str, value: str
) -> None:
    fill(cursor)
    columns = "merchant_id currency debit credit amount code cause_id at entry_id kind reserves id"
    chosen = ", ".join(
        value if name == column else {"id": "cause_id"}.get(name, name) for name in columns.split()
    )
    cursor.execute("SAVEPOINT attempt")
    with pytest.raises(CheckViolation):
        cursor.execute(
            f"INSERT INTO ledger_transfer ({', '.join(columns.split())}) "
            f"SELECT {chosen} FROM ledger_transfer WHERE code = 'order_paid'"
        )
    cursor.execute("ROLLBACK TO SAVEPOINT attempt")
