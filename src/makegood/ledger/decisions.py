"""What a set of steps does to books whose totals are known: one implementation of the rules. Pure.

`refuse_malformed` says what is wrong with a step by itself; `Decision` works the steps out in
their order with running totals, and changes nothing outside itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from makegood.clock.instants import Instant, moment
from makegood.ledger.lifecycle import Kind
from makegood.ledger.refusals import PostingRefused, Reason
from makegood.ledger.steps import (
    Outcome,
    Path,
    Settle,
    Step,
    Transfer,
    TransferRow,
    Waterfall,
    part_id,
)
from makegood.ledger.totals import Totals

BookKey = tuple[UUID, str]
TransferKey = tuple[UUID, UUID]
Books = Mapping[BookKey, Mapping[str, Totals]]


class Decision:
    """Running totals and the transfers made so far; asked once for each step, in order."""

    def __init__(self, books: Books, stored: Iterable[TransferRow], entry_id: UUID) -> None:
        """`stored` are the transfers that the steps may meet again: same ids, reserves, ends."""
        self.books = books
        self.entry_id = entry_id
        self.made: list[TransferRow] = []
        self._rows = {(row.merchant_id, row.id): row for row in stored}
        self._settled = {
            (row.merchant_id, row.reserves): row for row in self._rows.values() if row.reserves
        }

    def outcomes(self, steps: Sequence[Step]) -> list[Outcome]:
        """Work out all steps; the first that cannot be is named by `PostingRefused`."""
        outcomes = []
        for index, step in enumerate(steps):
            found = self._decide(step)
            if isinstance(found, Reason):
                raise PostingRefused(found, index, step)
            outcomes.append(found)
        return outcomes

    def _decide(self, step: Step) -> Outcome | Reason:
        if isinstance(step, Transfer):
            return self._transfer(step)
        if isinstance(step, Settle):
            return self._settle(step)
        return self._waterfall(step)

    def _transfer(self, step: Transfer) -> Outcome | Reason:
        kind = Kind.RESERVE if step.reserve else Kind.POSTED
        if known := self._rows.get((step.merchant_id, step.id)):
            return _repeated((known,), _is_transfer(known, step, kind))
        book = self.books[step.merchant_id, step.currency]
        debit, credit = book[step.debit], book[step.credit]
        if debit.left_to_debit() < step.amount:
            return _bound_of(debit)
        if credit.left_to_credit() < step.amount:
            return Reason.ACCOUNT_WOULD_BE_OVERDRAWN
        debit.debit(step.amount, kind)
        credit.credit(step.amount, kind)
        return Outcome((self._made(step, step, step.id, step.amount, kind),))

    def _settle(self, step: Settle) -> Outcome | Reason:
        reserve = self._rows.get((step.merchant_id, step.reserves))
        if reserve is None or reserve.kind != Kind.RESERVE:
            return Reason.RESERVE_NOT_FOUND
        if known := self._rows.get((step.merchant_id, step.id)):
            return _repeated((known,), _is_settling(known, step))
        if (step.merchant_id, step.reserves) in self._settled:
            return Reason.RESERVE_ALREADY_SETTLED
        book = self.books[reserve.merchant_id, reserve.currency]
        book[reserve.debit].debit(reserve.amount, step.kind)
        book[reserve.credit].credit(reserve.amount, step.kind)
        row = TransferRow(
            amount=reserve.amount,
            at=moment(step.at),
            cause_id=step.cause_id,
            code=reserve.code,
            credit=reserve.credit,
            currency=reserve.currency,
            debit=reserve.debit,
            entry_id=self.entry_id,
            id=step.id,
            kind=step.kind,
            merchant_id=step.merchant_id,
            reserves=step.reserves,
        )
        self._settled[step.merchant_id, step.reserves] = row
        self._keep(row)
        return Outcome((row,))

    def _waterfall(self, step: Waterfall) -> Outcome | Reason:
        kind = Kind.RESERVE if step.reserve else Kind.POSTED
        if known := self._parts(step):
            covered = sum(row.amount for row in known)
            return _repeated(known, _are_parts(known, step, kind, covered), step.amount - covered)
        draws, uncovered = self._drawn(step, kind)
        if uncovered and step.whole:
            for path, amount in draws:
                self._move(step, path, -amount, kind)
            return Outcome((), uncovered)
        parts = [
            self._made(step, path, part_id(step.id, place), amount, kind)
            for place, (path, amount) in enumerate(draws)
        ]
        return Outcome(tuple(parts), uncovered)

    def _drawn(self, step: Waterfall, kind: Kind) -> tuple[list[tuple[Path, int]], int]:
        """Move by each path what it can; what moved, and what is left over."""
        book = self.books[step.merchant_id, step.currency]
        left = step.amount
        draws: list[tuple[Path, int]] = []
        for path in step.paths:
            room = min(book[path.debit].left_to_debit(), book[path.credit].left_to_credit(), left)
            amount = room if path.at_most is None else min(room, path.at_most)
            if amount > 0:
                self._move(step, path, amount, kind)
                draws.append((path, amount))
                left -= amount
        return draws, left

    def _move(self, step: Waterfall, path: Path, amount: int, kind: Kind) -> None:
        book = self.books[step.merchant_id, step.currency]
        book[path.debit].debit(amount, kind)
        book[path.credit].credit(amount, kind)

    def _parts(self, step: Waterfall) -> tuple[TransferRow, ...]:
        """The parts that an earlier posting of the waterfall made; the first one always exists."""
        parts: list[TransferRow] = []
        while row := self._rows.get((step.merchant_id, part_id(step.id, len(parts)))):
            parts.append(row)
        return tuple(parts)

    def _made(
        self, step: Transfer | Waterfall, path: Transfer | Path, id_: UUID, amount: int, kind: Kind
    ) -> TransferRow:
        row = TransferRow(
            amount,
            moment(step.at),
            step.cause_id,
            step.code,
            path.credit,
            step.currency,
            path.debit,
            self.entry_id,
            id_,
            kind,
            step.merchant_id,
            None,
        )
        self._keep(row)
        return row

    def _keep(self, row: TransferRow) -> None:
        self._rows[row.merchant_id, row.id] = row
        self.made.append(row)


def _bound_of(account: Totals) -> Reason:
    capped = account.cap is not None
    return Reason.ADVANCE_CAP_EXCEEDED if capped else Reason.ACCOUNT_WOULD_BE_OVERDRAWN


def _repeated(rows: tuple[TransferRow, ...], same: bool, uncovered: int = 0) -> Outcome | Reason:
    if not same:
        return Reason.TRANSFER_ID_USED_WITH_OTHER_FIELDS
    return Outcome(rows, uncovered, repeated=True)


def _is_transfer(row: TransferRow, step: Transfer, kind: Kind) -> bool:
    asked = (step.currency, step.debit, step.credit, step.amount, step.code, step.cause_id, kind)
    held = (row.currency, row.debit, row.credit, row.amount, row.code, row.cause_id, row.kind)
    return held == asked and _is_at(row, step.at)


def _is_settling(row: TransferRow, step: Settle) -> bool:
    asked = (step.reserves, step.kind, step.cause_id)
    return (row.reserves, row.kind, row.cause_id) == asked and _is_at(row, step.at)


def _are_parts(rows: Sequence[TransferRow], step: Waterfall, kind: Kind, covered: int) -> bool:
    asked = (step.currency, step.code, step.cause_id, kind)
    moves = {(path.debit, path.credit) for path in step.paths}
    return (covered == step.amount or (covered < step.amount and not step.whole)) and all(
        (row.currency, row.code, row.cause_id, row.kind) == asked
        and (row.debit, row.credit) in moves
        and _is_at(row, step.at)
        for row in rows
    )


def _is_at(row: TransferRow, at: Instant) -> bool:
    return row.at == moment(at)
