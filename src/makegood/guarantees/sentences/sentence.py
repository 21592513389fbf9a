"""A sentence with its values: what each is, so that it can be told in any language."""

from typing import Literal, NamedTuple

Kind = Literal[
    "time", "money", "currency", "rate", "count", "party", "jurisdiction", "rule", "name"
]
"""What a value is. Money is in minor units of the step's `currency`; a rate in basis points;
a `rule` is a code of the law pack of the step's `jurisdiction`, told as its article and title.
"""


class Sentence(NamedTuple):
    """A template in both languages; `takes` names the step's values in their order."""

    takes: tuple[tuple[str, Kind], ...]
    en: str
    zh: str


def sentence(takes: str, en: str, zh: str) -> Sentence:
    """A sentence that takes values such as `"price:money rate:rate currency:currency"`."""
    pairs = (word.partition(":") for word in takes.split())
    return Sentence(tuple((name, _KINDS[kind or name]) for name, _, kind in pairs), en, zh)


_KINDS: dict[str, Kind] = {
    "time": "time",
    "money": "money",
    "currency": "currency",
    "rate": "rate",
    "count": "count",
    "party": "party",
    "jurisdiction": "jurisdiction",
    "rule": "rule",
    "name": "name",
}
