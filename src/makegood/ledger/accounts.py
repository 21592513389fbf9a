"""The account rows of a set: locked in one place, in the order of their keys, and written once.

An account that is missing is made before anything is locked, so that two sets that touch the
same books never wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import ClientCursor

from makegood.ledger.chart import CAPPED, AccountName
from makegood.ledger.decisions import BookKey, Books
from makegood.ledger.totals import Totals

FEW = 16
"""Up to so many rows are sent one by one, which PostgreSQL plans in half the time."""

KEY_TYPES = ("uuid", "text", "text")
ROW_TYPES = (*KEY_TYPES, "bigint", "bigint", "bigint", "bigint", "bigint")

_LOCK = """
    SELECT merchant_id, currency, name,
           debits_pending, debits_posted, credits_pending, credits_posted, limit_minor
    FROM ledger_account AS account
    WHERE (merchant_id, currency, name) IN ({keys})
    ORDER BY merchant_id, currency, name
    FOR NO KEY UPDATE OF account
"""
_LOCK_UNDER_SAVEPOINT = f"SAVEPOINT ledger; {_LOCK}"
_MAKE_AND_LOCK = f"""
    ROLLBACK TO SAVEPOINT ledger;
    INSERT INTO ledger_account (merchant_id, currency, name, limit_minor)
    SELECT wanted.*, CASE WHEN name = ANY (%s) THEN 0 END
    FROM ({{source}}) AS wanted (merchant_id, currency, name)
    ORDER BY merchant_id, currency, name
    ON CONFLICT DO NOTHING;
    {_LOCK}
"""
_WRITE = """
    INSERT INTO ledger_account (
        merchant_id, currency, name,
        debits_pending, debits_posted, credits_pending, credits_posted, limit_minor
    )
    {source}
    ON CONFLICT (merchant_id, currency, name) DO UPDATE
    SET debits_pending = EXCLUDED.debits_pending, debits_posted = EXCLUDED.debits_posted,
        credits_pending = EXCLUDED.credits_pending, credits_posted = EXCLUDED.credits_posted,
        limit_minor = EXCLUDED.limit_minor;
    RELEASE SAVEPOINT ledger
"""


def lock(cursor: ClientCursor[Any], accounts: Mapping[BookKey, Iterable[str]]) -> Books:
    """Open a savepoint, lock the accounts until the transaction ends, and read them.

    Missing accounts are made with totals of nothing; a capped one has a cap of nothing.
    """
    keys = [(*book, str(name)) for book, names in accounts.items() for name in names]
    if not keys:
        cursor.execute("SAVEPOINT ledger")
        return {}
    source, values = _source(keys, KEY_TYPES)
    compared = source.removeprefix("VALUES")
    rows = _last_result(cursor.execute(_LOCK_UNDER_SAVEPOINT.format(keys=compared), values))
    if len(rows) < len(keys):
        make = _MAKE_AND_LOCK.format(source=source, keys=compared)
        rows = _last_result(cursor.execute(make, [CAPPED, *values, *values]))
    books: dict[BookKey, dict[str, Totals]] = {}
    for merchant_id, currency, name, *totals in rows:
        books.setdefault((merchant_id, currency), {})[name] = Totals(AccountName(name), *totals)
    return books


def write(cursor: ClientCursor[Any], books: Books) -> None:
    """Write the accounts that changed, each once, and close the savepoint."""
    rows = [
        (
            *book,
            name,
            account.debits_pending,
            account.debits_posted,
            account.credits_pending,
            account.credits_posted,
            account.cap,
        )
        for book, accounts in books.items()
        for name, account in accounts.items()
        if account.changed
    ]
    if rows:
        source, values = _source(rows, ROW_TYPES)
        cursor.execute(_WRITE.format(source=source), values)
    else:
        cursor.execute("RELEASE SAVEPOINT ledger")


def undo(cursor: ClientCursor[Any]) -> None:
    """Go back to before the accounts were locked."""
    cursor.execute("ROLLBACK TO SAVEPOINT ledger; RELEASE SAVEPOINT ledger")


def _source(rows: Sequence[Sequence[Any]], types: Sequence[str]) -> tuple[str, list[Any]]:
    """The rows as SQL and its values: listed while they are few, else as an array a column."""
    if len(rows) <= FEW:
        row = f"({', '.join(['%s'] * len(types))})"
        return f"VALUES {', '.join([row] * len(rows))}", [value for row in rows for value in row]
    arrays = ", ".join(f"%s::{name}[]" for name in types)
    return f"SELECT * FROM unnest({arrays})", [list(column) for column in zip(*rows, strict=True)]


def _last_result(cursor: ClientCursor[Any]) -> list[tuple[Any, ...]]:
    while cursor.nextset():
        pass
    return cursor.fetchall()
