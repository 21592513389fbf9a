"""有货保障 and 退款保障: what an ended line owes."""

from typing import Any

import pytest

from makegood.guarantees import in_stock, refund_guarantee
from makegood.guarantees.findings import Findings
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Held, Owed, Verdict
from tests.guarantees.lines import bought, ended, hour, line, refunds, until

IN_STOCK = in_stock.Terms(rate_basis_points=1000, at_least_minor=500, at_most_minor=10_000)
REFUND = refund_guarantee.Terms()
IN_TIME = refund_guarantee.Terms(within_hours=72, rate_basis_points=1000)


def told(verdict: Verdict) -> Any:
    """A verdict in a table's words: what is owed, or what is held at most."""
    if isinstance(verdict, Broken):
        return verdict.owed.refund, verdict.owed.compensation
    if isinstance(verdict, Held):
        return "held", verdict.at_most.refund, verdict.at_most.compensation
    return "kept" if verdict is KEPT else "open"


@pytest.mark.parametrize(
    ("number", "facts", "expected"),
    [
        (1, {}, "open"),
        (1, {"shipped": 3}, "open"),
        (1, {"delivered": 3}, "kept"),
        (1, {"out_of_stock": 3}, (2300, 500)),
        (1, {"out_of_stock": 3, "shipped": 2}, (2300, 500)),
        (1, {"out_of_stock": 3, "delivered": 2}, (2300, 500)),
        (1, {"out_of_stock": 3, "delivered": 4}, (2300, 500)),
        (1, {"cancelled": ended(3, "merchant"), "delivered": 4}, ("held", 2300, 500)),
        (1, {"cancelled": ended(3, "merchant")}, (2300, 500)),
        (1, {"cancelled": ended(3, "merchant", asked=True)}, "kept"),
        (1, {"cancelled": ended(3, "consumer")}, "kept"),
        (1, {"cancelled": ended(3, "platform")}, "kept"),
        (1, {"cancelled": ended(3)}, "kept"),
        (1, {"cancelled": ended(3), "out_of_stock": 4}, (2300, 500)),
        (0, {"out_of_stock": 3}, (2300, 0)),
    ],
)
def test_in_stock(number: int, facts: dict[str, Any], expected: Any) -> None:
    assert told(in_stock.judge(line(number, **facts), IN_STOCK, None, until(999))) == expected


@pytest.mark.parametrize(("price", "expected"), [(2199, 500), (5005, 501), (300_000, 10_000)])
def test_in_stock_compensation(price: int, expected: int) -> None:
    sold = line(purchase=bought(price=price, paid=(price,)), out_of_stock=1)
    assert told(in_stock.judge(sold, IN_STOCK, None, until(None))) == (price, expected)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "open"),
        ({"delivered": 3}, "kept"),
        ({"cancelled": 3}, (2300, 0)),
        ({"cancelled": ended(3, "consumer")}, (2300, 0)),
        ({"cancelled": ended(3, "merchant")}, (2300, 0)),
        ({"cancelled": 3, "shipped": 2}, (2300, 0)),
        ({"cancelled": 3, "delivered": 2}, ("held", 2300, 0)),
        ({"cancelled": 3, "delivered": 4}, ("held", 2300, 0)),
        ({"cancelled": 3, "issued": 4}, ("held", 2300, 0)),
        ({"out_of_stock": 3}, "kept"),
    ],
)
def test_refund_guarantee(facts: dict[str, Any], expected: Any) -> None:
    for number in (0, 1):
        verdict = refund_guarantee.judge(line(number, **facts), REFUND, None, until(999))
        assert told(verdict) == expected


def test_nothing_paid_for_a_line_leaves_nothing_to_refund() -> None:
    free = line(purchase=bought(price=0, paid=(0,)), cancelled=3)
    assert refund_guarantee.judge(free, REFUND, None, until(None)) is KEPT


@pytest.mark.parametrize(
    ("paid_back", "silence", "expected", "due"),
    [
        ((), None, (2300, 0), 75),
        ((), 75, (2300, 0), 75),
        ((), 76, (2300, 220), None),
        (((75, 2300),), 999, (2300, 0), None),
        (((76, 2300),), None, (2300, 220), None),
        (((1, 300), (75, 2000)), 999, (2300, 0), None),
        (((10, 2299),), 76, (2300, 220), None),
    ],
)
def test_a_late_refund(paid_back: Any, silence: Any, expected: Any, due: Any) -> None:
    sold = line(cancelled=3, refunds=refunds(*paid_back))
    assert told(refund_guarantee.judge(sold, IN_TIME, None, until(silence))) == expected
    limit = refund_guarantee.due(sold, IN_TIME, until(silence))
    assert limit == (None if due is None else hour(due))
    assert refund_guarantee.due(sold, REFUND) is None


def test_the_occasion_is_the_fact_that_ended_the_line() -> None:
    for verdict in (
        in_stock.judge(line(out_of_stock=3), IN_STOCK, None, until(None)),
        refund_guarantee.judge(line(cancelled=3), REFUND, None, until(None)),
        refund_guarantee.judge(line(cancelled=2, delivered=3), REFUND, None, until(None)),
    ):
        assert isinstance(verdict, Broken | Held)
        assert verdict.occasion in ("out_of_stock", "cancelled")
        assert verdict.at == hour(3)


def test_an_excused_merchant_owes_nothing() -> None:
    excused = Findings(at=hour(9), occasion="case", excused=True)
    assert in_stock.judge(line(out_of_stock=3), IN_STOCK, excused, until(None)) is KEPT
    assert refund_guarantee.judge(line(cancelled=3), REFUND, excused, until(None)) is KEPT


def test_open_verdicts_cost_no_object() -> None:
    assert in_stock.judge(line(), IN_STOCK, None, until(None)) is PENDING
    assert Owed() == Owed(0, 0, 0, 0, None)
