"""Writing what judging came to: watches, breaches, awards, lines, and one entry of the record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import instant, moment
from makegood.compensation.actions.awards import Book, Funded, end_holds, hold_row
from makegood.compensation.actions.settlement import Outside, settle_all
from makegood.compensation.models import Hold, HoldCause
from makegood.people.actions import PLATFORM_ID
from makegood.record.actions import append
from makegood.record.batches import ROWS, covered_rows
from makegood.record.canonical import row_leaf
from makegood.storage.arrays import moments, texts, uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.trade.lines import OrderKey, TrackedLine, write_lines
from makegood.trade.payments import Parts, load_payments, write_payments
from makegood.watch.actions.judging import Covers, Judged, judge
from makegood.watch.models import Breach, OpenPromise

breach_leaf = row_leaf(columns_of(Breach))
"""The canonical bytes of a breach's row."""


class Work(Struct):
    """One unit of work under locked merchants: what it is, and what its entry will cover."""

    entry_id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    leaves: dict[str, list[bytes]]
    payload: dict[str, Any]


class Settled(Struct, frozen=True):
    """How much was found and done."""

    breaches: int
    awards: int
    held: dict[str, int]


def settle_lines(
    cursor: Cursor[Any],
    lines: Sequence[TrackedLine],
    covers: Covers,
    payments: Parts,
    outside: Outside,
    work: Work,
) -> Settled:
    """Judge the lines, bring their awards to what is owed, write all, and append the entry.

    `payments` are those already in hand; `outside` what facts tell of money that moved.
    """
    judged = judge(cursor, lines, covers, instant(work.at), work.entry_id)
    write_lines(cursor, lines)
    copy_rows(cursor, Breach, judged.breaches)
    missing = _orders_to_draw_on(judged, payments, outside)
    payments.update(load_payments(cursor, missing))
    book = Book(cursor, payments, work.at, work.entry_id)
    settle_all(book, judged.claims, outside)
    funded = book.funded
    write_payments(cursor, payments)
    _write_watches(cursor, judged)
    _write_holds(cursor, judged, work.at)
    work.leaves["watch_breach"] = [breach_leaf(row) for row in judged.breaches]
    record(cursor, work, funded)
    return Settled(len(judged.breaches), len(funded.awards), funded.held)


def _orders_to_draw_on(judged: Judged, payments: Parts, outside: Outside) -> list[OrderKey]:
    orders = {
        (claims.merchant_id, claims.order_id)
        for claims in judged.claims
        if any(claim.refund for claim in claims.claims) or claims.known
    }
    orders |= outside.orders.keys()
    orders |= {(one.merchant_id, one.order_id) for one in outside.releases}
    return [order for order in orders if order not in payments]


_OPEN = """
INSERT INTO watch_openpromise (merchant_id, line_id, guarantee, due_at)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[])
ON CONFLICT (merchant_id, line_id, guarantee) DO UPDATE SET due_at = EXCLUDED.due_at
"""
_CLOSE = """
DELETE FROM watch_openpromise o
USING unnest(%s::uuid[], %s::uuid[], %s::text[]) AS n (merchant_id, line_id, guarantee)
WHERE o.merchant_id = n.merchant_id AND o.line_id = n.line_id AND o.guarantee = n.guarantee
"""


def _write_watches(cursor: Cursor[Any], judged: Judged) -> None:
    copy_rows(cursor, OpenPromise, [(*key, moment(due)) for *key, due in judged.opened_first])
    if judged.opened:
        merchants, lines, codes, due = zip(*judged.opened, strict=True)
        columns = (uuids(merchants), uuids(lines), texts(codes), moments(due))
        cursor.execute(_OPEN, columns, binary=True)
    if judged.closed:
        merchants, lines, codes = zip(*judged.closed, strict=True)
        cursor.execute(_CLOSE, (uuids(merchants), uuids(lines), texts(codes)), binary=True)


def _write_holds(cursor: Cursor[Any], judged: Judged, at: datetime) -> None:
    cause = HoldCause.CONTRADICTION
    copy_rows(
        cursor,
        Hold,
        (
            hold_row(
                one.tracked.merchant_id,
                one.id,
                one.tracked.id,
                None,
                cause,
                one.guarantee,
                one.at_most,
                at,
            )
            for one in judged.holds
        ),
    )
    if judged.unheld:
        end_holds(cursor, judged.unheld, "dropped", at)


def record(cursor: Cursor[Any], work: Work, funded: Funded | None = None) -> None:
    """Append the work's entry, which stands for all the rows that were written."""
    funded = funded or Funded()
    work.leaves["compensation_award"] = funded.awards
    work.leaves["compensation_outlay"] = funded.outlays
    work.leaves["ledger_transfer"] = funded.transfers
    payload: Mapping[str, Any] = {**work.payload, ROWS: covered_rows(work.leaves)}
    if funded.held:
        payload = {**payload, "held": funded.held}
    append(
        cursor,
        merchant_id=PLATFORM_ID,
        id=work.entry_id,
        actor=work.actor,
        action=work.action,
        subject=work.subject,
        at=instant(work.at),
        payload=dict(payload),
    )
