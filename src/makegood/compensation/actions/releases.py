"""Order money that the marketplace released: paid to the merchant, or kept for what it owes.

What was paid leaves escrow for good; what was kept meets the advance as far as it stands, the
rest is deposit. More than that order has in escrow goes through suspense: the marketplace
tells of money that the books do not know (domain.md section 7).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from makegood.compensation.actions.awards import Book
from makegood.compensation.actions.history import Group, History, group, write, write_rows
from makegood.compensation.models import OutlayKind, OutlayPart
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.steps import Path, Step, Waterfall
from makegood.trade.escrow import give_back_to_escrow, in_escrow, take_from_escrow


class Released(Struct, frozen=True):
    """What facts tell as released of one order: by their ids, paid and kept (minor units).

    `whole` says that these are all the facts there are: others were withdrawn.
    """

    merchant_id: UUID
    order_id: UUID
    currency: str
    facts: Mapping[str, tuple[int, int]]
    whole: bool


_PARTS = {
    (A.ESCROW, A.CASH): OutlayPart.RELEASED,
    (A.ESCROW, A.ADVANCE): OutlayPart.ADVANCE,
    (A.ESCROW, A.DEPOSIT): OutlayPart.DEPOSIT,
    (A.SUSPENSE, A.CASH): OutlayPart.SUSPENSE,
}
_FROM_ESCROW = (OutlayPart.RELEASED, OutlayPart.DEPOSIT, OutlayPart.ADVANCE)
_BACK = {
    OutlayPart.RELEASED: (Path(A.CASH, A.ESCROW),),
    OutlayPart.DEPOSIT: (Path(A.DEPOSIT, A.ESCROW), Path(A.ADVANCE, A.ESCROW)),
    OutlayPart.ADVANCE: (Path(A.ADVANCE, A.ESCROW), Path(A.DEPOSIT, A.ESCROW)),
    OutlayPart.SUSPENSE: (Path(A.CASH, A.SUSPENSE),),
}


def withdraw(book: Book, releases: Sequence[Released], history: History) -> None:
    """Reverse the releases whose facts were withdrawn: what left escrow comes back to it.

    What was kept comes from where it went; where neither holds enough, through suspense.
    """
    steps: list[Step] = []
    rows: list[tuple[Any, ...]] = []
    for released in releases:
        order = (released.merchant_id, released.order_id)
        for outlay in history.get(order, {}).values():
            gone = outlay.kind is OutlayKind.RELEASE and outlay.ref not in released.facts
            if not gone or not released.whole:
                continue
            for part in [part for part in outlay.parts if part.amount]:
                paths = _BACK[part.part]
                if part.part in _FROM_ESCROW:
                    paths = (*paths, Path(A.SUSPENSE, A.ESCROW))
                    give_back_to_escrow(book.payments[order], "released", part.amount)
                code = Code.ESCROW_RELEASE_WITHDRAWN
                steps.append(_step(book, outlay, part.part, paths, part.amount, code))
                rows.append(write(book, outlay, part.part, -part.amount))
    book.post(steps)
    write_rows(book, rows)


def release(book: Book, releases: Sequence[Released], history: History) -> None:
    """Post what was newly released."""
    steps: list[Step] = []
    outlays: list[Group] = []
    for released in releases:
        order = (released.merchant_id, released.order_id)
        for ref, (paid, kept) in sorted(released.facts.items()):
            kind = OutlayKind.RELEASE
            outlay = group(history, order, None, kind, ref, released.currency)
            if outlay.total:
                continue
            for step in _moves(book, outlay, paid, kept):
                steps.append(step)
                outlays.append(outlay)
    rows = [
        write(book, outlay, _PARTS[A(moved.debit), A(moved.credit)], moved.amount, id=moved.id)
        for outlay, outcome in zip(outlays, book.post(steps), strict=True)
        for moved in outcome.parts
    ]
    write_rows(book, rows)


def _moves(book: Book, outlay: Group, paid: int, kept: int) -> Iterator[Step]:
    parts = book.payments.get((outlay.merchant_id, outlay.order_id), [])
    left = in_escrow(parts)
    from_paid = min(paid, left)
    from_kept = min(kept, left - from_paid)
    take_from_escrow(parts, "released", from_paid + from_kept)
    code = Code.ESCROW_RELEASED
    to_cash = (Path(A.ESCROW, A.CASH),)
    to_platform = (Path(A.ESCROW, A.ADVANCE), Path(A.ESCROW, A.DEPOSIT))
    beyond = (Path(A.SUSPENSE, A.CASH),)
    for label, paths, amount in (
        ("paid", to_cash, from_paid),
        ("kept", to_platform, from_kept),
        ("beyond", beyond, paid + kept - from_paid - from_kept),
    ):
        if amount:
            yield _step(book, outlay, label, paths, amount, code)


def _step(
    book: Book, outlay: Group, label: str, paths: tuple[Path, ...], amount: int, code: Code
) -> Waterfall:
    id = outlay.next_id(label)
    whose = (outlay.merchant_id, outlay.currency)
    return Waterfall(*whose, id, paths, amount, code, id, book.posted_at)
