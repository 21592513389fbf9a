"""What facts tell of money: orders paid, and what moved outside on its own."""

from collections.abc import Iterator, Sequence

from makegood.clock.instants import Instant
from makegood.compensation.actions.outlays import Given, LineOutside
from makegood.compensation.actions.releases import Released
from makegood.compensation.actions.settlement import Outside
from makegood.compensation.models import OutlayKind
from makegood.guarantees.facts.fold import name_of
from makegood.guarantees.facts.line import Line
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.steps import Step, Transfer
from makegood.money import split
from makegood.storage.keys import key
from makegood.trade.lines import OrderKey, TrackedLine
from makegood.trade.payments import PaymentPart
from makegood.trade.projection import Projection


def outside(projection: Projection, at: Instant) -> Outside:
    """What the batch's facts tell of money, posted at `at`.

    Of an order worked out anew all is told again, since any of it may be told otherwise now.
    """
    told = Outside(paid=_paid(projection, at))
    for order, lines in projection.orders.items():
        anew = order in projection.anew
        concerned = [
            tracked
            for tracked in lines.values()
            if anew or (tracked.changed and (tracked.line.refunds or tracked.line.chargebacks))
        ]
        if concerned:
            told.orders[order] = [tracked.line for tracked in lines.values()]
            told.lines += [_line(projection, order, tracked) for tracked in concerned]
        if anew or order in projection.releases:
            told.releases.append(_released(projection, order, anew))
    return told


def _paid(projection: Projection, at: Instant) -> list[Step]:
    """The merchant's part goes into escrow: of a new payment, or what one has risen by."""
    return [
        _risen(part, at)
        for parts in projection.payments.values()
        for part in parts
        if part.amount > part.posted
    ]


def _risen(part: PaymentPart, at: Instant) -> Transfer:
    # The first posting needs no more than its payment's id; later ones add what it rose to.
    cause = (
        ("paid", str(part.id)) if part.is_new else ("paid", str(part.id), str(at), str(part.told))
    )
    whose = (part.merchant_id, part.currency, key(*cause), A.CASH, A.ESCROW)
    return Transfer(*whose, part.amount - part.posted, Code.ORDER_PAID, part.id, at)


def _line(projection: Projection, order: OrderKey, tracked: TrackedLine) -> LineOutside:
    lines = [one.line for one in projection.orders[order].values()]
    given = [*_given(tracked.line, lines)] if tracked.line.purchase is not None else []
    return LineOutside(*order, tracked.id, _currency(projection, order), given)


def _given(line: Line, lines: Sequence[Line]) -> Iterator[Given]:
    """What the facts tell as given for a line of an order: by each refund, and by each payment's
    charge-backs, of which what stands is split once, so that no unit is lost between them.
    """
    for refund in line.refunds:
        if refund.amount and not refund.payout:
            yield Given(OutlayKind.REFUND, refund.id, refund.payment, refund.amount)
    for payment in dict.fromkeys(taken.payment for taken in line.chargebacks):
        amount = _charged_back(payment, lines).get(line.number, 0)
        if amount > 0:
            yield Given(OutlayKind.CHARGE_BACK, payment, payment, amount)


def _charged_back(payment: str, lines: Sequence[Line]) -> dict[int, int]:
    """What each line of an order bears of a payment's charge-backs, by its share of the payment."""
    shares: dict[int, int] = {}
    stands = 0
    for line in lines:
        bought = line.purchase
        if bought is not None and payment in bought.payments:
            shares[line.number] = bought.paid[bought.payments.index(payment)]
            stands += sum(taken.amount for taken in line.chargebacks if taken.payment == payment)
    borne = split(max(0, stands), [*shares.values()]) if shares else []
    return dict(zip(shares, borne, strict=True))


def _released(projection: Projection, order: OrderKey, whole: bool) -> Released:
    bought = _bought(projection, order)
    facts = projection.releases.get(order, []) if bought is not None else []
    told = {
        name_of(bought, fact): (fact.data.paid, fact.data.kept)
        for fact in facts
        if bought is not None
    }
    return Released(*order, _currency(projection, order), told, whole)


def _bought(projection: Projection, order: OrderKey) -> Line | None:
    """A line of the order that was bought; None while no purchase is told."""
    lines: Sequence[TrackedLine] = list(projection.orders[order].values())
    return next((one.line for one in lines if one.line.purchase is not None), None)


def _currency(projection: Projection, order: OrderKey) -> str:
    """The order's currency; empty while no purchase is told, and then nothing of it counts."""
    line = _bought(projection, order)
    return line.purchase.currency if line is not None and line.purchase is not None else ""
