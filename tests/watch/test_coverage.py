"""The promises of a line follow from its facts; shadow mode takes nothing from those that pay."""

from typing import Any

import pytest
from psycopg import Cursor

from tests.compensation.shop import Event, event, hours, rows, shipped, tell
from tests.watch.shelf import PLAIN, found, promise

TOYS = """
[[enrolments.better]]
merchant = "bob"
guarantee = "lightning_dispatch"
terms = { rate_basis_points = 1000 }
categories = ["toys"]
"""


def order(hour: float, category: str, placed_at: str = hours(0)) -> Event:
    lines = [{"number": 1, "item": "i", "category": category, "price": 10_000}]
    lines[0]["dispatch_by"] = hours(48)
    payments = [{"id": "card", "amount": 10_000}]
    told = {"placed_at": placed_at, "currency": "BRL", "lines": lines, "payments": payments}
    return event("order.paid", "A", hour, **told)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (order(0, "toys"), order(1, "books"), {"lightning_dispatch": (0, 1_000)}),
        (order(0, "books"), order(1, "toys"), {"lightning_dispatch": (0, 500)}),
        (
            order(0, "books"),
            order(1, "toys", "2019-06-01T00:00:00Z"),
            {"lightning_dispatch": (0, 500)},
        ),
        (order(0, "toys", "2019-06-01T00:00:00Z"), order(1, "toys"), {}),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_of_two_reports_the_earlier_tells_the_promises(
    cursor: Cursor[Any], first: Event, second: Event, expected: object, late: bool
) -> None:
    """Whichever arrives first; before 2026 nothing was promised."""
    promise(cursor, PLAIN, TOYS)
    for told in (second, shipped(), first) if late else (first, shipped(), second):
        tell(told)
    assert found(cursor) == expected


def test_a_promise_in_shadow_takes_no_refund_from_one_that_pays(cursor: Cursor[Any]) -> None:
    promise(cursor, PLAIN, 'shadow = ["in_stock"]')
    tell(order(0, "toys"), event("order.cancelled", "A", 2, by="merchant"))
    assert found(cursor) == {"in_stock": (10_000, 1_000), "refund_guarantee": (10_000, 0)}
    awarded = rows(cursor, "compensation_award", "guarantee, kind, amount_minor, state")
    assert awarded == [("refund_guarantee", "refund", 10_000, "due")]
