"""Awards: worked out after the lock, funded by the waterfall, written with their parts.

A refund draws on the order's escrow, then the deposit, then an advance; everything above a
refund on the deposit, then an advance (domain.md section 7). What the advance cap does not
cover is held as unfunded and has no transfer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import Instant, instant
from makegood.compensation.brakes import Brakes, brake, brakes_of, write_tally
from makegood.compensation.claims import AwardRow, Awarded, Change, LineClaims, changes, standing
from makegood.compensation.models import Award, AwardState, Hold, HoldCause
from makegood.ledger.actions import post
from makegood.ledger.chart import AccountName as A  # noqa: N817 -- the waterfalls read better
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind as TransferKind
from makegood.ledger.steps import Outcome, Path, Settle, Step, Transfer, Waterfall, part_id
from makegood.ledger.transfers import leaves as transfer_leaves
from makegood.record.canonical import row_leaf
from makegood.storage.arrays import uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.storage.keys import key
from makegood.trade.payments import Parts, PaymentPart

award_leaf = row_leaf(columns_of(Award))
"""The canonical bytes of an award's row."""


class _Plan(Struct):
    """One award, its ledger steps from `first` on, and the hold it makes, if any."""

    change: Change
    id: UUID
    amount: int
    held: HoldCause | None
    steps: list[Step]
    first: int = 0


class Funded(Struct):
    """What a set of awards wrote: canonical bytes for the record, and how many were held."""

    awards: list[bytes]
    transfers: list[bytes]
    held: dict[str, int]


def settle(
    cursor: Cursor[Any],
    lines: Sequence[LineClaims],
    payments: Parts,
    first_steps: Sequence[Step],
    *,
    at: datetime,
    entry_id: UUID,
) -> Funded:
    """Bring the awards of these lines to what is owed, in one set of postings.

    The lines' merchants are locked; `payments` are those of the lines' orders, whose `drawn`
    is kept up; `first_steps` (orders paid) are posted before the awards draw on them.
    """
    awarded = load_awards(cursor, [line for line in lines if line.known])
    wanted = [
        change
        for line in lines
        for change in changes(line, awarded.get((line.merchant_id, line.line_id), {}))
    ]
    steps = list(first_steps)
    plans: list[_Plan] = []
    if wanted:
        merchants = list({change.line.merchant_id for change in wanted})
        brakes = brakes_of(cursor, at.date(), merchants)
        plans = _plans(wanted, payments, brakes, instant(at))
        for plan in plans:
            plan.first = len(steps)
            steps += plan.steps
    outcomes = post(cursor, steps, entry_id=entry_id) if steps else []
    rows, holds = _rows(plans, outcomes, payments, at, entry_id)
    copy_rows(cursor, Award, rows)
    _write_holds(cursor, plans, holds, at)
    if wanted:
        write_tally(cursor, brakes, at.date())
    counts: dict[str, int] = {}
    for hold in holds:
        counts[hold[4]] = counts.get(hold[4], 0) + 1
    return Funded([award_leaf(row) for row in rows], transfer_leaves(outcomes), counts)


_AWARDS = """
SELECT a.merchant_id, a.line_id, a.id, a.cause_id, a.kind, a.amount_minor, a.escrow_minor,
    a.deposit_minor, a.advance_minor, a.state, nullif(h.outcome, '')
FROM unnest(%s::uuid[], %s::uuid[]) AS l (merchant_id, line_id)
JOIN compensation_award a ON a.merchant_id = l.merchant_id AND a.line_id = l.line_id
LEFT JOIN compensation_hold h ON h.merchant_id = a.merchant_id AND h.id = a.id
"""


def load_awards(
    cursor: Cursor[Any], lines: Sequence[LineClaims]
) -> dict[tuple[UUID, UUID], Awarded]:
    """What was awarded so far on each of these lines (merchant, line)."""
    if not lines:
        return {}
    keys = (uuids(line.merchant_id for line in lines), uuids(line.line_id for line in lines))
    cursor.execute(_AWARDS, keys, binary=True)
    rows: dict[tuple[UUID, UUID], list[AwardRow]] = {}
    for merchant_id, line_id, *values in cursor.fetchall():
        rows.setdefault((merchant_id, line_id), []).append(AwardRow(*values))
    return {line: standing(awards) for line, awards in rows.items()}


def _plans(
    wanted: Sequence[Change], payments: Parts, brakes: Brakes, at: Instant
) -> list[_Plan]:
    plans = []
    for change in wanted:
        line = change.line
        parts = payments.get((line.merchant_id, line.order_id), [])
        steps: list[Step] = []
        if change.drop is not None:
            steps += _voids(change, change.drop, at)
            _give_back(parts, change.drop.escrow)
        name = str(change.standing.number)
        id = key("award", str(change.claim.cause_id), change.kind, name)
        amount, held = change.difference, None
        if amount > 0:
            guarantee = change.claim.guarantee
            held = brake(brakes, line.merchant_id, line.currency, guarantee, amount)
            steps.append(_draw(change, id, parts, held is not None, at))
        elif amount < 0:
            steps += _reversal(change, id, parts, at)
        plans.append(_Plan(change, id, amount, held, steps))
    return plans


def _voids(change: Change, award: AwardRow, at: Instant) -> list[Step]:
    """Void what a held award reserved; an unfunded one reserved nothing."""
    moved = sum(part > 0 for part in (award.escrow, award.deposit, award.advance))
    return [
        Settle(
            merchant_id=change.line.merchant_id,
            id=key("void", str(award.id), str(place)),
            reserves=part_id(award.id, place),
            kind=TransferKind.VOID,
            cause_id=award.id,
            at=at,
        )
        for place in range(moved)
    ]


def _draw(
    change: Change, id: UUID, parts: Sequence[PaymentPart], reserve: bool, at: Instant
) -> Waterfall:
    """The waterfall of a new award; what it takes from escrow is noted on the payments."""
    paths = (Path(A.DEPOSIT, A.OWED_CONSUMER), Path(A.ADVANCE, A.OWED_CONSUMER))
    if change.kind == "refund":
        in_escrow = sum(part.in_escrow for part in parts)
        paths = (Path(A.ESCROW, A.OWED_CONSUMER, in_escrow), *paths)
        _take(parts, min(change.difference, in_escrow))
    return Waterfall(
        change.line.merchant_id,
        change.line.currency,
        id,
        paths,
        change.difference,
        Code.AWARDED,
        id,
        at,
        reserve,
    )


def _reversal(
    change: Change, id: UUID, parts: Sequence[PaymentPart], at: Instant
) -> list[Step]:
    """Give an unsent award back to where it was drawn, what was drawn last first."""
    line, back = change.line, -change.difference
    elsewhere = min(back, change.standing.committed - change.standing.escrow)
    to_escrow = back - elsewhere
    steps: list[Step] = []
    if to_escrow:
        _give_back(parts, to_escrow)
        steps.append(
            Transfer(
                line.merchant_id,
                line.currency,
                id,
                A.OWED_CONSUMER,
                A.ESCROW,
                to_escrow,
                Code.AWARD_REVERSED_UNSENT,
                id,
                at,
            )
        )
    if elsewhere:
        steps.append(
            Waterfall(
                line.merchant_id,
                line.currency,
                key("reversal", str(id)),
                (Path(A.OWED_CONSUMER, A.ADVANCE), Path(A.OWED_CONSUMER, A.DEPOSIT)),
                elsewhere,
                Code.AWARD_REVERSED_UNSENT,
                id,
                at,
            )
        )
    return steps


def _take(parts: Sequence[PaymentPart], amount: int) -> None:
    for part in parts:
        taken = min(part.in_escrow, amount)
        if taken:
            part.drawn += taken
            part.changed = True
            amount -= taken


def _give_back(parts: Sequence[PaymentPart], amount: int) -> None:
    for part in reversed(parts):
        given = min(part.drawn, amount)
        if given:
            part.drawn -= given
            part.changed = True
            amount -= given


Rows = list[tuple[Any, ...]]


def _rows(
    plans: Sequence[_Plan],
    outcomes: Sequence[Outcome],
    payments: Parts,
    at: datetime,
    entry_id: UUID,
) -> tuple[Rows, Rows]:
    """The rows of awards with the parts that the ledger moved, and of the holds they make."""
    awards: Rows = []
    holds: Rows = []
    for plan in plans:
        if plan.amount == 0:
            continue
        change, line = plan.change, plan.change.line
        drops = len(plan.steps) - _own_steps(plan)
        own = outcomes[plan.first + drops : plan.first + len(plan.steps)]
        cause = plan.held
        if any(outcome.uncovered for outcome in own):
            cause = HoldCause.UNFUNDED
            if change.kind == "refund":
                _give_back(
                    payments.get((line.merchant_id, line.order_id), []), _offered(plan)
                )
        state = AwardState.DUE if cause is None else AwardState.HELD
        if cause is HoldCause.UNFUNDED:
            state = AwardState.UNFUNDED
        sign = 1 if plan.amount > 0 else -1
        drawn = _drawn(own)
        awards.append(
            (
                line.merchant_id,
                plan.id,
                change.claim.cause_id,
                line.line_id,
                change.claim.guarantee,
                change.kind,
                line.currency,
                plan.amount,
                sign * drawn[A.ESCROW],
                sign * drawn[A.DEPOSIT],
                sign * drawn[A.ADVANCE],
                state.value,
                at,
                entry_id,
            )
        )
        if cause is not None:
            holds.append(hold_row(line, plan.id, plan.id, cause, plan.amount, at))
    return awards, holds


def _own_steps(plan: _Plan) -> int:
    """How many of a plan's steps are its award's own, not the voids of what it replaces."""
    return sum(not isinstance(step, Settle) for step in plan.steps)


def _offered(plan: _Plan) -> int:
    """What an unfunded refund was to take from escrow."""
    step = plan.steps[-1]
    assert isinstance(step, Waterfall)
    return min(plan.amount, step.paths[0].at_most or 0)


def _drawn(outcomes: Sequence[Outcome]) -> Mapping[A, int]:
    """What moved between owed_consumer and each source, either way, in minor units."""
    drawn = {A.ESCROW: 0, A.DEPOSIT: 0, A.ADVANCE: 0}
    for outcome in outcomes:
        for part in outcome.parts:
            source = part.debit if part.credit == A.OWED_CONSUMER else part.credit
            drawn[A(source)] += part.amount
    return drawn


def hold_row(
    line: LineClaims, id: UUID, award_id: UUID | None, cause: HoldCause, amount: int, at: datetime
) -> tuple[Any, ...]:
    """The row of a new hold of `amount` minor units on a line."""
    columns = (line.merchant_id, id, line.line_id, award_id, cause.value, amount, at, None, "")
    return columns


def _write_holds(
    cursor: Cursor[Any], plans: Sequence[_Plan], holds: Rows, at: datetime
) -> None:
    """End the holds of what was dropped and write the new ones."""
    dropped = [
        (plan.change.line.merchant_id, plan.change.drop.id)
        for plan in plans
        if plan.change.drop is not None
    ]
    if dropped:
        end_holds(cursor, dropped, "dropped", at)
    copy_rows(cursor, Hold, holds)


def end_holds(
    cursor: Cursor[Any], holds: Sequence[tuple[UUID, UUID]], outcome: str, at: datetime
) -> None:
    """End these open holds (merchant, id) with `released` or `dropped`."""
    cursor.execute(
        "UPDATE compensation_hold h SET ended_at = %s, outcome = %s "
        "FROM unnest(%s::uuid[], %s::uuid[]) AS n (merchant_id, id) "
        "WHERE h.merchant_id = n.merchant_id AND h.id = n.id AND h.ended_at IS NULL",
        (at, outcome, [merchant for merchant, _ in holds], [id for _, id in holds]),
    )
