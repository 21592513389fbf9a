"""Bob's book, filled so that every event can happen in it, and short ways to post to it."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import HOUR, Instant
from makegood.ledger.actions import post, set_caps
from makegood.ledger.chart import AccountName
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.steps import Outcome, Path, Settle, Step, Transfer, Waterfall

NOON: Instant = 1_526_904_000_000_000
CAP = 5_000


def made_id(*cause: object) -> UUID:
    """An id made from its cause, as everywhere in Makegood."""
    return UUID(bytes=sha256("/".join(map(str, cause)).encode()).digest()[:16])


BOB = made_id("merchant", "bob")
DANA = made_id("merchant", "dana")
ENTRY = made_id("entry", 1)


def move(
    cause: object,
    debit: AccountName,
    credit: AccountName,
    amount: int,
    code: Code,
    *,
    reserve: bool = False,
    merchant_id: UUID = BOB,
    currency: str = "BRL",
) -> Transfer:
    return Transfer(
        merchant_id,
        currency,
        made_id("transfer", cause),
        debit,
        credit,
        amount,
        code,
        made_id("cause", cause),
        NOON,
        reserve,
    )


def settle(reserved: object, kind: Kind, *, cause: object = "end") -> Settle:
    """End the reserve that `move` made for the same cause."""
    return Settle(
        BOB,
        made_id("settle", reserved, cause),
        made_id("transfer", reserved),
        kind,
        made_id("cause", cause),
        NOON + HOUR,
    )


def fall(
    cause: object,
    amount: int,
    *paths: tuple[AccountName, AccountName] | tuple[AccountName, AccountName, int],
    code: Code = Code.AWARDED,
    reserve: bool = False,
    whole: bool = True,
    merchant_id: UUID = BOB,
) -> Waterfall:
    return Waterfall(
        merchant_id,
        "BRL",
        made_id("waterfall", cause),
        tuple(Path(*path) for path in paths),
        amount,
        code,
        made_id("cause", cause),
        NOON,
        reserve,
        whole,
    )


def paid(cause: object, amount: int, *, merchant_id: UUID = BOB) -> Transfer:
    """An order is paid: cash → escrow."""
    return move(cause, A.CASH, A.ESCROW, amount, Code.ORDER_PAID, merchant_id=merchant_id)


def post_steps(cursor: Cursor[Any], *steps: Step) -> list[Outcome]:
    return post(cursor, steps, entry_id=ENTRY)


def fill(cursor: Cursor[Any], merchant_id: UUID = BOB) -> None:
    """Put 1,000 on every account that may not be negative, and set the cap on the advance."""
    set_caps(cursor, {(merchant_id, "BRL"): CAP})
    moves: Iterable[tuple[AccountName, AccountName, Code]] = (
        (A.CASH, A.ESCROW, Code.ORDER_PAID),
        (A.CASH, A.DEPOSIT, Code.DEPOSIT_TOPPED_UP),
        (A.ADVANCE, A.OWED_CONSUMER, Code.AWARDED),
        (A.OWED_BY_CONSUMER, A.DEPOSIT, Code.AWARD_REVERSED_PAID),
        (A.DEPOSIT, A.FEES, Code.FEE_CHARGED),
    )
    post_steps(
        cursor,
        *(
            move(f"fill {debit} {credit}", debit, credit, 1_000, code, merchant_id=merchant_id)
            for debit, credit, code in moves
        ),
    )


Standing = dict[tuple[UUID, str, str], tuple[int, ...]]


def standing(cursor: Cursor[Any]) -> Standing:
    """The four totals and the limit of every account, as the database holds them."""
    cursor.execute(
        "SELECT merchant_id, currency, name, debits_pending, debits_posted, credits_pending, "
        "credits_posted, limit_minor FROM ledger_account"
    )
    return {(row[0], row[1], row[2]): tuple(row[3:]) for row in cursor}


def everything(cursor: Cursor[Any]) -> tuple[Standing, list[tuple[Any, ...]]]:
    """All that the ledger holds, to see that nothing changed."""
    totals = standing(cursor)
    cursor.execute("SELECT * FROM ledger_transfer ORDER BY merchant_id, id")
    return totals, cursor.fetchall()


def balance(cursor: Cursor[Any], name: AccountName, merchant_id: UUID = BOB) -> int:
    """What was posted to the debit of the account, less what was posted to its credit."""
    _, debits, _, credits_, _ = standing(cursor)[merchant_id, "BRL", name]
    return debits - credits_
