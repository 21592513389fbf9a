"""An order keeps the currency in which it was first told: its books and payments stand in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Cursor

from makegood.guarantees.facts import vocabulary as say
from makegood.trade.events import Arrival, Refusal
from makegood.trade.lines import OrderKey, Orders, TrackedLine
from makegood.trade.payments import load_payments


class OrdersInOtherCurrency(Exception):
    """Facts that tell an order in another currency than it was first told in."""

    def __init__(self, told: Sequence[tuple[Arrival, str]]) -> None:
        """Keep the facts, each with the currency of its order."""
        super().__init__(f"{len(told)} orders are told in another currency")
        self.told = told

    def refusals(self) -> list[Refusal]:
        """Why each of the facts is refused."""
        return [
            Refusal(
                one.place,
                one.fact.id,
                f"Order {one.order} was told in {currency} and stays in it; tell it as another "
                f"order in {one.fact.data.currency}.",
            )
            for one, currency in self.told
        ]


def keep_currencies(
    cursor: Cursor[Any], orders: Orders, by_order: Mapping[OrderKey, Sequence[Arrival]]
) -> None:
    """OrdersInOtherCurrency when a batch tells a known order, or one order twice, otherwise."""
    other: list[tuple[Arrival, str]] = []
    for order, arrivals in by_order.items():
        known = orders.get(order)
        if known is None and len(arrivals) == 1:
            continue
        paid = [one for one in arrivals if one.fact.__class__ is say.OrderPaid]
        if not paid or (known is None and len(paid) == 1):
            continue
        paid.sort(key=lambda one: one.place)
        currency = _currency(cursor, order, known) or paid[0].fact.data.currency
        other += [(one, currency) for one in paid if one.fact.data.currency != currency]
    if other:
        raise OrdersInOtherCurrency(other)


def _currency(
    cursor: Cursor[Any], order: OrderKey, lines: Mapping[int, TrackedLine] | None
) -> str | None:
    """The currency of a stored order, also of one whose purchase was withdrawn."""
    for tracked in (lines or {}).values():
        if tracked.line.purchase is not None:
            return tracked.line.purchase.currency
    if not lines:
        return None
    return next((part.currency for part in load_payments(cursor, [order]).get(order, [])), None)
