"""Awards: worked out after the lock, funded by the waterfall, written with their parts.

What the advance cap does not cover is held as unfunded and has no transfer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from psycopg import Cursor

from makegood.clock.instants import Instant, instant
from makegood.compensation.actions.drawing import Plan, drawn, offered, plan
from makegood.compensation.brakes import brakes_of, write_tally
from makegood.compensation.claims import (
    NOTHING_PAID,
    Awarded,
    AwardRow,
    Change,
    LineClaims,
    Paid,
    Recall,
    changes,
    standing,
)
from makegood.compensation.models import Award, AwardState, Hold, HoldCause
from makegood.ledger.actions import post
from makegood.ledger.chart import AccountName as A
from makegood.ledger.steps import Outcome, Step
from makegood.ledger.transfers import leaves as transfer_leaves
from makegood.record.canonical import row_leaf
from makegood.storage.arrays import uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.trade.escrow import give_back_to_escrow
from makegood.trade.payments import Parts

award_leaf = row_leaf(columns_of(Award))
"""The canonical bytes of an award's row."""

LineKey = tuple[UUID, UUID]
"""Merchant and line."""
Rows = list[tuple[Any, ...]]


class Funded(Struct):
    """What was written: canonical bytes of the rows for the record, and how many were held."""

    awards: list[bytes] = field(default_factory=list)
    outlays: list[bytes] = field(default_factory=list)
    transfers: list[bytes] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)


class Book(Struct):
    """What one unit of work under locked merchants posts with, and what it has written.

    `payments` are those of the orders it touches, whose parts are kept up and written later.
    """

    cursor: Cursor[Any]
    payments: Parts
    at: datetime
    entry_id: UUID
    funded: Funded = field(default_factory=Funded)

    @property
    def posted_at(self) -> Instant:
        """When its transfers are posted."""
        return instant(self.at)

    def post(self, steps: Sequence[Step]) -> list[Outcome]:
        """Post the steps in one set and note the bytes of their transfers."""
        if not steps:
            return []
        outcomes = post(self.cursor, steps, entry_id=self.entry_id)
        self.funded.transfers += transfer_leaves(outcomes)
        return outcomes

    def write_awards(self, rows: Rows) -> None:
        """Write awards and note their bytes."""
        copy_rows(self.cursor, Award, rows)
        self.funded.awards += map(award_leaf, rows)


def settle(
    book: Book,
    lines: Sequence[LineClaims],
    first_steps: Sequence[Step] = (),
    paid: Mapping[LineKey, Paid] | None = None,
) -> None:
    """Bring the awards of these lines to what is owed and not paid outside, in one posting.

    The lines' merchants are locked; `first_steps` (orders paid) are posted before the awards
    draw on them; `paid` is what the consumers of some of the lines got otherwise.
    """
    wanted = differences(book.cursor, lines, paid or {})
    steps = list(first_steps)
    if not wanted:
        book.post(steps)
        return
    cursor, day = book.cursor, book.at.date()
    merchants = list({change.line.merchant_id for change in wanted})
    brakes = brakes_of(cursor, day, merchants)
    plans = [plan(change, book.payments, brakes, book.posted_at) for change in wanted]
    for one in plans:
        one.first = len(steps)
        steps += one.steps
    outcomes = book.post(steps)
    rows, holds = _rows(plans, outcomes, book)
    book.write_awards(rows)
    dropped = [
        (one.change.line.merchant_id, one.change.drop.id)
        for one in plans
        if one.change.drop is not None
    ]
    end_holds(cursor, dropped, "dropped", book.at)
    copy_rows(cursor, Hold, holds)
    write_tally(cursor, brakes, day)


def differences(
    cursor: Cursor[Any], lines: Sequence[LineClaims], paid: Mapping[LineKey, Paid]
) -> list[Change]:
    """What the awards of these lines differ by from what is owed and not paid outside."""
    awarded = load_awards(cursor, [line for line in lines if line.known])
    found: list[Change] = []
    for line in lines:
        own = (line.merchant_id, line.line_id)
        found += changes(line, awarded.get(own, {}), paid.get(own, NOTHING_PAID))
    return found


_AWARDS = """
SELECT a.merchant_id, a.line_id, a.id, a.cause_id, a.kind, a.amount_minor, a.escrow_minor,
    a.deposit_minor, a.advance_minor, a.state,
    CASE WHEN h.outcome = 'dropped' AND h.ended_by <> '' THEN 'waived'
        ELSE nullif(h.outcome, '') END
FROM unnest(%s::uuid[], %s::uuid[]) AS l (merchant_id, line_id)
JOIN compensation_award a ON a.merchant_id = l.merchant_id AND a.line_id = l.line_id
LEFT JOIN compensation_hold h ON h.merchant_id = a.merchant_id AND h.id = a.id
"""


def load_awards(cursor: Cursor[Any], lines: Sequence[LineClaims]) -> dict[LineKey, Awarded]:
    """What was awarded so far on each of these lines (merchant, line)."""
    if not lines:
        return {}
    keys = (uuids(line.merchant_id for line in lines), uuids(line.line_id for line in lines))
    cursor.execute(_AWARDS, keys, binary=True)
    rows: dict[LineKey, list[AwardRow]] = {}
    for merchant_id, line_id, *values in cursor.fetchall():
        rows.setdefault((merchant_id, line_id), []).append(AwardRow(*values))
    return {line: standing(awards) for line, awards in rows.items()}


def _rows(plans: Sequence[Plan], outcomes: Sequence[Outcome], book: Book) -> tuple[Rows, Rows]:
    """The rows of awards with the parts that the ledger moved, and of the holds they make."""
    awards: Rows = []
    holds: Rows = []
    for one in plans:
        if one.amount == 0:
            continue
        line = one.change.line
        own = outcomes[one.first + one.drops : one.first + len(one.steps)]
        cause = one.held
        if any(outcome.uncovered for outcome in own):
            cause = HoldCause.UNFUNDED
            parts = book.payments.get((line.merchant_id, line.order_id), [])
            give_back_to_escrow(parts, "drawn", offered(one.steps[-1]))
        state = AwardState.DUE if cause is None else AwardState.HELD
        if cause is HoldCause.UNFUNDED:
            state = AwardState.UNFUNDED
        sign = 1 if one.amount > 0 else -1
        parts_drawn = {name: sign * moved for name, moved in drawn(own, A.OWED_CONSUMER).items()}
        change = one.change
        awards.append(award_row(change, one.id, one.amount, parts_drawn, state, book))
        if cause is not None:
            guarantee = change.claim.guarantee
            whose = (line.merchant_id, one.id, line.line_id, one.id)
            holds.append(hold_row(*whose, cause, guarantee, one.amount, book.at))
            book.funded.held[cause.value] = book.funded.held.get(cause.value, 0) + 1
    return awards, holds


def award_row(
    change: Change | Recall,
    id: UUID,
    amount: int,
    parts: Mapping[A, int],
    state: AwardState,
    book: Book,
) -> tuple[Any, ...]:
    """The row of a new award; its parts are signed as its amount is (minor units)."""
    line = change.line
    whose = (line.merchant_id, id, change.claim.cause_id, line.line_id)
    what = (change.claim.guarantee, change.kind, line.currency, amount)
    drawn_from = (parts[A.ESCROW], parts[A.DEPOSIT], parts[A.ADVANCE])
    return (*whose, *what, *drawn_from, state.value, book.at, book.entry_id)


def hold_row(
    merchant_id: UUID,
    id: UUID,
    line_id: UUID,
    award_id: UUID | None,
    cause: HoldCause,
    guarantee: str,
    at_most: int,
    at: datetime,
) -> tuple[Any, ...]:
    """The row of a new hold of `at_most` minor units on a line."""
    ends = (None, "", "", "", "")
    return (merchant_id, id, line_id, award_id, cause.value, guarantee, at_most, at, *ends)


def end_holds(
    cursor: Cursor[Any], holds: Sequence[tuple[UUID, UUID]], outcome: str, at: datetime
) -> None:
    """End these open holds (merchant, id), which facts ended, with `released` or `dropped`."""
    if not holds:
        return
    cursor.execute(
        "UPDATE compensation_hold h SET ended_at = %s, outcome = %s "
        "FROM unnest(%s::uuid[], %s::uuid[]) AS n (merchant_id, id) "
        "WHERE h.merchant_id = n.merchant_id AND h.id = n.id AND h.ended_at IS NULL",
        (at, outcome, [merchant for merchant, _ in holds], [id for _, id in holds]),
    )
