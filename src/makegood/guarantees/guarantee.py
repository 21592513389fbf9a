"""The one shape that all ten guarantees have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from msgspec import Struct

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.terms import Terms
from makegood.guarantees.verdict import Verdict
from makegood.law.floors import merchant_proves
from makegood.law.packs import Pack

T = TypeVar("T", bound=Terms)
T_contra = TypeVar("T_contra", bound=Terms, contravariant=True)
Party = Literal["consumer", "merchant", "platform"]

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

    `rule` is the code of the law pack's rule that can shift the burden to the merchant.
    """

    code: str
    en: str
    zh: str
    burden: Party
    rule: str = ""


class Floor(Struct, frozen=True, kw_only=True):
    """What a statute promises, in the terms of a guarantee; `rule` is its code in the law pack."""

    rule: str
    terms: Terms


class Due(Protocol[T_contra]):
    """When silence can next break a promise that was judged for silence up to `after`."""

    def __call__(self, line: Line, terms: T_contra, after: Instant = NO_SILENCE) -> Instant | None:
        """The first such instant that is not before `after`, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee(Generic[T]):
    """A kind of promise: how it is named, set, judged, claimed and proved.

    `due` is the instant after which silence can next break the promise: a sweep may judge the
    line once what happened up to a later instant is known (None: silence cannot, or not now).
    `judge` says what the facts and findings mean; what did *not* happen is judged only up to
    `at`. `lasts` is the last instant at which the promise can still be broken or claimed, if
    that is known. None of them reads a clock. `floors` gives what the statutes of a pack
    promise anyway, given what was promised for the line (None: nothing was).
    """

    code: str
    title_en: str
    title_zh: str
    terms: type[T]
    due: Due[T]
    judge: Callable[[Line, T, Findings | None, Instant], Verdict]
    lasts: Callable[[Line, T], Instant | None]
    floors: Callable[[Pack, str, T | None], tuple[Floor, ...]]
    claim: tuple[Question, ...]
    evidence: tuple[Evidence, ...]


def no_floors(pack: Pack, currency: str, promised: Terms | None) -> tuple[Floor, ...]:
    """For a guarantee that no statute promises anyway."""
    return ()


def never_due(line: Line, terms: Terms, after: Instant = NO_SILENCE) -> Instant | None:
    """For a promise that only a fact or a person's findings can break."""
    return None


def burden(evidence: Evidence, line: Line, pack: Pack, found: Instant) -> Party:
    """Who has to prove this, for a defect found at `found`.

    The statute's shift of the burden (CRPL 23; Dir. 2019/771, 11) goes before the checklist's.
    """
    delivered, purchase = line.delivered, line.purchase
    if not evidence.rule or delivered is None or purchase is None:
        return evidence.burden
    shifted = merchant_proves(pack, delivered=delivered.at, found=found, durable=purchase.durable)
    return "merchant" if shifted else evidence.burden
