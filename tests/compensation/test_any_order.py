"""However facts come: owed is a function of their set, and the books always agree with it."""

from collections.abc import Sequence
from random import Random
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg import Cursor

from makegood.enrolment.queries import forget
from tests.compensation.shop import (
    Event,
    batches,
    cancelled,
    charged_back,
    event,
    owed,
    paid,
    paid_outside,
    problems,
    promise,
    refunded,
    released,
    shipped,
    tell,
    told_outside,
    top_up,
    withdrawn,
)

FACTS: list[Event] = [
    paid("A", 6_000, 4_000, hour=1),
    paid("A", 6_000, 3_000, hour=0, payments=(5_000, 4_000)),
    paid("B", 5_000),
    cancelled("A"),
    event("line.cancelled", "A/2", 3, by="merchant"),
    event("line.out_of_stock", "B/1", 4),
    shipped("A/1"),
    shipped("A/1", 20),
    shipped("B/1"),
    event("line.delivered", "A/1", 70),
    event("line.delivered", "B/1", 75),
    event("offer.priced", "item-A-1", 30, price=5_500, currency="BRL"),
    event("offer.priced", "item-B-1", 40, price=4_000, currency="BRL"),
    event("return.requested", "B/1", 80, return_id="r"),
    event("return.received", "B/1", 84, return_id="r", inspection="intact"),
    refunded(300),
    refunded(6_000, hour=8, payment="A-pay-1"),
    refunded(4_500, "A/2", 9),
    refunded(5_000, "B/1", 88),
    refunded(250, "B/1", 61),
    charged_back(5_000),
    charged_back(5_000, hour=12, won=True),
    charged_back(9_000, "B", 13),
    released(4_000, 500),
    released(6_000, order="A", hour=15),
    released(5_000, order="B"),
]
CAPS = [0, 1_200, 1_000_000]
TOLD: list[Event] = [*FACTS, *(withdrawn(fact) for fact in FACTS)]
PLACES = st.sampled_from(range(len(FACTS))) | st.sampled_from(range(len(TOLD)))
some_facts = st.lists(PLACES, unique=True, min_size=4, max_size=18)
sizes = st.integers(1, 6).flatmap(
    lambda most: st.lists(st.integers(1, most), min_size=18, max_size=18)
)


def arrive(cursor: Cursor[Any], facts: Sequence[Event], cut: Sequence[int], cap: int) -> object:
    """What is owed once these facts have come in this order; all is undone again."""
    with transaction.atomic():
        forget()
        promise(cursor, cap=cap)
        for number, batch in enumerate(batches(facts, cut)):
            tell(*batch, hour=100 + number)
            if number == 2:
                top_up(cursor, 1_500)
        assert not problems(cursor)
        assert paid_outside(cursor) == told_outside(facts)
        found = owed(cursor)
        transaction.set_rollback(True)
    return found


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(some_facts, st.randoms(use_true_random=False), sizes, sizes, st.sampled_from(CAPS))
def test_the_order_of_arrival_changes_nothing_that_is_owed(
    cursor: Cursor[Any], places: list[int], random: Random, a: list[int], b: list[int], cap: int
) -> None:
    """Whatever the order: books balance, awards less what met them are what is owed less paid."""
    again = random.sample(places, len(places))
    first = arrive(cursor, [TOLD[place] for place in places], a, cap)
    assert arrive(cursor, [TOLD[place] for place in again], b, cap) == first
