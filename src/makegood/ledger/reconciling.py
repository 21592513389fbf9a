"""What others compare their own rows with: what each cause moved, and how accounts stand."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Cursor

from makegood.ledger.chart import AccountName
from makegood.ledger.decisions import BookKey
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.record.check import streamed


class Moved(NamedTuple):
    """What came out of an account, or, below zero, went back to it, for one cause."""

    merchant_id: UUID
    cause_id: UUID
    name: AccountName
    amount: int


def moved_to(cursor: Cursor[Any], names: Iterable[AccountName], *codes: Code) -> Iterator[Moved]:
    """What the transfers with these codes moved from each account to those named, by cause.

    What was reserved counts as moved, whatever became of it; minor units, ordered by merchant
    and cause. Must run in a transaction.
    """
    listed = ", ".join(f"'{code.value}'" for code in codes)
    named = ", ".join(f"'{name.value}'" for name in names)
    query = f"""
    SELECT merchant_id, cause_id, CASE WHEN credit IN ({named}) THEN debit ELSE credit END,
           sum(CASE WHEN credit IN ({named}) THEN amount ELSE -amount END)::bigint
    FROM ledger_transfer
    WHERE code IN ({listed}) AND kind IN ('{Kind.POSTED}', '{Kind.RESERVE}')
      AND (debit IN ({named}) OR credit IN ({named}))
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """
    for merchant_id, cause_id, other, amount in streamed(cursor, "moved", query):
        yield Moved(merchant_id, cause_id, AccountName(other), amount)


class Reserved(NamedTuple):
    """What was reserved for one cause, and how that ended: by kind, empty while it is open."""

    merchant_id: UUID
    cause_id: UUID
    ended: str
    amount: int


def reserved(cursor: Cursor[Any], code: Code) -> Iterator[Reserved]:
    """What the reserves with this code became, in minor units, ordered by merchant and cause."""
    query = f"""
    SELECT reserve.merchant_id, reserve.cause_id, coalesce(ending.kind, ''),
           sum(reserve.amount)::bigint
    FROM ledger_transfer AS reserve LEFT JOIN ledger_transfer AS ending
      ON ending.merchant_id = reserve.merchant_id AND ending.reserves = reserve.id
    WHERE reserve.kind = '{Kind.RESERVE}' AND reserve.code = '{code.value}'
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """
    return map(Reserved._make, streamed(cursor, "reserved", query))


def free_on(cursor: Cursor[Any], name: AccountName) -> dict[BookKey, int]:
    """What stands free, in minor units, on the credit side of this account in each book."""
    cursor.execute(
        "SELECT merchant_id, currency, credits_posted - debits_posted - debits_pending "
        "FROM ledger_account WHERE name = %s",
        [name.value],
    )
    return {(merchant_id, currency): free for merchant_id, currency, free in cursor.fetchall()}
