"""What the statutes give: damages chosen and never added, burden, returns and windows."""

import pytest

from makegood.clock.intervals import Pause
from makegood.law.floors import (
    extra_damages,
    may_return,
    merchant_proves,
    statutory_deadline,
    withdrawal_deadline,
)
from makegood.law.packs import Jurisdiction, pack
from tests.clock.stamps import stamp, told

BRUSSELS = "Europe/Brussels"


@pytest.mark.parametrize(
    ("price", "loss", "food", "amount", "rule", "chosen"),
    [
        (200_00, 0, False, 600_00, "fraud_damages", "price"),
        (100_00, 0, False, 500_00, "fraud_damages", "minimum"),
        (0, 0, False, 500_00, "fraud_damages", "minimum"),
        (166_67, 0, False, 500_01, "fraud_damages", "price"),
        # A loss counts for food only.
        (200_00, 900_00, False, 600_00, "fraud_damages", "price"),
        (200_00, 0, True, 2_000_00, "unsafe_food_damages", "price"),
        (50_00, 0, True, 1_000_00, "unsafe_food_damages", "minimum"),
        (200_00, 900_00, True, 2_700_00, "unsafe_food_damages", "loss"),
        (200_00, 600_00, True, 2_000_00, "unsafe_food_damages", "price"),
    ],
)
def test_extra_damages_are_chosen_and_never_added(
    price: int, loss: int, food: bool, amount: int, rule: str, chosen: str
) -> None:
    found = extra_damages(pack("cn"), price=price, currency="CNY", loss=loss, food=food)
    assert found is not None
    assert (found.amount, found.rule, found.chosen) == (amount, rule, chosen)
    assert found.amount == max(found.base * found.multiplier, found.at_least)


def test_a_minimum_in_yuan_is_not_owed_in_another_currency() -> None:
    found = extra_damages(pack("cn"), price=100_00, currency="USD")
    assert found is not None
    assert (found.amount, found.at_least) == (300_00, 0)


@pytest.mark.parametrize("jurisdiction", ["eu", "none"])
def test_elsewhere_no_statute_gives_extra_damages(jurisdiction: Jurisdiction) -> None:
    assert extra_damages(pack(jurisdiction), price=100_00, currency="EUR", food=True) is None


@pytest.mark.parametrize(
    ("jurisdiction", "no_return", "may"),
    [
        ("cn", None, True),
        ("cn", "made_to_order", False),
        ("cn", "perishable", False),
        ("cn", "confirmed", False),
        ("cn", "sale_item", True),
        ("eu", "newspaper", False),
        ("eu", "confirmed", True),
        ("none", "perishable", True),
    ],
)
def test_what_may_be_returned_without_a_reason(
    jurisdiction: Jurisdiction, no_return: str | None, may: bool
) -> None:
    assert may_return(pack(jurisdiction), no_return) is may


@pytest.mark.parametrize(
    ("jurisdiction", "found", "durable", "proves"),
    [
        ("cn", "2025-09-10 23:59:59", True, True),
        ("cn", "2025-09-11 00:00", True, False),
        ("cn", "2025-04-01 00:00", False, False),
        ("eu", "2026-03-10 23:59:59", False, True),
        ("eu", "2026-03-12 00:00", True, False),
        ("none", "2025-04-01 00:00", True, False),
    ],
)
def test_who_has_to_prove_a_defect(
    jurisdiction: Jurisdiction, found: str, durable: bool, proves: bool
) -> None:
    delivered = stamp("2025-03-10 12:00")
    statutes = pack(jurisdiction)
    asked = merchant_proves(statutes, delivered=delivered, found=stamp(found), durable=durable)
    assert asked is proves


def test_a_statutory_deadline_carries_its_fact_its_pauses_and_its_default() -> None:
    flood = Pause(stamp("2025-09-17 00:00"), stamp("2025-09-18 00:00"), "flood")
    found = statutory_deadline(
        pack("cn"),
        "no_reason_return",
        "refund",
        started=stamp("2025-09-15 10:00"),
        by="return.received (fact f-9)",
        pauses=[flood],
    )
    assert found is not None
    assert told(found.at) == "2025-09-23 23:59:59"
    assert (found.by, found.pauses) == ("return.received (fact f-9)", (flood,))
    assert found.lapse is not None
    assert found.lapse.cost == "merchant"


def test_a_clock_that_the_law_does_not_know_sets_no_deadline() -> None:
    started = stamp("2025-09-15 10:00")
    assert statutory_deadline(pack("none"), "stalling", "refund", started=started) is None
    assert statutory_deadline(pack("cn"), "stalling", "notice", started=started) is None


@pytest.mark.parametrize(
    ("jurisdiction", "informed", "ends"),
    [
        # 29 September 2025 is a Monday; 13 October as well.
        ("eu", True, "2025-10-13 23:59:59"),
        ("eu", False, "2026-10-13 23:59:59"),
        ("cn", True, "2025-10-09 23:59:59"),
        ("cn", False, "2025-10-09 23:59:59"),
    ],
)
def test_until_when_distance_goods_go_back(
    jurisdiction: Jurisdiction, informed: bool, ends: str
) -> None:
    statutes = pack(jurisdiction)
    delivered = stamp("2025-09-29 12:00", statutes.zone)
    found = withdrawal_deadline(statutes, delivered=delivered, informed=informed)
    assert found is not None
    assert told(found.at, statutes.zone) == ends


def test_without_a_statute_there_is_no_window() -> None:
    assert withdrawal_deadline(pack("none"), delivered=stamp("2025-09-29 12:00")) is None


def test_the_european_window_rolls_off_a_weekend() -> None:
    delivered = stamp("2025-09-27 12:00", BRUSSELS)
    found = withdrawal_deadline(pack("eu"), delivered=delivered)
    assert found is not None
    assert told(found.at, BRUSSELS) == "2025-10-13 23:59:59"
