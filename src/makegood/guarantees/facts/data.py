"""What each type of fact says: the `data` of its envelope, and the bounds of its values.

Amounts are integers in the minor unit of the order's currency. An unknown field is refused,
since a misspelt promise is a lost one.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Ref = Annotated[str, Meta(min_length=1, max_length=200)]
Stamp = Annotated[datetime, Meta(tz=True)]
Minor = Annotated[int, Meta(ge=0, le=10**12)]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
Note = Annotated[str, Meta(max_length=4000)]
Party = Literal["consumer", "merchant", "platform", "unknown"]

NoReturn = Literal["made_to_order", "perishable", "unsealed", "digital", "newspaper", "confirmed"]
"""Why a line cannot be returned without a reason (Consumer Rights Protection Law, 25)."""


class Data(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a fact says; fields at their default are left out of its canonical form."""


class Nothing(Data, frozen=True):
    """For facts whose type, subject and time say all."""


class Payment(Data, frozen=True):
    """The merchant's part of one payment of the order."""

    id: Ref
    amount: Minor


class PaidLine(Data, frozen=True):
    """One line of a paid order.

    `price` is what the consumer paid for the whole line without freight. `paid` is the line's
    share of each payment, in the payments' order; without it, shares are in proportion to
    price + freight (domain.md section 9).
    """

    number: Annotated[int, Meta(ge=0, le=1_000_000)]
    item: Annotated[str, Meta(max_length=200)] = ""
    category: Annotated[str, Meta(max_length=200)] = ""
    kind: Literal["goods", "virtual", "travel"] = "goods"
    price: Minor = 0
    list_price: Minor | None = None
    freight: Minor = 0
    quantity: Annotated[int, Meta(ge=0, le=1_000_000)] = 1
    paid: tuple[Minor, ...] | None = None
    dispatch_by: Stamp | None = None
    deliver_by: Stamp | None = None
    issue_by: Stamp | None = None
    food: bool = False
    durable: bool = False
    no_return: NoReturn | None = None


class OrderPaidData(Data, frozen=True):
    """A merchant's lines of a paid order; `consumer` and `destination` are personal."""

    placed_at: Stamp
    currency: Currency
    lines: Annotated[tuple[PaidLine, ...], Meta(min_length=1, max_length=1000)]
    payments: Annotated[tuple[Payment, ...], Meta(max_length=100)]
    area: Annotated[str, Meta(max_length=100)] = ""
    consumer: Annotated[str, Meta(max_length=200)] | None = None
    destination: Annotated[str, Meta(max_length=1000)] | None = None


class EndedData(Data, frozen=True):
    """Who ended the order or line; `note` is free text and personal."""

    by: Party = "unknown"
    requested_by_consumer: bool = False
    note: Note | None = None


class OutOfStockData(Data, frozen=True):
    """`note` is free text and personal."""

    note: Note | None = None


class HandoverData(Data, frozen=True):
    """A parcel shipped, picked up or delivered."""

    carrier: Annotated[str, Meta(max_length=100)] = ""
    tracking: Annotated[str, Meta(max_length=100)] = ""


class PricedData(Data, frozen=True):
    """The price of one unit of the item from this time on."""

    price: Minor
    currency: Currency


class ReturnData(Data, frozen=True):
    """A step of a return; `inspection` and `freight` (the consumer's) come with its arrival."""

    return_id: Annotated[str, Meta(max_length=200)] = ""
    inspection: Literal["intact", "worn", "other_item", "empty_parcel"] | None = None
    freight: Minor = 0
    note: Note | None = None


class RepairData(Data, frozen=True):
    """A step of a repair: at the merchant, or at the authorised centre that it names."""

    repair_id: Annotated[str, Meta(max_length=200)] = ""
    centre: Annotated[str, Meta(max_length=200)] = ""
    result: Literal["repaired", "not_repaired"] | None = None
    charged: Minor = 0
    delayed_by_consumer_hours: Annotated[int, Meta(ge=0, le=100_000)] = 0
    note: Note | None = None


class ReplacementData(Data, frozen=True):
    """A replacement on its way or arrived."""

    replacement_id: Annotated[str, Meta(max_length=200)] = ""


class RefundPaidData(Data, frozen=True):
    """Money that went back to the consumer; `payout` is our payout's id if it was ours."""

    amount: Minor
    payment: Annotated[str, Meta(max_length=200)] = ""
    payout: Annotated[str, Meta(max_length=100)] = ""


class EscrowReleasedData(Data, frozen=True):
    """Order money that left escrow: paid to the merchant, and kept for what it owes."""

    paid: Minor
    kept: Minor = 0


class ChargedBackData(Data, frozen=True):
    """The bank took a payment back, or gave it back when the dispute was won."""

    payment: Ref
    amount: Minor
    won: bool = False


class RegisteredData(Data, frozen=True):
    """What the marketplace knows of a merchant."""

    name: Annotated[str, Meta(max_length=200)] = ""
    country: Annotated[str, Meta(max_length=2)] = ""


class ExemptionData(Data, frozen=True):
    """A period in which named clocks pause, for orders to these areas or by these carriers."""

    starts_at: Stamp
    ends_at: Stamp
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]
    areas: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()


class RetractedData(Data, frozen=True):
    """Why the fact named by the subject was wrong."""

    reason: Annotated[str, Meta(max_length=1000)] = ""


class CompleteData(Data, frozen=True):
    """The source has reported all that happened until this moment."""

    until: Stamp
