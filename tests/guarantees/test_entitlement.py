"""The whole line, all its promises together."""

from typing import Any

import pytest

from makegood.clock.durations import Duration
from makegood.guarantees import (
    as_described,
    authenticity,
    fake_pay_three,
    in_stock,
    lightning_dispatch,
    price_protection,
    refund_guarantee,
    return_terms,
    thirty_day_repair,
)
from makegood.guarantees.catalogue import CATALOGUE, REFUND_ORDER
from makegood.guarantees.entitlement import Covered, due_line, judge_line
from makegood.guarantees.facts.line import Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.verdict import Broken, Held
from tests.guarantees.lines import DAYS, bought, ended, hour, line, priced, returned, until

WEEK = Duration(7, "calendar_days")
COVERED = (
    Covered("authenticity", authenticity.Terms(), "e1"),
    Covered("fake_pay_three", fake_pay_three.Terms(), "e2"),
    Covered("as_described", as_described.Terms(minor_basis_points=9000), "e3"),
    Covered("in_stock", in_stock.Terms(rate_basis_points=1000), "e4"),
    Covered("price_protection", price_protection.Terms(window_hours=720), "e5"),
    Covered("refund_guarantee", refund_guarantee.Terms(), "e6"),
    Covered("lightning_dispatch", lightning_dispatch.Terms(rate_basis_points=500), "e7"),
    Covered("seven_day_return", return_terms.Terms(window=WEEK, refund_within=WEEK), "e8"),
    Covered("thirty_day_repair", thirty_day_repair.Terms(window=WEEK, turnaround=WEEK), "e9"),
)
CHEAPER = priced((2, 1500))


def found(code: str, **findings: Any) -> dict[str, Findings]:
    return {code: Findings(at=hour(50), occasion="case", **findings)}


def owed(
    sold: Line, findings: dict[str, Findings] | None = None, silence: float | None = None
) -> dict[str, Any]:
    """What each guarantee owes, as (refund, compensation); held sums are named so."""
    told: dict[str, Any] = {}
    for code, verdict in judge_line(sold, COVERED, findings, until(silence)).items():
        if isinstance(verdict, Broken):
            told[code] = (verdict.owed.refund, verdict.owed.compensation)
        elif isinstance(verdict, Held):
            told[code] = ("held", verdict.at_most.refund)
    return told


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {}),
        ({"cancelled": 9}, {"refund_guarantee": (2300, 0)}),
        ({"out_of_stock": 9}, {"in_stock": (2300, 220)}),
        ({"out_of_stock": 9, "cancelled": 8}, {"in_stock": (2300, 220)}),
        ({"cancelled": ended(9, "merchant")}, {"in_stock": (2300, 220)}),
        ({"cancelled": 9, "delivered": 8}, {"refund_guarantee": ("held", 2300)}),
        ({"cancelled": ended(9, "merchant"), "delivered": 8}, {"in_stock": ("held", 2300)}),
        ({"prices": CHEAPER}, {"price_protection": (699, 0)}),
        ({"prices": CHEAPER, "cancelled": 9}, {"refund_guarantee": (2300, 0)}),
        ({"prices": CHEAPER, "out_of_stock": 9}, {"in_stock": (2300, 220)}),
        (
            {"prices": CHEAPER, "shipped": 60},
            {"price_protection": (699, 0), "lightning_dispatch": (0, 110)},
        ),
        (
            {"shipped": 60, "cancelled": 70},
            {"refund_guarantee": (2300, 0), "lightning_dispatch": (0, 110)},
        ),
        (
            {"cancelled": 70, "delivered": 60},
            {"refund_guarantee": ("held", 2300), "lightning_dispatch": (0, 110)},
        ),
    ],
)
def test_endings_go_before_prices(facts: dict[str, Any], expected: dict[str, Any]) -> None:
    assert owed(line(**facts)) == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (found("authenticity", counterfeit=True), {"authenticity": (2300, 0)}),
        (
            found("authenticity", counterfeit=True) | found("fake_pay_three", counterfeit=True),
            {"authenticity": (2300, 0), "fake_pay_three": (0, 6597)},
        ),
        (
            found("as_described", severity="minor"),
            {"as_described": (1979, 0), "price_protection": (220, 0)},
        ),
        (found("as_described", severity="material"), {"as_described": (2300, 0)}),
        (
            found("price_protection", excused=True),
            {},
        ),
    ],
)
def test_refunds_never_exceed_what_was_paid(findings: Any, expected: dict[str, Any]) -> None:
    assert owed(line(delivered=10, shipped=9, prices=CHEAPER), findings) == expected


def test_a_fallen_price_takes_nothing_of_freight_that_was_not_refunded() -> None:
    back = returned((30, "requested"), (60, "received"))
    sold = line(delivered=10, shipped=9, prices=CHEAPER, returns=back)
    assert owed(sold, None, 10 * DAYS) == {"seven_day_return": (2199, 0)}


def test_an_unpaid_line_is_promised_nothing() -> None:
    assert judge_line(Line("A-17", 1, cancelled=ended(3)), COVERED, None, until(999)) == {}


def test_line_0_is_covered_for_refunds_only() -> None:
    whole = bought(price=0, freight=0, quantity=0, paid=(700, 300))
    sold = line(0, whole, out_of_stock=9, prices=priced((1, 0)))
    assert owed(sold, found("authenticity", counterfeit=True), 999) == {"in_stock": (1000, 0)}
    assert due_line(sold, COVERED) == []


def test_what_silence_breaks_is_named_once_until_it_was_judged() -> None:
    sold = line()
    assert due_line(sold, COVERED) == [("lightning_dispatch", hour(48))]
    assert due_line(sold, COVERED, hour(48) + 1) == []


def test_every_promise_gives_a_verdict_in_the_order_of_coverage() -> None:
    assert list(judge_line(line(), COVERED)) == [promise.code for promise in COVERED]


def test_every_guarantee_has_its_place_in_the_order_of_refunds() -> None:
    assert sorted(REFUND_ORDER) == sorted(CATALOGUE)
    assert len(CATALOGUE) == 10
