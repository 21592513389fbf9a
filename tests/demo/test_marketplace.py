"""The invented marketplace: readable, the same each time, and rich enough for every guarantee."""

from collections import Counter, defaultdict
from typing import get_args

import pytest
from msgspec import json

from makegood.guarantees.facts.vocabulary import (
    AnyFact,
    FactRetracted,
    OfferPriced,
    OrderPaid,
    PaymentChargedBack,
    RefundPaid,
)
from makegood.trade.sources.demo import marketplace
from makegood.trade.sources.ndjson import json_lines


@pytest.fixture(scope="module")
def facts() -> list[AnyFact]:
    return marketplace.facts()


def test_the_same_each_time_and_readable(facts: list[AnyFact]) -> None:
    decoder = json.Decoder(AnyFact)
    assert [decoder.decode(line) for line in json_lines(marketplace.facts())] == facts


def test_every_kind_of_fact_occurs(facts: list[AnyFact]) -> None:
    assert {type(fact) for fact in facts} == set(get_args(AnyFact))


def test_size(facts: list[AnyFact]) -> None:
    paid = [fact for fact in facts if isinstance(fact, OrderPaid)]
    assert len({fact.subject for fact in paid}) == 300
    assert len({fact.merchant for fact in paid}) == 12
    assert 1_000 < len(facts) < 2_000


def test_in_order_of_time_and_unique(facts: list[AnyFact]) -> None:
    assert facts == sorted(facts, key=lambda fact: fact.time)
    assert max(Counter((fact.merchant, fact.id) for fact in facts).values()) == 1


def test_lines_cost_what_was_paid(facts: list[AnyFact]) -> None:
    for fact in facts:
        if isinstance(fact, OrderPaid):
            cost = sum(line.price + line.freight for line in fact.data.lines)
            assert cost == sum(payment.amount for payment in fact.data.payments)


def test_every_fact_of_a_line_has_its_line(facts: list[AnyFact]) -> None:
    paid = [fact for fact in facts if isinstance(fact, OrderPaid)]
    sold = {
        (fact.merchant, f"{fact.subject}/{line.number}")
        for fact in paid
        for line in fact.data.lines
    }
    told = {
        (fact.merchant, fact.subject)
        for fact in facts
        if "/" in fact.subject and not isinstance(fact, FactRetracted)
    }
    assert told <= sold
    assert len(sold - told) < len(sold) / 10


def test_no_payment_gives_back_more_than_it_took(facts: list[AnyFact]) -> None:
    taken: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        if isinstance(fact, OrderPaid):
            for payment in fact.data.payments:
                taken[fact.merchant, payment.id] += payment.amount
        elif isinstance(fact, RefundPaid | PaymentChargedBack):
            back = not isinstance(fact, PaymentChargedBack) or not fact.data.won
            given[fact.merchant, fact.data.payment] += fact.data.amount if back else 0
    assert given <= taken


def test_what_is_retracted_was_told(facts: list[AnyFact]) -> None:
    ids = {(fact.merchant, fact.id) for fact in facts}
    withdrawn = [fact for fact in facts if isinstance(fact, FactRetracted)]
    assert withdrawn
    assert all((fact.merchant, fact.subject) in ids for fact in withdrawn)


def test_the_festival_lowers_prices(facts: list[AnyFact]) -> None:
    prices: dict[str, list[int]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, OfferPriced):
            prices[fact.subject].append(fact.data.price)
    assert all(before > after for before, *rest in prices.values() for after in rest)
    assert sum(len(history) == 2 for history in prices.values()) >= 5
