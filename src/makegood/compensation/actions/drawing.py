"""Where an award's money comes from, and where it goes back to before it was sent."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from makegood.clock.instants import Instant
from makegood.compensation.brakes import Brakes, brake
from makegood.compensation.claims import AwardRow, Change
from makegood.compensation.models import HoldCause
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind as TransferKind
from makegood.ledger.steps import Outcome, Path, Settle, Step, Transfer, Waterfall, part_id
from makegood.storage.keys import key
from makegood.trade.escrow import give_back_to_escrow, in_escrow, take_from_escrow
from makegood.trade.payments import Parts, PaymentPart

SOURCES = (A.ESCROW, A.DEPOSIT, A.ADVANCE)


class Plan(Struct):
    """One award, its ledger steps from `first` on, and the hold it makes, if any.

    The first `drops` of its steps void what it takes the place of.
    """

    change: Change
    id: UUID
    amount: int
    held: HoldCause | None
    steps: list[Step]
    drops: int
    first: int = 0


def award_id(cause_id: UUID, kind: str, number: int) -> UUID:
    """The id of a cause's award of one kind, counted from 0."""
    return key("award", str(cause_id), kind, str(number))


def plan(change: Change, payments: Parts, brakes: Brakes, at: Instant) -> Plan:
    """What one change asks of the ledger; escrow that it moves is noted on the payments."""
    line = change.line
    parts = payments.get((line.merchant_id, line.order_id), [])
    steps: list[Step] = []
    if change.drop is not None:
        steps += voids(line.merchant_id, change.drop, at)
        give_back_to_escrow(parts, "drawn", change.drop.escrow)
    drops = len(steps)
    id = award_id(change.claim.cause_id, change.kind, change.standing.number)
    amount, held = change.difference, None
    if amount > 0:
        guarantee = change.claim.guarantee
        before = change.standing.committed
        held = brake(brakes, line.merchant_id, line.currency, guarantee, amount, before)
        steps.append(_draw(change, id, parts, held is not None, at))
    elif amount < 0:
        steps += _reversal(change, id, parts, at)
    return Plan(change, id, amount, held, steps, drops)


def reserves(award: AwardRow) -> list[UUID]:
    """The transfers that a held award reserved; an unfunded one reserved nothing."""
    moved = sum(part > 0 for part in (award.escrow, award.deposit, award.advance))
    return [part_id(award.id, place) for place in range(moved)]


def voids(merchant_id: UUID, award: AwardRow, at: Instant) -> list[Step]:
    """Void what a held award reserved."""
    return [
        Settle(
            merchant_id=merchant_id,
            id=key("void", str(award.id), str(place)),
            reserves=reserve,
            kind=TransferKind.VOID,
            cause_id=award.id,
            at=at,
        )
        for place, reserve in enumerate(reserves(award))
    ]


def drawing(
    merchant_id: UUID,
    currency: str,
    id: UUID,
    kind: str,
    amount: int,
    parts: Sequence[PaymentPart],
    at: Instant,
    *,
    reserve: bool,
) -> Waterfall:
    """The waterfall of an award; what it is to take from escrow is noted on the payments.

    A refund draws on the order's escrow, then the deposit, then an advance; everything above
    a refund on the deposit, then an advance (domain.md section 7).
    """
    paths: tuple[Path, ...]
    paths = (Path(A.DEPOSIT, A.OWED_CONSUMER), Path(A.ADVANCE, A.OWED_CONSUMER))
    if kind == "refund":
        left = in_escrow(parts)
        paths = (Path(A.ESCROW, A.OWED_CONSUMER, left), *paths)
        take_from_escrow(parts, "drawn", min(amount, left))
    return Waterfall(merchant_id, currency, id, paths, amount, Code.AWARDED, id, at, reserve)


def _draw(
    change: Change, id: UUID, parts: Sequence[PaymentPart], reserve: bool, at: Instant
) -> Waterfall:
    line, amount = change.line, change.difference
    return drawing(
        line.merchant_id, line.currency, id, change.kind, amount, parts, at, reserve=reserve
    )


def offered(step: Step) -> int:
    """What a waterfall was to take from escrow."""
    assert isinstance(step, Waterfall)
    return min(step.amount, step.paths[0].at_most or 0) if step.paths[0].debit == A.ESCROW else 0


def _reversal(change: Change, id: UUID, parts: Sequence[PaymentPart], at: Instant) -> list[Step]:
    """Give an unsent award back to where it was drawn, what was drawn last first."""
    line, back = change.line, -change.difference
    elsewhere = min(back, change.standing.committed - change.standing.escrow)
    to_escrow = back - elsewhere
    steps: list[Step] = []
    code = Code.AWARD_REVERSED_UNSENT
    if to_escrow:
        give_back_to_escrow(parts, "drawn", to_escrow)
        accounts = (A.OWED_CONSUMER, A.ESCROW)
        steps.append(
            Transfer(line.merchant_id, line.currency, id, *accounts, to_escrow, code, id, at)
        )
    if elsewhere:
        paths = (Path(A.OWED_CONSUMER, A.ADVANCE), Path(A.OWED_CONSUMER, A.DEPOSIT))
        reversal = key("reversal", str(id))
        steps.append(
            Waterfall(line.merchant_id, line.currency, reversal, paths, elsewhere, code, id, at)
        )
    return steps


def drawn(outcomes: Sequence[Outcome], against: A) -> dict[A, int]:
    """What moved between one account and each source of awards, either way, in minor units."""
    moved = dict.fromkeys(SOURCES, 0)
    for outcome in outcomes:
        for part in outcome.parts:
            source = part.debit if part.credit == against else part.credit
            moved[A(source)] += part.amount
    return moved
