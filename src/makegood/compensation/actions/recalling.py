"""Money that went out for an award and is not owed any more: who bears it."""

from collections.abc import Mapping, Sequence
from typing import Any

from makegood.compensation.actions.awards import Book, LineKey, award_row, load_awards
from makegood.compensation.actions.drawing import SOURCES, award_id, drawn
from makegood.compensation.claims import LineClaims, Paid, Recall, recalls
from makegood.compensation.models import AwardState
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.steps import Path, Step, Waterfall


def recall(book: Book, lines: Sequence[LineClaims], paid: Mapping[LineKey, Paid]) -> None:
    """Give the merchant back what went out and is not owed: loss → advance, the rest → deposit.

    No policy asks a consumer to give money back, so the platform bears it. Once it is owed
    again, the merchant bears it again as far as its deposit and the advance cap allow; the
    consumer, who has the money, is paid nothing more.
    """
    awarded = load_awards(book.cursor, lines)
    wanted: list[Recall] = []
    for line in lines:
        own = (line.merchant_id, line.line_id)
        if own in awarded:
            wanted += recalls(line, awarded[own], paid.get(own, Paid()))
    outcomes = book.post([_step(book, one) for one in wanted])
    rows: list[tuple[Any, ...]] = []
    for one, outcome in zip(wanted, outcomes, strict=True):
        sign = -1 if one.amount > 0 else 1
        parts = {name: sign * moved for name, moved in drawn([outcome], A.LOSS).items()}
        if moved := sum(parts[name] for name in SOURCES):
            id = award_id(one.claim.cause_id, one.kind, one.standing.number)
            rows.append(award_row(one, id, moved, parts, AwardState.RECALLED, book))
    book.write_awards(rows)


def _step(book: Book, one: Recall) -> Step:
    id = award_id(one.claim.cause_id, one.kind, one.standing.number)
    whose = (one.line.merchant_id, one.line.currency, id)
    if one.amount > 0:
        paths = (Path(A.LOSS, A.ADVANCE), Path(A.LOSS, A.DEPOSIT))
        code = Code.AWARD_REVERSED_PAID
        return Waterfall(*whose, paths, one.amount, code, id, book.posted_at)
    paths = (Path(A.DEPOSIT, A.LOSS), Path(A.ADVANCE, A.LOSS))
    code = Code.AWARD_RESTORED_PAID
    return Waterfall(*whose, paths, -one.amount, code, id, book.posted_at, whole=False)
