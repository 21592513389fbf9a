"""One unit of work's money, in its order: what came in, what fell, what is owed, what went out.

Orders paid come first; then what facts took back; then awards, against what was known to be
paid before; then what facts newly tell as gone outside, so that money that met a promise in the
same batch is charged to the merchant and not to the marketplace; last, payments follow what
the facts tell of their amounts.
"""

from collections.abc import Sequence

from msgspec import Struct, field

from makegood.compensation.actions.awards import Book, settle
from makegood.compensation.actions.history import load_history, paid_by_line
from makegood.compensation.actions.outlays import LineOutside, Rooms, pay_out, take_back
from makegood.compensation.actions.recalling import recall
from makegood.compensation.actions.releases import Released, release, withdraw
from makegood.compensation.claims import LineClaims
from makegood.guarantees.facts.line import Line as Folded
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.steps import Step, Transfer
from makegood.storage.keys import key
from makegood.trade.escrow import note_returned
from makegood.trade.lines import OrderKey
from makegood.trade.payments import PaymentPart


class Outside(Struct):
    """What facts tell of money that moved outside.

    `paid` are the postings of orders paid; `orders` holds all lines of each order of which
    money went back on its route, now or before.
    """

    paid: Sequence[Step] = ()
    lines: list[LineOutside] = field(default_factory=list)
    releases: list[Released] = field(default_factory=list)
    orders: dict[OrderKey, list[Folded]] = field(default_factory=dict)


def settle_all(book: Book, lines: Sequence[LineClaims], outside: Outside) -> None:
    """Post all that follows for these lines; their merchants are locked, their payments at hand."""
    met = [line for line in lines if line.paid_elsewhere]
    orders = {(line.merchant_id, line.order_id) for line in met}
    orders |= {(line.merchant_id, line.order_id) for line in outside.lines}
    orders |= {(one.merchant_id, one.order_id) for one in outside.releases}
    if not orders:
        settle(book, lines, outside.paid)
        _follow_told(book)
        return
    history = load_history(book.cursor, orders)
    rooms = _rooms(book, outside)
    book.post(outside.paid)
    take_back(book, outside.lines, history)
    withdraw(book, outside.releases, history)
    _follow_told(book)
    settle(book, lines, paid=paid_by_line(history))
    claims = {(line.merchant_id, line.line_id): line for line in lines}
    pay_out(book, outside.lines, claims, history, rooms)
    release(book, outside.releases, history)
    concerned = [line for line in lines if (line.merchant_id, line.order_id) in orders]
    recall(book, concerned, paid_by_line(history))
    _follow_told(book)
    for order, folded in outside.orders.items():
        note_returned(book.payments.get(order, []), folded)


def _rooms(book: Book, outside: Outside) -> Rooms:
    """What each payment could still give back; what went back is then worked out anew."""
    rooms: Rooms = {}
    for order in outside.orders:
        for part in book.payments.get(order, []):
            rooms[order, part.ref] = part.can_return
            part.refunded = part.charged_back = 0
    return rooms


def _follow_told(book: Book) -> None:
    """Where facts now tell less than was taken, give escrow back as far as it has not left."""
    steps: list[Step] = []
    for parts in book.payments.values():
        for part in parts:
            if part.amount != part.told:
                amount = max(part.told, part.gone, part.refunded + part.charged_back)
                if amount < part.amount:
                    steps.append(_lowered(book, part, amount))
                    part.amount = amount
                    part.changed = True
    book.post(steps)


def _lowered(book: Book, part: PaymentPart, amount: int) -> Transfer:
    id = key("corrected", str(part.id), str(book.entry_id), str(amount))
    whose = (part.merchant_id, part.currency, id, A.ESCROW, A.CASH)
    return Transfer(*whose, part.amount - amount, Code.ORDER_CORRECTED, part.id, book.posted_at)
