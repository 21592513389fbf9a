"""Facts in any order, repeated and in any batches give the same line, and so the same owed."""

from random import Random
from typing import Any

from hypothesis import given, seed, settings
from hypothesis import strategies as st
from msgspec import convert

from makegood.clock.instants import moment
from makegood.guarantees.entitlement import judge_line
from makegood.guarantees.facts.fold import add, fold_order, purchase
from makegood.guarantees.facts.vocabulary import AnyFact, OrderPaid, PaymentChargedBack
from tests.guarantees.lines import hour
from tests.guarantees.test_entitlement import COVERED

SEED = 20170101
ORDER = "A-17"
KINDS: dict[str, dict[str, Any]] = {
    "order.cancelled": {"by": "merchant"},
    "line.cancelled": {"by": "consumer", "requested_by_consumer": True},
    "order.out_of_stock": {},
    "line.out_of_stock": {},
    "line.shipped": {"carrier": "SF"},
    "carrier.picked_up": {"carrier": "SF"},
    "line.delivered": {"carrier": "SF"},
    "line.issued": {},
    "installation.completed": {},
    "return.requested": {"return_id": "r"},
    "return.received": {"return_id": "r", "inspection": "intact", "freight": 300},
    "repair.requested": {"repair_id": "s"},
    "repair.completed": {"repair_id": "s", "result": "not_repaired"},
    "replacement.delivered": {},
    "refund.paid": {"amount": 700},
    "payment.charged_back": {"payment": "p", "amount": 900},
}


def paid(id: str, hours: int) -> OrderPaid:
    cost = {"price": 2199, "freight": 101, "dispatch_by": moment(hour(48))}
    data = {
        "placed_at": moment(hour(0)),
        "currency": "CNY",
        "payments": [{"id": "p", "amount": 4601}],
        "lines": [{"number": 1} | cost, {"number": 2} | cost],
    }
    envelope = {"type": "order.paid", "id": id, "source": "shop", "merchant": "bob"}
    told = envelope | {"subject": ORDER, "time": moment(hour(hours)), "data": data}
    return convert(told, OrderPaid)


def some_facts(chance: Random) -> list[Any]:
    facts: list[Any] = [paid("paid", 0), paid("paid again", 1)]
    for number in range(chance.randint(0, 12)):
        kind = chance.choice(list(KINDS))
        whole = kind.startswith(("order.", "payment."))
        told = {
            "type": kind,
            "id": f"{kind} {number}",
            "source": "shop",
            "merchant": "bob",
            "subject": ORDER if whole else f"{ORDER}/{chance.choice([1, 2])}",
            "time": moment(hour(chance.randrange(500))),
            "data": KINDS[kind],
        }
        facts.append(convert(told, AnyFact))
    return facts


@seed(SEED)
@settings(max_examples=30, deadline=None, database=None)
@given(st.integers(0, 2**32))
def test_the_set_of_facts_alone_decides(drawn: int) -> None:
    chance = Random(drawn)
    facts = some_facts(chance)
    expected = fold_order(ORDER, facts)
    told = facts + chance.choices(facts, k=len(facts) // 3)
    chance.shuffle(told)
    assert fold_order(ORDER, told) == expected

    in_batches = purchase(ORDER, facts[0])
    for fact in told:
        if not isinstance(fact, OrderPaid):
            add(in_batches, fact)
    assert in_batches == expected

    for number, line in in_batches.items():
        verdicts = judge_line(line, COVERED, {}, hour(400))
        assert verdicts == judge_line(expected[number], COVERED, {}, hour(400))


@seed(SEED)
@settings(max_examples=20, deadline=None, database=None)
@given(st.integers(0, 2**32))
def test_the_shares_of_the_lines_add_up_to_the_payment(drawn: int) -> None:
    facts = some_facts(Random(drawn))
    lines = fold_order(ORDER, facts)
    shares = [line.purchase.paid_total for line in lines.values() if line.purchase is not None]
    assert sum(shares) == 4601
    taken = [event.amount for line in lines.values() for event in line.chargebacks]
    told = [fact.data.amount for fact in facts if isinstance(fact, PaymentChargedBack)]
    assert sum(taken) == sum(told)
