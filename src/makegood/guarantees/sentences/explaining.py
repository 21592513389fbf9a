"""Telling a reasoning in words: the same steps for page, API, letter and record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, cast

from makegood.clock.instants import local
from makegood.guarantees.sentences.facts import FACTS
from makegood.guarantees.sentences.rules import RULES, SUMS
from makegood.guarantees.sentences.sentence import Kind, Sentence
from makegood.guarantees.verdict import Step
from makegood.law.packs import Jurisdiction, cite, pack
from makegood.money import decimal_text

Language = Literal["en", "zh"]

SENTENCES: Mapping[str, Sentence] = {**FACTS, **RULES, **SUMS}
"""Every sentence by the code of its step."""

_PARTIES: dict[str, dict[Language, str]] = {
    "consumer": {"en": "the consumer", "zh": "消费者"},
    "merchant": {"en": "the merchant", "zh": "商家"},
    "platform": {"en": "the platform", "zh": "平台"},
    "unknown": {"en": "someone not named", "zh": "未载明的一方"},
}


def explain(steps: Iterable[Step], language: Language, zone: str = "UTC") -> list[str]:
    """The steps as sentences, times in `zone` and money with its currency.

    A code without a sentence is a KeyError, and values that do not fit it are a ValueError:
    both mean that the record was made by another version of the rules.
    """
    return [_told(step, language, zone) for step in steps]


def _told(step: Step, language: Language, zone: str) -> str:
    template = SENTENCES[step.code]
    if len(step.values) != len(template.takes):
        raise ValueError(f"{step.code} takes {len(template.takes)} values, not {len(step.values)}")
    context: dict[str, object] = {
        kind: value
        for (_, kind), value in zip(template.takes, step.values, strict=True)
        if kind in ("currency", "jurisdiction")
    }
    words = {
        name: _TELL[kind](value, language, zone, context)
        for (name, kind), value in zip(template.takes, step.values, strict=True)
    }
    return (template.zh if language == "zh" else template.en).format(**words)


Context = Mapping[str, object]


def _time(value: Any, language: Language, zone: str, context: Context) -> str:
    return local(value, zone).strftime("%Y-%m-%d %H:%M:%S %Z")


def _money(value: Any, language: Language, zone: str, context: Context) -> str:
    currency = cast("str", context["currency"])
    return f"{currency} {decimal_text(value, currency)}"


def _rate(value: Any, language: Language, zone: str, context: Context) -> str:
    """Basis points as per cent, without a float: 500 is 5 %, 1,250 is 12.5 %."""
    whole, hundredths = divmod(value, 100)
    fraction = f".{hundredths:02d}".rstrip("0") if hundredths else ""
    return f"{whole}{fraction} %" if language == "en" else f"{whole}{fraction}%"


def _party(value: Any, language: Language, zone: str, context: Context) -> str:
    return _PARTIES[value][language]


def _rule(value: Any, language: Language, zone: str, context: Context) -> str:
    statutes = pack(cast("Jurisdiction", context["jurisdiction"]))
    rule = statutes.rule(value)
    if rule is None:
        raise ValueError(f"{statutes.jurisdiction} has no rule {value!r}")
    article = cite(statutes, rule, language)
    return f"{article}, {rule.title_en}" if language == "en" else f"{article} {rule.title_zh}"


def _plain(value: Any, language: Language, zone: str, context: Context) -> str:
    return str(value)


_TELL: dict[Kind, Callable[[Any, Language, str, Context], str]] = {
    "time": _time,
    "money": _money,
    "currency": _plain,
    "rate": _rate,
    "count": _plain,
    "party": _party,
    "jurisdiction": _plain,
    "rule": _rule,
    "name": _plain,
}
