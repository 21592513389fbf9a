"""What is owed on a line against what was awarded for it: the difference is what moves. Pure.

domain.md section 4a, rules 3 and 4: a sum has revisions, what is posted is the difference to
the last one, and what goes out is owed less what was already paid for that line.
"""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

Kind = Literal["refund", "compensation"]
KINDS: tuple[Kind, ...] = ("refund", "compensation")
CauseKey = tuple[UUID, Kind]
"""A cause (a breach or a released hold) and one of its two kinds of money."""


class Claim(Struct, frozen=True):
    """What stands as owed on a line for one cause, in minor units."""

    cause_id: UUID
    guarantee: str
    refund: int
    compensation: int

    def owed(self, kind: Kind) -> int:
        """What is owed of one kind."""
        return self.refund if kind == "refund" else self.compensation


class LineClaims(Struct):
    """All that is owed on one line, its causes in the order in which they are served.

    `known` says that the line may have awards already, `paid_elsewhere` that money may have
    gone to the consumer outside. `used_up` is what such money is for before anything else:
    the price of a line that has ended or come back (minor units).
    """

    merchant_id: UUID
    line_id: UUID
    order_id: UUID
    currency: str
    claims: Sequence[Claim]
    known: bool
    paid_elsewhere: bool = False
    used_up: int = 0

    @property
    def refund(self) -> int:
        """What is owed as refunds, for all causes."""
        return sum(claim.refund for claim in self.claims)


class Paid(Struct):
    """What the consumer got for a line outside, in minor units.

    `matched` is the part of it that paid what was awarded, by cause and kind: settled history.
    """

    total: int = 0
    matched: dict[CauseKey, int] = field(default_factory=dict)


NOTHING_PAID = Paid()


class AwardRow(Struct, frozen=True):
    """An award as it is stored, with how its hold ended if it had one.

    The outcome `waived` is that of a hold which a person, not a fact, dropped.
    """

    id: UUID
    cause_id: UUID
    kind: Kind
    amount: int
    escrow: int
    deposit: int
    advance: int
    state: str
    hold_outcome: str | None = None


class Standing(Struct):
    """What was awarded for one cause and kind so far.

    `committed` is posted and not reversed; `escrow` its part from the order's escrow; `waiting`
    the award that is held or unfunded, if one is; `recalled` what the merchant was given back
    of money that had gone out though it is not owed; `waived` what a person decided not to pay;
    `number` how many awards there ever were.
    """

    committed: int = 0
    escrow: int = 0
    waiting: AwardRow | None = None
    recalled: int = 0
    waived: int = 0
    number: int = 0


NO_AWARD = Standing()
Awarded = dict[CauseKey, Standing]


class Change(Struct, frozen=True):
    """What must be done for one cause and kind: drop what waits, then award or reverse."""

    line: LineClaims
    claim: Claim
    kind: Kind
    drop: AwardRow | None
    difference: int
    standing: Standing


class Recall(Struct, frozen=True):
    """What the merchant gets back (or, below zero, bears again) of money that went out."""

    line: LineClaims
    claim: Claim
    kind: Kind
    amount: int
    standing: Standing


def standing(awards: Sequence[AwardRow]) -> Awarded:
    """The awards of a line, added up by cause and kind."""
    totals: Awarded = {}
    for award in awards:
        total = totals.setdefault((award.cause_id, award.kind), Standing())
        total.number += 1
        if award.state == "recalled":
            total.recalled -= award.amount
        elif award.state != "due" and award.hold_outcome is None:
            total.waiting = award
        elif award.hold_outcome == "waived":
            total.waived += award.amount
        elif award.state == "due" or (award.state == "held" and award.hold_outcome == "released"):
            total.committed += award.amount
            total.escrow += award.escrow
    return totals


def unpaid(line: LineClaims, awarded: Awarded, paid_total: int) -> dict[CauseKey, int]:
    """What is owed by cause and kind and was not paid outside; refunds are served first.

    Money from outside pays refunds first. Of the rest, what the line's own ending or return
    uses up pays nothing else: a return refunded in time is no breach and claims nothing, but
    the money for it must not eat the compensation of another promise.
    """
    left = {"refund": paid_total, "compensation": 0}
    if paid_total:
        left["compensation"] = max(0, paid_total - max(line.refund, line.used_up))
    needs: dict[CauseKey, int] = {}
    for kind in KINDS:
        for claim in line.claims:
            cause = (claim.cause_id, kind)
            owed = claim.owed(kind)
            if owed and cause in awarded:
                owed = max(0, owed - awarded[cause].waived)
            netted = min(owed, left[kind])
            left[kind] -= netted
            needs[cause] = owed - netted
    return needs


def changes(line: LineClaims, awarded: Awarded, paid: Paid = NOTHING_PAID) -> list[Change]:
    """What must change so that what is awarded and not sent comes to what is owed and not paid.

    What was matched by money from outside has been sent and is never awarded again nor taken
    back here (`recalls`). What falls comes first, so that it makes room for what rises.
    """
    needs = unpaid(line, awarded, paid.total)
    found: list[Change] = []
    for kind in KINDS:
        for claim in line.claims:
            cause = (claim.cause_id, kind)
            total = awarded.get(cause) or NO_AWARD
            unsent = total.committed - paid.matched.get(cause, 0)
            waiting = total.waiting
            if needs[cause] == unsent + (waiting.amount if waiting else 0):
                continue
            found.append(Change(line, claim, kind, waiting, needs[cause] - unsent, total))
    found.sort(key=lambda change: change.difference > 0)
    return found


def recalls(line: LineClaims, awarded: Awarded, paid: Paid) -> list[Recall]:
    """Who bears money that went out for an award and is not owed any more.

    The merchant gets it back and the platform bears it, until it is owed again: then the
    merchant bears it again, and nothing is paid twice. What one promise no longer owes counts
    for what another owes on the line before any of it is recalled.
    """
    matched = sum(paid.matched.values())
    owed = sum(claim.refund + claim.compensation for claim in line.claims)
    owed += max(0, min(paid.total, line.used_up) - line.refund)
    so_far = sum(total.recalled for total in awarded.values())
    difference = max(0, matched - owed) - so_far
    found: list[Recall] = []
    for claim, kind in [(claim, kind) for kind in KINDS for claim in line.claims]:
        cause = (claim.cause_id, kind)
        total = awarded.get(cause) or NO_AWARD
        if difference > 0:
            over = paid.matched.get(cause, 0) - claim.owed(kind) - total.recalled
            amount = min(difference, max(0, over))
        else:
            amount = -min(-difference, total.recalled)
        if amount:
            found.append(Recall(line, claim, kind, amount, total))
            difference -= amount
    return found


def matches(
    line: LineClaims, awarded: Awarded, paid: Paid, paid_total: int
) -> Mapping[CauseKey, int]:
    """What new money from outside pays of what is awarded and not sent, by cause and kind.

    `paid` is what was paid before, `paid_total` what is paid with the new money.
    """
    needs = unpaid(line, awarded, paid_total)
    found: dict[CauseKey, int] = {}
    for cause, need in needs.items():
        total = awarded.get(cause) or NO_AWARD
        over = total.committed - paid.matched.get(cause, 0) - need
        if over > 0:
            found[cause] = over
    return found
