"""What the repairs of a line come to: the judgement that both guarantees of repair share."""

from typing import Literal

from makegood.clock.durations import Duration
from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import Floor
from makegood.guarantees.lengths import is_as_long
from makegood.guarantees.limits import ended_at
from makegood.guarantees.repair_terms import RepairTerms
from makegood.guarantees.repairs import (
    History,
    days_passed_at,
    days_run_out_at,
    failed_at,
    history,
    is_open,
    repairs_of,
    turnaround_limit,
)
from makegood.guarantees.shares import share, share_step
from makegood.guarantees.terms import Terms
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Owed, Pending, Step, Verdict
from makegood.law.packs import Pack

Trouble = tuple[Instant, str, tuple[Step, ...]]
"""Since when, the occasion, and the steps that tell it."""
Service = Literal["repair", "replacement"] | None


def repairs_due(
    line: Line, terms: RepairTerms, after: Instant, *, at_centre: bool
) -> Instant | None:
    """When silence next breaks a promise of repair: a turnaround, or the limit of days."""
    if line.purchase is None or line.number == 0 or not line.repairs:
        return None
    return _next_due(
        line, terms, history(line, terms, repairs_of(line, at_centre=at_centre)), after
    )


def judge_repairs(
    line: Line, terms: RepairTerms, findings: Findings | None, at: Instant, *, at_centre: bool
) -> Verdict:
    """Broken by a repair that is late, failed, charged for or (as found) wrongly refused.

    Late: the share of the price is compensated. Charged: the charge is made good. After as many
    failures or days as the terms allow the item is replaced or refunded, until then repaired.
    """
    purchase = line.purchase
    if purchase is None or line.number == 0 or (findings is not None and findings.excused):
        return KEPT
    repairs = repairs_of(line, at_centre=at_centre) if line.repairs else []
    past = history(line, terms, repairs)
    late = _late(line, terms, past, at)
    spent = _spent(past, terms, at)
    troubles = [*late, *_charged(past, purchase), *_failed(past), *spent, *_refused(findings)]
    if not troubles:
        until = _next_due(line, terms, past, at)
        return Pending(until) if until is not None else _unbroken(line, past, at)
    since, occasion, _ = min(troubles, key=lambda trouble: (trouble[0], trouble[1]))
    because = [step for trouble in troubles for step in trouble[2]]
    compensation = share(line, purchase, terms) if late else 0
    if compensation:
        because.append(share_step(purchase, terms, compensation))
    if spent:
        refund, service = _instead_of_repair(terms, purchase, findings)
    else:
        refund, service = 0, _repair_owed(past, late, findings)
    if refund:
        because.append(Step("rule", "refund_of_all_paid", (refund, purchase.currency)))
    elif service is not None:
        because.append(Step("rule", f"{service}_owed"))
    fee = sum(repair.charged for repair in past.covered)
    freight = findings.freight if findings is not None and findings.refused_wrongly else 0
    return Broken(
        Owed(refund, compensation, freight, fee, service), since, occasion, tuple(because)
    )


def repairs_last(line: Line, terms: RepairTerms, *, at_centre: bool) -> Instant | None:
    """The last instant at which a repair can be asked for; None until the item is there."""
    return history(line, terms, repairs_of(line, at_centre=at_centre)).closes


def repair_floors(guarantee: str, pack: Pack, promised: Terms | None) -> tuple[Floor, ...]:
    """The statute's limits on failures and days, or its window, under what was promised.

    The statutes name no turnaround, so they raise a promise of repair and make none of their own
    that a machine could judge (Three Guarantees rules; Dir. 2019/771, 10).
    """
    if not isinstance(promised, RepairTerms):
        return ()
    found: list[Floor] = []
    for rule in pack.floors(guarantee):
        if rule.code == "repair_limits":
            failures = min(promised.failures_at_most, rule.numbers["failures"])
            days = min(promised.repair_days_at_most, rule.numbers["repair_days_at_most"])
            found.append(Floor(rule=rule.code, terms=_raised(promised, failures, days, None)))
        elif rule.code == "conformity":
            window = rule.clocks["window"].duration
            failures, days = promised.failures_at_most, promised.repair_days_at_most
            found.append(Floor(rule=rule.code, terms=_raised(promised, failures, days, window)))
    return tuple(found)


def _raised(
    promised: RepairTerms, failures: int, days: int, window: Duration | None
) -> RepairTerms:
    if window is None or is_as_long(promised.window, window):
        window = promised.window
    return type(promised)(
        window=window,
        turnaround=promised.turnaround,
        failures_at_most=failures,
        repair_days_at_most=days,
        then=promised.then,
    )


def _late(line: Line, terms: RepairTerms, past: History, at: Instant) -> list[Trouble]:
    troubles: list[Trouble] = []
    for repair in past.covered:
        if repair.completed is None and repair.refused:
            continue
        limit = turnaround_limit(line, terms, repair)
        if repair.completed is not None and limit < repair.completed:
            told = Step("fact", "repair_late", (repair.completed,))
        elif repair.completed is None and limit < at:
            told = Step("fact", "repair_never", (limit,))
        else:
            continue
        steps = (Step("rule", "repair_promised", (repair.requested, limit)), told)
        troubles.append((limit, repair.id, steps))
    return troubles


def _charged(past: History, purchase: Purchase) -> list[Trouble]:
    return [
        (
            repair.completed,
            repair.id,
            (Step("fact", "repair_charged", (repair.charged, purchase.currency)),),
        )
        for repair in past.covered
        if repair.completed is not None and repair.charged > 0
    ]


def _failed(past: History) -> list[Trouble]:
    """Repairs that ended without success, while nothing has been repaired since."""
    return [
        (one.completed, one.id, (Step("fact", "repair_failed", (one.completed,)),))
        for one in past.unremedied
        if one.completed is not None
    ]


def _spent(past: History, terms: RepairTerms, at: Instant) -> list[Trouble]:
    """The failures or days after which the item is no longer to be repaired but replaced."""
    if not past.current:
        return []
    troubles: list[Trouble] = []
    occasion = past.current[0].id
    failed = failed_at(past.current, terms)
    if failed is not None:
        step = Step("rule", "failures_spent", (terms.failures_at_most,))
        troubles.append((failed, occasion, (step,)))
    passed = days_passed_at(past.current, terms, at)
    if passed is not None:
        step = Step("rule", "repair_days_spent", (terms.repair_days_at_most,))
        troubles.append((passed, occasion, (step,)))
    return troubles


def _refused(findings: Findings | None) -> list[Trouble]:
    if findings is None or not findings.refused_wrongly:
        return []
    told = Step("fact", "found_repair_refused_wrongly", (findings.at,))
    return [(findings.at, findings.occasion, (told,))]


def _instead_of_repair(
    terms: RepairTerms, purchase: Purchase, findings: Findings | None
) -> tuple[int, Service]:
    """The refund or the replacement, by the terms or, where they leave it, by choice."""
    chosen = findings.remedy if findings is not None else None
    if terms.then == "refund" or (terms.then == "either" and chosen == "refund"):
        return purchase.paid_total, None
    return 0, "replacement"


def _repair_owed(past: History, late: list[Trouble], findings: Findings | None) -> Service:
    """A repair is owed while one that was asked for is late, failed or wrongly refused."""
    refused = findings is not None and findings.refused_wrongly
    overdue = {occasion for _, occasion, _ in late}
    is_overdue = any(is_open(one) and one.id in overdue for one in past.current)
    return "repair" if refused or past.unremedied or is_overdue else None


def _next_due(line: Line, terms: RepairTerms, past: History, after: Instant) -> Instant | None:
    limits = [turnaround_limit(line, terms, repair) for repair in past.covered if is_open(repair)]
    run_out = days_run_out_at(past.current, terms)
    if run_out is not None:
        limits.append(run_out)
    return min((limit for limit in limits if limit >= after), default=None)


def _unbroken(line: Line, past: History, at: Instant) -> Verdict:
    if past.closes is None:
        return PENDING if ended_at(line) is None else KEPT
    return KEPT if past.closes < at else PENDING
