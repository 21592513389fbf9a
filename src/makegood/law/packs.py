"""Statute packs: rules with their numbers, clocks and articles, read from packaged TOML."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from makegood.clock.calendars import CalendarName
from makegood.clock.deadlines import Lapse
from makegood.clock.durations import Duration

Jurisdiction = Literal["cn", "eu", "none"]
Language = Literal["en", "zh"]


class Instrument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statute, regulation or judicial interpretation; `text_date` is that of the text used."""

    title_en: str
    title_zh: str
    short_en: str
    text_date: date


class Article(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in an instrument of the pack: one article, or several as in `8-10`."""

    instrument: str
    number: str


class LawClock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statutory clock: the event that starts it, its length and what its lapse brings.

    `starts` is the type of a fact, an event of a later stage of a case, or `clock.<name>` for
    a clock that begins where another of the same rule ends.
    """

    starts: str
    duration: Duration
    lapse: Lapse


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a statutory list, such as a kind of goods that cannot be returned."""

    code: str
    en: str
    zh: str


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule of law.

    `kind`: a *floor* sets the least that a line is owed under `guarantees`; a *duty* binds the
    platform or the merchant; what is *stated* is told to the parties and decided by a court; a
    *method* says how to count. Names of `numbers` end in their unit; `secondary` lists the
    numbers and clocks taken from a secondary copy of the text, of which the note says more.
    """

    code: str
    kind: Literal["floor", "duty", "stated", "method"]
    title_en: str
    title_zh: str
    articles: tuple[Article, ...]
    guarantees: tuple[str, ...] = ()
    numbers: dict[str, int] = {}
    clocks: dict[str, LawClock] = {}
    items: tuple[Item, ...] = ()
    goods: Literal["all", "durable", "food"] = "all"
    freight: Literal["consumer", "merchant"] | None = None
    secondary: tuple[str, ...] = ()
    note_en: str = ""
    note_zh: str = ""

    def __post_init__(self) -> None:
        """Refuse, as a ValueError, a secondary name that is no number or clock of the rule."""
        if unknown := set(self.secondary) - self.numbers.keys() - self.clocks.keys():
            raise ValueError(f"{self.code} marks {sorted(unknown)} as secondary but has no such")
        if self.secondary and not (self.note_en and self.note_zh):
            raise ValueError(f"{self.code} rests on a secondary copy and has no note that says so")


class Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The statutes of one jurisdiction, as data."""

    jurisdiction: Jurisdiction
    title_en: str
    title_zh: str
    zone: str
    calendar: CalendarName
    currency: str | None = None
    instruments: dict[str, Instrument] = {}
    rules: tuple[Rule, ...] = ()
    note_en: str = ""
    note_zh: str = ""

    def __post_init__(self) -> None:
        """Refuse, as a ValueError, a rule told twice and an article of an unknown instrument."""
        codes = [rule.code for rule in self.rules]
        if len(codes) != len(set(codes)):
            raise ValueError(f"pack {self.jurisdiction} tells a rule twice")
        for rule in self.rules:
            if not {article.instrument for article in rule.articles} <= self.instruments.keys():
                raise ValueError(f"{rule.code} cites an instrument that the pack does not name")

    @property
    def text_date(self) -> date | None:
        """The date of the newest text that the pack rests on; None if it rests on none."""
        return max((one.text_date for one in self.instruments.values()), default=None)

    def rule(self, code: str) -> Rule | None:
        """The rule of that code, or None where this jurisdiction has none."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def floors(self, guarantee: str) -> tuple[Rule, ...]:
        """The rules that set the least owed under a guarantee, in the order of the pack."""
        return tuple(
            rule for rule in self.rules if rule.kind == "floor" and guarantee in rule.guarantees
        )


def read_pack(text: str) -> Pack:
    """A pack from TOML; what does not fit is a ValueError that says where.

    A deployment whose lawyer changed a pack reads its own text by this.
    """
    try:
        return msgspec.convert(tomllib.loads(text), Pack)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"not a statute pack: {error}") from error


@cache
def pack(jurisdiction: Jurisdiction) -> Pack:
    """The packaged statutes of a jurisdiction; a ValueError if there is no pack for it."""
    if jurisdiction not in get_args(Jurisdiction):
        raise ValueError(f"there is no statute pack for {jurisdiction!r}")
    source = files("makegood.law").joinpath(f"{jurisdiction}.toml")
    return read_pack(source.read_text(encoding="utf-8"))


def number(pack: Pack, rule: str, name: str) -> int | None:
    """A number of a rule (its unit ends its name), or None where the law sets none."""
    found = pack.rule(rule)
    return found.numbers.get(name) if found else None


def clock(pack: Pack, rule: str, name: str) -> LawClock | None:
    """A clock of a rule, or None where the law sets none."""
    found = pack.rule(rule)
    return found.clocks.get(name) if found else None


def cite(pack: Pack, rule: Rule, language: Language) -> str:
    """Where a rule stands: such as "Civil Code 585; ECL 38" or "《民法典》第585条"."""
    places = [
        (pack.instruments[name], [article.number for article in articles])
        for name, articles in groupby(rule.articles, key=lambda article: article.instrument)
    ]
    if language == "zh":
        return "、".join(
            f"《{one.title_zh}》" + "、".join(f"第{number}条" for number in numbers)
            for one, numbers in places
        )
    # A name that ends in a digit would run into the number of the article.
    return "; ".join(
        one.short_en + (", " if one.short_en[-1].isdigit() else " ") + ", ".join(numbers)
        for one, numbers in places
    )
