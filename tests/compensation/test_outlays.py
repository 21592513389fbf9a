"""Money that moved outside: what it meets first, and what then stands (domain.md, section 7)."""

from collections.abc import Sequence
from typing import Any

import pytest
from psycopg import Cursor

from tests.compensation.shop import (
    Event,
    awards,
    balances,
    cancelled,
    charged_back,
    event,
    outlays,
    paid,
    payment,
    promise,
    refunded,
    released,
    shipped,
    tell,
    top_up,
    withdrawn,
)

Batches = Sequence[Sequence[Event]]
PAID = {"cash": 10_000, "escrow": 10_000}
RETURN = (
    event("line.shipped", "A/1", 60),
    event("line.delivered", "A/1", 70),
    event("return.requested", "A/1", 72, return_id="r"),
    event("return.received", "A/1", 80, return_id="r", inspection="intact"),
)


def told(cursor: Cursor[Any], batches: Batches) -> dict[str, int]:
    """What stands on the accounts after these batches."""
    promise(cursor)
    for number, batch in enumerate(batches):
        tell(*batch, hour=100 + number)
    return balances(cursor)


@pytest.mark.parametrize(
    ("batches", "stands", "parts"),
    [
        pytest.param(
            [[paid(), cancelled()], [refunded(10_000)]],
            {},
            {"refund matched": 10_000},
            id="what was owed is paid",
        ),
        pytest.param(
            [[paid(), cancelled(), refunded(10_000)]],
            {},
            {"refund matched": 10_000},
            id="in one batch the award comes first",
        ),
        pytest.param(
            [[refunded(10_000)], [cancelled()], [paid()]],
            {},
            {"refund matched": 10_000},
            id="told before the order is",
        ),
        pytest.param(
            [[paid(), refunded(10_000)], [cancelled()]],
            {},
            {"refund escrow": 10_000},
            id="what was paid before nets what is owed later",
        ),
        pytest.param(
            [[paid(), cancelled()], [refunded(4_000)], [refunded(7_000)]],
            {},
            {"refund beyond": 1_000, "refund matched": 10_000},
            id="more than was owed was the marketplace's own money",
        ),
        pytest.param(
            [[paid(), refunded(3_000)], [cancelled()]],
            {"cash": 7_000, "owed_consumer": 7_000},
            {"refund escrow": 3_000},
            id="the rest is still owed",
        ),
        pytest.param(
            [[paid(), released(9_500)], [cancelled()], [refunded(10_000)]],
            {"cash": -9_500, "advance": 9_500},
            {"refund matched": 10_000, "release released": 9_500},
            id="owed out of an advance, and refunded",
        ),
        pytest.param(
            [[paid(), released(9_500)], [refunded(10_000)], [cancelled()]],
            {},
            {"refund beyond": 9_500, "refund escrow": 500, "release released": 9_500},
            id="never owed by the merchant",
        ),
        pytest.param(
            [[paid(), cancelled()], [refunded(10_000)], [withdrawn(refunded(10_000))]],
            {"cash": 10_000, "owed_consumer": 10_000},
            {},
            id="withdrawn: owed again",
        ),
        pytest.param(
            [[paid(), refunded(10_000)], [cancelled()], [withdrawn(refunded(10_000))]],
            {"cash": 10_000, "owed_consumer": 10_000},
            {},
            id="withdrawn: owed now",
        ),
        pytest.param(
            [[paid(), cancelled()], [refunded(10_000, payout="payout_1")]],
            {"cash": 10_000, "owed_consumer": 10_000},
            {},
            id="our own payout moves nothing here",
        ),
    ],
)
def test_refunds(
    cursor: Cursor[Any], batches: Batches, stands: dict[str, int], parts: dict[str, int]
) -> None:
    assert told(cursor, batches) == stands
    assert outlays(cursor) == parts


@pytest.mark.parametrize(
    ("batches", "stands", "parts"),
    [
        pytest.param(
            [[paid(), cancelled()], [charged_back(10_000)]],
            {},
            {"charge_back matched": 10_000},
            id="what was owed is paid",
        ),
        pytest.param(
            [[paid()], [charged_back(10_000)], [cancelled()]],
            {},
            {"charge_back escrow": 10_000},
            id="out of escrow, and later owed",
        ),
        pytest.param(
            [[paid(), released(8_000)], [charged_back(10_000)]],
            {"cash": -8_000, "advance": 8_000},
            {"charge_back advance": 8_000, "charge_back escrow": 2_000, "release released": 8_000},
            id="advanced",
        ),
        pytest.param(
            [[paid()], [charged_back(12_000)]],
            {"cash": -2_000, "suspense": 2_000},
            {"charge_back escrow": 10_000, "charge_back suspense": 2_000},
            id="more than was paid",
        ),
        pytest.param(
            [[paid(), refunded(6_000)], [charged_back(10_000)]],
            {"cash": -6_000, "suspense": 6_000},
            {"charge_back escrow": 4_000, "charge_back suspense": 6_000, "refund escrow": 6_000},
            id="more than was left to give back",
        ),
        pytest.param(
            [[paid(), released(8_000)], [charged_back(10_000)], [charged_back(10_000, won=True)]],
            {"cash": 2_000, "escrow": 2_000},
            {"release released": 8_000},
            id="won: all of it back",
        ),
        pytest.param(
            [[paid(), released(8_000)], [charged_back(10_000, won=True)], [charged_back(10_000)]],
            {"cash": 2_000, "escrow": 2_000},
            {"release released": 8_000},
            id="won before it was told",
        ),
        pytest.param(
            [[paid(), cancelled(), charged_back(10_000)], [withdrawn(charged_back(10_000))]],
            {"cash": 10_000, "owed_consumer": 10_000},
            {},
            id="withdrawn: owed again",
        ),
        pytest.param(
            [
                [paid("A", 6_000, 4_000), event("line.cancelled", "A/1", 2)],
                [charged_back(10_000)],
            ],
            {},
            {"charge_back escrow": 4_000, "charge_back matched": 6_000},
            id="each line bears its share",
        ),
    ],
)
def test_charge_backs(
    cursor: Cursor[Any], batches: Batches, stands: dict[str, int], parts: dict[str, int]
) -> None:
    assert told(cursor, batches) == stands
    assert outlays(cursor) == parts


@pytest.mark.parametrize(
    ("batches", "stands"),
    [
        ([[paid()], [released(9_000, 1_000)]], {"cash": 1_000, "deposit": 1_000}),
        ([[released(9_000, 1_000)], [paid()]], {"cash": 1_000, "deposit": 1_000}),
        ([[paid(), released(10_000)], [withdrawn(released(10_000))]], PAID),
        ([[paid(), released(9_000, 1_000)], [withdrawn(released(9_000, 1_000))]], PAID),
        ([[paid()], [released(11_000, 500)]], {"cash": -1_500, "suspense": 1_500}),
        (
            [[paid(), cancelled()], [released(7)]],
            {"cash": 9_993, "owed_consumer": 10_000, "suspense": 7},
        ),
        (
            [[paid(), released(10_000)], [cancelled()], [paid("B")], [released(4_000, 6_000, "B")]],
            {"cash": 6_000, "owed_consumer": 10_000, "advance": 4_000},
        ),
    ],
)
def test_releases(cursor: Cursor[Any], batches: Batches, stands: dict[str, int]) -> None:
    """The last meets an advance of 10,000, which what is kept of another order reduces."""
    assert told(cursor, batches) == stands


def test_a_release_is_posted_once(cursor: Cursor[Any]) -> None:
    told(cursor, [[paid(), released(4_000)]])
    before = balances(cursor)
    assert not tell(released(4_000)).taken
    tell(shipped(hour=10))
    assert balances(cursor) == before == {"cash": 6_000, "escrow": 6_000}


@pytest.mark.parametrize(
    ("batches", "stands", "left"),
    [
        pytest.param(
            [[paid(hour=1)], [paid("A", 8_000)]],
            {"cash": 8_000, "escrow": 8_000},
            {"amount": 8_000},
            id="an earlier, lower report",
        ),
        pytest.param(
            [[paid("A", 8_000, hour=1)], [paid()]],
            {"cash": 10_000, "escrow": 10_000},
            {"amount": 10_000},
            id="an earlier, higher report",
        ),
        pytest.param(
            [[paid(), cancelled()], [withdrawn(paid())]],
            {},
            {},
            id="withdrawn: nothing was paid",
        ),
        pytest.param(
            [[paid(), released(10_000)], [withdrawn(paid()), withdrawn(released(10_000))]],
            {},
            {},
            id="withdrawn with its release",
        ),
        pytest.param(
            [[paid(), released(7_000)], [withdrawn(paid())]],
            {},
            {},
            id="withdrawn: nothing of the order counts",
        ),
        pytest.param(
            [[paid(hour=1), released(7_000)], [paid("A", 6_000)]],
            {},
            {"amount": 7_000, "released": 7_000},
            id="less was paid than is gone",
        ),
        pytest.param(
            [[paid(hour=1), cancelled()], [paid("A", 8_000)]],
            {"cash": 8_000, "owed_consumer": 8_000},
            {"amount": 8_000, "drawn": 8_000},
            id="less was paid than is awarded",
        ),
    ],
)
def test_orders_corrected(
    cursor: Cursor[Any], batches: Batches, stands: dict[str, int], left: dict[str, int]
) -> None:
    assert told(cursor, batches) == stands
    assert payment(cursor) == left


@pytest.mark.parametrize(
    ("batches", "stands"),
    [
        pytest.param(
            [[paid(), shipped()], [refunded(500)], [withdrawn(shipped())], [shipped(hour=20)]],
            {"cash": 9_500, "escrow": 10_000, "loss": 500},
            id="paid, and not owed any more: the platform bears it",
        ),
        pytest.param(
            [
                [paid(), shipped()],
                [refunded(500)],
                [withdrawn(shipped())],
                [shipped(hour=20)],
                [withdrawn(shipped(hour=20))],
                [shipped(hour=61)],
            ],
            {"cash": 9_500, "escrow": 10_000, "advance": 500},
            id="owed again: the merchant bears it again, and nothing is paid twice",
        ),
        pytest.param(
            [
                [paid(), shipped()],
                [refunded(500)],
                [withdrawn(shipped())],
                [shipped(hour=20)],
                [withdrawn(refunded(500))],
            ],
            {"cash": 10_000, "escrow": 10_000},
            id="not owed, and not paid after all",
        ),
        pytest.param(
            [[paid(), shipped()], [shipped(hour=20)]],
            {"cash": 10_000, "escrow": 10_000},
            id="reversed before it was sent",
        ),
    ],
)
def test_reversed_after_payment(
    cursor: Cursor[Any], batches: Batches, stands: dict[str, int]
) -> None:
    """A late dispatch owes 5 %: 500, above a refund, so out of an advance."""
    assert told(cursor, batches) == stands


def test_what_one_promise_no_longer_owes_counts_for_another(cursor: Cursor[Any]) -> None:
    """Price protection is paid outside; then the order ends, and all that was paid is refunded."""
    fallen = event("offer.priced", "item-A-1", 3, price=9_000, currency="BRL")
    told(cursor, [[paid(), fallen], [refunded(1_000)]])
    assert balances(cursor) == {"cash": 9_000, "escrow": 9_000}
    tell(cancelled())
    assert balances(cursor) == {"cash": 9_000, "owed_consumer": 9_000}
    assert awards(cursor) == [("price_protection", 1_000), ("refund_guarantee", 9_000)]


@pytest.mark.parametrize(
    ("batches", "owed"),
    [
        pytest.param([[paid(), *RETURN, refunded(10_000, hour=85)]], 500, id="at once"),
        pytest.param(
            [[paid(), shipped()], [refunded(10_000, hour=85)], [*RETURN[1:]]],
            500,
            id="the return is told last",
        ),
        pytest.param(
            [[paid(), *RETURN, refunded(10_300, hour=85)]], 200, id="more than the return's price"
        ),
    ],
)
def test_a_refund_for_a_return_eats_no_compensation(
    cursor: Cursor[Any], batches: Batches, owed: int
) -> None:
    """Dispatched late (500), and returned and refunded in time: the 500 is still due."""
    assert told(cursor, batches)["owed_consumer"] == owed


def test_what_comes_back_by_one_route_is_at_most_what_it_took(cursor: Cursor[Any]) -> None:
    order = paid("A", 10_000, payments=(7_000, 3_000))
    told(
        cursor, [[order, cancelled()], [refunded(9_000, payment="A-pay-2")], [charged_back(7_000)]]
    )
    assert payment(cursor, number=0) == {"amount": 7_000, "drawn": 7_000, "charged_back": 7_000}
    assert payment(cursor, number=1) == {"amount": 3_000, "drawn": 3_000, "refunded": 3_000}
    assert balances(cursor) == {"cash": -6_000, "advance": 6_000}


def test_a_charge_back_beyond_the_cap_is_not_yet_explained(cursor: Cursor[Any]) -> None:
    promise(cursor, cap=1_000)
    tell(paid(), released(10_000))
    top_up(cursor, 2_500)
    tell(charged_back(10_000))
    assert balances(cursor) == {"cash": -7_500, "advance": 1_000, "suspense": 6_500}
