"""Reading files of policies: what is wrong is said in one sentence that names its place."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from makegood.enrolment.policies import PolicyFileError, parse_policies

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TERMS = """
[guarantees.lightning_dispatch]
rate_basis_points = 500
at_least_minor = 100
at_most_minor = 10000
"""


def policy_file(
    *,
    top: str = 'notice_waived = "a test"',
    effective_from: str = "2026-01-01T00:00:00Z",
    terms: str = TERMS,
    enrolments: str = 'merchants = "all"',
    more: str = "",
) -> bytes:
    return f"""
jurisdiction = "none"
currency = "BRL"
effective_from = {effective_from}
{top}
[platform]
advance_cap_minor = 100000
{terms}
[enrolments]
{enrolments}
{more}
""".encode()


def test_a_whole_file_is_read() -> None:
    file = parse_policies(policy_file(), NOW)
    assert (file.jurisdiction, file.currency) == ("none", "BRL")
    assert file.platform.advance_cap_minor == 100_000
    assert list(file.terms) == ["lightning_dispatch"]
    assert len(file.digest) == 64


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "utf-8"),
        (b"currency = ", "Invalid value"),
        (policy_file(top='notice_wavied = "misspelt"'), "notice_wavied"),
        (policy_file().replace(b"BRL", b"BRZ"), "'BRZ' is not a currency"),
        (policy_file(effective_from="2026-01-01T00:00:00"), "names no time zone"),
        (policy_file(top=""), "7 days"),
        (policy_file(terms="[guarantees.lightening]"), "lightening is no guarantee"),
        (
            policy_file(terms="[guarantees.lightning_dispatch]\nrate_basis_points = -1"),
            "rate_basis_points",
        ),
        (
            policy_file(enrolments='merchants = "all"\nshadow = ["in_stock"]'),
            "in_stock is named, but has no",
        ),
        (
            policy_file(more="[[breakers]]\nper_merchant = true"),
            "daily_minor, daily_awards or both",
        ),
        (
            policy_file(
                more='[[enrolments.better]]\nmerchant = "m"\nguarantee = "lightning_dispatch"\n'
                "terms = { rate_basis_points = 400 }"
            ),
            "promises less than the policy",
        ),
        (
            policy_file(more='[[enrolments.better]]\nmerchant = "m"\nguarantee = "in_stock"'),
            "promises in_stock, which is not set",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(content: bytes, said: str) -> None:
    with pytest.raises(PolicyFileError, match=re.escape(said)) as refused:
        parse_policies(content, NOW)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(("days", "taken"), [(7, True), (8, True), (6.99, False)])
def test_a_policy_is_published_seven_days_before_it_takes_effect(days: float, taken: bool) -> None:
    effective_from = (NOW + timedelta(days=days)).isoformat()
    content = policy_file(top="", effective_from=effective_from)
    if taken:
        assert parse_policies(content, NOW).notice_waived == ""
    else:
        with pytest.raises(PolicyFileError, match="E-Commerce Law 34"):
            parse_policies(content, NOW)


RETURNS = """
[guarantees.seven_day_return]
window.amount = %d
window.unit = "calendar_days"
window.zone = "Asia/Shanghai"
window.calendar = "cn"
window.rolls = true
refund_within = { amount = 5, unit = "calendar_days", zone = "Asia/Shanghai" }
"""


@pytest.mark.parametrize(("days", "taken"), [(7, True), (15, True), (6, False)])
def test_a_policy_promises_no_less_than_the_law(days: int, taken: bool) -> None:
    content = policy_file(terms=RETURNS % days).replace(b'"none"', b'"cn"').replace(b"BRL", b"CNY")
    if taken:
        assert list(parse_policies(content, NOW).terms) == ["seven_day_return"]
    else:
        with pytest.raises(PolicyFileError, match=r"less than the law does \(CRPL 25"):
            parse_policies(content, NOW)


def test_where_no_law_is_packed_any_policy_stands() -> None:
    assert list(parse_policies(policy_file(terms=RETURNS % 1), NOW).terms) == ["seven_day_return"]
