"""Every write to the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import ClientCursor, Cursor, Error
from psycopg.errors import UniqueViolation

from makegood.ledger import accounts, transfers
from makegood.ledger.chart import AccountName
from makegood.ledger.decisions import BookKey, Decision, TransferKey
from makegood.ledger.refusals import PostingRefused, Reason
from makegood.ledger.shape import touched
from makegood.ledger.steps import Outcome, Settle, Step, Transfer, TransferRow, part_id


def post(cursor: Cursor[Any], steps: Sequence[Step], *, entry_id: UUID) -> list[Outcome]:
    """Post a set of steps, all or nothing, in the caller's transaction; one outcome for each.

    `cursor` is psycopg's own (`connection.cursor().cursor` of Django's), in a transaction at
    READ COMMITTED. The accounts that the set may touch stay locked until the transaction
    ends; whoever posts several sets in one transaction holds their merchants' rows first.
    `entry_id` names the record's entry that will cover the new transfers (`transfers.leaves`).

    A step that was posted before with the same fields is repeated and changes nothing.
    `PostingRefused` names the first offender, and then nothing is written: what is wrong
    with a step by itself is said first, then what the accounts do not allow.
    """
    named = touched(steps)
    own = ClientCursor(cursor.connection)
    ended = [(step.merchant_id, step.reserves) for step in steps if isinstance(step, Settle)]
    reserves = transfers.by_id(own, ended)
    for reserve in reserves:
        book = named.setdefault((reserve.merchant_id, reserve.currency), set())
        book |= {reserve.debit, reserve.credit}
    try:
        return _attempt(own, steps, named, reserves, entry_id)
    except (UniqueViolation, PostingRefused, _MayBeRepeated):
        return _attempt(own, steps, named, reserves, entry_id, probe=True)


def set_caps(cursor: Cursor[Any], caps: Mapping[BookKey, int]) -> list[BookKey]:
    """Set how much may be advanced in each book, in minor units; the books whose cap changed.

    A book's cap is 0 until it is set. The caller records the change. `PostingRefused` when a
    cap is negative or below what is advanced already; then no cap is changed.
    """
    own = ClientCursor(cursor.connection)
    books = accounts.lock(own, {book: [AccountName.ADVANCE] for book in caps})
    changed = []
    for index, (book, cap) in enumerate(caps.items()):
        advance = books[book][AccountName.ADVANCE]
        if cap < 0 or cap < advance.at_stake():
            accounts.undo(own)
            low = Reason.CAP_IS_BELOW_WHAT_IS_ADVANCED
            raise PostingRefused(low if cap >= 0 else Reason.CAP_MUST_NOT_BE_NEGATIVE, index, book)
        if cap != advance.cap:
            advance.set_cap(cap)
            changed.append(book)
    accounts.write(own, books)
    return changed


class _MayBeRepeated(Exception):
    """A waterfall found too little: perhaps because it was posted before."""


def _attempt(
    cursor: ClientCursor[Any],
    steps: Sequence[Step],
    named: Mapping[BookKey, set[str]],
    reserves: Sequence[TransferRow],
    entry_id: UUID,
    *,
    probe: bool = False,
) -> list[Outcome]:
    """Lock, read, decide, write. Ids are looked up only with `probe`: repeats are rare.

    Without, nothing that a repeat could explain is an answer: not an id met again, not an
    account that would be overdrawn, not a waterfall that finds too little.
    """
    books = accounts.lock(cursor, named)
    try:
        stored = [*reserves]
        if reserves:
            ended = [(reserve.merchant_id, reserve.id) for reserve in reserves]
            stored += transfers.by_reserve(cursor, ended)
        if probe:
            stored += transfers.by_id(cursor, _ids(steps))
        decision = Decision(books, stored, entry_id)
        outcomes = decision.outcomes(steps)
        if not probe and any(outcome.uncovered for outcome in outcomes):
            raise _MayBeRepeated
        accounts.write(cursor, books, transfers.write(cursor, decision.made))
    except (Error, PostingRefused, _MayBeRepeated):
        accounts.undo(cursor)
        raise
    return outcomes


def _ids(steps: Sequence[Step]) -> list[TransferKey]:
    """The ids that the steps' transfers have or, of a waterfall's parts, may have."""
    return [
        (step.merchant_id, part_id(step.id, place))
        for step in steps
        for place in range(1 if isinstance(step, Transfer | Settle) else len(step.paths))
    ]
