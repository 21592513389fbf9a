"""Money that moved outside: what it meets first, and what then stands (domain.md, section 7)."""

from collections.abc import Sequence
from typing import Any

import pytest
from psycopg import Cursor

from tests.compensation.shop import (
    Event,
    balances,
    cancelled,
    outlays,
    paid,
    promise,
    refunded,
    released,
    tell,
)

Batches = Sequence[Sequence[Event]]


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
            [[paid(), refunded(10_000)], [cancelled()]],
            {},
            {"refund escrow": 10_000},
            id="what was paid before nets what is owed later",
        ),
        pytest.param(
            [[paid(), cancelled()], [refunded(4_000)], [refunded(7_000)]],
            {},
            {"refund matched": 10_000, "refund beyond": 1_000},
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
    ],
)
def test_refunds(
    cursor: Cursor[Any], batches: Batches, stands: dict[str, int], parts: dict[str, int]
) -> None:
    assert told(cursor, batches) == stands
    assert outlays(cursor) == parts
