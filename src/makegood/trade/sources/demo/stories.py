"""What can happen to a parcel of goods: one story per way a promise is kept or broken."""

from collections.abc import Iterator

from makegood.guarantees.facts.vocabulary import (
    AnyFact,
    CarrierPickedUp,
    EndedData,
    EscrowReleased,
    EscrowReleasedData,
    FactRetracted,
    HandoverData,
    InstallationCompleted,
    LineCancelled,
    LineDelivered,
    LineIssued,
    LineOutOfStock,
    LineShipped,
    OrderCancelled,
    OrderOutOfStock,
    PaidLine,
    RefundPaid,
    RefundPaidData,
)
from makegood.trade.sources.demo.parcel import Parcel

Story = Iterator[AnyFact]
DAY = 24
_CARRIERS = ("swift-crane", "river-post", "nine-hills")


def dispatch_hour(parcel: Parcel) -> int:
    """An hour after payment well within the promised 48."""
    return parcel.draw("dispatch", 4, 44)


def arrival_hour(parcel: Parcel, dispatched: int) -> int:
    """The hour of delivery of what the carrier had at `dispatched`."""
    return dispatched + parcel.draw("transit", 18, 90)


def sent(parcel: Parcel, dispatched: int) -> Story:
    """Handed to the carrier and delivered."""
    carrier = _CARRIERS[parcel.draw("carrier", 0, 2)]
    handover = HandoverData(carrier=carrier, tracking=f"{carrier}-{parcel.draw('way', 1, 10**9)}")
    arrived = arrival_hour(parcel, dispatched)
    for line in parcel.lines:
        yield parcel.of_line(CarrierPickedUp, "picked_up", dispatched, handover, line.number)
        yield parcel.of_line(LineDelivered, "delivered", arrived, handover, line.number)


def released(parcel: Parcel, hour: int) -> Story:
    """The marketplace pays the merchant out of escrow."""
    data = EscrowReleasedData(paid=parcel.total)
    yield parcel.of_order(EscrowReleased, "released", hour, data)


def refunded(parcel: Parcel, line: PaidLine, amount: int, hour: int) -> Story:
    """The marketplace gives so much back by itself, on one payment after the other."""
    for payment in parcel.payments:
        part = min(amount, payment.amount)
        if part:
            data = RefundPaidData(amount=part, payment=payment.id)
            what = f"refunded/{payment.id}"
            yield parcel.of_line(RefundPaid, what, hour, data, line.number)
        amount -= part


def kept(parcel: Parcel) -> Story:
    """All as promised; durable goods are installed, and the merchant gets its money."""
    arrived = arrival_hour(parcel, dispatch_hour(parcel))
    yield from sent(parcel, dispatch_hour(parcel))
    for line in parcel.lines:
        if line.durable:
            number = line.number
            yield parcel.of_line(InstallationCompleted, "installed", arrived + DAY, None, number)
    yield from released(parcel, arrived + 7 * DAY)


def late(parcel: Parcel) -> Story:
    """Handed over after the promised time."""
    dispatched = parcel.draw("delay", 50, 130)
    yield from sent(parcel, dispatched)
    yield from released(parcel, arrival_hour(parcel, dispatched) + 7 * DAY)


def late_by_flood(parcel: Parcel) -> Story:
    """Handed over some hours after the promised time, while roads were closed."""
    yield from sent(parcel, parcel.draw("flood", 51, 58))


def never_sent(_parcel: Parcel) -> Story:
    """Paid, and then silence."""
    yield from ()


def falsely_shipped(parcel: Parcel) -> Story:
    """虚假发货: marked shipped in time, without any scan by the carrier for days."""
    for line in parcel.lines:
        yield parcel.of_line(LineShipped, "shipped", 20, None, line.number)
    yield from sent(parcel, parcel.draw("scan", 100, 170))


def out_of_stock(parcel: Parcel) -> Story:
    """Nothing of it is there."""
    yield parcel.of_order(OrderOutOfStock, "out_of_stock", parcel.draw("empty", 3, 40))


def partly_out_of_stock(parcel: Parcel) -> Story:
    """The first line is missing, the rest is sent."""
    first, *rest = parcel.lines
    yield parcel.of_line(LineOutOfStock, "out_of_stock", 9, None, first.number)
    for line in rest:
        yield parcel.of_line(CarrierPickedUp, "picked_up", 30, None, line.number)
        yield parcel.of_line(LineDelivered, "delivered", 75, None, line.number)


def wrongly_out_of_stock(parcel: Parcel) -> Story:
    """Reported missing by mistake, withdrawn, and sent in time."""
    missing = parcel.of_order(OrderOutOfStock, "out_of_stock", 3)
    yield missing
    yield parcel.about(FactRetracted, "retracted", 6, missing.id)
    yield from kept(parcel)


def cancelled_by_consumer(parcel: Parcel) -> Story:
    """A change of mind before anything was sent; we refund it."""
    data = EndedData(by="consumer", requested_by_consumer=True, note="买错了颜色")
    yield parcel.of_order(OrderCancelled, "cancelled", parcel.draw("regret", 1, 12), data)


def refunded_by_marketplace(parcel: Parcel) -> Story:
    """Cancelled on request; the marketplace refunds the first line by itself."""
    line = parcel.lines[0]
    data = EndedData(by="consumer", requested_by_consumer=True)
    yield parcel.of_line(LineCancelled, "cancelled", 5, data, line.number)
    yield from refunded(parcel, line, line.price + line.freight, 30)
    for other in parcel.lines[1:]:
        yield parcel.of_line(CarrierPickedUp, "picked_up", 26, None, other.number)
        yield parcel.of_line(LineDelivered, "delivered", 80, None, other.number)


def cancelled_by_merchant(parcel: Parcel) -> Story:
    """Ended by the merchant without being asked: out of stock by another name."""
    data = EndedData(by="merchant", note="仓库盘点差异")
    yield parcel.of_order(OrderCancelled, "cancelled", parcel.draw("end", 2, 40), data)


def cancelled_yet_delivered(parcel: Parcel) -> Story:
    """Two facts that contradict each other: a person must look."""
    yield from sent(parcel, dispatch_hour(parcel))
    data = EndedData(by="platform")
    hour = arrival_hour(parcel, dispatch_hour(parcel)) + 3
    yield parcel.of_order(OrderCancelled, "cancelled", hour, data)


def issued(parcel: Parcel) -> Story:
    """A ticket or a code, there within the hour."""
    for line in parcel.lines:
        yield parcel.of_line(LineIssued, "issued", 0, None, line.number)
    yield from released(parcel, 2 * DAY)


def issued_late(parcel: Parcel) -> Story:
    """A ticket that took most of a day."""
    for line in parcel.lines:
        yield parcel.of_line(LineIssued, "issued", parcel.draw("issue", 3, 20), None, line.number)
    yield from released(parcel, 3 * DAY)
