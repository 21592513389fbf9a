"""The whole line worked out anew, all its guarantees together (domain.md section 4a, rule 2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from makegood.clock.instants import Instant
from makegood.guarantees.catalogue import CATALOGUE, REFUND_ORDER
from makegood.guarantees.facts.line import Line, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import NO_SILENCE, Due
from makegood.guarantees.price_protection import CODE as PRICE_PROTECTION
from makegood.guarantees.terms import Terms
from makegood.guarantees.verdict import KEPT, Broken, Held, Owed, Step, Verdict

_JUDGES: dict[str, Callable[[Line, Any, Findings | None, Instant], Verdict]] = {
    code: guarantee.judge for code, guarantee in CATALOGUE.items()
}
_DUES: dict[str, Due[Any]] = {code: guarantee.due for code, guarantee in CATALOGUE.items()}
_NO_FINDINGS: dict[str, Findings] = {}


class Covered(Struct, frozen=True):
    """One promise pinned to a line: a guarantee's terms as the enrolment that held made them."""

    code: str
    terms: Terms
    enrolment_id: str = ""
    shadow: bool = False


def judge_line(
    line: Line,
    covered: Sequence[Covered],
    findings: Mapping[str, Findings] | None = None,
    at: Instant = NO_SILENCE,
) -> dict[str, Verdict]:
    """What each covering guarantee says of the line, by code, in the order of `covered`.

    `findings` are a person's, by guarantee; `at` is the instant up to which silence may be
    judged. Refunds of all guarantees together never exceed what was paid for the line, the
    refunds of an ending first. A promise in shadow mode pays nothing, so it leaves to the others
    what it would have refunded. An unpaid line is promised nothing: no verdicts.
    """
    purchase = line.purchase
    if purchase is None:
        return {}
    found = findings or _NO_FINDINGS
    verdicts: dict[str, Verdict] = {}
    refunding = 0
    for promise in covered:
        code = promise.code
        verdict = _JUDGES[code](line, promise.terms, found.get(code) if found else None, at)
        verdicts[code] = verdict
        if verdict.__class__ is Broken:
            refunding += verdict.owed.refund > 0
        elif verdict.__class__ is Held:
            refunding += verdict.at_most.refund > 0
    if refunding < 2:
        return verdicts
    limited = within_paid(verdicts, purchase)
    shadows = {promise.code for promise in covered if promise.shadow}
    if shadows:
        live = {code: verdict for code, verdict in verdicts.items() if code not in shadows}
        limited.update(within_paid(live, purchase))
    return limited


def due_line(
    line: Line, covered: Sequence[Covered], after: Instant = NO_SILENCE
) -> list[tuple[str, Instant]]:
    """The promises of the line that silence can next break: code, and the instant after which.

    What was judged for silence up to `after` is not named again.
    """
    open_until: list[tuple[str, Instant]] = []
    for promise in covered:
        until = _DUES[promise.code](line, promise.terms, after)
        if until is not None:
            open_until.append((promise.code, until))
    return open_until


def within_paid(verdicts: dict[str, Verdict], purchase: Purchase) -> dict[str, Verdict]:
    """Let refunds draw on what was paid, in their order, until nothing is left of it.

    A promise that only gives money back and finds none left is made good by the refund before
    it, so it counts as kept. A fallen price finds no more than what is left of the price:
    freight that was not refunded is none of it.
    """
    paid, refunded = purchase.paid_total, 0
    limited = dict(verdicts)
    for code in REFUND_ORDER:
        verdict = verdicts.get(code)
        if not isinstance(verdict, Broken | Held):
            continue
        owed = verdict.owed if isinstance(verdict, Broken) else verdict.at_most
        most = min(paid, purchase.price) if code == PRICE_PROTECTION else paid
        left = max(0, most - refunded)
        if owed.refund > left:
            limited[code] = _limited(verdict, replace(owed, refund=left), purchase.currency)
        refunded += min(owed.refund, left)
    return limited


def _limited(verdict: Broken | Held, owed: Owed, currency: str) -> Verdict:
    if owed == Owed():
        return KEPT
    because = (*verdict.because, Step("rule", "refund_limited_to_paid", (owed.refund, currency)))
    if isinstance(verdict, Broken):
        return replace(verdict, owed=owed, because=because)
    return replace(verdict, at_most=owed, because=because)
