"""30天维修 and 全国联保, judged on tables. Received in hour 10 of day 0."""

from typing import Any

import pytest

from makegood.clock.durations import Duration
from makegood.guarantees import nationwide_warranty, thirty_day_repair
from makegood.guarantees.facts.line import RepairStep
from makegood.guarantees.findings import Findings
from makegood.guarantees.thirty_day_repair import Terms, due, floors, judge, lasts
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Owed, Pending, Verdict
from makegood.law.packs import pack
from tests.guarantees.lines import DAYS, hour, line, repaired, replaced, until

MONTH, WEEK = Duration(30, "calendar_days"), Duration(7, "calendar_days")
TERMS = Terms(window=MONTH, turnaround=WEEK, rate_basis_points=1000)
REPAIR, REPLACEMENT = Owed(service="repair"), Owed(service="replacement")
ASKED = (1 * DAYS, "requested")
LIMIT = 9 * DAYS - 1 / 3_600_000_000
"""Asked on day 1: the repair is due by the end of day 8."""


def told(verdict: Verdict) -> Any:
    if isinstance(verdict, Broken):
        return verdict.owed
    if isinstance(verdict, Pending):
        return "open", verdict.until
    return "kept"


def done(day: float) -> tuple[float, str]:
    return day * DAYS, "completed"


def asked(day: float) -> tuple[float, str]:
    return day * DAYS, "requested"


@pytest.mark.parametrize(
    ("steps", "silence", "expected"),
    [
        ([], None, ("open", None)),
        ([], 31 * DAYS, "kept"),
        ([ASKED], None, ("open", hour(LIMIT))),
        ([ASKED], LIMIT, ("open", hour(LIMIT))),
        ([ASKED], 9 * DAYS, Owed(0, 220, service="repair")),
        ([ASKED, done(5)], 20 * DAYS, ("open", None)),
        ([ASKED, done(5)], 99 * DAYS, "kept"),
        ([ASKED, done(9)], None, Owed(0, 220)),
        ([ASKED, (40, "refused")], 30 * DAYS, ("open", None)),
        ([asked(30.9), done(40)], 99 * DAYS, Owed(0, 220)),
        ([asked(31), done(45)], 99 * DAYS, "kept"),
        ([ASKED, done(5), asked(32), done(44)], 99 * DAYS, Owed(0, 220)),
        ([ASKED, done(5), asked(36), done(48)], 99 * DAYS, "kept"),
    ],
)
def test_turnaround(steps: Any, silence: Any, expected: Any) -> None:
    sold = line(delivered=10, repairs=repaired(*steps))
    assert told(judge(sold, TERMS, None, until(silence))) == expected


@pytest.mark.parametrize(
    ("steps", "more", "expected"),
    [
        ([ASKED, done(2)], {"result": "repaired"}, ("open", None)),
        ([ASKED, done(2)], {"result": "not_repaired"}, REPAIR),
        ([ASKED, done(2)], {"charged": 500}, Owed(fee=500)),
        ([ASKED, done(2), asked(3), done(4)], {"result": "not_repaired"}, REPLACEMENT),
        ([ASKED, done(2), asked(3), done(4)], {}, ("open", None)),
        ([ASKED, done(2), asked(3), done(4), asked(5)], {}, REPLACEMENT),
        (
            [ASKED, done(2), asked(3), done(4), asked(5)],
            {"charged": 9},
            Owed(fee=18, service="replacement"),
        ),
    ],
)
def test_failures(steps: Any, more: Any, expected: Any) -> None:
    sold = line(delivered=10, repairs=repaired(*steps, **more))
    assert told(judge(sold, TERMS, None, until(None))) == expected


@pytest.mark.parametrize(
    ("then", "chosen", "expected"),
    [
        ("replacement", "refund", REPLACEMENT),
        ("refund", None, Owed(2300)),
        ("either", None, REPLACEMENT),
        ("either", "refund", Owed(2300)),
    ],
)
def test_what_follows_failures(then: Any, chosen: Any, expected: Owed) -> None:
    terms = Terms(window=MONTH, turnaround=WEEK, then=then, failures_at_most=1)
    findings = Findings(at=hour(99), occasion="case", remedy=chosen)
    sold = line(delivered=10, repairs=repaired(ASKED, done(2), result="not_repaired"))
    assert told(judge(sold, terms, findings, until(None))) == expected


@pytest.mark.parametrize(
    ("delayed_hours", "silence", "expected"),
    [
        (0, 31 * DAYS, ("open", hour(31 * DAYS))),
        (0, 31 * DAYS + 1, REPLACEMENT),
        (48, 33 * DAYS, ("open", hour(33 * DAYS))),
        (48, 33 * DAYS + 1, REPLACEMENT),
    ],
)
def test_the_limit_of_days(delayed_hours: int, silence: float, expected: Any) -> None:
    patient = Terms(window=MONTH, turnaround=Duration(90, "calendar_days"))
    waiting = RepairStep(hour(DAYS), "asked", "requested", delayed_by_consumer_hours=delayed_hours)
    sold = line(delivered=10, repairs=(waiting,))
    assert told(judge(sold, patient, None, until(silence))) == expected


def test_a_replacement_makes_good_what_failed_and_starts_the_window_anew() -> None:
    failures = repaired(ASKED, done(2), asked(3), done(4), result="not_repaired")
    sold = line(delivered=10, repairs=failures, replacements=replaced(20 * DAYS))
    assert judge(sold, TERMS, None, until(None)) is PENDING
    assert lasts(sold, TERMS) == hour(51 * DAYS) - 1
    later = repaired(asked(45), done(60), of="second")
    broken_again = line(delivered=10, repairs=(*failures, *later), replacements=replaced(20 * DAYS))
    assert told(judge(broken_again, TERMS, None, until(None))) == Owed(0, 220)


def test_the_window_runs_from_installation_and_stands_still_during_a_repair() -> None:
    assert lasts(line(delivered=10), TERMS) == hour(31 * DAYS) - 1
    assert lasts(line(delivered=10, installed=5 * DAYS), TERMS) == hour(36 * DAYS) - 1
    away = line(delivered=10, repairs=repaired(asked(3.5), done(5.5)))
    assert lasts(away, TERMS) == hour(34 * DAYS) - 1
    assert lasts(line(), TERMS) is None


def test_due_is_the_turnaround_and_then_the_limit_of_days() -> None:
    sold = line(delivered=10, repairs=repaired(ASKED))
    assert due(sold, TERMS) == hour(LIMIT)
    assert due(sold, TERMS, hour(9 * DAYS)) == hour(31 * DAYS)
    assert due(sold, TERMS, hour(32 * DAYS)) is None
    assert due(line(delivered=10), TERMS) is None


def test_a_refusal_that_a_person_found_wrong() -> None:
    wrong = Findings(at=hour(99), occasion="case", refused_wrongly=True, freight=70)
    sold = line(delivered=10, repairs=repaired(ASKED, (40, "refused")))
    assert told(judge(sold, TERMS, wrong, until(None))) == Owed(freight=70, service="repair")
    excused = Findings(at=hour(99), occasion="case", refused_wrongly=True, excused=True)
    assert judge(sold, TERMS, excused, until(999)) is KEPT


def test_each_guarantee_judges_its_own_repairs() -> None:
    centre = nationwide_warranty.Terms(window=MONTH, turnaround=WEEK)
    at_centre = line(delivered=10, repairs=repaired(ASKED, centre="Chengdu"))
    at_merchant = line(delivered=10, repairs=repaired(ASKED))
    silence = until(9 * DAYS)
    assert told(nationwide_warranty.judge(at_centre, centre, None, silence)) == REPAIR
    assert nationwide_warranty.judge(at_merchant, centre, None, silence) is PENDING
    assert thirty_day_repair.judge(at_centre, TERMS, None, silence) is PENDING


def test_the_statutes_raise_a_promise() -> None:
    weak = Terms(window=MONTH, turnaround=WEEK, failures_at_most=5, repair_days_at_most=60)
    (floor,) = floors(pack("cn"), "CNY", weak)
    assert isinstance(floor.terms, Terms)
    assert (floor.terms.failures_at_most, floor.terms.repair_days_at_most) == (2, 30)
    (european,) = floors(pack("eu"), "EUR", weak)
    assert isinstance(european.terms, Terms)
    assert european.terms.window.amount == 2
    assert floors(pack("cn"), "CNY", None) == ()
