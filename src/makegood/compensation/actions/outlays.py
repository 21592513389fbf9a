"""Money that went to the consumer outside: refunds by the marketplace, and charge-backs.

It first pays what was awarded on that line and not sent, then comes out of what is left in
that order's escrow. What a refund exceeds that by was the marketplace's own money; a
charge-back goes on to the deposit and an advance, and beyond the payment to suspense
(domain.md section 7). All of it counts as paid to the consumer. A charge-back is borne by each
line by its share of the payment, and of charge-backs won and lost what stands counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from makegood.compensation.actions.awards import Book, LineKey, load_awards, settle
from makegood.compensation.actions.history import (
    Group,
    History,
    group,
    paid_by_line,
    write,
    write_rows,
)
from makegood.compensation.claims import CauseKey, LineClaims, Paid, matches
from makegood.compensation.models import OutlayKind, OutlayPart
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.steps import Path, Step, Transfer, Waterfall
from makegood.trade.escrow import give_back_to_escrow, in_escrow, take_from_escrow
from makegood.trade.lines import OrderKey


class Given(Struct, frozen=True):
    """What one fact (or the charge-backs of one payment) gave for a line, in minor units."""

    kind: OutlayKind
    ref: str
    payment: str
    amount: int


class LineOutside(Struct, frozen=True):
    """All that the facts now tell as given outside for one line."""

    merchant_id: UUID
    order_id: UUID
    line_id: UUID
    currency: str
    given: Sequence[Given]


class _New(Struct):
    """What a fact gives beyond what is kept of it so far; `left` is not yet accounted for."""

    outlay: Group
    payment: str
    amount: int
    left: int


Rooms = dict[tuple[OrderKey, str], int]
"""What can still go back on the route of each payment, by order and ref, in minor units."""

_LAST_FIRST = (
    OutlayPart.BEYOND,
    OutlayPart.SUSPENSE,
    OutlayPart.ADVANCE,
    OutlayPart.DEPOSIT,
    OutlayPart.ESCROW,
    OutlayPart.MATCHED,
)
_ACCOUNTS = {
    OutlayPart.SUSPENSE: (A.SUSPENSE,),
    OutlayPart.ADVANCE: (A.ADVANCE, A.DEPOSIT),
    OutlayPart.DEPOSIT: (A.DEPOSIT,),
    OutlayPart.ESCROW: (A.ESCROW,),
    OutlayPart.MATCHED: (A.OWED_CONSUMER,),
}
_PARTS = {
    A.DEPOSIT: OutlayPart.DEPOSIT,
    A.ADVANCE: OutlayPart.ADVANCE,
    A.SUSPENSE: OutlayPart.SUSPENSE,
}
_CODES = {
    OutlayKind.REFUND: Code.REFUNDED_BY_MARKETPLACE,
    OutlayKind.CHARGE_BACK: Code.CHARGED_BACK,
}
_CODES_BACK = {
    OutlayKind.REFUND: Code.REFUND_WITHDRAWN,
    OutlayKind.CHARGE_BACK: Code.CHARGE_BACK_WON,
}


def take_back(book: Book, lines: Sequence[LineOutside], history: History) -> None:
    """Reverse what the facts tell no more: withdrawn, or a charge-back that was won.

    Each part goes back to where it came from, what came last first; what was advanced to the
    advance as far as it stands, the rest to the deposit.
    """
    told = {
        (line.merchant_id, line.line_id, given.kind, given.ref): given.amount
        for line in lines
        for given in line.given
    }
    whole = {(line.merchant_id, line.line_id) for line in lines}
    steps: list[Step] = []
    rows: list[tuple[Any, ...]] = []
    for order, groups in history.items():
        for outlay in groups.values():
            if outlay.line_id is None or (outlay.merchant_id, outlay.line_id) not in whole:
                continue
            own = (outlay.merchant_id, outlay.line_id, outlay.kind, outlay.ref)
            _reverse(book, order, outlay, outlay.total - told.get(own, 0), steps, rows)
    book.post(steps)
    write_rows(book, rows)


def _reverse(
    book: Book,
    order: OrderKey,
    outlay: Group,
    less: int,
    steps: list[Step],
    rows: list[tuple[Any, ...]],
) -> None:
    for place in _LAST_FIRST:
        for part in [part for part in outlay.parts if part.part is place]:
            amount = min(part.amount, less)
            if amount <= 0:
                continue
            less -= amount
            if accounts := _ACCOUNTS.get(place):
                paths = tuple(Path(A.CASH, account) for account in accounts)
                code = _CODES_BACK[outlay.kind]
                steps.append(_waterfall(book, outlay, place.value, paths, amount, code))
            if place is OutlayPart.ESCROW:
                give_back_to_escrow(book.payments.get(order, []), "returned", amount)
            rows.append(write(book, outlay, place, -amount, (part.cause_id, part.award_kind)))


def _waterfall(
    book: Book, outlay: Group, label: str, paths: tuple[Path, ...], amount: int, code: Code
) -> Waterfall:
    """A waterfall under the id of the outlay's next row."""
    id = outlay.next_id(label)
    whose = (outlay.merchant_id, outlay.currency)
    return Waterfall(*whose, id, paths, amount, code, id, book.posted_at)


def pay_out(
    book: Book,
    lines: Sequence[LineOutside],
    claims: Mapping[LineKey, LineClaims],
    history: History,
    rooms: Rooms,
) -> None:
    """Account for what the facts tell as given and was not known before."""
    fresh = {(line.merchant_id, line.line_id): _fresh(line, history) for line in lines}
    fresh = {line: new for line, new in fresh.items() if new}
    if not fresh:
        return
    paid = paid_by_line(history)
    for line, new in fresh.items():
        paid.setdefault(line, Paid()).total += sum(one.left for one in new)
    claimed = [claims[line] for line in fresh if line in claims]
    _match(book, claimed, fresh, paid)
    # What waited for a brake or for cover is owed less now, and frees the escrow it reserved.
    settle(book, claimed, paid=paid)
    _draw(book, [one for new in fresh.values() for one in new], rooms)


def _fresh(line: LineOutside, history: History) -> list[_New]:
    order = (line.merchant_id, line.order_id)
    found = []
    for given in line.given:
        outlay = group(history, order, line.line_id, given.kind, given.ref, line.currency)
        if given.amount > outlay.total:
            more = given.amount - outlay.total
            found.append(_New(outlay, given.payment, more, more))
    return found


def _match(
    book: Book,
    claimed: Sequence[LineClaims],
    fresh: Mapping[LineKey, Sequence[_New]],
    paid: Mapping[LineKey, Paid],
) -> None:
    """Let the new money pay what is awarded and not sent: owed_consumer → cash."""
    awarded = load_awards(book.cursor, claimed)
    steps: list[Step] = []
    rows: list[tuple[Any, ...]] = []
    for line in claimed:
        own = (line.merchant_id, line.line_id)
        meets = matches(line, awarded.get(own, {}), paid[own], paid[own].total)
        for cause, new, amount in _pairs(meets, fresh[own]):
            outlay = new.outlay
            code, id = _CODES[outlay.kind], outlay.next_id(OutlayPart.MATCHED)
            accounts = (A.OWED_CONSUMER, A.CASH)
            whose = (outlay.merchant_id, outlay.currency, id)
            steps.append(Transfer(*whose, *accounts, amount, code, id, book.posted_at))
            rows.append(write(book, outlay, OutlayPart.MATCHED, amount, cause))
            paid[own].matched[cause] = paid[own].matched.get(cause, 0) + amount
    book.post(steps)
    write_rows(book, rows)


def _pairs(
    meets: Mapping[CauseKey, int], fresh: Sequence[_New]
) -> Iterator[tuple[CauseKey, _New, int]]:
    """Which new money pays which award."""
    for cause, wanted in meets.items():
        left = wanted
        for new in fresh:
            amount = min(left, new.left)
            if amount:
                new.left -= amount
                left -= amount
                yield cause, new, amount


def _draw(book: Book, fresh: Sequence[_New], rooms: Rooms) -> None:
    """Take the rest from the order's escrow; beyond it by what kind of outlay it is."""
    steps: list[Step] = []
    rows: list[tuple[Any, ...]] = []
    charged: list[tuple[_New, int]] = []
    for new in fresh:
        outlay = new.outlay
        order = (outlay.merchant_id, outlay.order_id)
        parts = book.payments.get(order, [])
        excess = _excess(new, order, rooms)
        amount = min(max(0, new.left - excess), in_escrow(parts))
        if amount:
            take_from_escrow(parts, "returned", amount, new.payment)
            path = (Path(A.ESCROW, A.CASH),)
            code, place = _CODES[outlay.kind], OutlayPart.ESCROW
            steps.append(_waterfall(book, outlay, place, path, amount, code))
            rows.append(write(book, outlay, place, amount))
            new.left -= amount
        if new.left and outlay.kind is OutlayKind.REFUND:
            rows.append(write(book, outlay, OutlayPart.BEYOND, new.left))
        elif new.left:
            charged.append((new, min(excess, new.left)))
    book.post(steps)
    _charge(book, charged, rows)
    write_rows(book, rows)


def _excess(new: _New, order: OrderKey, rooms: Rooms) -> int:
    """What a charge-back took beyond what was left of the payment."""
    if new.outlay.kind is OutlayKind.REFUND:
        return 0
    room = rooms.get((order, new.payment), 0)
    rooms[order, new.payment] = max(0, room - new.amount)
    return max(0, new.amount - room)


def _charge(book: Book, charged: Sequence[tuple[_New, int]], rows: list[tuple[Any, ...]]) -> None:
    """What the escrow does not cover of a charge-back: the deposit, an advance, then suspense."""
    steps: list[Step] = []
    outlays: list[Group] = []
    everything = (A.DEPOSIT, A.ADVANCE, A.SUSPENSE)
    for new, excess in charged:
        within = new.left - excess
        for label, accounts, amount in (
            ("within", everything, within),
            ("excess", (A.SUSPENSE,), excess),
        ):
            if amount:
                paths = tuple(Path(account, A.CASH) for account in accounts)
                code = Code.CHARGED_BACK
                steps.append(_waterfall(book, new.outlay, label, paths, amount, code))
                outlays.append(new.outlay)
    for outlay, outcome in zip(outlays, book.post(steps), strict=True):
        rows += [
            write(book, outlay, _PARTS[A(part.debit)], part.amount, id=part.id)
            for part in outcome.parts
        ]
