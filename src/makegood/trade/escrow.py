"""Escrow and the way back: how the sums of an order's payments move. Pure."""

from collections.abc import Iterable, Sequence
from typing import Literal

from makegood.guarantees.facts.line import Line as Folded
from makegood.storage.keys import from_int
from makegood.trade.payments import PaymentPart

Way = Literal["drawn", "released", "returned"]
"""How money left an order's escrow."""
WAYS: tuple[Way, ...] = ("drawn", "released", "returned")


def in_escrow(parts: Iterable[PaymentPart]) -> int:
    """What is left in escrow of an order's payments, in minor units."""
    return sum(part.in_escrow for part in parts)


def take_from_escrow(parts: Sequence[PaymentPart], way: Way, amount: int, ref: str = "") -> None:
    """Note that so much left the order's escrow; from the payment `ref` first, if one is named."""
    for part in sorted(parts, key=lambda part: part.ref != ref) if ref else parts:
        taken = min(part.in_escrow, amount)
        if taken:
            setattr(part, way, getattr(part, way) + taken)
            part.changed = True
            amount -= taken


def give_back_to_escrow(parts: Sequence[PaymentPart], way: Way, amount: int) -> None:
    """Note that so much of what left the order's escrow came back, what left last first."""
    for part in reversed(parts):
        given = min(getattr(part, way), amount)
        if given:
            setattr(part, way, getattr(part, way) - given)
            part.changed = True
            amount -= given


def bring_to(stored: Sequence[PaymentPart], told: Sequence[PaymentPart]) -> list[PaymentPart]:
    """The stored payments with the amounts that the facts now tell, and those that are new.

    A payment goes by its ref. An amount that rises does so at once; one that falls follows
    when what left its escrow is settled, and never below what has left.
    """
    amounts = {part.ref: part.amount for part in told}
    parts = list(stored)
    for part in parts:
        amount = amounts.get(part.ref, 0)
        part.changed = part.changed or amount != part.told
        part.told = amount
        part.amount = max(part.amount, amount)
    refs, taken = {part.ref for part in stored}, {part.id for part in stored}
    for part in told:
        if part.ref not in refs:
            while part.id in taken:
                part.id = from_int(part.id.int + 1)
            taken.add(part.id)
            parts.append(part)
    _spread(parts)
    return parts


def _spread(parts: Sequence[PaymentPart]) -> None:
    """Let payments that the facts still tell bear what left escrow of those that they do not."""
    for part in parts:
        for way in WAYS:
            for other in parts:
                over = min(part.gone - part.told, getattr(part, way))
                moved = min(over, other.told - other.gone)
                if moved > 0:
                    setattr(part, way, getattr(part, way) - moved)
                    setattr(other, way, getattr(other, way) + moved)
                    part.changed = other.changed = True


def note_returned(parts: Sequence[PaymentPart], lines: Iterable[Folded]) -> None:
    """Work out what went back on the route of each of an order's payments, from all its lines.

    A refund that names no payment goes by the payments in their order. Facts may report more
    than a payment took; the row tells at most its amount.
    """
    refunds: dict[str, int] = {}
    charged: dict[str, int] = {}
    for line in lines:
        for refund in line.refunds:
            refunds[refund.payment] = refunds.get(refund.payment, 0) + refund.amount
        for taken in line.chargebacks:
            charged[taken.payment] = charged.get(taken.payment, 0) + taken.amount
    unnamed = sum(amount for ref, amount in refunds.items() if ref not in {p.ref for p in parts})
    for part in parts:
        part.charged_back = min(part.amount, max(0, charged.get(part.ref, 0)))
        part.refunded = min(part.amount - part.charged_back, refunds.get(part.ref, 0))
        part.changed = True
    for part in parts:
        more = min(part.can_return, unnamed)
        part.refunded += more
        unnamed -= more
