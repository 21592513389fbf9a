"""Ending a hold on an award by a person's word: its money moves, or goes back to its source.

What facts end is ended where awards are settled; a hold on contradicting facts has no award,
and whoever ends one lets the line be judged again.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.compensation.actions.awards import Book, award_row
from makegood.compensation.actions.drawing import award_id, drawing, drawn, reserves, voids
from makegood.compensation.claims import AwardRow, Change, Claim, Kind, LineClaims, Standing
from makegood.compensation.models import AwardState, HoldCause
from makegood.ledger.chart import AccountName as A
from makegood.ledger.lifecycle import Kind as TransferKind
from makegood.ledger.steps import Settle
from makegood.storage.keys import key, order_of
from makegood.trade.escrow import give_back_to_escrow


class Reason(StrEnum):
    """Why a hold cannot be ended so; nothing is changed then."""

    THERE_IS_NO_SUCH_HOLD = "there_is_no_such_hold"
    IT_HAS_ENDED_ALREADY = "it_has_ended_already"
    A_SECOND_PERSON_MUST_AGREE = "a_second_person_must_agree"
    NOTHING_COVERS_IT_YET = "nothing_covers_it_yet"
    A_NAME_AND_A_REASON_ARE_NEEDED = "a_name_and_a_reason_are_needed"


class HoldRefused(Exception):
    """A hold was not ended, for this reason."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason, so that a face can say it in its reader's language."""
        super().__init__(reason.replace("_", " "))
        self.reason = reason


class StoredHold(Struct, frozen=True):
    """A hold as stored; `at_most` in minor units of the line's currency."""

    merchant_id: UUID
    id: UUID
    line_id: UUID
    award_id: UUID | None
    cause: str
    guarantee: str
    at_most: int
    outcome: str
    approved_by: str
    ended_by: str


_HOLD = """
SELECT merchant_id, id, line_id, award_id, cause, guarantee, at_most_minor, outcome, approved_by,
    ended_by
FROM compensation_hold WHERE merchant_id = %s AND id = %s
"""


def load_hold(cursor: Cursor[Any], merchant_id: UUID, id: UUID) -> StoredHold:
    """A hold of a locked merchant; `HoldRefused` if there is none."""
    row = cursor.execute(_HOLD, (merchant_id, id)).fetchone()
    if row is None:
        raise HoldRefused(Reason.THERE_IS_NO_SUCH_HOLD)
    return StoredHold(*row)


def needs_another(hold: StoredHold, by: str) -> bool:
    """Whether a second person must agree to its release; `HoldRefused` to the same one again."""
    if hold.cause != HoldCause.ABOVE_LIMIT:
        return False
    if hold.approved_by == by:
        raise HoldRefused(Reason.A_SECOND_PERSON_MUST_AGREE)
    return not hold.approved_by


def approve(cursor: Cursor[Any], hold: StoredHold, by: str) -> None:
    """Note the first of two persons."""
    cursor.execute(
        "UPDATE compensation_hold SET approved_by = %s WHERE merchant_id = %s AND id = %s",
        (by, hold.merchant_id, hold.id),
    )


def end(
    cursor: Cursor[Any], hold: StoredHold, outcome: str, by: str, reason: str, at: datetime
) -> None:
    """End an open hold with `released` or `dropped`, by a person."""
    cursor.execute(
        "UPDATE compensation_hold SET ended_at = %s, outcome = %s, ended_by = %s, reason = %s "
        "WHERE merchant_id = %s AND id = %s",
        (at, outcome, by, reason, hold.merchant_id, hold.id),
    )


_AWARD = """
SELECT currency, id, cause_id, kind, amount_minor, escrow_minor, deposit_minor, advance_minor,
    state FROM compensation_award WHERE merchant_id = %s AND id = %s
"""
_NUMBER = """
SELECT count(*) FROM compensation_award
WHERE merchant_id = %s AND line_id = %s AND cause_id = %s AND kind = %s
"""


def release_award(book: Book, hold: StoredHold) -> None:
    """Let the held award's money move: post what it reserved, or draw what had no cover.

    `HoldRefused` when nothing covers it still; the payments of its order are in the book.
    """
    currency, award = _award(book, hold)
    if award.state == AwardState.UNFUNDED:
        _fund(book, hold, currency, award)
        return
    book.post(
        [
            Settle(
                merchant_id=hold.merchant_id,
                id=key("post", str(award.id), str(place)),
                reserves=reserve,
                kind=TransferKind.POST,
                cause_id=award.id,
                at=book.posted_at,
            )
            for place, reserve in enumerate(reserves(award))
        ]
    )


def drop_award(book: Book, hold: StoredHold) -> None:
    """Let the held award fall: what it reserved goes back to where it was drawn."""
    _, award = _award(book, hold)
    book.post(voids(hold.merchant_id, award, book.posted_at))
    parts = book.payments.get((hold.merchant_id, order_of(hold.line_id)), [])
    give_back_to_escrow(parts, "drawn", award.escrow)


def _award(book: Book, hold: StoredHold) -> tuple[str, AwardRow]:
    row = book.cursor.execute(_AWARD, (hold.merchant_id, hold.award_id)).fetchone()
    assert row is not None
    return row[0], AwardRow(*row[1:])


def _fund(book: Book, hold: StoredHold, currency: str, award: AwardRow) -> None:
    """Award again what had no cover: another row, since the one without stays as it was."""
    whose = (hold.merchant_id, hold.line_id, award.cause_id, award.kind)
    row = book.cursor.execute(_NUMBER, whose).fetchone()
    assert row is not None
    id = award_id(award.cause_id, award.kind, row[0])
    order = (hold.merchant_id, order_of(hold.line_id))
    parts = book.payments.get(order, [])
    what = (id, award.kind, award.amount, parts, book.posted_at)
    outcomes = book.post([drawing(hold.merchant_id, currency, *what, reserve=False)])
    if outcomes[0].uncovered:
        raise HoldRefused(Reason.NOTHING_COVERS_IT_YET)
    claim = Claim(award.cause_id, hold.guarantee, 0, 0)
    line = LineClaims(hold.merchant_id, hold.line_id, order[1], currency, [claim], known=True)
    kind: Kind = award.kind
    change = Change(line, claim, kind, None, award.amount, Standing())
    moved = drawn(outcomes, A.OWED_CONSUMER)
    book.write_awards([award_row(change, id, award.amount, moved, AwardState.DUE, book)])
