"""Orders told otherwise later, and money that went out though it is not owed any more."""

from typing import Any

import pytest
from psycopg import Cursor

from tests.compensation.shop import (
    Batches,
    awards,
    balances,
    cancelled,
    event,
    paid,
    payment,
    refunded,
    released,
    shipped,
    tell,
    told,
    withdrawn,
)


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
