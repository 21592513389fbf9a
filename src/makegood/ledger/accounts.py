"""The account rows of a set: locked in one place, in the order of their keys, and written once.

An account that is missing is made before anything is locked, so that two sets that touch the
same books never wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import ClientCursor, sql

from makegood.ledger.chart import CAPPED, AccountName
from makegood.ledger.decisions import BookKey, Books
from makegood.ledger.totals import Totals

_KEYS = "unnest(%(merchants)s::uuid[], %(currencies)s::text[], %(names)s::text[])"
_LOCK = sql.SQL(
    f"""
    SELECT account.merchant_id, account.currency, account.name, account.debits_pending,
           account.debits_posted, account.credits_pending, account.credits_posted,
           account.limit_minor
    FROM ledger_account AS account
    JOIN {_KEYS} AS wanted (merchant_id, currency, name)
      ON account.merchant_id = wanted.merchant_id
     AND account.currency = wanted.currency
     AND account.name = wanted.name
    ORDER BY account.merchant_id, account.currency, account.name
    FOR NO KEY UPDATE OF account
    """
)
_LOCK_UNDER_SAVEPOINT = sql.SQL("SAVEPOINT ledger;") + _LOCK
_MAKE_AND_LOCK = (
    sql.SQL(
        f"""
        ROLLBACK TO SAVEPOINT ledger;
        INSERT INTO ledger_account (merchant_id, currency, name, limit_minor)
        SELECT merchant_id, currency, name, CASE WHEN name = ANY (%(capped)s) THEN 0 END
        FROM {_KEYS} AS wanted (merchant_id, currency, name)
        ORDER BY merchant_id, currency, name
        ON CONFLICT DO NOTHING;
        """
    )
    + _LOCK
)
_RELEASE = sql.SQL("RELEASE SAVEPOINT ledger")
_WRITE = (
    sql.SQL(
        """
        UPDATE ledger_account AS account
        SET debits_pending = new.debits_pending, debits_posted = new.debits_posted,
            credits_pending = new.credits_pending, credits_posted = new.credits_posted
        FROM unnest(
            %s::uuid[], %s::text[], %s::text[],
            %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]
        ) AS new (
            merchant_id, currency, name,
            debits_pending, debits_posted, credits_pending, credits_posted
        )
        WHERE account.merchant_id = new.merchant_id
          AND account.currency = new.currency
          AND account.name = new.name;
        """
    )
    + _RELEASE
)
_WRITE_CAPS = (
    sql.SQL(
        """
        UPDATE ledger_account AS account SET limit_minor = new.cap
        FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS new (merchant_id, currency, cap)
        WHERE account.merchant_id = new.merchant_id
          AND account.currency = new.currency
          AND account.name = %s;
        """
    )
    + _RELEASE
)


def lock(cursor: ClientCursor[Any], accounts: Mapping[BookKey, Iterable[str]]) -> Books:
    """Open a savepoint, lock the accounts until the transaction ends, and read them.

    Missing accounts are made with totals of nothing; a capped one may not be used until its
    cap is set.
    """
    keys = [(*book, str(name)) for book, names in accounts.items() for name in names]
    merchants, currencies, names = zip(*keys, strict=True) if keys else ((), (), ())
    wanted = {
        "merchants": list(merchants),
        "currencies": list(currencies),
        "names": list(names),
        "capped": CAPPED,
    }
    rows = _last_result(cursor.execute(_LOCK_UNDER_SAVEPOINT, wanted))
    if len(rows) < len(keys):
        rows = _last_result(cursor.execute(_MAKE_AND_LOCK, wanted))
    books: dict[BookKey, dict[str, Totals]] = {}
    for merchant_id, currency, name, *totals in rows:
        books.setdefault((merchant_id, currency), {})[name] = Totals(AccountName(name), *totals)
    return books


def write(cursor: ClientCursor[Any], books: Books) -> None:
    """Write the totals that changed, each account once, and close the savepoint."""
    changed = [
        (
            *key,
            name,
            account.debits_pending,
            account.debits_posted,
            account.credits_pending,
            account.credits_posted,
        )
        for key, accounts in books.items()
        for name, account in accounts.items()
        if account.changed
    ]
    if changed:
        columns = [list(column) for column in zip(*changed, strict=True)]
        cursor.execute(_WRITE, columns)
    else:
        cursor.execute(_RELEASE)


def write_caps(cursor: ClientCursor[Any], caps: Mapping[BookKey, int]) -> None:
    """Write the caps that changed, in minor units, and close the savepoint."""
    merchants = [merchant_id for merchant_id, _ in caps]
    currencies = [currency for _, currency in caps]
    cursor.execute(_WRITE_CAPS, [merchants, currencies, list(caps.values()), CAPPED[0]])


def undo(cursor: ClientCursor[Any]) -> None:
    """Go back to before the accounts were locked."""
    cursor.execute("ROLLBACK TO SAVEPOINT ledger; RELEASE SAVEPOINT ledger")


def _last_result(cursor: ClientCursor[Any]) -> list[tuple[Any, ...]]:
    while cursor.nextset():
        pass
    return cursor.fetchall()
