"""The repairs of a line: which count, how long they took, and what they come to.

Shared by the two guarantees of repair; each judges its own repairs, those at the merchant or
those at an authorised centre, so that no repair is judged twice.
"""

from typing import NamedTuple

from makegood.clock.deadlines import lapses_at
from makegood.clock.instants import DAY, HOUR, Instant
from makegood.clock.intervals import Interval, Pause, nth_strike, passes_limit, total
from makegood.guarantees.facts.line import Line, RepairStep
from makegood.guarantees.limits import pauses
from makegood.guarantees.repair_terms import RepairTerms
from makegood.guarantees.windows import received_at

_NEVER: Instant = 2**62
_NEVER_BEFORE: Instant = -_NEVER


class Repair(NamedTuple):
    """One repair. `id` is that of its request; `excused` is the consumer's own delay in it."""

    id: str
    requested: Instant
    refused: bool
    completed: Instant | None
    repaired: bool
    charged: int
    excused: Interval


class History(NamedTuple):
    """The repairs that the promise covers; those since the last replacement; until when it runs.

    `unremedied` are the current ones that failed, and nothing has been repaired since.
    """

    covered: list[Repair]
    current: list[Repair]
    unremedied: list[Repair]
    closes: Instant | None


def repairs_of(line: Line, *, at_centre: bool) -> list[Repair]:
    """The repairs at authorised centres, or at the merchant, in the order of their requests."""
    steps_of: dict[str, list[RepairStep]] = {}
    for step in line.repairs:
        steps_of.setdefault(step.repair_id, []).append(step)
    found: list[Repair] = []
    for steps in steps_of.values():
        if any(step.centre for step in steps) == at_centre:
            found.extend(_rounds(steps))
    return sorted(found, key=lambda one: (one.requested, one.id))


def _rounds(steps: list[RepairStep]) -> list[Repair]:
    """One repair for each request: without repair ids, a second request is a second repair."""
    rounds: list[list[RepairStep]] = []
    for step in steps:
        if step.step == "requested" or not rounds:
            rounds.append([])
        rounds[-1].append(step)
    return [_repair(steps) for steps in rounds]


def _repair(steps: list[RepairStep]) -> Repair:
    begun = steps[0]
    done = next((step for step in steps if step.step == "completed"), None)
    delayed = max(step.delayed_by_consumer_hours for step in steps)
    return Repair(
        id=begun.id,
        requested=begun.at,
        refused=any(step.step == "refused" for step in steps),
        completed=None if done is None else done.at,
        repaired=done is not None and done.result != "not_repaired",
        charged=0 if done is None else done.charged,
        excused=Interval(begun.at, begun.at + delayed * HOUR),
    )


def history(line: Line, terms: RepairTerms, repairs: list[Repair]) -> History:
    """The repairs requested in the window. It runs from receipt or installation, stands still
    during a repair, and begins anew with a replacement that was asked for while it ran.
    """
    began = warranty_begins(line)
    if began is None:
        return History([], [], [], None)
    covered: list[Repair] = []
    current: list[Repair] = []
    replaced = [step.at for step in line.replacements if step.step == "delivered"]
    closes = _closes(line, terms, began, [])
    for repair in (*repairs, None):
        while replaced and (repair is None or replaced[0] <= repair.requested):
            arrived = replaced.pop(0)
            current = []
            if _asked(repairs, arrived) <= closes:
                closes = max(closes, _closes(line, terms, max(began, arrived), []))
                began = max(began, arrived)
        if repair is not None and repair.requested <= closes:
            covered.append(repair)
            current.append(repair)
            closes = max(closes, _closes(line, terms, began, current))
    return History(covered, current, _unremedied(current, repairs), closes)


def _unremedied(current: list[Repair], repairs: list[Repair]) -> list[Repair]:
    repaired = [one.completed for one in repairs if one.completed is not None and one.repaired]
    last = max(repaired, default=_NEVER_BEFORE)
    return [
        one
        for one in current
        if one.completed is not None and not one.repaired and one.completed > last
    ]


def warranty_begins(line: Line) -> Instant | None:
    """When the window of repair begins: on receipt, or on installation where that came later."""
    received = received_at(line)
    if received is None or line.installed is None:
        return received
    return max(received, line.installed.at)


def _asked(repairs: list[Repair], arrived: Instant) -> Instant:
    """A replacement was asked for with the last repair before it arrived, or when it arrived."""
    earlier = [one.requested for one in repairs if one.requested <= arrived]
    return max(earlier, default=arrived)


def _closes(line: Line, terms: RepairTerms, began: Instant, repairs: list[Repair]) -> Instant:
    stopped = [Pause(one.requested, one.completed) for one in repairs if one.completed is not None]
    return lapses_at(began, terms.window, (*pauses(line, "repair_window"), *stopped))


def turnaround_limit(line: Line, terms: RepairTerms, repair: Repair) -> Instant:
    """By when a repair must be done; exemptions and the consumer's own delay do not count."""
    own = Pause(repair.excused.starts, repair.excused.ends)
    return lapses_at(repair.requested, terms.turnaround, (*pauses(line, "repair"), own))


def failed_at(current: list[Repair], terms: RepairTerms) -> Instant | None:
    """When the repairs had failed as often as the terms allow; None while they have not.

    A repair failed when it ended without success, or when another was asked for after it.
    """
    failures: list[Instant] = []
    for repair in current:
        if repair.completed is None:
            continue
        again = [one.requested for one in current if one.requested >= repair.completed]
        if not repair.repaired:
            failures.append(repair.completed)
        elif again:
            failures.append(min(again))
    return nth_strike(failures, terms.failures_at_most)


def days_passed_at(current: list[Repair], terms: RepairTerms, at: Instant) -> Instant | None:
    """When the days under repair by the repairer's fault passed the limit; None if not by `at`.

    An open repair counts up to `at`, since only silence keeps it open.
    """
    spans = _done(current) + _open(current, at)
    return passes_limit(spans, _too_long(terms), [one.excused for one in current])


def days_run_out_at(current: list[Repair], terms: RepairTerms) -> Instant | None:
    """The last instant at which the days under repair are still within their limit, if what is
    open stays open; None if nothing is open, or the limit is passed already.
    """
    excused = [one.excused for one in current]
    left = _too_long(terms) - total(_done(current), excused)
    if left <= 0:
        return None
    passed = passes_limit(_open(current, _NEVER), left, (*excused, *_done(current)))
    return None if passed is None else passed - 1


def is_open(repair: Repair) -> bool:
    """Whether the repair is still to be done: neither completed nor refused."""
    return repair.completed is None and not repair.refused


def _too_long(terms: RepairTerms) -> int:
    """Exactly the limit is still within it, so one microsecond more has to have passed."""
    return terms.repair_days_at_most * DAY + 1


def _done(current: list[Repair]) -> list[Interval]:
    return [Interval(one.requested, one.completed) for one in current if one.completed is not None]


def _open(current: list[Repair], at: Instant) -> list[Interval]:
    return [Interval(one.requested, at) for one in current if is_open(one)]
