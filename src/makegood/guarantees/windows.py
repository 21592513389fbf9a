"""The window in which a promise that no machine can judge may be claimed."""

from typing import Annotated

from makegood.clock.deadlines import lapses_at
from makegood.clock.durations import Duration
from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.limits import ended_at, pauses
from makegood.guarantees.terms import Terms, parameter
from makegood.guarantees.verdict import KEPT, PENDING, Verdict


class ClaimTerms(Terms, frozen=True, kw_only=True):
    """Until when a claim can be made."""

    claim_within: (
        Annotated[
            Duration,
            parameter(
                "duration",
                "more",
                "How long after delivery a claim can be made; without it, at any time",
                "收货后可提出诉求的期限，不填则不限期限",
                at_least=1,
                at_most=3660,
                without="best",
            ),
        ]
        | None
    ) = None


def received_at(line: Line) -> Instant | None:
    """When the consumer got the item: delivered, or issued if it is virtual."""
    received = line.delivered or line.issued
    return None if received is None else received.at


def claimable_until(line: Line, terms: ClaimTerms) -> Instant | None:
    """The last instant at which a claim can be made; None while, or if, there is no end."""
    received = received_at(line)
    if received is None or terms.claim_within is None:
        return None
    return lapses_at(received, terms.claim_within, pauses(line, "claim"))


def unclaimed(line: Line, terms: ClaimTerms, at: Instant) -> Verdict:
    """What holds while nobody found anything: pending while a claim may come, then kept."""
    if received_at(line) is None:
        return PENDING if ended_at(line) is None else KEPT
    until = claimable_until(line, terms)
    return KEPT if until is not None and until < at else PENDING


def claimed_in_time(line: Line, terms: ClaimTerms, findings: Findings) -> bool:
    """Whether the claim behind the findings came within the window; it does if none is known."""
    until = claimable_until(line, terms)
    return until is None or findings.claimed_at is None or findings.claimed_at <= until
