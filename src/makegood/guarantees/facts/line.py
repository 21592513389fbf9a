"""An order line as its facts tell it: what the guarantees judge.

All instants are integers (`makegood.clock.instants`), all amounts minor units. Structs are
array-like, so that a folded line is stored in few bytes beside the facts it came from.
"""

from typing import Literal

from msgspec import Struct


class Once(Struct, frozen=True, array_like=True):
    """Something that happens once: of several reports the earliest holds, ties by id."""

    at: int
    id: str


class Ending(Struct, frozen=True, array_like=True):
    """A cancellation or want of stock, with who ended it."""

    at: int
    id: str
    by: str = "unknown"
    requested_by_consumer: bool = False


class Handover(Struct, frozen=True, array_like=True):
    """A parcel shipped, picked up or delivered."""

    at: int
    id: str
    carrier: str = ""
    tracking: str = ""


class ReturnStep(Struct, frozen=True, array_like=True):
    """One fact of a return."""

    at: int
    id: str
    step: Literal["requested", "refused", "shipped", "received"]
    return_id: str = ""
    inspection: str | None = None
    freight: int = 0


class RepairStep(Struct, frozen=True, array_like=True):
    """One fact of a repair."""

    at: int
    id: str
    step: Literal["requested", "refused", "completed"]
    repair_id: str = ""
    centre: str = ""
    result: str | None = None
    charged: int = 0
    delayed_by_consumer_hours: int = 0


class ReplacementStep(Struct, frozen=True, array_like=True):
    """One fact of a replacement."""

    at: int
    id: str
    step: Literal["shipped", "delivered"]
    replacement_id: str = ""


class Refunded(Struct, frozen=True, array_like=True):
    """Money that went back to the consumer, by us (`payout`) or by the marketplace itself."""

    at: int
    id: str
    amount: int
    payment: str = ""
    payout: str = ""


class ChargedBack(Struct, frozen=True, array_like=True):
    """This line's share of a payment that the bank took back; negative when it was won back."""

    at: int
    id: str
    amount: int
    payment: str = ""


class Priced(Struct, frozen=True, array_like=True):
    """A later price of one unit of the item at the same merchant."""

    at: int
    id: str
    price: int


class Exemption(Struct, frozen=True, array_like=True):
    """A declared period that pauses named clocks for some areas or carriers; empty means all."""

    starts: int
    ends: int
    id: str
    areas: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()


class Purchase(Struct, frozen=True, array_like=True):
    """What `order.paid` says of the line; `paid` is its share of each payment."""

    at: int
    id: str
    source: str
    placed_at: int
    currency: str
    item: str
    category: str
    kind: str
    price: int
    list_price: int | None
    freight: int
    quantity: int
    payments: tuple[str, ...]
    paid: tuple[int, ...]
    dispatch_by: int | None = None
    deliver_by: int | None = None
    issue_by: int | None = None
    area: str = ""
    food: bool = False
    durable: bool = False
    no_return: str | None = None

    @property
    def paid_total(self) -> int:
        """What was paid for the line: price, freight and whatever else its payments covered."""
        return sum(self.paid)


class Line(Struct, array_like=True, omit_defaults=True):
    """A line folded from its facts; `purchase` is None while only other facts have arrived.

    `prices` and `exemptions` are context that the line itself does not store: later prices
    of the same item, in order of time then id, and the exemptions declared so far.
    """

    order: str
    number: int
    purchase: Purchase | None = None
    cancelled: Ending | None = None
    out_of_stock: Ending | None = None
    shipped: Handover | None = None
    picked_up: Handover | None = None
    delivered: Handover | None = None
    issued: Once | None = None
    installed: Once | None = None
    returns: tuple[ReturnStep, ...] = ()
    repairs: tuple[RepairStep, ...] = ()
    replacements: tuple[ReplacementStep, ...] = ()
    refunds: tuple[Refunded, ...] = ()
    chargebacks: tuple[ChargedBack, ...] = ()
    prices: tuple[Priced, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
