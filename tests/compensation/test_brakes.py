"""Brakes on what goes out: shadow mode, the limit, breakers, and the advance cap."""

from typing import Any

import pytest
from psycopg import Cursor

from tests.compensation.shop import (
    awards,
    balances,
    cancelled,
    event,
    owed,
    paid,
    promise,
    rows,
    shipped,
    tell,
)


def held(cursor: Cursor[Any]) -> list[tuple[str, int]]:
    return rows(
        cursor, "compensation_hold WHERE ended_at IS NULL", "cause, at_most_minor", "at_most_minor"
    )


def late(order: str, price: int = 10_000) -> None:
    """An order that is dispatched late owes 5 % of its price."""
    tell(paid(order, price), shipped(f"{order}/1"))


def test_in_shadow_mode_a_breach_is_found_and_costed_and_nothing_is_paid(
    cursor: Cursor[Any],
) -> None:
    promise(cursor, enrolments='shadow = ["lightning_dispatch"]')
    late("A")
    assert list(owed(cursor).values()) == [(0, 500)]
    assert not awards(cursor)
    assert balances(cursor) == {"cash": 10_000, "escrow": 10_000}


@pytest.mark.parametrize(
    ("above", "holds"), [(500, []), (499, [("above_limit", 500)])], ids=["at it", "above it"]
)
def test_an_award_above_the_limit_is_held(
    cursor: Cursor[Any], above: int, holds: list[tuple[str, int]]
) -> None:
    promise(cursor, platform=f"hold_above_minor = {above}")
    late("A")
    assert held(cursor) == holds


@pytest.mark.parametrize(
    ("limits", "holds"),
    [
        ({"daily_minor": 1_000}, [("breaker", 100), ("breaker", 10_000)]),
        ({"daily_minor": 11_100}, []),
        ({"daily_awards": 2}, [("breaker", 100), ("breaker", 10_000)]),
        ({"daily_awards": 2, "per_merchant": True}, [("breaker", 100), ("breaker", 10_000)]),
        ({"daily_awards": 2, "guarantee": "lightning_dispatch"}, [("breaker", 100)]),
        ({"daily_minor": 0, "guarantee": "refund_guarantee"}, [("breaker", 10_000)]),
    ],
)
def test_a_breaker_holds_what_exceeds_a_day(
    cursor: Cursor[Any], limits: dict[str, object], holds: list[tuple[str, int]]
) -> None:
    """Two awards of 500, then one of 100 and a refund of 10,000, on the same day."""
    words = [
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {str(value).lower()}"
        for name, value in limits.items()
    ]
    promise(cursor, enrolments="\n".join(["[[breakers]]", *words]))
    late("A")
    late("B")
    late("C", 2_000)
    tell(paid("D"), cancelled("D"))
    assert held(cursor) == holds


def test_a_tripped_breaker_lets_go_the_next_day(cursor: Cursor[Any]) -> None:
    promise(cursor, enrolments="[[breakers]]\ndaily_awards = 1")
    late("A")
    late("B", 4_000)
    tell(paid("C", 2_000), shipped("C/1"), hour=140)
    assert held(cursor) == [("breaker", 200)]


def test_what_the_cap_does_not_cover_is_held_whole(cursor: Cursor[Any]) -> None:
    promise(cursor, cap=700)
    late("A")
    late("B", 6_000)
    assert held(cursor) == [("unfunded", 300)]
    late("C", 4_000)
    assert balances(cursor)["advance"] == 700
    assert awards(cursor) == [("lightning_dispatch", 1_000)]


def test_a_sum_that_grows_by_little_steps_is_held_as_a_whole(cursor: Cursor[Any]) -> None:
    promise(cursor, platform="hold_above_minor = 1500")
    tell(paid())
    for hour, price in enumerate((9_000, 8_500, 8_000, 7_000), 3):
        tell(event("offer.priced", "item-A-1", hour, price=price, currency="BRL"))
    assert balances(cursor)["owed_consumer"] == 1_500
    assert held(cursor) == [("above_limit", 1_500)]
