"""From stored facts to the orders they touch, folded anew."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.guarantees.facts import vocabulary as say
from makegood.guarantees.facts.fold import add
from makegood.trade.events import Arrival
from makegood.trade.lines import (
    OrderKey,
    Orders,
    facts_of_orders,
    load_orders,
    refold,
)
from makegood.trade.payments import Parts, PaymentPart, load_payments, parts_of
from makegood.trade.retraction import note_retractions, retracted_orders, without_retracted


class Projection(Struct):
    """What a batch touches: orders with their lines, payments, prices and the platform's facts.

    `payments` holds those of orders that are new or whose payments may differ from before;
    `repriced` are items of which a price was retracted.
    """

    orders: Orders
    payments: Parts
    prices: list[Arrival]
    for_all: list[Arrival]
    registered: list[Arrival]
    repriced: list[tuple[UUID, UUID]]


def project(
    cursor: Cursor[Any], taken: Sequence[Arrival], merchants: Sequence[UUID], entry_id: UUID
) -> Projection:
    """Fold what was just stored into the orders it touches; nothing is written yet but retractions."""
    retractions = [arrival for arrival in taken if isinstance(arrival.fact, say.FactRetracted)]
    if retractions:
        note_retractions(cursor, retractions)
    standing = without_retracted(cursor, taken, merchants)
    by_order: dict[OrderKey, list[Arrival]] = {}
    projection = Projection({}, {}, [], [], [], [])
    for arrival in standing:
        if arrival.order_id is not None:
            by_order.setdefault((arrival.merchant_id, arrival.order_id), []).append(arrival)
        elif isinstance(arrival.fact, say.OfferPriced):
            projection.prices.append(arrival)
        elif isinstance(arrival.fact, say.MerchantRegistered):
            projection.registered.append(arrival)
        elif not isinstance(arrival.fact, say.FactRetracted):
            projection.for_all.append(arrival)
    anew: dict[OrderKey, str] = {}
    if retractions:
        anew, projection.repriced = retracted_orders(cursor, retractions)
    projection.orders = load_orders(cursor, {**by_order, **dict.fromkeys(anew)})
    _fold(cursor, projection, by_order, anew, entry_id)
    return projection


def _fold(
    cursor: Cursor[Any],
    projection: Projection,
    by_order: dict[OrderKey, list[Arrival]],
    anew: dict[OrderKey, str],
    entry_id: UUID,
) -> None:
    """Fold each order the shortest way: new, added to, or worked out anew from all its facts."""
    orders = projection.orders
    begun: list[OrderKey] = []
    for order, arrivals in by_order.items():
        begins = any(isinstance(arrival.fact, say.OrderPaid) for arrival in arrivals)
        if order not in orders and begins:
            begun.append(order)
        elif begins:
            anew[order] = arrivals[0].order
        elif order in orders and order not in anew:
            _add(orders, order, arrivals)
    earlier = facts_of_orders(cursor, begun, except_entry=entry_id) if begun else {}
    for order in begun:
        arrivals = by_order[order]
        facts = [arrival.fact for arrival in arrivals] + earlier.get(order, [])
        refold(orders, order, arrivals[0].order, facts)
        lines = [tracked.line for tracked in orders[order].values()]
        projection.payments[order] = parts_of(order, lines)
    if anew:
        _work_out_anew(cursor, projection, anew)


def _add(orders: Orders, order: OrderKey, arrivals: Sequence[Arrival]) -> None:
    """Add facts to the lines of a known order."""
    tracked = orders[order]
    lines = {number: one.line for number, one in tracked.items()}
    for arrival in arrivals:
        for line in add(lines, arrival.fact):
            tracked[line.number].changed = True


def _work_out_anew(
    cursor: Cursor[Any], projection: Projection, anew: dict[OrderKey, str]
) -> None:
    """Work orders out from all their facts, and bring their payments to what these tell."""
    keys = list(anew)
    facts = facts_of_orders(cursor, keys)
    stored = load_payments(cursor, keys)
    for order, ref in anew.items():
        refold(projection.orders, order, ref, facts.get(order, []))
        if not projection.orders[order]:
            del projection.orders[order]
        lines = [tracked.line for tracked in projection.orders.get(order, {}).values()]
        projection.payments[order] = _brought_to(
            stored.get(order, []), parts_of(order, lines)
        )


def _brought_to(
    stored: Sequence[PaymentPart], told: Sequence[PaymentPart]
) -> list[PaymentPart]:
    """The stored payments with the amounts that the facts now tell; the id goes by the ref.

    An amount never falls below what has left escrow or gone back on the route already.
    """
    by_ref = {part.ref: part for part in stored}
    amounts = {part.ref: part.amount for part in told}
    parts = list(stored)
    for part in parts:
        gone = part.drawn + part.released + part.returned
        amount = max(amounts.get(part.ref, 0), gone, part.refunded + part.charged_back)
        part.changed = part.changed or amount != part.amount
        part.amount = amount
    taken = {part.id for part in stored}
    for part in told:
        if part.ref not in by_ref:
            while part.id in taken:
                part.id = UUID(int=part.id.int + 1)
            taken.add(part.id)
            parts.append(part)
    return parts
