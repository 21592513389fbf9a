"""正品保障, 假一赔三 and 如实描述: what follows from a person's findings."""

from typing import Any

import pytest

from makegood.clock.durations import Duration
from makegood.guarantees import as_described, authenticity, fake_pay_three
from makegood.guarantees.findings import Findings
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Owed, Verdict
from makegood.law.packs import pack
from tests.guarantees.lines import bought, hour, line, until

FAKE = {"counterfeit": True}
WEEK = Duration(7, "calendar_days")


def found(**findings: Any) -> Findings:
    return Findings(at=hour(50), occasion="case", **findings)


def owed(verdict: Verdict) -> Owed:
    return verdict.owed if isinstance(verdict, Broken) else Owed()


@pytest.mark.parametrize(
    ("findings", "terms", "expected"),
    [
        ({}, {}, Owed()),
        (FAKE, {}, Owed(2300)),
        (FAKE | {"excused": True}, {}, Owed()),
        (FAKE | {"freight": 900, "appraisal_fee": 8000}, {}, Owed(2300, 0, 900, 8000)),
        (
            FAKE | {"freight": 900, "appraisal_fee": 8000},
            {"freight_at_most_minor": 500, "appraisal_fee_at_most_minor": 0},
            Owed(2300, 0, 500, 0),
        ),
        (FAKE | {"claimed_at": hour(10 + 24 * 7)}, {"claim_within": WEEK}, Owed(2300)),
        (FAKE | {"claimed_at": hour(10 + 24 * 8)}, {"claim_within": WEEK}, Owed()),
    ],
)
def test_authenticity(findings: Any, terms: Any, expected: Owed) -> None:
    promised = authenticity.Terms(**terms)
    sold = line(delivered=10)
    assert owed(authenticity.judge(sold, promised, found(**findings), until(None))) == expected


@pytest.mark.parametrize(
    ("price", "findings", "terms", "expected"),
    [
        (2199, {}, {}, Owed()),
        (2199, FAKE, {}, Owed(2300, 6597)),
        (2199, FAKE, {"price_refunded": False}, Owed(0, 6597)),
        (2199, FAKE, {"multiplier": 10}, Owed(2300, 21_990)),
        (2199, FAKE, {"at_least_minor": 50_000}, Owed(2300, 50_000)),
        (20_000, FAKE, {"at_least_minor": 50_000}, Owed(2300, 60_000)),
        (2199, FAKE | {"loss": 5000}, {"loss_multiplier": 3}, Owed(2300, 15_000)),
        (2199, FAKE | {"loss": 500}, {"loss_multiplier": 3}, Owed(2300, 6597)),
        (2199, FAKE, {"only_if_knowing": True}, Owed()),
        (2199, FAKE | {"knowingly": True}, {"only_if_knowing": True}, Owed(2300, 6597)),
        (2199, FAKE, {"for_unsafe_food": True}, Owed()),
    ],
)
def test_fake_pay_three(price: int, findings: Any, terms: Any, expected: Owed) -> None:
    sold = line(purchase=bought(price=price), delivered=10)
    promised = fake_pay_three.Terms(**terms)
    assert owed(fake_pay_three.judge(sold, promised, found(**findings), until(None))) == expected


@pytest.mark.parametrize(
    ("food", "findings", "currency", "expected"),
    [
        (False, FAKE, "CNY", []),
        (False, FAKE | {"knowingly": True}, "CNY", [50_000, 0]),
        (True, {"unsafe_food": True, "knowingly": True}, "CNY", [0, 100_000]),
        (True, {"unsafe_food": True, "knowingly": True, "loss": 50_000}, "CNY", [0, 150_000]),
        (False, {"unsafe_food": True, "knowingly": True}, "CNY", []),
        (False, FAKE | {"knowingly": True}, "BRL", [6597, 0]),
    ],
)
def test_statutory_damages(food: bool, findings: Any, currency: str, expected: Any) -> None:
    sold = line(purchase=bought(food=food, currency=currency), delivered=10)
    floors = fake_pay_three.floors(pack("cn"), currency, None)
    assert [floor.rule for floor in floors] == ["fraud_damages", "unsafe_food_damages"]
    sums = [
        owed(fake_pay_three.judge(sold, floor.terms, found(**findings), until(None))).compensation
        for floor in floors
        if isinstance(floor.terms, fake_pay_three.Terms)
    ]
    assert sums == (expected or [0, 0])


@pytest.mark.parametrize(
    ("findings", "terms", "expected"),
    [
        ({}, {}, Owed()),
        ({"severity": "material"}, {}, Owed(2300)),
        ({"severity": "material", "freight": 900}, {}, Owed(2300, 0, 900)),
        (
            {"severity": "material", "freight": 900},
            {"freight_at_most_minor": 700},
            Owed(2300, 0, 700),
        ),
        (
            {"severity": "material", "keeps_goods": True},
            {"material_basis_points": 3000},
            Owed(660),
        ),
        ({"severity": "minor"}, {"minor_basis_points": 500}, Owed(110)),
        ({"severity": "minor"}, {}, Owed()),
        ({"severity": "minor", "excused": True}, {"minor_basis_points": 500}, Owed()),
    ],
)
def test_as_described(findings: Any, terms: Any, expected: Owed) -> None:
    sold = line(delivered=10)
    promised = as_described.Terms(**terms)
    assert owed(as_described.judge(sold, promised, found(**findings), until(None))) == expected


@pytest.mark.parametrize("guarantee", [authenticity, fake_pay_three, as_described])
@pytest.mark.parametrize(
    ("facts", "silence", "expected"),
    [
        ({}, None, PENDING),
        ({"cancelled": 5}, None, KEPT),
        ({"delivered": 10}, None, PENDING),
        ({"delivered": 10}, 24 * 8 - 1, PENDING),
        ({"delivered": 10}, 24 * 8, KEPT),
    ],
)
def test_unclaimed(guarantee: Any, facts: Any, silence: Any, expected: Verdict) -> None:
    terms = guarantee.Terms(claim_within=WEEK)
    assert guarantee.judge(line(**facts), terms, None, until(silence)) is expected
    assert guarantee.judge(line(number=0, **facts), terms, found(**FAKE), until(None)) is KEPT


def test_the_occasion_is_the_case() -> None:
    verdict = authenticity.judge(line(), authenticity.Terms(), found(**FAKE), until(None))
    assert isinstance(verdict, Broken)
    assert (verdict.at, verdict.occasion) == (hour(50), "case")
