"""Order money that the marketplace released: what is left in escrow, and what was kept."""

from typing import Any

import pytest
from psycopg import Cursor

from tests.compensation.shop import (
    Batches,
    balances,
    cancelled,
    paid,
    released,
    shipped,
    tell,
    told,
    withdrawn,
)

PAID = {"cash": 10_000, "escrow": 10_000}


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
