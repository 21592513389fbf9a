"""The account rows of a set: locked in one place, in the order of their keys, and written once.

A book that is missing is made, all of it, before anything is locked, so that two sets that touch
the same books never wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import ClientCursor

from makegood.ledger.chart import CAPPED, AccountName, names
from makegood.ledger.decisions import BookKey, Books
from makegood.ledger.totals import Totals

FEW = 16
"""Up to so many rows are sent one by one, which PostgreSQL plans in half the time."""

BOOK_TYPES = ("uuid", "text")
KEY_TYPES = (*BOOK_TYPES, "text")
ROW_TYPES = (*KEY_TYPES, "bigint", "bigint", "bigint", "bigint", "bigint")

_LOCK = """
    SELECT merchant_id, currency, name,
           debits_pending, debits_posted, credits_pending, credits_posted, limit_minor
    FROM ledger_account AS account
    WHERE (merchant_id, currency, name) IN ({keys})
    ORDER BY merchant_id, currency, name
    FOR NO KEY UPDATE OF account
"""
# Fresh statistics can make PostgreSQL plan anew for every foreign key of every transfer, which
# doubles the cost of a posting; the generic plan of such a look-up is always the right one.
_LOCK_UNDER_SAVEPOINT = f"""
    SAVEPOINT ledger;
    SET LOCAL plan_cache_mode = force_generic_plan;
    {_LOCK}
"""
_MAKE_AND_LOCK = f"""
    ROLLBACK TO SAVEPOINT ledger;
    INSERT INTO ledger_account (merchant_id, currency, name, limit_minor)
    SELECT book.*, name, CASE WHEN name = ANY (%s) THEN 0 END
    FROM ({{books}}) AS book (merchant_id, currency), unnest(%s::text[]) AS name
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

    A missing book is made with every account of the chart, all of them empty, its cap too.
    """
    keys = [(*book, str(name)) for book, used in accounts.items() for name in used]
    if not keys:
        cursor.execute("SAVEPOINT ledger")
        return {}
    source, values = _source(keys, KEY_TYPES)
    keys_sql = source.removeprefix("VALUES")
    rows = _last_result(cursor.execute(_LOCK_UNDER_SAVEPOINT.format(keys=keys_sql), values))
    if len(rows) < len(keys):
        missing = list(accounts.keys() - {(row[0], row[1]) for row in rows})
        books_sql, made = _source(missing, BOOK_TYPES)
        make = _MAKE_AND_LOCK.format(books=books_sql, keys=keys_sql)
        chart = [CAPPED, *made, names()]
        rows = _last_result(cursor.execute(make, [*chart, *values]))
    books: dict[BookKey, dict[str, Totals]] = {}
    for merchant_id, currency, name, *totals in rows:
        books.setdefault((merchant_id, currency), {})[name] = Totals(AccountName(name), *totals)
    return books


def write(
    cursor: ClientCursor[Any], books: Books, before: tuple[str, Sequence[Any]] = ("", ())
) -> None:
    """Write the accounts that changed, each once, and close the savepoint.

    `before` is a statement with its values to send ahead, in the same round trip.
    """
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
        cursor.execute(before[0] + _WRITE.format(source=source), [*before[1], *values])
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
