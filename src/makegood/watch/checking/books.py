"""The books: re-added, capped as the platform's rules say, and in step with awards and payments."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.ledger.chart import AccountName as A
from makegood.ledger.check import differences
from makegood.ledger.decisions import BookKey
from makegood.ledger.events import Code
from makegood.ledger.reconciling import Moved, free_on, moved_to
from makegood.record.check import Findings, streamed
from makegood.watch.checking.beside import beside

# What a merchant may be advanced was set when it last followed a publication.
_CAPS = """
SELECT m.id, rules.currency, rules.advance_cap_minor
FROM people_merchant m CROSS JOIN LATERAL (
    SELECT DISTINCT ON (currency) currency, advance_cap_minor FROM enrolment_platformrules
    WHERE version <= m.promises_version ORDER BY currency, version DESC
) rules
"""
_AWARDS = """
SELECT merchant_id, id, escrow_minor, deposit_minor, advance_minor
FROM compensation_award ORDER BY merchant_id, id
"""
_IN_ESCROW = """
SELECT merchant_id, currency, sum(amount - drawn - released - returned)::bigint
FROM trade_payment GROUP BY 1, 2
"""
_SOURCES = (A.ESCROW, A.DEPOSIT, A.ADVANCE)
_OF_AWARDS = (
    Code.AWARDED,
    Code.AWARD_REVERSED_UNSENT,
    Code.AWARD_REVERSED_PAID,
    Code.AWARD_RESTORED_PAID,
)
Key = tuple[UUID, UUID]


def check_ledger(cursor: Cursor[Any], found: Findings) -> None:
    """Re-add every book; each cap is what the rules that its merchant has followed say."""
    cursor.execute(_CAPS)
    caps = {(merchant_id, currency): cap for merchant_id, currency, cap in cursor.fetchall()}
    for difference in differences(cursor, caps):
        found.differs(difference.table, difference.row, difference.what)


def check_escrow(cursor: Cursor[Any], found: Findings) -> None:
    """What is left in escrow of all payments is what stands on the escrow account."""
    cursor.execute(_IN_ESCROW)
    told: dict[BookKey, int] = {(row[0], row[1]): row[2] for row in cursor.fetchall()}
    posted = free_on(cursor, A.ESCROW)
    for book in sorted(told.keys() | posted.keys()):
        if told.get(book, 0) != posted.get(book, 0):
            found.differs(
                "trade_payment",
                f"{book[0]} {book[1]}",
                f"payments leave {told.get(book, 0)} in escrow, its account {posted.get(book, 0)}",
            )


def check_funding(cursor: Cursor[Any], found: Findings) -> None:
    """Every award moved exactly its parts, once, and nothing was moved for no award."""
    awards = (((row[0], row[1]), row[2:]) for row in streamed(cursor, "awards", _AWARDS))
    for (_, id), parts, moved in beside(awards, _by_award(cursor)):
        if parts is None:
            found.differs("ledger_transfer", id, "was moved for no award")
        elif parts != (moved or (0, 0, 0)):
            said = "draws on escrow {}, deposit {}, advance {}".format(*parts)
            found.differs("compensation_award", id, f"{said}; moved were {moved}")


def _by_award(cursor: Cursor[Any]) -> Iterator[tuple[Key, tuple[int, ...]]]:
    """What each award drew on escrow, deposit and advance, in order of merchant and award."""
    moved = moved_to(cursor, (A.OWED_CONSUMER, A.OWED_BY_CONSUMER, A.LOSS), *_OF_AWARDS)
    for key, group in groupby(moved, key=attrgetter("merchant_id", "cause_id")):
        parts = _parts(group)
        yield key, tuple(parts.get(source, 0) for source in _SOURCES)


def _parts(group: Iterator[Moved]) -> dict[A, int]:
    return {moved.name: moved.amount for moved in group}
