"""Reading reported facts: CloudEvents as JSON, one by one or by the line.

A wrong fact is refused with a reason and its place, and costs no other fact anything.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from makegood.guarantees.facts import fold
from makegood.guarantees.facts import vocabulary as say
from makegood.money import exponent
from makegood.people.actions import merchant_key
from makegood.record.canonical import canonical, canonical_struct
from makegood.storage.keys import key, order_key

_DECODER = msgspec.json.Decoder(say.AnyFact)
_ORDER_FACTS = (
    say.OrderPaid,
    say.OrderCancelled,
    say.OrderOutOfStock,
    say.EscrowReleased,
    say.PaymentChargedBack,
)
_OTHER_FACTS = (
    say.OfferPriced,
    say.MerchantRegistered,
    say.ExemptionDeclared,
    say.FactRetracted,
    say.FactsComplete,
)
_FOR_ALL = (say.ExemptionDeclared, say.FactsComplete)
_PERSONAL = ("consumer", "destination", "note")


class Arrival(Struct):
    """A fact as it arrived: what it says, its keys, and its canonical content.

    `place` is its position in the batch, from 1. `order` is empty for facts about no order.
    """

    place: int
    fact: Any
    merchant_id: UUID
    id: UUID
    order: str
    order_id: UUID | None
    content: str
    personal: str | None


class Refusal(Struct, frozen=True):
    """Why the fact at a place of the batch was not taken; `id` is empty where it could not be read."""

    place: int
    id: str
    reason: str


def read_lines(lines: Iterable[bytes], first: int = 1) -> tuple[list[Arrival], list[Refusal]]:
    """Read one fact from each line that is not blank; places count from `first`."""
    arrivals: list[Arrival] = []
    refusals: list[Refusal] = []
    decode = _DECODER.decode
    for place, text in enumerate(lines, first):
        if not text.strip():
            continue
        try:
            arrivals.append(arrival(place, decode(text)))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            refusals.append(Refusal(place, _id_in(text), _reason(error)))
    return arrivals, refusals


def read_values(values: Sequence[msgspec.Raw]) -> tuple[list[Arrival], list[Refusal]]:
    """Read the facts of a JSON batch, each kept apart so that a wrong one costs no other."""
    return read_lines([bytes(value) for value in values])


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "The text is not UTF-8."
    text = str(error) or type(error).__name__
    return text if text.endswith(".") else f"{text}."


def _id_in(text: bytes) -> str:
    """The id of a fact that could not be read as one, if so much can be read."""
    try:
        return str(msgspec.json.decode(text).get("id", ""))[:200]
    except (msgspec.DecodeError, ValueError, AttributeError, RecursionError):
        return ""


def arrival(place: int, fact: say.Fact) -> Arrival:
    """What a well-formed fact is about; a ValueError says what its type would need."""
    kind = type(fact)
    order = _order(fact, kind)
    content, personal = _content(fact)
    return Arrival(
        place,
        fact,
        merchant_key(fact.merchant),
        fact_key(fact.source, fact.id),
        order,
        order_key(order) if order else None,
        content,
        personal,
    )


def fact_key(source: str, id: str) -> UUID:
    """The key of a fact within its merchant."""
    return key(source, id)


def _order(fact: Any, kind: type) -> str:
    """The order that the fact is about; empty for none."""
    if kind in _OTHER_FACTS:
        _check_other(fact, kind)
        return ""
    if kind in _ORDER_FACTS:
        if not fact.subject:
            raise ValueError(f"{_tag(fact)} names its order as its subject")
        if kind is say.OrderPaid:
            _check_paid(fact)
        return str(fact.subject)
    order = fold.order_of(fact.subject)
    if not order or fold.number_of(fact.subject) < 0:
        raise ValueError(f"{_tag(fact)} names its line as its subject: ORDER/NUMBER")
    return order


def _tag(fact: Any) -> str:
    return str(fact.__struct_config__.tag)


def _check_other(fact: Any, kind: type) -> None:
    if not fact.subject and kind is not say.FactsComplete:
        raise ValueError(f"{_tag(fact)} names what it is about as its subject")
    if (kind in _FOR_ALL) != (fact.merchant == say.PLATFORM) and kind in _FOR_ALL:
        raise ValueError(f"{_tag(fact)} holds for all: its merchant is {say.PLATFORM!r}")
    if kind is say.ExemptionDeclared and fact.data.ends_at <= fact.data.starts_at:
        raise ValueError("An exemption ends after it starts")
    if kind is say.OfferPriced:
        exponent(fact.data.currency)


def _check_paid(fact: say.OrderPaid) -> None:
    data = fact.data
    exponent(data.currency)
    numbers = [line.number for line in data.lines]
    if len(set(numbers)) != len(numbers):
        raise ValueError("Two lines of the order have the same number")
    names = [payment.id for payment in data.payments]
    if len(set(names)) != len(names):
        raise ValueError("Two payments of the order have the same id")
    shares = [line.paid for line in data.lines if line.paid is not None]
    if not shares:
        return
    if len(shares) != len(data.lines) or any(len(paid) != len(names) for paid in shares):
        raise ValueError("Either each line tells its share of each payment, or none does")
    for payment, parts in zip(data.payments, zip(*shares, strict=True), strict=True):
        if sum(parts) != payment.amount:
            raise ValueError(
                f"The lines' shares of payment {payment.id} add up to {sum(parts)}, "
                f"not to its amount {payment.amount}"
            )


def _content(fact: Any) -> tuple[str, str | None]:
    """The canonical content without its personal fields, and those apart."""
    data = fact.data
    personal = {
        name: value
        for name in _PERSONAL
        if (value := getattr(data, name, None)) is not None
    }
    if not personal:
        return canonical_struct(fact).decode(), None
    bare = msgspec.structs.replace(data, **dict.fromkeys(personal))
    public = msgspec.structs.replace(fact, data=bare)
    return canonical_struct(public).decode(), canonical(personal).decode()


def read_content(content: str) -> say.Fact:
    """The fact that a stored content tells, without its personal fields."""
    fact: say.Fact = _DECODER.decode(content)
    return fact

