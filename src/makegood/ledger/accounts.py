"""The account rows of a set: locked in one place, in the order of their keys, and written once.

A book that is missing is made, all of it, before anything is locked, so that two sets that touch
the same books never wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import ClientCursor, Cursor

from makegood.ledger.chart import ACCOUNTS, CAPPED, names
from makegood.ledger.decisions import BookKey, Books
from makegood.ledger.totals import Totals
from makegood.storage.arrays import accept_arrays, bigints, texts, uuids

FEW = 16
"""Up to so many rows are sent one by one, which PostgreSQL plans in half the time."""

_COLUMNS = """merchant_id, currency, name,
           debits_pending, debits_posted, credits_pending, credits_posted, limit_minor"""
_IN_ORDER = """
    ORDER BY merchant_id, currency, name
    FOR NO KEY UPDATE OF account
"""
_LOCK_FEW = f"""
    SELECT {_COLUMNS}
    FROM ledger_account AS account
    WHERE (merchant_id, currency, name) IN (VALUES {{keys}})
    {_IN_ORDER}
"""
_LOCK_MANY = f"""
    SELECT {_COLUMNS}
    FROM ledger_account AS account
    JOIN unnest(%s::uuid[], %s::text[], %s::text[]) AS key (merchant_id, currency, name)
    USING (merchant_id, currency, name)
    {_IN_ORDER}
"""
# Fresh statistics can make PostgreSQL plan anew for every foreign key of every transfer, which
# doubles the cost of a posting; the generic plan of such a look-up is always the right one.
_PLAN_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan;"
_BEGIN = f"SAVEPOINT ledger; {_PLAN_ONCE}"
_AGAIN = f"ROLLBACK TO SAVEPOINT ledger; {_PLAN_ONCE}"
_MAKE = """
    INSERT INTO ledger_account (merchant_id, currency, name, limit_minor)
    SELECT book.*, name, CASE WHEN name = ANY (%s) THEN 0 END
    FROM unnest(%s::uuid[], %s::text[]) AS book (merchant_id, currency), unnest(%s::text[]) AS name
    ORDER BY merchant_id, currency, name
    ON CONFLICT DO NOTHING
"""
_WRITE_FEW = """
    INSERT INTO ledger_account (
        merchant_id, currency, name,
        debits_pending, debits_posted, credits_pending, credits_posted, limit_minor
    )
    VALUES {rows}
    ON CONFLICT (merchant_id, currency, name) DO UPDATE
    SET debits_pending = EXCLUDED.debits_pending, debits_posted = EXCLUDED.debits_posted,
        credits_pending = EXCLUDED.credits_pending, credits_posted = EXCLUDED.credits_posted,
        limit_minor = EXCLUDED.limit_minor;
    RELEASE SAVEPOINT ledger
"""
_WRITE_MANY = """
    UPDATE ledger_account AS account
    SET debits_pending = new.debits_pending, debits_posted = new.debits_posted,
        credits_pending = new.credits_pending, credits_posted = new.credits_posted,
        limit_minor = new.limit_minor
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int8[], %s::int8[], %s::int8[], %s::int8[],
                %s::int8[])
        AS new (merchant_id, currency, name,
                debits_pending, debits_posted, credits_pending, credits_posted, limit_minor)
    WHERE account.merchant_id = new.merchant_id AND account.currency = new.currency
        AND account.name = new.name
"""

Key = tuple[UUID, str, str]


def lock(cursor: ClientCursor[Any], accounts: Mapping[BookKey, Iterable[str]]) -> Books:
    """Open a savepoint, lock the accounts until the transaction ends, and read them.

    A missing book is made with every account of the chart, all of them empty, its cap too.
    """
    keys: list[Key] = [(*book, str(name)) for book, used in accounts.items() for name in used]
    if not keys:
        cursor.execute("SAVEPOINT ledger")
        return {}
    rows = _locked(cursor, keys, _BEGIN)
    if len(rows) < len(keys):
        known = {(row[0], row[1]) for row in rows}
        cursor.execute(_AGAIN)
        _make(cursor, [book for book in accounts if book not in known])
        rows = _locked(cursor, keys, _PLAN_ONCE)
    books: dict[BookKey, dict[str, Totals]] = {}
    for merchant_id, currency, name, *totals in rows:
        books.setdefault((merchant_id, currency), {})[name] = Totals(ACCOUNTS[name], *totals)
    return books


def _locked(cursor: ClientCursor[Any], keys: Sequence[Key], first: str) -> list[tuple[Any, ...]]:
    if len(keys) <= FEW:
        statement = first + _LOCK_FEW.format(keys=_places(keys))
        return _last_result(cursor.execute(statement, [value for key in keys for value in key]))
    cursor.execute(first)
    merchants, currencies, names_ = zip(*keys, strict=True)
    with many(cursor) as own:
        own.execute(_LOCK_MANY, (uuids(merchants), texts(currencies), texts(names_)), binary=True)
        return own.fetchall()


def _make(cursor: ClientCursor[Any], books: Sequence[BookKey]) -> None:
    merchants, currencies = [book[0] for book in books], [book[1] for book in books]
    cursor.execute(_MAKE, [CAPPED, merchants, currencies, names()])


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
    if len(rows) > FEW:
        if before[0]:
            cursor.execute(before[0], before[1])
        merchants, currencies, accounts_, *sums = zip(*rows, strict=True)
        columns = (uuids(merchants), texts(currencies), texts(accounts_), *map(bigints, sums))
        with many(cursor) as own:
            own.execute(_WRITE_MANY, columns, binary=True)
        cursor.execute("RELEASE SAVEPOINT ledger")
    elif rows:
        values = [value for row in rows for value in row]
        statement = before[0] + _WRITE_FEW.format(rows=_places(rows))
        cursor.execute(statement, [*before[1], *values])
    else:
        cursor.execute("RELEASE SAVEPOINT ledger")


def many(cursor: ClientCursor[Any]) -> Cursor[Any]:
    """A cursor on the same connection that sends packed arrays apart from the statement."""
    accept_arrays(cursor.connection)
    return Cursor(cursor.connection)


def undo(cursor: ClientCursor[Any]) -> None:
    """Go back to before the accounts were locked."""
    cursor.execute("ROLLBACK TO SAVEPOINT ledger; RELEASE SAVEPOINT ledger")


def _places(rows: Sequence[Sequence[Any]]) -> str:
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    return ", ".join([row] * len(rows))


def _last_result(cursor: ClientCursor[Any]) -> list[tuple[Any, ...]]:
    while cursor.nextset():
        pass
    return cursor.fetchall()
