"""价格保护, judged on tables."""

from typing import Any

import pytest

from makegood.guarantees.price_protection import Terms, judge, lasts
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Owed
from tests.guarantees.lines import bought, hour, line, priced, until

TERMS = Terms(window_hours=720)
SECOND = 1 / 3600


@pytest.mark.parametrize(
    ("prices", "facts", "expected"),
    [
        ([], {}, 0),
        ([(1, 2199)], {}, 0),
        ([(1, 2500)], {}, 0),
        ([(1, 2198)], {}, 1),
        ([(0, 1000)], {}, 0),
        ([(-1, 1000)], {}, 0),
        ([(720, 2000)], {}, 199),
        ([(720 + SECOND, 2000)], {}, 0),
        ([(1, 2000), (2, 1900), (3, 2100)], {}, 299),
        ([(1, 2000), (721, 100)], {}, 199),
        ([(1, 2000)], {"delivered": 5}, 199),
        ([(1, 2000)], {"cancelled": 5}, 0),
        ([(1, 2000)], {"cancelled": 5, "delivered": 4}, 0),
        ([(1, 2000)], {"out_of_stock": 5}, 0),
    ],
)
def test_the_lowest_price_in_the_window(prices: Any, facts: dict[str, Any], expected: int) -> None:
    verdict = judge(line(prices=priced(*prices), **facts), TERMS, None, until(None))
    owed = verdict.owed.refund if isinstance(verdict, Broken) else 0
    assert owed == expected


@pytest.mark.parametrize(
    ("price", "quantity", "paid", "later", "most", "expected"),
    [
        (3000, 3, 3000, 900, None, 300),
        (1000, 3, 1000, 333, None, 1),
        (1000, 3, 1000, 334, None, 0),
        (1000, 3, 1000, 0, None, 1000),
        (3000, 3, 250, 900, None, 250),
        (3000, 3, 3000, 900, 120, 120),
        (3000, 3, 3000, 900, 0, 0),
        (0, 0, 500, 0, None, 0),
        (1000, 0, 1000, 900, None, 0),
    ],
)
def test_sums(
    price: int, quantity: int, paid: int, later: int, most: int | None, expected: int
) -> None:
    sold = bought(price=price, quantity=quantity, paid=(paid,))
    terms = Terms(window_hours=720, at_most_minor=most)
    verdict = judge(line(purchase=sold, prices=priced((1, later))), terms, None, until(None))
    assert (verdict.owed if isinstance(verdict, Broken) else Owed()) == Owed(expected)


def test_silence_keeps_the_promise_when_the_window_has_closed() -> None:
    assert judge(line(), TERMS, None, until(720)) is PENDING
    assert judge(line(), TERMS, None, until(721)) is KEPT
    assert lasts(line(), TERMS) == hour(720)


def test_the_breach_is_the_purchases_and_began_with_the_lowest_price() -> None:
    verdict = judge(line(prices=priced((1, 2000), (2, 1900), (3, 1900))), TERMS, None, until(None))
    assert isinstance(verdict, Broken)
    assert (verdict.at, verdict.occasion) == (hour(2), "paid")
