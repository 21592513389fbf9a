"""What is owed on a line, until when, and why: the best of statute, policy and promise.

For each remedy the best source counts and is named (domain.md section 3). A promise above the
law is enforced as made; none can promise less, since the statute is judged beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from makegood.clock.instants import Instant
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.entitlement import within_paid
from makegood.guarantees.facts.line import Line, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import Guarantee
from makegood.guarantees.terms import Terms
from makegood.guarantees.verdict import KEPT, Broken, Held, Owed, Pending, Step, Verdict
from makegood.law.packs import Pack

State = Literal["kept", "pending", "held", "broken"]
RemedyKind = Literal["refund", "compensation", "freight", "fee", "service"]
REMEDIES: tuple[RemedyKind, ...] = ("refund", "compensation", "freight", "fee", "service")
_SERVICES = {None: 0, "repair": 1, "replacement": 2}


class Promised(Struct, frozen=True, kw_only=True):
    """What holds for a line beside the law: a policy's version, or a merchant's own enrolment."""

    code: str
    kind: Literal["policy", "promise"]
    reference: str
    terms: Terms


class Source(Struct, frozen=True):
    """Where an answer comes from: a rule of a statute pack, a policy version, an enrolment."""

    kind: Literal["statute", "policy", "promise"]
    reference: str
    jurisdiction: str = ""


class Remedy(Struct, frozen=True, kw_only=True):
    """One thing that is owed (or at most may be, when held), by its best source.

    `amount` is in minor units of `currency`; a service has none.
    """

    kind: RemedyKind
    source: Source
    because: tuple[Step, ...]
    currency: str
    amount: int = 0
    service: Literal["repair", "replacement"] | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What one guarantee comes to on a line.

    `judged_after`: silence until this instant breaks it next. `lasts_until`: the last instant
    at which it can still be broken or claimed. `clock` tells both in words.
    """

    code: str
    state: State
    remedies: tuple[Remedy, ...] = ()
    judged_after: Instant | None = None
    lasts_until: Instant | None = None
    clock: tuple[Step, ...] = ()


class _Judged(NamedTuple):
    source: Source
    verdict: Verdict
    judged_after: Instant | None
    lasts_until: Instant | None


def entitlement(
    line: Line,
    promised: Sequence[Promised],
    pack: Pack,
    findings: Mapping[str, Findings],
    at: Instant,
) -> tuple[Answer, ...]:
    """The answer of each guarantee that a statute, a policy or a promise gives for the line.

    `at` is the instant up to which silence may be judged. An unpaid line is promised nothing.
    """
    purchase = line.purchase
    if purchase is None:
        return ()
    judged: dict[str, list[_Judged]] = {}
    for code, guarantee in CATALOGUE.items():
        sources = _sources(guarantee, promised, pack, purchase.currency)
        if sources:
            judged[code] = [
                _judge(guarantee, line, source, terms, findings.get(code), at)
                for source, terms in sources
            ]
    refunds = {code: _best(judgements, "refund").verdict for code, judgements in judged.items()}
    limited = within_paid(refunds, purchase)
    return tuple(
        _answer(code, judgements, limited[code], purchase) for code, judgements in judged.items()
    )


def _sources(
    guarantee: Guarantee[Any], promised: Sequence[Promised], pack: Pack, currency: str
) -> list[tuple[Source, Terms]]:
    """Statutes first: where sources give the same, the strongest one is named."""
    own = [one for one in promised if one.code == guarantee.code]
    own.sort(key=lambda one: one.kind)
    floors = guarantee.floors(pack, currency, own[-1].terms if own else None)
    statutes = [(Source("statute", one.rule, pack.jurisdiction), one.terms) for one in floors]
    return statutes + [(Source(one.kind, one.reference), one.terms) for one in own]


def _judge(
    guarantee: Guarantee[Any],
    line: Line,
    source: Source,
    terms: Terms,
    findings: Findings | None,
    at: Instant,
) -> _Judged:
    verdict = guarantee.judge(line, terms, findings, at)
    return _Judged(source, verdict, guarantee.due(line, terms, at), guarantee.lasts(line, terms))


def _owed(verdict: Verdict) -> Owed:
    if isinstance(verdict, Broken):
        return verdict.owed
    return verdict.at_most if isinstance(verdict, Held) else Owed()


def _worth(verdict: Verdict, remedy: RemedyKind) -> int:
    owed = _owed(verdict)
    return _SERVICES[owed.service] if remedy == "service" else int(getattr(owed, remedy))


def _best(judgements: list[_Judged], remedy: RemedyKind) -> _Judged:
    return max(judgements, key=lambda judged: _worth(judged.verdict, remedy))


def _answer(code: str, judgements: list[_Judged], refund: Verdict, purchase: Purchase) -> Answer:
    remedies: list[Remedy] = []
    for kind in REMEDIES:
        best = _best(judgements, kind)
        verdict = refund if kind == "refund" else best.verdict
        if _worth(verdict, kind) > 0:
            remedies.append(_remedy(kind, best.source, verdict, purchase.currency))
    judged_after = min(_known(judged.judged_after for judged in judgements), default=None)
    lasts_until = max(_known(judged.lasts_until for judged in judgements), default=None)
    state = _state([judged.verdict for judged in judgements])
    if refund is KEPT and not remedies and state in ("broken", "held"):
        # What it gives was already given by a refund that goes before it.
        state = "kept"
    return Answer(
        code=code,
        state=state,
        remedies=tuple(remedies),
        judged_after=judged_after,
        lasts_until=lasts_until,
        clock=_clock(judged_after, lasts_until),
    )


def _known(instants: Iterable[Instant | None]) -> list[Instant]:
    return [one for one in instants if one is not None]


def _remedy(kind: RemedyKind, source: Source, verdict: Verdict, currency: str) -> Remedy:
    owed = _owed(verdict)
    told = verdict.because if isinstance(verdict, Broken | Held) else ()
    because = (*told, _cited(source))
    if kind == "service":
        return Remedy(
            kind=kind, source=source, because=because, currency=currency, service=owed.service
        )
    amount = int(getattr(owed, kind))
    return Remedy(kind=kind, source=source, because=because, currency=currency, amount=amount)


def _cited(source: Source) -> Step:
    if source.kind == "statute":
        return Step("article", "statute", (source.jurisdiction, source.reference))
    return Step("rule", source.kind, (source.reference,))


def _state(verdicts: list[Verdict]) -> State:
    if any(isinstance(verdict, Broken) for verdict in verdicts):
        return "broken"
    if any(isinstance(verdict, Held) for verdict in verdicts):
        return "held"
    return "pending" if any(isinstance(verdict, Pending) for verdict in verdicts) else "kept"


def _clock(judged_after: Instant | None, lasts_until: Instant | None) -> tuple[Step, ...]:
    steps: list[Step] = []
    if judged_after is not None:
        steps.append(Step("rule", "broken_after", (judged_after,)))
    if lasts_until is not None:
        steps.append(Step("rule", "lasts_until", (lasts_until,)))
    return tuple(steps)
