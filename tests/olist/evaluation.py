"""A folder's facts, folded and judged in memory, added up as the report adds them up."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from msgspec import convert

from makegood.clock.instants import instant
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.entitlement import Covered, judge_line
from makegood.guarantees.facts.fold import fold_order, order_of
from makegood.guarantees.facts.line import Line, Priced
from makegood.guarantees.facts.vocabulary import (
    AnyFact,
    EscrowReleased,
    OfferPriced,
    OrderCancelled,
    OrderOutOfStock,
    OrderPaid,
    PaymentChargedBack,
)
from makegood.guarantees.verdict import Broken, Held, Owed
from tests.olist.places import ROOT

Figures = dict[str, dict[str, int]]
OF_ORDER = (
    EscrowReleased,
    OrderCancelled,
    OrderOutOfStock,
    OrderPaid,
    PaymentChargedBack,
)


def promises(name: str) -> list[Covered]:
    """The guarantees of one of the example policies."""
    return promises_in(Path(ROOT / "examples" / name).read_text())


def promises_in(text: str) -> list[Covered]:
    """The guarantees of a file of policies."""
    tables = tomllib.loads(text)["guarantees"]
    return [Covered(code, convert(terms, CATALOGUE[code].terms)) for code, terms in tables.items()]


def fold_all(facts: Iterable[AnyFact]) -> list[Line]:
    """Every paid line, with the prices of its item at its merchant."""
    orders: dict[tuple[str, str], list[AnyFact]] = defaultdict(list)
    prices: dict[tuple[str, str], list[Priced]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, OfferPriced):
            priced = Priced(instant(fact.time), fact.id, fact.data.price)
            prices[fact.merchant, fact.subject].append(priced)
        elif isinstance(fact, OF_ORDER):
            orders[fact.merchant, fact.subject].append(fact)
        else:
            orders[fact.merchant, order_of(fact.subject)].append(fact)
    lines = []
    for (merchant, order), told in orders.items():
        for line in fold_order(order, told).values():
            assert line.purchase is not None
            line.prices = tuple(sorted(prices[merchant, line.purchase.item], key=price_order))
            lines.append(line)
    return lines


def price_order(priced: Priced) -> tuple[int, str]:
    return priced.at, priced.id


def evaluate(lines: Iterable[Line], covered: list[Covered], at: int) -> Figures:
    """The figures that the oracle works out too; an order counts once, line 0 as no line."""
    owed: dict[str, list[tuple[Line, Owed]]] = defaultdict(list)
    held: list[tuple[Line, Owed]] = []
    for line in lines:
        for code, verdict in judge_line(line, covered, at=at).items():
            if isinstance(verdict, Broken):
                owed[code].append((line, verdict.owed))
            elif isinstance(verdict, Held):
                held.append((line, verdict.at_most))
    late, stock = owed["lightning_dispatch"], owed["in_stock"]
    back, fell = owed["refund_guarantee"], owed["price_protection"]
    return {
        "lightning_dispatch": {"breaches": len(late), "compensation": total(late)},
        "in_stock": {
            "orders": orders(stock),
            "refund": refunds(stock),
            "lines": sum(line.number > 0 for line, _ in stock),
            "compensation": total(stock),
        },
        "refund_guarantee": {"orders": orders(back), "refund": refunds(back)},
        "price_protection": {"lines": len(fell), "refund": refunds(fell)},
        "held": {"orders": orders(held), "paid": refunds(held)},
    }


def total(found: list[tuple[Line, Owed]]) -> int:
    return sum(owed.compensation for _, owed in found)


def refunds(found: list[tuple[Line, Owed]]) -> int:
    return sum(owed.refund for _, owed in found)


def orders(found: list[tuple[Line, Owed]]) -> int:
    return len({line.order for line, _ in found})
