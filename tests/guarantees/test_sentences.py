"""Each step of a reasoning can be told, whole, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from makegood import guarantees
from makegood.guarantees.sentences.explaining import SENTENCES, explain
from makegood.guarantees.verdict import Step
from tests.guarantees.lines import hour

SOURCE = Path(guarantees.__file__).parent
CLOCKS = ("dispatch", "delivery", "issue", "scan")
MADE_FROM_PARTS = {
    *(f"{clock}_{how}" for clock in CLOCKS for how in ("late", "never", "promised")),
    "found_minor_difference",
    "found_material_difference",
    "found_counterfeit",
    "found_unsafe_food",
    "out_of_stock",
    "ended_by_merchant",
    "repair_owed",
    "replacement_owed",
    "policy",
    "promise",
}


def steps_in_source() -> Iterator[tuple[str, int | None]]:
    """The code of each step that the guarantees make, and how many values it is given."""
    for path in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Step":
                code = node.args[1]
                values = node.args[2] if len(node.args) > 2 else ast.Tuple(elts=[])
                if isinstance(code, ast.Constant):
                    count = len(values.elts) if isinstance(values, ast.Tuple) else None
                    yield str(code.value), count


def test_every_step_has_its_sentence_and_every_sentence_its_step() -> None:
    steps = list(steps_in_source())
    assert {code for code, _ in steps} | MADE_FROM_PARTS == set(SENTENCES)
    assert [
        (code, count)
        for code, count in steps
        if count is not None and count != len(SENTENCES[code].takes)
    ] == []


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_both_languages_tell_the_same_values(code: str) -> None:
    template = SENTENCES[code]
    told = {name for name, kind in template.takes if kind not in ("currency", "jurisdiction")}
    for text in (template.en, template.zh):
        assert {name for _, name, _, _ in Formatter().parse(text) if name} == told
    assert not template.zh.isascii()
    assert template.zh.endswith("。")
    assert template.en.endswith(".")
    if any(kind == "money" for _, kind in template.takes):
        assert "currency" in {kind for _, kind in template.takes}


@pytest.mark.parametrize(
    ("step", "en", "zh"),
    [
        (
            Step("sum", "share", (2199, 500, 100, 10_000, 110, "BRL")),
            "5 % of BRL 21.99, half up, at least BRL 1.00, at most BRL 100.00: BRL 1.10.",
            "BRL 21.99 的 5%，四舍五入，最低 BRL 1.00，最高 BRL 100.00：BRL 1.10。",
        ),
        (
            Step("sum", "reduction", (2199, 1250, 275, "CNY")),
            "12.5 % of CNY 21.99, half up, is given back: CNY 2.75.",
            "退还 CNY 21.99 的 12.5%，四舍五入：CNY 2.75。",
        ),
        (
            Step("fact", "cancelled", (hour(8), "unknown")),
            "It was cancelled at 2017-07-14 16:00:00 CST by someone not named.",
            "2017-07-14 16:00:00 CST 由未载明的一方取消。",
        ),
        (
            Step("article", "statute", ("cn", "fraud_damages")),
            "So the law says: CRPL 55, Extra damages for fraud.",
            "法律依据：《消费者权益保护法》第55条 欺诈的惩罚性赔偿。",
        ),
        (Step("rule", "repair_owed"), "A repair free of charge is owed.", "应免费维修。"),
    ],
)
def test_told(step: Step, en: str, zh: str) -> None:
    assert explain([step], "en", "Asia/Shanghai") == [en]
    assert explain([step], "zh", "Asia/Shanghai") == [zh]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (Step("fact", "unheard_of"), KeyError),
        (Step("rule", "repair_owed", (1,)), ValueError),
        (Step("article", "statute", ("cn", "unheard_of")), ValueError),
    ],
)
def test_a_step_of_another_version_is_refused(step: Step, error: Any) -> None:
    with pytest.raises(error):
        explain([step], "en")
