"""What a person found in a case: the part of a judgement that no machine can see."""

from typing import Literal

from msgspec import Struct

from makegood.clock.instants import Instant


class Findings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An arbitrator's (or a consenting merchant's) findings on one guarantee of one line.

    `occasion` is the id of what started the dispute: the case, or the request it is about.
    Amounts are the consumer's proven outlays and loss, in minor units of the line's currency.
    A field that a guarantee does not ask about is ignored by it.
    """

    at: Instant
    occasion: str
    claimed_at: Instant | None = None
    """When the consumer asked; None where that does not matter."""
    excused: bool = False
    """The merchant's objection was upheld, or the claim was not: nothing is owed."""

    counterfeit: bool = False
    knowingly: bool = False
    """The merchant knew or deceived: fraud in the sense of the law on punitive damages."""
    unsafe_food: bool = False
    severity: Literal["none", "minor", "material"] = "none"
    """How far the item differs from its description."""
    keeps_goods: bool = False
    """The consumer keeps the item and takes a reduction instead of returning it."""
    refused_wrongly: bool = False
    """A return, repair or service was refused though the promise covers it."""
    return_intact: bool = False
    """The item came back in a state that the promise accepts, whatever the inspection said."""
    remedy: Literal["repair", "replacement", "refund"] | None = None
    """What the consumer chose where the terms leave a choice."""

    freight: int = 0
    appraisal_fee: int = 0
    loss: int = 0
