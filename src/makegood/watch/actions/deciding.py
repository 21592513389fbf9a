"""A person's word on a hold: released or dropped for a reason, recorded, and once however often."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import Cursor

from makegood.compensation.actions import holds
from makegood.compensation.actions.awards import Book
from makegood.compensation.actions.holds import HoldRefused, Reason, StoredHold
from makegood.compensation.actions.settlement import Outside
from makegood.compensation.models import HoldCause
from makegood.enrolment.queries import coverages
from makegood.storage.cursors import begin
from makegood.storage.keys import key, order_of
from makegood.trade import exemptions
from makegood.trade.lines import load_lines
from makegood.trade.payments import load_payments, write_payments
from makegood.watch.actions.settling import Work, record, settle_lines
from makegood.watch.actions.taking import PLAN, once_more

_LOCK = "SELECT id FROM people_merchant WHERE id = %s FOR NO KEY UPDATE"
Ended = Literal["approved", "released", "dropped"]


@once_more
def release(merchant_id: UUID, hold_id: UUID, *, by: str, reason: str, at: datetime) -> Ended:
    """Let what is held be paid.

    An award above the limit needs two persons: the first one's word is `approved`. What had no
    cover is drawn now. Of contradicting facts, what they allow at most becomes due. The same
    word again changes nothing; `HoldRefused` says why nothing was done.
    """
    with _locked(merchant_id, hold_id, by, reason) as (cursor, hold):
        if _is_ended(hold, "released"):
            return "released"
        if holds.needs_another(hold, by):
            holds.approve(cursor, hold, by)
            record(cursor, _work(hold, "approved", by, reason, at))
            return "approved"
        _end(cursor, hold, "released", by, reason, at)
        return "released"


@once_more
def drop(merchant_id: UUID, hold_id: UUID, *, by: str, reason: str, at: datetime) -> Ended:
    """Let what is held fall: it is not owed, by this person's word, and goes back to its source.

    What facts come to owe beyond it is judged as ever. The same word again changes nothing;
    `HoldRefused` says why nothing was done.
    """
    with _locked(merchant_id, hold_id, by, reason) as (cursor, hold):
        if not _is_ended(hold, "dropped"):
            _end(cursor, hold, "dropped", by, reason, at)
        return "dropped"


@contextmanager
def _locked(
    merchant_id: UUID, hold_id: UUID, by: str, reason: str
) -> Iterator[tuple[Cursor[Any], StoredHold]]:
    """A transaction that holds the merchant's row, and its hold as it now stands."""
    if not by.strip() or not reason.strip():
        raise HoldRefused(Reason.A_NAME_AND_A_REASON_ARE_NEEDED)
    with begin() as cursor:
        cursor.execute(PLAN)
        cursor.execute(_LOCK, (merchant_id,))
        yield cursor, holds.load_hold(cursor, merchant_id, hold_id)


def _is_ended(hold: StoredHold, outcome: str) -> bool:
    """Whether a person has ended it so already; any other end refuses."""
    if not hold.outcome:
        return False
    if hold.outcome != outcome or not hold.ended_by:
        raise HoldRefused(Reason.IT_HAS_ENDED_ALREADY)
    return True


def _work(hold: StoredHold, outcome: str, by: str, reason: str, at: datetime) -> Work:
    told = {
        "merchant": hold.merchant_id,
        "hold": hold.id,
        "cause": hold.cause,
        "at_most": hold.at_most,
        "reason": reason,
    }
    entry_id = key("hold", str(hold.id), outcome)
    return Work(entry_id, at, by, f"hold.{outcome}", f"hold {hold.id}", {}, told)


def _end(
    cursor: Cursor[Any],
    hold: StoredHold,
    outcome: Literal["released", "dropped"],
    by: str,
    reason: str,
    at: datetime,
) -> None:
    holds.end(cursor, hold, outcome, by, reason, at)
    work = _work(hold, outcome, by, reason, at)
    if hold.cause == HoldCause.CONTRADICTION:
        lines = load_lines(cursor, [(hold.merchant_id, hold.line_id)])
        covered = {(one.merchant_id, one.coverage_id) for one in lines if one.coverage_id}
        exemptions.attach(cursor, lines)
        settle_lines(cursor, lines, coverages(cursor, covered), {}, Outside(), work)
        return
    payments = load_payments(cursor, [(hold.merchant_id, order_of(hold.line_id))])
    book = Book(cursor, payments, at, work.entry_id)
    if outcome == "released":
        holds.release_award(book, hold)
    else:
        holds.drop_award(book, hold)
    write_payments(cursor, payments)
    record(cursor, work, book.funded)
