"""From stored facts to the orders they touch, folded anew."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.guarantees.facts import vocabulary as say
from makegood.guarantees.facts.fold import add
from makegood.trade.currencies import keep_currencies
from makegood.trade.escrow import bring_to
from makegood.trade.events import Arrival
from makegood.trade.lines import (
    OrderKey,
    Orders,
    facts_of_orders,
    load_orders,
    refold,
)
from makegood.trade.payments import Parts, load_payments, parts_of
from makegood.trade.retraction import note_retractions, retracted_orders, without_retracted


class Projection(Struct):
    """What a batch touches: orders with their lines, payments, prices and the platform's facts.

    `payments` holds those of orders that are new or whose payments may differ from before;
    `repriced` are items of which a price was retracted. `anew` are the orders worked out from
    all their facts; `releases` those facts of escrow that may be new, all of them for `anew`.
    """

    orders: Orders
    payments: Parts
    prices: list[Arrival]
    for_all: list[Arrival]
    registered: list[Arrival]
    repriced: list[tuple[UUID, UUID]]
    anew: dict[OrderKey, str]
    releases: dict[OrderKey, list[say.EscrowReleased]]


def project(
    cursor: Cursor[Any], taken: Sequence[Arrival], merchants: Sequence[UUID], entry_id: UUID
) -> Projection:
    """Fold what was just stored into the orders it touches; only retractions are written yet."""
    retractions = [arrival for arrival in taken if isinstance(arrival.fact, say.FactRetracted)]
    if retractions:
        note_retractions(cursor, retractions)
    standing = without_retracted(cursor, taken, merchants)
    by_order: dict[OrderKey, list[Arrival]] = {}
    projection = Projection({}, {}, [], [], [], [], {}, {})
    for arrival in standing:
        if arrival.order_id is not None:
            by_order.setdefault((arrival.merchant_id, arrival.order_id), []).append(arrival)
        elif isinstance(arrival.fact, say.OfferPriced):
            projection.prices.append(arrival)
        elif isinstance(arrival.fact, say.MerchantRegistered):
            projection.registered.append(arrival)
        elif not isinstance(arrival.fact, say.FactRetracted):
            projection.for_all.append(arrival)
    if retractions:
        projection.anew, projection.repriced = retracted_orders(cursor, retractions)
    projection.orders = load_orders(cursor, {**by_order, **dict.fromkeys(projection.anew)})
    keep_currencies(cursor, projection.orders, by_order)
    _fold(cursor, projection, by_order, entry_id)
    return projection


def _fold(
    cursor: Cursor[Any],
    projection: Projection,
    by_order: dict[OrderKey, list[Arrival]],
    entry_id: UUID,
) -> None:
    """Fold each order the shortest way: new, added to, or worked out anew from all its facts."""
    orders, anew = projection.orders, projection.anew
    begun: list[OrderKey] = []
    for order, arrivals in by_order.items():
        begins = say.OrderPaid in [arrival.fact.__class__ for arrival in arrivals]
        if order not in orders and begins:
            begun.append(order)
        elif begins:
            anew[order] = arrivals[0].order
        elif order in orders and order not in anew:
            _add(projection, order, arrivals)
    earlier = facts_of_orders(cursor, begun, except_entry=entry_id) if begun else {}
    for order in begun:
        arrivals = by_order[order]
        facts = [arrival.fact for arrival in arrivals] + earlier.get(order, [])
        refold(orders, order, arrivals[0].order, facts)
        _note_releases(projection, order, facts)
        lines = [tracked.line for tracked in orders[order].values()]
        projection.payments[order] = parts_of(order, lines)
    if anew:
        _work_out_anew(cursor, projection, anew)


def _note_releases(projection: Projection, order: OrderKey, facts: Sequence[say.Fact]) -> None:
    releases = [fact for fact in facts if isinstance(fact, say.EscrowReleased)]
    if releases:
        projection.releases[order] = releases


def _add(projection: Projection, order: OrderKey, arrivals: Sequence[Arrival]) -> None:
    """Add facts to the lines of a known order, as far as it is told to be paid."""
    tracked = projection.orders[order]
    lines = {number: one.line for number, one in tracked.items() if one.line.purchase is not None}
    for arrival in arrivals:
        for line in add(lines, arrival.fact):
            tracked[line.number].changed = True
    if lines:
        _note_releases(projection, order, [arrival.fact for arrival in arrivals])


def _work_out_anew(cursor: Cursor[Any], projection: Projection, anew: dict[OrderKey, str]) -> None:
    """Work orders out from all their facts, and bring their payments to what these tell."""
    keys = list(anew)
    facts = facts_of_orders(cursor, keys)
    stored = load_payments(cursor, keys)
    for order, ref in anew.items():
        refold(projection.orders, order, ref, facts.get(order, []))
        _note_releases(projection, order, facts.get(order, []))
        if not projection.orders[order]:
            del projection.orders[order]
        lines = [tracked.line for tracked in projection.orders.get(order, {}).values()]
        projection.payments[order] = bring_to(stored.get(order, []), parts_of(order, lines))
