"""The one shape that all ten guarantees have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.terms import Terms
from makegood.guarantees.verdict import Verdict

T = TypeVar("T", bound=Terms)

NO_SILENCE: Instant = -(2**62)
"""An `at` before every limit: nothing that did not happen may be judged yet."""


class Question(Struct, frozen=True):
    """One question of a claim form; `choices` are pairs of English and Chinese."""

    code: str
    kind: Literal["text", "choice", "date", "amount", "yes_or_no"]
    en: str
    zh: str
    required: bool = True
    choices: tuple[tuple[str, str, str], ...] = ()
    """For a choice: code, English, Chinese."""


class Evidence(Struct, frozen=True):
    """One item of an evidence checklist and who bears the burden of proof for it.

    `rule` is the code of the law pack's rule that places the burden, where a statute does.
    """

    code: str
    en: str
    zh: str
    burden: Literal["consumer", "merchant", "platform"]
    rule: str = ""


class Floor(Struct, frozen=True, kw_only=True):
    """What a statute promises, in the terms of a guarantee; `rule` is its code in the law pack."""

    rule: str
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee(Generic[T]):
    """A kind of promise: how it is named, set, judged, claimed and proved.

    `due` is the instant after which silence can next break the promise: a sweep may judge the
    line once what happened up to a later instant is known (None: silence cannot, or not now).
    `judge` says what the facts and findings mean; what did *not* happen is judged only up to
    `at`. Neither reads a clock. `floors` gives what a jurisdiction's statutes promise anyway.
    """

    code: str
    title_en: str
    title_zh: str
    terms: type[T]
    due: Callable[[Line, T], Instant | None]
    judge: Callable[[Line, T, Findings | None, Instant], Verdict]
    floors: Callable[[str, str], tuple[Floor, ...]]
    claim: tuple[Question, ...]
    evidence: tuple[Evidence, ...]


def no_floors(jurisdiction: str, currency: str) -> tuple[Floor, ...]:
    """For a guarantee that no statute promises anyway."""
    return ()
