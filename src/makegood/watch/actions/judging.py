"""Judging touched lines: what is open, what is broken, and what changed since the last time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import Instant, moment
from makegood.compensation.claims import Claim, LineClaims
from makegood.guarantees.catalogue import REFUND_ORDER
from makegood.guarantees.entitlement import Covered, due_line, judge_line
from makegood.guarantees.facts.line import Line
from makegood.guarantees.guarantee import NO_SILENCE
from makegood.guarantees.limits import ended_at
from makegood.guarantees.verdict import Broken, Held, Pending, Verdict
from makegood.storage.arrays import UuidArray, uuids
from makegood.storage.keys import key
from makegood.trade.lines import TrackedLine
from makegood.watch.actions.contradictions import (
    Contradiction,
    NewHold,
    hold,
    load_contradictions,
    sums,
)

_SERVED = {code: place for place, code in enumerate(REFUND_ORDER)}


class StandingBreach(Struct, frozen=True):
    """The latest revision of a breach, as stored; sums in minor units."""

    id: UUID
    revision: int
    guarantee: str
    occasion: str
    currency: str
    refund: int
    compensation: int
    service: str
    stands: bool
    shadow: bool


class Judged(Struct):
    """What judging a set of lines comes to; rows are those to be written.

    `opened_first` are promises of new lines, which cannot be open already.
    """

    breaches: list[tuple[Any, ...]]
    claims: list[LineClaims]
    opened_first: list[tuple[UUID, UUID, str, Instant]]
    opened: list[tuple[UUID, UUID, str, Instant]]
    closed: list[tuple[UUID, UUID, str]]
    holds: list[NewHold]
    unheld: list[tuple[UUID, UUID]]


_FINDS = frozenset({Broken, Held})
"""Verdicts of which more follows than a deadline."""

Covers = Mapping[tuple[UUID, UUID], Sequence[Covered]]


def judge(
    cursor: Cursor[Any],
    lines: Iterable[TrackedLine],
    covers: Covers,
    found_at: Instant,
    entry_id: UUID,
) -> Judged:
    """Judge each line anew, all its guarantees together; silence only as far as the sweep has."""
    judged = Judged([], [], [], [], [], [], [])
    told = [(tracked, _verdicts(tracked, covers)) for tracked in lines]
    known = [tracked for tracked, _ in told if tracked.found]
    breaches = load_breaches(cursor, known)
    holds = load_contradictions(cursor, known)
    for tracked, verdicts in told:
        finds = not _FINDS.isdisjoint([one.__class__ for one in verdicts.values()])
        _watch(tracked, _due(tracked, verdicts, covers, finds), judged)
        if not tracked.found and not finds:
            continue
        line = (tracked.merchant_id, tracked.id)
        shadows = _shadows(tracked, covers)
        stored = breaches.get(line, {})
        claims = _revise(tracked, verdicts, stored, shadows, judged, found_at, entry_id)
        claims += _hold(tracked, verdicts, holds.get(line, {}), shadows, judged)
        if claims:
            judged.claims.append(_claims(tracked, _currency(tracked, stored), claims))
    return judged


def _verdicts(tracked: TrackedLine, covers: Covers) -> dict[str, Verdict]:
    if tracked.coverage_id is None:
        return {}
    covered = covers[tracked.merchant_id, tracked.coverage_id]
    at = NO_SILENCE if tracked.swept_at is None else tracked.swept_at
    return judge_line(tracked.line, covered, None, at)


def _shadows(tracked: TrackedLine, covers: Covers) -> dict[str, bool]:
    if tracked.coverage_id is None:
        return {}
    return {one.code: one.shadow for one in covers[tracked.merchant_id, tracked.coverage_id]}


def _due(
    tracked: TrackedLine, verdicts: Mapping[str, Verdict], covers: Covers, finds: bool
) -> dict[str, Instant]:
    """The promises that silence can break next: open ones, and those broken that can owe more.

    A refund that is owed can come late, and a repair that is late can take too many days.
    """
    due: dict[str, Instant] = {}
    for code, verdict in verdicts.items():
        if verdict.__class__ is Pending and verdict.until is not None:
            due[code] = verdict.until
    if finds and tracked.coverage_id is not None:
        covered = covers[tracked.merchant_id, tracked.coverage_id]
        broken = [one for one in covered if isinstance(verdicts[one.code], Broken)]
        at = NO_SILENCE if tracked.swept_at is None else tracked.swept_at
        due.update(due_line(tracked.line, broken, at))
    return due


def _watch(tracked: TrackedLine, due: Mapping[str, Instant], judged: Judged) -> None:
    """Set and clear the promises that silence can break; the line remembers which are set."""
    watching = " ".join([f"{code}={until}" for code, until in due.items()]) if due else ""
    if watching == tracked.watching:
        return
    before = dict(entry.split("=") for entry in tracked.watching.split())
    merchant_id, id = tracked.merchant_id, tracked.id
    for code, until in due.items():
        if before.get(code) != str(until):
            opened = judged.opened_first if tracked.is_new else judged.opened
            opened.append((merchant_id, id, code, until))
    judged.closed += [(merchant_id, id, code) for code in before if code not in due]
    tracked.watching = watching
    tracked.changed = True


Occasion = tuple[str, str]
"""Guarantee and occasion: with the line, the identity of a breach."""


def _revise(
    tracked: TrackedLine,
    verdicts: Mapping[str, Verdict],
    stored: Mapping[Occasion, StandingBreach],
    shadows: Mapping[str, bool],
    judged: Judged,
    found_at: Instant,
    entry_id: UUID,
) -> list[Claim]:
    """Write a revision of each breach whose sum changed; what now stands as owed."""
    currency = _currency(tracked, stored)
    broken = {
        (code, verdict.occasion): verdict
        for code, verdict in verdicts.items()
        if isinstance(verdict, Broken)
    }
    claims: list[Claim] = []
    for occasion in {**stored, **broken}:
        code, cause = occasion
        verdict, last = broken.get(occasion), stored.get(occasion)
        refund, compensation = sums(verdict.owed) if verdict else (0, 0)
        service = (verdict.owed.service or "") if verdict else ""
        stands = verdict is not None
        shadow = last.shadow if last is not None else shadows[code]
        id = last.id if last else key("breach", str(tracked.id), code, cause)
        now = (refund, compensation, service, stands)
        if last is None or (last.refund, last.compensation, last.service, last.stands) != now:
            broken_at = moment(verdict.at if verdict else found_at)
            whose = (tracked.merchant_id, id, last.revision + 1 if last else 1, tracked.id)
            what = (code, cause, currency, broken_at, moment(found_at))
            judged.breaches.append((*whose, *what, *now, shadow, entry_id))
            tracked.found += 1
            tracked.changed = True
        if not shadow:
            claims.append(Claim(id, code, refund, compensation))
    return claims


def _currency(tracked: TrackedLine, stored: Mapping[Occasion, StandingBreach]) -> str:
    """The line's currency: as bought, or as it was when its purchase was still told."""
    if tracked.line.purchase is not None:
        return tracked.line.purchase.currency
    return next((breach.currency for breach in stored.values()), "")


def _claims(tracked: TrackedLine, currency: str, claims: list[Claim]) -> LineClaims:
    line = tracked.line
    claims.sort(key=lambda claim: _SERVED.get(claim.guarantee, len(_SERVED)))
    return LineClaims(
        tracked.merchant_id,
        tracked.id,
        tracked.order_id,
        currency,
        claims,
        known=True,
        paid_elsewhere=bool(line.refunds or line.chargebacks),
        used_up=_used_up(line),
    )


def _used_up(line: Line) -> int:
    """What a refund of the line is for before anything else: all that was paid, once the line
    has ended or its item came back. A promise that such a refund kept claims nothing, and yet
    the money is the price of what was given up, and compensates nothing else.
    """
    if line.purchase is None:
        return 0
    came_back = any(step.step == "received" for step in line.returns)
    return line.purchase.paid_total if came_back or ended_at(line) is not None else 0


def _hold(
    tracked: TrackedLine,
    verdicts: Mapping[str, Verdict],
    stored: Mapping[UUID, Contradiction],
    shadows: Mapping[str, bool],
    judged: Judged,
) -> list[Claim]:
    """Hold what contradicting facts leave to a person; what persons released of it is owed."""
    new, lifted, claims = hold(tracked, verdicts, stored, shadows)
    if new:
        judged.holds += new
        tracked.found += len(new)
        tracked.changed = True
    judged.unheld += [(tracked.merchant_id, id) for id in lifted]
    return claims


_BREACHES = """
SELECT DISTINCT ON (b.merchant_id, b.id) b.merchant_id, b.line_id, b.id, b.revision, b.guarantee,
    b.occasion, b.currency, b.refund_minor, b.compensation_minor, b.service, b.stands, b.shadow
FROM unnest(%s::uuid[], %s::uuid[]) AS l (merchant_id, line_id)
JOIN watch_breach b ON b.merchant_id = l.merchant_id AND b.line_id = l.line_id
ORDER BY b.merchant_id, b.id, b.revision DESC
"""
LineKey = tuple[UUID, UUID]


def load_breaches(
    cursor: Cursor[Any], lines: Sequence[TrackedLine]
) -> dict[LineKey, dict[Occasion, StandingBreach]]:
    """The latest revision of every breach of these lines, by line and occasion."""
    if not lines:
        return {}
    cursor.execute(_BREACHES, _keys(lines), binary=True)
    found: dict[LineKey, dict[Occasion, StandingBreach]] = {}
    for merchant_id, line_id, *values in cursor.fetchall():
        breach = StandingBreach(*values)
        theirs = found.setdefault((merchant_id, line_id), {})
        theirs[breach.guarantee, breach.occasion] = breach
    return found


def _keys(lines: Sequence[TrackedLine]) -> tuple[UuidArray, UuidArray]:
    return uuids(one.merchant_id for one in lines), uuids(one.id for one in lines)
