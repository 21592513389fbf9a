"""Packs are data: whole in both languages, dated, and refused when they contradict themselves."""

from datetime import date
from typing import Any, cast, get_args

import msgspec
import pytest

from makegood.law.packs import Jurisdiction, cite, pack, read_pack

JURISDICTIONS = get_args(Jurisdiction)
PACK = """
jurisdiction = "cn"
title_en = "Test"
title_zh = "测试"
zone = "Asia/Shanghai"
calendar = "cn"
[instruments.law]
title_en = "Law"
title_zh = "法"
short_en = "Law"
text_date = 2020-01-01
[[rules]]
code = "one"
kind = "floor"
title_en = "One"
title_zh = "一"
articles = [{ instrument = "law", number = "1" }]
numbers = { days_at_most = 3 }
"""


def texts(value: object, path: str) -> list[tuple[str, str]]:
    """Every English text of a pack with its Chinese one."""
    plain = cast("Any", msgspec.to_builtins(value))
    found: list[tuple[str, str]] = []
    if isinstance(plain, dict):
        for key in ("en", "title_en", "note_en"):
            if key in plain:
                found.append((plain[key], plain[key.replace("en", "zh")]))
        for key, inner in plain.items():
            found += texts(inner, f"{path}.{key}")
    if isinstance(plain, list):
        for inner in plain:
            found += texts(inner, path)
    return found


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_a_pack_speaks_both_languages(jurisdiction: Jurisdiction) -> None:
    told = texts(pack(jurisdiction), jurisdiction)
    assert told
    for en, zh in told:
        assert bool(en) == bool(zh)
        assert en.isascii()
        assert not zh or not zh.isascii()


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_rule_is_cited_in_both_languages(jurisdiction: Jurisdiction) -> None:
    statutes = pack(jurisdiction)
    for rule in statutes.rules:
        assert cite(statutes, rule, "en")
        assert cite(statutes, rule, "zh").startswith("《")


def test_citations_read_as_a_lawyer_writes_them() -> None:
    china = pack("cn")
    court, channel = china.rule("court_decides"), china.rule("complaint_channel")
    assert court is not None
    assert channel is not None
    assert cite(china, court, "en") == "Civil Code 585; ECL 38"
    assert cite(china, court, "zh") == "《民法典》第585条、《电子商务法》第38条"
    assert cite(china, channel, "zh") == "《电子商务法》第59条、第61条、第62条、第63条"


def test_a_pack_carries_the_date_of_its_text() -> None:
    assert pack("cn").text_date == date(2022, 3, 1)
    assert pack("eu").text_date == date(2022, 10, 19)
    assert pack("none").text_date is None


def test_without_a_jurisdiction_there_is_no_rule() -> None:
    assert pack("none").rules == ()
    assert pack("none").floors("fake_pay_three") == ()


@pytest.mark.parametrize(
    ("jurisdiction", "guarantee", "codes"),
    [
        ("cn", "authenticity", "burden_of_proof"),
        ("cn", "fake_pay_three", "fraud_damages unsafe_food_damages"),
        ("cn", "as_described", "below_quality_return burden_of_proof stalling"),
        ("cn", "seven_day_return", "no_reason_return not_returnable stalling"),
        ("cn", "refund_guarantee", "stalling"),
        ("cn", "thirty_day_repair", "burden_of_proof repair_limits"),
        ("cn", "nationwide_warranty", "burden_of_proof repair_limits"),
        ("cn", "lightning_dispatch", ""),
        ("cn", "in_stock", ""),
        ("cn", "price_protection", ""),
        ("eu", "seven_day_return", "no_reason_return not_returnable"),
        ("eu", "thirty_day_repair", "conformity burden_of_proof"),
        ("eu", "fake_pay_three", ""),
    ],
)
def test_the_floors_of_each_guarantee(
    jurisdiction: Jurisdiction, guarantee: str, codes: str
) -> None:
    assert [rule.code for rule in pack(jurisdiction).floors(guarantee)] == codes.split()


def test_a_pack_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no statute pack"):
        pack(cast("Jurisdiction", "../cn"))


def test_a_lawyers_own_pack_is_read() -> None:
    changed = read_pack(PACK.replace("days_at_most = 3", "days_at_most = 5"))
    rule = changed.rule("one")
    assert rule is not None
    assert rule.numbers == {"days_at_most": 5}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('instrument = "law"', 'instrument = "lore"', "cites an instrument"),
        ('kind = "floor"', 'kind = "flour"', "Invalid enum value"),
        ('kind = "floor"', 'kind = "floor"\ncolour = "red"', "unknown field"),
        ("days_at_most = 3", 'days_at_most = "3"', "Expected `int`"),
        ('kind = "floor"', 'kind = "floor"\nsecondary = ["window"]', "has no such"),
        ('kind = "floor"', 'kind = "floor"\nsecondary = ["days_at_most"]', "has no note"),
        ('title_zh = "一"', "", "title_zh"),
        ("text_date = 2020-01-01", "text_date = 2020-13-01", "not a statute pack"),
        ("[[rules]]", "[[rules", "not a statute pack"),
    ],
)
def test_a_pack_that_contradicts_itself_is_refused(old: str, new: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_pack(PACK.replace(old, new))


def test_a_rule_told_twice_is_refused() -> None:
    twice = PACK + PACK[PACK.index("[[rules]]") :]
    with pytest.raises(ValueError, match="tells a rule twice"):
        read_pack(twice)
