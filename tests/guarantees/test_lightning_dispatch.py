"""闪电发货, judged on tables."""

from typing import Any

import pytest

from makegood.clock.instants import DAY
from makegood.guarantees.facts.line import Exemption
from makegood.guarantees.findings import Findings
from makegood.guarantees.lightning_dispatch import Terms, due, judge, lasts
from makegood.guarantees.verdict import KEPT, Broken, Pending
from tests.guarantees.lines import bought, ended, hour, line, until

TERMS = Terms(rate_basis_points=500, at_least_minor=100, at_most_minor=10_000)
DELIVERED = Terms(measure="delivered", rate_basis_points=500, at_least_minor=100)
SCANNED = Terms(rate_basis_points=500, scan_within_hours=24)
MICROSECOND = 1 / 3_600_000_000


def told(verdict: Any) -> Any:
    """A verdict in a table's words: the compensation, `kept`, or the hour it is open until."""
    if isinstance(verdict, Broken):
        return verdict.owed.compensation
    return "kept" if verdict is KEPT else ("open", verdict.until)


@pytest.mark.parametrize(
    ("facts", "silence", "expected"),
    [
        ({"shipped": 47}, None, "kept"),
        ({"shipped": 48}, None, "kept"),
        ({"shipped": 48 + MICROSECOND}, None, 110),
        ({"shipped": 60, "picked_up": 48}, None, "kept"),
        ({"shipped": 60, "delivered": 48}, None, "kept"),
        ({"shipped": 60, "delivered": 49}, None, 110),
        ({}, None, ("open", hour(48))),
        ({}, 48, ("open", hour(48))),
        ({}, 48 + MICROSECOND, 110),
        ({"cancelled": 48}, 90, "kept"),
        ({"out_of_stock": 48}, 90, "kept"),
        ({"cancelled": 49}, 90, 110),
        ({"cancelled": 49}, None, ("open", hour(48))),
        ({"cancelled": 49, "out_of_stock": 20}, 90, "kept"),
        ({"cancelled": 20, "shipped": 60}, 90, "kept"),
        ({"cancelled": 60, "delivered": 50}, None, 110),
    ],
)
def test_dispatch(facts: dict[str, Any], silence: float | None, expected: Any) -> None:
    assert told(judge(line(**facts), TERMS, None, until(silence))) == expected


@pytest.mark.parametrize(
    ("price", "terms", "expected"),
    [
        (2199, TERMS, 110),
        (2190, TERMS, 110),
        (2189, TERMS, 109),
        (1999, TERMS, 100),
        (0, TERMS, 100),
        (200_000, TERMS, 10_000),
        (200_010, TERMS, 10_000),
        (10_000_000, Terms(rate_basis_points=500), 500_000),
    ],
)
def test_compensation(price: int, terms: Terms, expected: int) -> None:
    late = line(purchase=bought(price=price), shipped=50)
    assert told(judge(late, terms, None, until(None))) == expected


@pytest.mark.parametrize(
    ("facts", "silence", "expected"),
    [
        ({"delivered": 240 - MICROSECOND}, None, "kept"),
        ({"delivered": 240}, None, 110),
        ({"shipped": 1}, 240, 110),
        ({"shipped": 1}, 240 - MICROSECOND, ("open", hour(240) - 1)),
        ({"shipped": 1, "cancelled": 239}, 300, "kept"),
    ],
)
def test_delivery_by_the_end_of_the_promised_day(
    facts: dict[str, Any], silence: float | None, expected: Any
) -> None:
    for promised in (216, 222, 239):
        sold = bought(deliver_by=hour(promised))
        assert (
            told(judge(line(purchase=sold, **facts), DELIVERED, None, until(silence))) == expected
        )


def test_the_day_ends_in_the_zone_of_the_terms() -> None:
    shanghai = Terms(measure="delivered", zone="Asia/Shanghai")
    sold = line(purchase=bought(deliver_by=hour(20)))
    assert lasts(sold, shanghai) == hour(40) - 1


@pytest.mark.parametrize(
    ("facts", "silence", "expected"),
    [
        ({"shipped": 47, "picked_up": 71}, None, "kept"),
        ({"shipped": 47, "picked_up": 72}, None, 110),
        ({"shipped": 47, "delivered": 60}, None, "kept"),
        ({"shipped": 47}, None, ("open", hour(71))),
        ({"shipped": 47}, 71, ("open", hour(71))),
        ({"shipped": 47}, 72, 110),
        ({"shipped": 47, "cancelled": 70}, 99, "kept"),
        ({"picked_up": 40}, 99, "kept"),
        ({"shipped": 49, "picked_up": 50}, None, 110),
    ],
)
def test_marked_shipped_without_a_scan(
    facts: dict[str, Any], silence: float | None, expected: Any
) -> None:
    assert told(judge(line(**facts), SCANNED, None, until(silence))) == expected


@pytest.mark.parametrize(
    ("purchase", "terms", "facts", "silence", "expected"),
    [
        ({"kind": "virtual", "issue_by": hour(1)}, TERMS, {"issued": 1}, None, "kept"),
        ({"kind": "virtual", "issue_by": hour(1)}, TERMS, {"issued": 2}, None, 110),
        ({"kind": "travel", "issue_by": hour(1)}, TERMS, {}, 2, 110),
        ({"kind": "travel", "issue_by": hour(1)}, TERMS, {"delivered": 1}, 2, "kept"),
        ({"kind": "virtual"}, Terms(issue_within_hours=2), {"issued": 2}, None, "kept"),
        ({"kind": "virtual"}, Terms(issue_within_hours=2), {}, 3, 0),
        ({"kind": "virtual"}, TERMS, {}, 999, "kept"),
        ({"dispatch_by": None}, TERMS, {}, 999, "kept"),
        ({"dispatch_by": None}, Terms(within_hours=24), {"shipped": 24}, None, "kept"),
        ({"dispatch_by": None}, Terms(within_hours=24), {"shipped": 25}, None, 0),
        ({"deliver_by": None}, DELIVERED, {}, 999, "kept"),
    ],
)
def test_other_promises(
    purchase: dict[str, Any], terms: Terms, facts: dict[str, Any], silence: Any, expected: Any
) -> None:
    sold = line(purchase=bought(**purchase), **facts)
    assert told(judge(sold, terms, None, until(silence))) == expected


@pytest.mark.parametrize(
    ("exemption", "expected"),
    [
        ({}, "kept"),
        ({"clocks": ("dispatch",)}, "kept"),
        ({"clocks": ("refund",)}, 110),
        ({"areas": ("Sichuan",)}, "kept"),
        ({"areas": ("Tibet",)}, 110),
        ({"carriers": ("slow",)}, 110),
    ],
)
def test_exemptions_pause_the_clock(exemption: dict[str, Any], expected: Any) -> None:
    flood = Exemption(hour(40), hour(64), "flood", **exemption)
    sold = line(purchase=bought(area="Sichuan"), shipped=72, exemptions=(flood, flood))
    assert told(judge(sold, TERMS, None, until(None))) == expected


def test_line_0_and_an_excused_merchant_owe_nothing() -> None:
    assert judge(line(number=0), TERMS, None, until(999)) is KEPT
    excused = Findings(at=hour(99), occasion="case", excused=True)
    assert judge(line(shipped=60), TERMS, excused, until(999)) is KEPT


def test_the_breach_is_the_purchases_and_began_at_the_limit() -> None:
    for late in (line(shipped=60), line(), line(cancelled=ended(50))):
        verdict = judge(late, TERMS, None, until(99))
        assert isinstance(verdict, Broken)
        assert (verdict.at, verdict.occasion) == (hour(48), "paid")


def test_due_names_what_silence_breaks_next() -> None:
    assert due(line(), TERMS) == hour(48)
    assert due(line(), TERMS, hour(48)) == hour(48)
    assert due(line(), TERMS, hour(48) + 1) is None
    assert due(line(shipped=4), TERMS) is None
    assert due(line(shipped=4), SCANNED) == hour(28)
    assert due(line(cancelled=4), TERMS) is None
    assert isinstance(judge(line(), TERMS, None, due(line(), TERMS) or 0), Pending)


def test_a_promised_day_is_a_whole_day() -> None:
    sold = line(purchase=bought(deliver_by=hour(30)))
    assert (lasts(sold, DELIVERED) or 0) + 1 == hour(0) + 2 * DAY
