"""The facts that a marketplace reports: CloudEvents 1.0, one type of data for each type of fact.

`subject` names what the fact is about: an order (`A-17`), a line (`A-17/1`), an item, a
merchant or, for a retraction, the id of a fact of the same source. Unknown attributes of the
envelope are extensions and are left out.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from makegood.guarantees.facts.data import (
    ChargedBackData,
    CompleteData,
    Data,
    EndedData,
    EscrowReleasedData,
    ExemptionData,
    HandoverData,
    Nothing,
    OrderPaidData,
    OutOfStockData,
    PaidLine,
    Payment,
    PricedData,
    Ref,
    RefundPaidData,
    RegisteredData,
    RepairData,
    ReplacementData,
    RetractedData,
    ReturnData,
    Stamp,
)

__all__ = [
    "PLATFORM",
    "AnyFact",
    "CarrierPickedUp",
    "ChargedBackData",
    "CompleteData",
    "Data",
    "EndedData",
    "EscrowReleased",
    "EscrowReleasedData",
    "ExemptionData",
    "ExemptionDeclared",
    "Fact",
    "FactRetracted",
    "FactsComplete",
    "HandoverData",
    "InstallationCompleted",
    "LineCancelled",
    "LineDelivered",
    "LineIssued",
    "LineOutOfStock",
    "LineShipped",
    "MerchantRegistered",
    "Nothing",
    "OfferPriced",
    "OrderCancelled",
    "OrderOutOfStock",
    "OrderPaid",
    "OrderPaidData",
    "OutOfStockData",
    "PaidLine",
    "Payment",
    "PaymentChargedBack",
    "PricedData",
    "RefundPaid",
    "RefundPaidData",
    "RegisteredData",
    "RepairCompleted",
    "RepairData",
    "RepairRefused",
    "RepairRequested",
    "ReplacementData",
    "ReplacementDelivered",
    "ReplacementShipped",
    "RetractedData",
    "ReturnData",
    "ReturnReceived",
    "ReturnRefused",
    "ReturnRequested",
    "ReturnShipped",
]

PLATFORM = "platform"
"""The merchant ref of the platform's own book."""


class Fact(Struct, frozen=True, kw_only=True, tag_field="type"):
    """The envelope. `merchant` is our extension attribute: every fact names its merchant."""

    specversion: Literal["1.0"] = "1.0"
    id: Ref
    source: Ref
    time: Stamp
    merchant: Ref
    subject: Annotated[str, Meta(max_length=250)] = ""


class OrderPaid(Fact, frozen=True, tag="order.paid"):
    data: OrderPaidData


class OrderCancelled(Fact, frozen=True, tag="order.cancelled"):
    data: EndedData = EndedData()


class LineCancelled(Fact, frozen=True, tag="line.cancelled"):
    data: EndedData = EndedData()


class OrderOutOfStock(Fact, frozen=True, tag="order.out_of_stock"):
    data: OutOfStockData = OutOfStockData()


class LineOutOfStock(Fact, frozen=True, tag="line.out_of_stock"):
    data: OutOfStockData = OutOfStockData()


class LineShipped(Fact, frozen=True, tag="line.shipped"):
    data: HandoverData = HandoverData()


class CarrierPickedUp(Fact, frozen=True, tag="carrier.picked_up"):
    data: HandoverData = HandoverData()


class LineDelivered(Fact, frozen=True, tag="line.delivered"):
    data: HandoverData = HandoverData()


class LineIssued(Fact, frozen=True, tag="line.issued"):
    data: Nothing = Nothing()


class InstallationCompleted(Fact, frozen=True, tag="installation.completed"):
    data: Nothing = Nothing()


class OfferPriced(Fact, frozen=True, tag="offer.priced"):
    data: PricedData


class ReturnRequested(Fact, frozen=True, tag="return.requested"):
    data: ReturnData = ReturnData()


class ReturnRefused(Fact, frozen=True, tag="return.refused"):
    data: ReturnData = ReturnData()


class ReturnShipped(Fact, frozen=True, tag="return.shipped"):
    data: ReturnData = ReturnData()


class ReturnReceived(Fact, frozen=True, tag="return.received"):
    data: ReturnData = ReturnData()


class RepairRequested(Fact, frozen=True, tag="repair.requested"):
    data: RepairData = RepairData()


class RepairRefused(Fact, frozen=True, tag="repair.refused"):
    data: RepairData = RepairData()


class RepairCompleted(Fact, frozen=True, tag="repair.completed"):
    data: RepairData = RepairData()


class ReplacementShipped(Fact, frozen=True, tag="replacement.shipped"):
    data: ReplacementData = ReplacementData()


class ReplacementDelivered(Fact, frozen=True, tag="replacement.delivered"):
    data: ReplacementData = ReplacementData()


class RefundPaid(Fact, frozen=True, tag="refund.paid"):
    data: RefundPaidData


class EscrowReleased(Fact, frozen=True, tag="escrow.released"):
    data: EscrowReleasedData


class PaymentChargedBack(Fact, frozen=True, tag="payment.charged_back"):
    data: ChargedBackData


class MerchantRegistered(Fact, frozen=True, tag="merchant.registered"):
    data: RegisteredData = RegisteredData()


class ExemptionDeclared(Fact, frozen=True, tag="exemption.declared"):
    data: ExemptionData


class FactRetracted(Fact, frozen=True, tag="fact.retracted"):
    data: RetractedData = RetractedData()


class FactsComplete(Fact, frozen=True, tag="facts.complete"):
    data: CompleteData


AnyFact = (
    OrderPaid
    | OrderCancelled
    | LineCancelled
    | OrderOutOfStock
    | LineOutOfStock
    | LineShipped
    | CarrierPickedUp
    | LineDelivered
    | LineIssued
    | InstallationCompleted
    | OfferPriced
    | ReturnRequested
    | ReturnRefused
    | ReturnShipped
    | ReturnReceived
    | RepairRequested
    | RepairRefused
    | RepairCompleted
    | ReplacementShipped
    | ReplacementDelivered
    | RefundPaid
    | EscrowReleased
    | PaymentChargedBack
    | MerchantRegistered
    | ExemptionDeclared
    | FactRetracted
    | FactsComplete
)
