"""What is owed on a line against what was awarded for it: the difference is what moves. Pure.

domain.md section 4a, rules 3 and 4: a sum has revisions, what is posted is the difference to
the last one, and what goes out is owed less what was already paid for that line.
"""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

Kind = Literal["refund", "compensation"]
KINDS: tuple[Kind, ...] = ("refund", "compensation")


class Claim(Struct, frozen=True):
    """What stands as owed on a line for one cause (a breach or a decision), in minor units."""

    cause_id: UUID
    guarantee: str
    refund: int
    compensation: int


class LineClaims(Struct):
    """All that is owed on one line, its causes in the order in which they are served.

    `known` says that the line may have awards already. `paid_elsewhere` is what the consumer
    got for the line otherwise and no award covers yet.
    """

    merchant_id: UUID
    line_id: UUID
    order_id: UUID
    currency: str
    claims: Sequence[Claim]
    known: bool
    paid_elsewhere: int = 0


class AwardRow(Struct, frozen=True):
    """An award as it is stored, with how its hold ended if it had one."""

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
    the award that is held or unfunded, if one is; `number` how many awards there ever were.
    """

    committed: int = 0
    escrow: int = 0
    waiting: AwardRow | None = None
    number: int = 0


class Change(Struct, frozen=True):
    """What must be done for one cause and kind: drop what waits, then award or reverse."""

    line: LineClaims
    claim: Claim
    kind: Kind
    drop: AwardRow | None
    difference: int
    standing: Standing


Awarded = dict[tuple[UUID, Kind], Standing]


def standing(awards: Sequence[AwardRow]) -> Awarded:
    """The awards of a line, added up by cause and kind."""
    totals: Awarded = {}
    for award in awards:
        total = totals.setdefault((award.cause_id, award.kind), Standing())
        total.number += 1
        if award.state != "due" and award.hold_outcome is None:
            total.waiting = award
        elif award.state == "due" or (award.state == "held" and award.hold_outcome == "released"):
            total.committed += award.amount
            total.escrow += award.escrow
    return totals


def changes(line: LineClaims, awarded: Awarded) -> list[Change]:
    """What must change on a line so that its awards come to what is owed, less what was paid.

    What was paid elsewhere counts against the refunds first, then against the rest.
    """
    left = line.paid_elsewhere
    due: list[tuple[Claim, Kind, int]] = []
    for kind in KINDS:
        for claim in line.claims:
            owed = claim.refund if kind == "refund" else claim.compensation
            netted = min(owed, left)
            left -= netted
            due.append((claim, kind, owed - netted))
    found: list[Change] = []
    for claim, kind, need in due:
        total = awarded.get((claim.cause_id, kind)) or Standing()
        waiting = total.waiting
        if need == total.committed + (waiting.amount if waiting else 0):
            continue
        found.append(Change(line, claim, kind, waiting, need - total.committed, total))
    return found
