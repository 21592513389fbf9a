"""七天无理由退货, judged on tables. Received in hour 10 of day 0; the window ends with day 7."""

from typing import Any

import pytest

from makegood.clock.durations import Duration
from makegood.guarantees.facts.line import Exemption
from makegood.guarantees.findings import Findings
from makegood.guarantees.return_terms import Terms
from makegood.guarantees.seven_day_return import due, floors, judge, lasts
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Owed, Pending, Verdict
from makegood.law.packs import pack
from tests.guarantees.lines import DAYS, bought, hour, line, refunds, returned, until

WEEK = Duration(7, "calendar_days")
TERMS = Terms(window=WEEK, refund_within=WEEK)
ASKED, BACK = (30, "requested"), (60, "received")
LIMIT = 10 * DAYS - 1 / 3_600_000_000
"""Back on day 2: the refund is due by the end of day 9."""


def told(verdict: Verdict) -> Any:
    if isinstance(verdict, Broken):
        return verdict.owed
    if isinstance(verdict, Pending):
        return "open", verdict.until
    return "kept"


@pytest.mark.parametrize(
    ("steps", "paid_back", "silence", "expected"),
    [
        ([], [], None, ("open", None)),
        ([], [], 8 * DAYS, "kept"),
        ([ASKED], [], None, ("open", None)),
        ([ASKED, BACK], [], None, ("open", hour(LIMIT))),
        ([ASKED, BACK], [], LIMIT, ("open", hour(LIMIT))),
        ([ASKED, BACK], [], 10 * DAYS, Owed(2199)),
        ([ASKED, BACK], [(100, 2199)], 20 * DAYS, "kept"),
        ([ASKED, BACK], [(LIMIT, 2199)], 20 * DAYS, "kept"),
        ([ASKED, BACK], [(10 * DAYS, 2199)], None, Owed(2199)),
        ([ASKED, BACK], [(100, 2000)], 20 * DAYS, Owed(2199)),
        ([ASKED, BACK], [(5, 199), (100, 2000)], 20 * DAYS, "kept"),
        ([BACK], [], 10 * DAYS, Owed(2199)),
        ([(8 * DAYS - 1, "requested"), (8 * DAYS, "received")], [], 99 * DAYS, Owed(2199)),
        ([(8 * DAYS, "requested"), (9 * DAYS, "received")], [], 99 * DAYS, "kept"),
        ([ASKED, (40, "refused")], [], None, ("open", None)),
    ],
)
def test_late_refunds(steps: Any, paid_back: Any, silence: Any, expected: Any) -> None:
    sold = line(delivered=10, returns=returned(*steps), refunds=refunds(*paid_back))
    assert told(judge(sold, TERMS, None, until(silence))) == expected


@pytest.mark.parametrize(
    ("terms", "purchase", "expected"),
    [
        ({}, {}, Owed(2199)),
        ({"outward_freight_refunded": True}, {}, Owed(2300)),
        ({"freight_on_merchant": True}, {}, Owed(2199, 0, 800)),
        ({"rate_basis_points": 1000}, {}, Owed(2199, 220)),
        ({}, {"no_return": "perishable"}, None),
        ({"all_goods": True}, {"no_return": "perishable"}, Owed(2199)),
        ({"refund_within": Duration(0, "calendar_days")}, {}, Owed(2199)),
    ],
)
def test_what_is_owed(terms: dict[str, Any], purchase: Any, expected: Owed | None) -> None:
    promised = Terms(**({"window": WEEK, "refund_within": WEEK} | terms))
    sold = line(
        purchase=bought(**purchase), delivered=10, returns=returned(ASKED, BACK, freight=800)
    )
    verdict = judge(sold, promised, None, until(99 * DAYS))
    assert told(verdict) == (expected or "kept")
    if isinstance(verdict, Broken):
        assert verdict.occasion == "requested 30"


@pytest.mark.parametrize("inspection", ["worn", "other_item", "empty_parcel", None])
def test_an_inspection_that_disagrees_is_for_a_person(inspection: str | None) -> None:
    sold = line(delivered=10, returns=returned(ASKED, BACK, inspection=inspection))
    assert judge(sold, TERMS, None, until(None)) is PENDING
    intact = Findings(at=hour(500), occasion="case", return_intact=True)
    assert told(judge(sold, TERMS, intact, until(10 * DAYS))) == Owed(2199)


def test_a_refusal_that_a_person_found_wrong() -> None:
    wrong = Findings(at=hour(99), occasion="case", refused_wrongly=True, freight=300)
    sold = line(delivered=10, returns=returned(ASKED, (40, "refused")))
    assert told(judge(sold, TERMS, wrong, until(None))) == Owed(2199)
    borne = Terms(window=WEEK, refund_within=WEEK, freight_on_merchant=True)
    assert told(judge(sold, borne, wrong, until(None))) == Owed(2199, 0, 300)
    excused = Findings(at=hour(99), occasion="case", refused_wrongly=True, excused=True)
    assert judge(sold, TERMS, excused, until(999)) is KEPT


def test_due_is_the_next_refund() -> None:
    sold = line(delivered=10, returns=returned(ASKED, BACK))
    assert due(sold, TERMS) == hour(LIMIT)
    assert due(sold, TERMS, hour(LIMIT) + 1) is None
    assert due(line(delivered=10), TERMS) is None
    paid_back = line(delivered=10, returns=sold.returns, refunds=refunds((90, 2199)))
    assert due(paid_back, TERMS) is None
    assert lasts(sold, TERMS) == hour(8 * DAYS) - 1


def test_an_exemption_gives_the_refund_more_days() -> None:
    flood = Exemption(hour(3 * DAYS), hour(5 * DAYS), "flood", clocks=("refund",))
    sold = line(delivered=10, returns=returned(ASKED, BACK), exemptions=(flood,))
    assert due(sold, TERMS) == hour(LIMIT + 2 * DAYS)


@pytest.mark.parametrize(
    ("jurisdiction", "days", "counts_from"), [("cn", 7, "arrival"), ("eu", 14, "request")]
)
def test_the_statutes_promise_it_anyway(jurisdiction: Any, days: int, counts_from: str) -> None:
    (floor,) = floors(pack(jurisdiction), "EUR", None)
    assert isinstance(floor.terms, Terms)
    assert floor.terms.window.amount == floor.terms.refund_within.amount == days
    assert floor.terms.refund_counts_from == counts_from
    assert floors(pack("none"), "EUR", None) == ()


def test_a_refund_counted_from_the_request_still_waits_for_the_item() -> None:
    terms = Terms(window=WEEK, refund_within=WEEK, refund_counts_from="request")
    sent_late = line(delivered=10, returns=returned(ASKED, (400, "received")))
    assert due(sent_late, terms) == hour(400)
