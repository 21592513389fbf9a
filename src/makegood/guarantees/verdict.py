"""What a guarantee says of a line: kept, pending, broken or held, and why."""

from typing import Literal

from msgspec import Struct


class Owed(Struct, frozen=True):
    """Money and service owed to the consumer; amounts in minor units of the line's currency.

    `refund` goes back on the original payments and counts against what was paid for the line;
    `compensation` comes on top; `freight` and `fee` are the consumer's outlays made good.
    """

    refund: int = 0
    compensation: int = 0
    freight: int = 0
    fee: int = 0
    service: Literal["repair", "replacement"] | None = None


class Step(Struct, frozen=True):
    """One step of a reasoning: a fact, a rule, an article or arithmetic, with its values.

    `code` names a sentence that exists in every language; `values` fill it in order.
    """

    kind: Literal["fact", "rule", "article", "sum"]
    code: str
    values: tuple[object, ...] = ()


class Kept(Struct, frozen=True):
    """The promise was kept, or ended without being broken."""


class Pending(Struct, frozen=True):
    """Nothing can be said yet; `until` is when silence will have broken it, if silence can."""

    until: int | None = None


class Broken(Struct, frozen=True):
    """The promise was broken: what is owed, since which fact or lapse, and why."""

    owed: Owed
    at: int
    occasion: str
    because: tuple[Step, ...] = ()


class Held(Struct, frozen=True):
    """Facts contradict each other or a person must look: at most this may be owed."""

    at_most: Owed
    at: int
    occasion: str
    because: tuple[Step, ...] = ()


Verdict = Kept | Pending | Broken | Held
KEPT = Kept()
PENDING = Pending()
