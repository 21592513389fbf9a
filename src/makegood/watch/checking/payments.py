"""Payments: as the order's facts tell them, and drawn on by its awards alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from psycopg import Cursor

from makegood.compensation.actions.history import Group, GroupKey, load_history
from makegood.compensation.models import OutlayKind, OutlayPart
from makegood.guarantees.facts.line import Line
from makegood.record.check import Findings
from makegood.trade.escrow import note_returned
from makegood.trade.lines import OrderKey, TrackedLine
from makegood.trade.payments import PaymentPart, load_payments, parts_of

_DRAWN = """
SELECT a.merchant_id, a.line_id, sum(a.escrow_minor)::bigint
FROM unnest(%s::uuid[], %s::uuid[]) AS k (merchant_id, id)
JOIN compensation_award a ON a.merchant_id = k.merchant_id AND a.line_id = k.id
LEFT JOIN compensation_hold h ON h.merchant_id = a.merchant_id AND h.id = a.id
WHERE a.escrow_minor <> 0 AND coalesce(h.outcome, '') <> 'dropped'
GROUP BY 1, 2
"""


def check_payments(
    cursor: Cursor[Any],
    orders: Sequence[OrderKey],
    tracked: Sequence[TrackedLine],
    found: Findings,
) -> int:
    """Compare the payments of these orders, whose rebuilt lines are given; their number."""
    lines: dict[OrderKey, list[TrackedLine]] = {order: [] for order in orders}
    for one in tracked:
        lines[one.merchant_id, one.order_id].append(one)
    drawn = _drawn(cursor, tracked)
    stored = load_payments(cursor, orders)
    history = load_history(cursor, orders)
    for order in orders:
        parts = stored.get(order, [])
        told = parts_of(order, [one.line for one in lines[order]])
        _compare(parts, told, found)
        held = sum(part.drawn for part in parts)
        awarded = drawn.get(order, 0)
        if held != awarded:
            what = f"have {held} drawn from escrow, and awards drew {awarded}"
            found.differs("trade_payment", f"of order {order[1]}", what)
        _compare_outside(parts, [one.line for one in lines[order]], history[order], found)
    return sum(map(len, stored.values()))


def _compare(stored: Sequence[PaymentPart], told: Sequence[PaymentPart], found: Findings) -> None:
    """An amount that was told lower later does not fall below what is gone of it already."""
    amounts: Mapping[str, tuple[int, str]] = {
        part.ref: (part.amount, part.currency) for part in told
    }
    refs = {part.ref for part in stored}
    for part in stored:
        amount, currency = amounts.get(part.ref, (0, part.currency))
        expected = max(amount, part.gone, part.refunded + part.charged_back)
        if (part.amount, part.told, part.currency) != (expected, amount, currency):
            what = f"took {part.amount} {part.currency}, and its facts tell {expected} {currency}"
            found.differs("trade_payment", part.id, what)
    for ref in amounts.keys() - refs:
        found.differs("trade_payment", ref, "is missing")


def _compare_outside(
    parts: Sequence[PaymentPart],
    lines: Sequence[Line],
    groups: Mapping[GroupKey, Group],
    found: Findings,
) -> None:
    """What was released and returned is what outlays took; what went back is what facts tell."""
    outlays = list(groups.values())
    taken = (sum(part.released for part in parts), sum(part.returned for part in parts))
    kept = [one for one in outlays if one.kind is OutlayKind.RELEASE]
    given = [one for one in outlays if one.kind is not OutlayKind.RELEASE]
    released = (OutlayPart.RELEASED, OutlayPart.ADVANCE, OutlayPart.DEPOSIT)
    told = (_from(kept, released), _from(given, (OutlayPart.ESCROW,)))
    if taken != told:
        what = f"have {taken} released and returned, and outlays took {told}"
        found.differs("trade_payment", parts[0].id if parts else "missing", what)
    anew = [replace(part) for part in parts]
    note_returned(anew, lines)
    for part, now in zip(parts, anew, strict=True):
        if (part.refunded, part.charged_back) != (now.refunded, now.charged_back):
            what = f"gave back {part.refunded + part.charged_back}, and its facts tell otherwise"
            found.differs("trade_payment", part.id, what)


def _from(outlays: Sequence[Group], places: Sequence[OutlayPart]) -> int:
    return sum(part.amount for one in outlays for part in one.parts if part.part in places)


def _drawn(cursor: Cursor[Any], tracked: Sequence[TrackedLine]) -> dict[OrderKey, int]:
    """What the awards of each order drew from its escrow and did not give back."""
    keys: tuple[list[UUID], list[UUID]] = (
        [one.merchant_id for one in tracked],
        [one.id for one in tracked],
    )
    cursor.execute(_DRAWN, keys, binary=True)
    by_line = {(merchant, line): amount for merchant, line, amount in cursor.fetchall()}
    drawn: dict[OrderKey, int] = {}
    for one in tracked:
        order = (one.merchant_id, one.order_id)
        drawn[order] = drawn.get(order, 0) + by_line.get((one.merchant_id, one.id), 0)
    return drawn
