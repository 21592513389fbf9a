"""The table of the law that sets the floors (domain, section 8), rule by rule."""

import pytest

from makegood.clock.durations import Duration, Unit
from makegood.law.packs import Jurisdiction, Rule, cite, clock, number, pack

ZONES: dict[Jurisdiction, str] = {"cn": "Asia/Shanghai", "eu": "Europe/Brussels"}


def rule(jurisdiction: Jurisdiction, code: str) -> Rule:
    found = pack(jurisdiction).rule(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("jurisdiction", "code", "kind", "where"),
    [
        ("cn", "no_reason_return", "floor", "CRPL 25"),
        ("cn", "not_returnable", "floor", "CRPL 25"),
        ("cn", "below_quality_return", "floor", "CRPL 24"),
        ("cn", "burden_of_proof", "floor", "CRPL 23"),
        ("cn", "fraud_damages", "floor", "CRPL 55"),
        ("cn", "unsafe_food_damages", "floor", "Food Safety Law 148"),
        ("cn", "platform_promise", "duty", "CRPL 44"),
        ("cn", "merchant_identity", "duty", "ECL 27"),
        ("cn", "information_kept", "duty", "ECL 31"),
        ("cn", "rule_change", "duty", "ECL 34"),
        ("cn", "sanctions_published", "duty", "ECL 36"),
        ("cn", "deposit_agreement", "duty", "ECL 58"),
        ("cn", "complaint_channel", "duty", "ECL 59, 61, 62, 63"),
        ("cn", "stalling", "floor", "SAMR Measures on infringing consumer rights 8-10"),
        ("cn", "void_terms", "duty", "SPC online consumption provisions 1"),
        ("cn", "better_promise", "duty", "SPC online consumption provisions 2, 10"),
        ("cn", "repair_limits", "floor", "Three Guarantees rules 11-12"),
        ("cn", "court_decides", "stated", "Civil Code 585; ECL 38"),
        ("eu", "no_reason_return", "floor", "Dir. 2011/83, 9, 10, 13-14"),
        ("eu", "conformity", "floor", "Dir. 2019/771, 10"),
        ("eu", "statement_of_reasons", "duty", "Reg. 2019/1150, 4"),
        ("eu", "termination_notice", "duty", "Reg. 2019/1150, 4"),
        ("eu", "complaint_channel", "duty", "DSA 20"),
        ("eu", "merchant_identity", "duty", "DSA 30"),
    ],
)
def test_each_rule_stands_where_the_table_says(
    jurisdiction: Jurisdiction, code: str, kind: str, where: str
) -> None:
    found = rule(jurisdiction, code)
    assert (found.kind, cite(pack(jurisdiction), found, "en")) == (kind, where)


@pytest.mark.parametrize(
    ("jurisdiction", "code", "name", "starts", "amount", "unit", "cost"),
    [
        ("cn", "no_reason_return", "window", "line.delivered", 7, "calendar_days", "consumer"),
        ("cn", "no_reason_return", "refund", "return.received", 7, "calendar_days", "merchant"),
        ("cn", "below_quality_return", "window", "line.delivered", 7, "calendar_days", "consumer"),
        ("cn", "burden_of_proof", "window", "line.delivered", 6, "months", "consumer"),
        ("cn", "information_kept", "kept", "transaction.completed", 3, "years", "nobody"),
        ("cn", "rule_change", "notice", "policy.published", 7, "calendar_days", "nobody"),
        ("cn", "stalling", "handling", "return.requested", 15, "calendar_days", "merchant"),
        ("cn", "stalling", "refund", "return.received", 15, "calendar_days", "merchant"),
        ("eu", "no_reason_return", "window", "line.delivered", 14, "calendar_days", "consumer"),
        ("eu", "no_reason_return", "window_if_not_informed", "clock.window", 12, "months",
         "consumer"),
        ("eu", "no_reason_return", "refund", "return.requested", 14, "calendar_days", "merchant"),
        ("eu", "conformity", "window", "line.delivered", 2, "years", "consumer"),
        ("eu", "burden_of_proof", "window", "line.delivered", 1, "years", "consumer"),
        ("eu", "termination_notice", "notice", "termination.notified", 30, "calendar_days",
         "nobody"),
        ("eu", "complaint_channel", "open", "decision.notified", 6, "months", "consumer"),
    ],
)  # fmt: skip
def test_each_clock_of_the_law(
    jurisdiction: Jurisdiction,
    code: str,
    name: str,
    starts: str,
    amount: int,
    unit: Unit,
    cost: str,
) -> None:
    found = clock(pack(jurisdiction), code, name)
    assert found is not None
    assert (found.starts, found.duration.amount, found.duration.unit) == (starts, amount, unit)
    assert found.duration.zone == ZONES[jurisdiction]
    assert found.lapse.cost == cost


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("fraud_damages", "price_multiplier", 3),
        ("fraud_damages", "at_least_minor", 500_00),
        ("unsafe_food_damages", "price_multiplier", 10),
        ("unsafe_food_damages", "loss_multiplier", 3),
        ("unsafe_food_damages", "at_least_minor", 1_000_00),
        ("repair_limits", "failures", 2),
        ("repair_limits", "repair_days_at_most", 30),
        ("repair_limits", "price_multiplier", None),
        ("no_such_rule", "failures", None),
    ],
)
def test_each_number_of_the_law(code: str, name: str, expected: int | None) -> None:
    assert number(pack("cn"), code, name) == expected


@pytest.mark.parametrize(
    ("jurisdiction", "code", "items"),
    [
        ("cn", "not_returnable",
         "made_to_order perishable unsealed digital newspaper confirmed"),
        ("cn", "deposit_agreement", "amount management use return"),
        ("cn", "void_terms",
         "signing_is_accepting final_interpretation wider_no_return_list limits_on_complaints"),
        ("cn", "court_decides", "liquidated_damages mental_distress joint_liability"),
        ("eu", "not_returnable", "made_to_order perishable unsealed digital newspaper"),
    ],
)  # fmt: skip
def test_each_list_of_the_law(jurisdiction: Jurisdiction, code: str, items: str) -> None:
    assert [item.code for item in rule(jurisdiction, code).items] == items.split()


@pytest.mark.parametrize(
    ("jurisdiction", "code", "bearer"),
    [
        ("cn", "no_reason_return", "consumer"),
        ("cn", "below_quality_return", "merchant"),
        ("eu", "no_reason_return", "consumer"),
        ("eu", "conformity", "merchant"),
        ("cn", "stalling", None),
    ],
)
def test_who_bears_the_freight(jurisdiction: Jurisdiction, code: str, bearer: str | None) -> None:
    assert rule(jurisdiction, code).freight == bearer


@pytest.mark.parametrize(
    ("code", "names"),
    [("no_reason_return", ("window",)), ("repair_limits", ("failures", "repair_days_at_most"))],
)
def test_what_comes_from_a_secondary_copy_says_so(code: str, names: tuple[str, ...]) -> None:
    found = rule("cn", code)
    assert found.secondary == names
    assert "secondary copy" in found.note_en
    assert "二手文本" in found.note_zh


def test_statutory_windows_of_consumers_roll_off_days_of_rest() -> None:
    for jurisdiction in ZONES:
        for one in pack(jurisdiction).rules:
            window = one.clocks.get("window")
            assert window is None or window.duration.rolls


def test_the_seven_days_are_counted_by_the_chinese_calendar() -> None:
    window = clock(pack("cn"), "no_reason_return", "window")
    assert window is not None
    assert window.duration == Duration(7, "calendar_days", "Asia/Shanghai", "cn", rolls=True)
