"""Money that moved outside: what it meets first, and what then stands (domain.md, section 7)."""

from typing import Any

import pytest
from psycopg import Cursor

from tests.compensation.shop import (
    Batches,
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
    told,
    top_up,
    withdrawn,
)

RETURN = (
    event("line.shipped", "A/1", 60),
    event("line.delivered", "A/1", 70),
    event("return.requested", "A/1", 72, return_id="r"),
    event("return.received", "A/1", 80, return_id="r", inspection="intact"),
)


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


def test_charge_backs_and_what_was_won_of_them_split_to_the_unit(cursor: Cursor[Any]) -> None:
    """Split one by one, the first line would bear both units, and win back only one."""
    order = paid("A", 5_000, 5_000)
    won = charged_back(2, hour=8, won=True)
    assert told(cursor, [[order, charged_back(1)], [charged_back(1, hour=7)], [won]]) == {
        "cash": 10_000,
        "escrow": 10_000,
    }
    assert outlays(cursor) == {}
