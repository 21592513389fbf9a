"""Terms: read within their bounds, told as data, and compared for the consumer's good."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from makegood.clock.durations import Duration
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.guarantee import burden
from makegood.guarantees.lengths import is_as_long
from makegood.guarantees.lightning_dispatch import Terms as Dispatch
from makegood.guarantees.price_protection import Terms as Price
from makegood.guarantees.return_terms import Terms as Return
from makegood.guarantees.terms import Terms, betters, parameters, read, worse_parameters
from makegood.law.packs import pack
from tests.guarantees.lines import DAYS, bought, hour, line

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
WEEK = Duration(7, "calendar_days")
EACH = pytest.mark.parametrize("code", list(CATALOGUE))


@pytest.mark.parametrize(
    ("terms", "given"),
    [
        (Dispatch, {"rate_basis_points": -1}),
        (Dispatch, {"rate_basis_points": 100_001}),
        (Dispatch, {"rate_basis_points": 5.5}),
        (Dispatch, {"rate_basis_point": 500}),
        (Dispatch, {"measure": "packed"}),
        (Dispatch, {"at_least_minor": 2, "at_most_minor": 1}),
        (Dispatch, {"zone": "Mars/Olympus"}),
        (Price, {}),
        (Price, {"window_hours": 0}),
        (Return, {"window": {"amount": 367, "unit": "calendar_days"}, "refund_within": WEEK}),
        (Return, {"window": {"amount": 0, "unit": "calendar_days"}, "refund_within": WEEK}),
        (Return, {"window": {"amount": 7, "unit": "moons"}, "refund_within": WEEK}),
    ],
)
def test_refused(terms: type[Terms], given: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(terms, given)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_read(path: Path) -> None:
    for code, given in tomllib.loads(path.read_text())["guarantees"].items():
        terms = read(CATALOGUE[code].terms, given)
        stored = msgspec.json.encode(terms)
        assert msgspec.json.decode(stored, type=CATALOGUE[code].terms) == terms


@EACH
def test_each_parameter_says_what_it_means_in_both_languages(code: str) -> None:
    terms: type[Terms] = CATALOGUE[code].terms
    for one in parameters(terms):
        assert one.help_en.isascii()
        assert one.help_en != one.help_zh
        assert not one.help_zh.isascii()
        assert one.optional == (one.without is not None), one.name
        if one.unit not in ("choice", "zone", "yes_or_no"):
            assert one.at_least is not None
            assert one.at_most is not None
        if one.unit == "choice":
            assert one.choices


@EACH
def test_each_guarantee_can_be_named_claimed_and_proved_in_both_languages(code: str) -> None:
    guarantee = CATALOGUE[code]
    pairs = [(guarantee.title_en, guarantee.title_zh)]
    pairs += [(one.en, one.zh) for one in guarantee.claim]
    pairs += [(one.en, one.zh) for one in guarantee.evidence]
    pairs += [(en, zh) for one in guarantee.claim for _, en, zh in one.choices]
    for en, zh in pairs:
        assert en.isascii()
        assert not zh.isascii()
    assert guarantee.code == code
    assert all((one.kind == "choice") == bool(one.choices) for one in guarantee.claim)
    assert {one.burden for one in guarantee.evidence} & {"merchant", "platform"}
    schema = msgspec.json.schema(guarantee.terms)
    assert schema["$defs"]["Terms"]["properties"]


@pytest.mark.parametrize(
    ("promise", "minimum", "worse"),
    [
        ({}, {}, ()),
        ({"rate_basis_points": 600}, {"rate_basis_points": 500}, ()),
        ({"rate_basis_points": 400}, {"rate_basis_points": 500}, ("rate_basis_points",)),
        ({"at_most_minor": None}, {"at_most_minor": 5}, ()),
        ({"at_most_minor": 5}, {"at_most_minor": None}, ("at_most_minor",)),
        ({"within_hours": 24}, {"within_hours": 48}, ()),
        ({"within_hours": 48}, {"within_hours": 24}, ("within_hours",)),
        ({"within_hours": 48}, {"within_hours": None}, ()),
        ({"within_hours": None}, {"within_hours": 48}, ("within_hours",)),
        ({"measure": "delivered"}, {}, ("measure",)),
        ({"zone": "Asia/Shanghai", "rate_basis_points": 1}, {"rate_basis_points": 2}, None),
    ],
)
def test_a_promise_must_be_as_good_in_every_parameter(
    promise: dict[str, Any], minimum: dict[str, Any], worse: tuple[str, ...] | None
) -> None:
    given, floor = Dispatch(**promise), Dispatch(**minimum)
    expected = ("rate_basis_points", "zone") if worse is None else worse
    assert worse_parameters(given, floor) == expected
    assert betters(given, floor) == (not expected)


def test_durations_and_answers_compare_too() -> None:
    policy = Return(window=WEEK, refund_within=WEEK)
    longer = Return(window=Duration(8, "calendar_days"), refund_within=WEEK)
    quicker = Return(window=WEEK, refund_within=Duration(48, "elapsed_hours"))
    borne = Return(window=WEEK, refund_within=WEEK, freight_on_merchant=True)
    for better in (longer, quicker, borne):
        assert betters(better, policy)
        assert not betters(policy, better)


def test_terms_of_different_guarantees_do_not_compare() -> None:
    with pytest.raises(TypeError, match="cannot better"):
        betters(Dispatch(), Price(window_hours=1))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (WEEK, WEEK, True),
        (Duration(6, "calendar_days"), WEEK, False),
        (Duration(7, "calendar_days", rolls=True), WEEK, True),
        (WEEK, Duration(7, "calendar_days", rolls=True), False),
        (Duration(18, "calendar_days"), Duration(7, "calendar_days", rolls=True), True),
        (Duration(7, "working_days"), WEEK, False),
        (Duration(8, "working_days"), WEEK, True),
        (Duration(1, "months"), Duration(31, "calendar_days"), False),
        (Duration(2, "months"), Duration(31, "calendar_days"), True),
        (Duration(1, "years"), Duration(11, "months"), True),
        (Duration(48, "elapsed_hours"), Duration(2880, "elapsed_minutes"), True),
        (Duration(168, "elapsed_hours"), WEEK, False),
        (Duration(192, "elapsed_hours"), WEEK, True),
        (Duration(7, "calendar_days", zone="Asia/Shanghai"), WEEK, False),
    ],
)
def test_lengths(one: Duration, other: Duration, expected: bool) -> None:
    assert is_as_long(one, other) is expected


@pytest.mark.parametrize(
    ("jurisdiction", "durable", "found", "expected"),
    [
        ("cn", True, 90 * DAYS, "merchant"),
        ("cn", True, 300 * DAYS, "consumer"),
        ("cn", False, 90 * DAYS, "consumer"),
        ("eu", False, 300 * DAYS, "merchant"),
        ("none", True, 90 * DAYS, "consumer"),
    ],
)
def test_the_law_shifts_the_burden_of_proof(
    jurisdiction: Any, durable: bool, found: float, expected: str
) -> None:
    (shown,) = [one for one in CATALOGUE["as_described"].evidence if one.code == "pictures"]
    sold = line(purchase=bought(durable=durable), delivered=10)
    assert burden(shown, sold, pack(jurisdiction), hour(found)) == expected
