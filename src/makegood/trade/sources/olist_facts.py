"""The facts that a folder of real orders tells (domain.md section 9)."""

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush

from makegood.guarantees.facts.vocabulary import (
    PLATFORM,
    AnyFact,
    CarrierPickedUp,
    CompleteData,
    FactsComplete,
    LineDelivered,
    OfferPriced,
    OrderCancelled,
    OrderOutOfStock,
    OrderPaid,
    OrderPaidData,
    PaidLine,
    Payment,
    PricedData,
)
from makegood.money import split
from makegood.trade.sources.olist import CURRENCY, SOURCE, Customer, Folder, Item, Order

_UNKNOWN = Customer("", "", "")


def facts(folder: Folder) -> Iterator[AnyFact]:
    """All facts in order of time; at one instant an order's facts stand in order of its life."""
    coming: list[tuple[datetime, int, AnyFact]] = []
    number = 0
    for order in folder.orders:
        for fact in _facts_of(order, folder):
            heappush(coming, (fact.time, number, fact))
            number += 1
        now = min(order.stamps)
        while coming and coming[0][0] < now:
            yield heappop(coming)[2]
    while coming:
        yield heappop(coming)[2]


def complete(until: datetime) -> FactsComplete:
    """That the folder tells all that happened until this moment, so that silence can be judged."""
    return FactsComplete(
        id=f"complete/{until.isoformat()}",
        source=SOURCE,
        time=until,
        merchant=PLATFORM,
        data=CompleteData(until=until),
    )


def _facts_of(order: Order, folder: Folder) -> Iterator[AnyFact]:
    """An unpaid order is promised nothing: its lines only tell prices."""
    for item in order.items:
        yield _priced(order, item)
    if order.is_paid:
        yield from _paid(order, folder)
        for line in order.lines:
            yield from _handed_over(order, line)
        yield from _ended(order)


def _priced(order: Order, item: Item) -> OfferPriced:
    return OfferPriced(
        id=f"{order.id}/{item.number}/priced",
        source=SOURCE,
        time=order.purchased,
        merchant=item.seller,
        subject=item.product,
        data=PricedData(price=item.price, currency=CURRENCY),
    )


def _paid(order: Order, folder: Folder) -> Iterator[OrderPaid]:
    """One fact for each seller, with its part of each payment that it has a part of."""
    lines = order.lines
    weights = [line.price + line.freight for line in lines]
    shares = [split(value, weights) for _, value in order.payments]
    customer = folder.customers.get(order.customer, _UNKNOWN)
    for seller in _sellers(order):
        mine = [n for n, line in enumerate(lines) if line.seller == seller]
        parts = [sum(share[n] for n in mine) for share in shares]
        used = [p for p, part in enumerate(parts) if part]
        yield OrderPaid(
            id=f"{order.id}/paid",
            source=SOURCE,
            time=order.approved or order.purchased,
            merchant=seller,
            subject=order.id,
            data=OrderPaidData(
                placed_at=order.purchased,
                currency=CURRENCY,
                lines=tuple(
                    _line(lines[n], tuple([shares[p][n] for p in used]), order, folder)
                    for n in mine
                ),
                payments=tuple(
                    Payment(id=f"{order.id}/{order.payments[p][0]}", amount=parts[p]) for p in used
                ),
                area=customer.area,
                consumer=customer.consumer or None,
                destination=customer.destination or None,
            ),
        )


def _sellers(order: Order) -> list[str]:
    return list(dict.fromkeys(line.seller for line in order.lines))


def _line(item: Item, paid: tuple[int, ...], order: Order, folder: Folder) -> PaidLine:
    """An order without lines is covered for refunds only, so its one line names no promise."""
    if item.number == 0:
        return PaidLine(number=0, quantity=0, paid=paid)
    return PaidLine(
        number=item.number,
        item=item.product,
        category=folder.categories.get(item.product, ""),
        price=item.price,
        freight=item.freight,
        paid=paid,
        dispatch_by=item.dispatch_by,
        deliver_by=order.deliver_by,
    )


def _handed_over(order: Order, item: Item) -> Iterator[AnyFact]:
    subject = f"{order.id}/{item.number}"
    if order.picked_up is not None:
        yield CarrierPickedUp(
            id=f"{subject}/picked_up",
            source=SOURCE,
            time=order.picked_up,
            merchant=item.seller,
            subject=subject,
        )
    if order.delivered is not None:
        yield LineDelivered(
            id=f"{subject}/delivered",
            source=SOURCE,
            time=order.delivered,
            merchant=item.seller,
            subject=subject,
        )


def _ended(order: Order) -> Iterator[AnyFact]:
    last = max(order.stamps)
    for seller in _sellers(order):
        if order.ending == "order.cancelled":
            yield OrderCancelled(
                id=f"{order.id}/cancelled",
                source=SOURCE,
                time=last,
                merchant=seller,
                subject=order.id,
            )
        elif order.ending == "order.out_of_stock":
            yield OrderOutOfStock(
                id=f"{order.id}/out_of_stock",
                source=SOURCE,
                time=last,
                merchant=seller,
                subject=order.id,
            )
