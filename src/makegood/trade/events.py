"""Reading reported facts: CloudEvents as JSON, one by one or by the line.

A wrong fact is refused with a reason and its place, and costs no other fact anything.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import msgspec
from msgspec import Struct

from makegood.guarantees.facts import vocabulary as say
from makegood.money import exponent
from makegood.people.actions import merchant_key
from makegood.record.canonical import canonical_struct
from makegood.storage.keys import key, order_key

_DECODER = msgspec.json.Decoder(say.AnyFact)
_NUL = b"\\u0000"
_BACKSLASH = b"\\\\"
_PROMISED = ("dispatch_by", "deliver_by", "issue_by")
FIRST_YEAR, YEAR_AFTER = 1990, 2200
"""Within these years every deadline that a fact can lead to is a date that calendars have."""
LONGEST_NUMBER = 8
"""One more digit than a line's number can have."""


class _Personal(Struct, frozen=True, omit_defaults=True):
    """The personal fields that a fact can have."""

    consumer: str | None = None
    destination: str | None = None
    note: str | None = None


_NOTHING_PERSONAL = _Personal()
_MAY_BE_PERSONAL: dict[type, tuple[str, ...]] = {
    say.OrderPaid: ("consumer", "destination"),
    say.OrderCancelled: ("note",),
    say.LineCancelled: ("note",),
    say.OrderOutOfStock: ("note",),
    say.LineOutOfStock: ("note",),
    say.ReturnRequested: ("note",),
    say.ReturnRefused: ("note",),
    say.ReturnShipped: ("note",),
    say.ReturnReceived: ("note",),
    say.RepairRequested: ("note",),
    say.RepairRefused: ("note",),
    say.RepairCompleted: ("note",),
}


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
    """Why the fact at a place of the batch was not taken; `id` is empty if it was not readable."""

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
    if not FIRST_YEAR <= fact.time.year < YEAR_AFTER:
        raise _out_of_years("time", fact.time)
    order = _ORDER_OF[kind](fact)
    personal = None
    if kind in _MAY_BE_PERSONAL:
        fact, personal = _without_personal(fact)
    content = canonical_struct(fact)
    if _NUL in content and _NUL in content.replace(_BACKSLASH, b""):
        raise ValueError("A text holds the character NUL, which no database keeps")
    return Arrival(
        place,
        fact,
        merchant_key(fact.merchant),
        key(fact.source, fact.id),
        order,
        order_key(order) if order else None,
        content.decode(),
        personal,
    )


def fact_key(source: str, id: str) -> UUID:
    """The key of a fact within its merchant."""
    return key(source, id)


def _of_line(fact: say.Fact) -> str:
    order, slash, number = fact.subject.rpartition("/")
    if slash and order and number.isdecimal() and len(number) < LONGEST_NUMBER:
        return order
    raise ValueError(f"{_tag(fact)} names its line as its subject: ORDER/NUMBER")


def _of_order(fact: say.Fact) -> str:
    if not fact.subject:
        raise ValueError(f"{_tag(fact)} names its order as its subject")
    return fact.subject


def _of_paid_order(fact: say.Fact) -> str:
    order = _of_order(fact)
    if isinstance(fact, say.OrderPaid):
        _check_paid(fact.data)
    return order


def _of_none(fact: say.Fact) -> str:
    if not fact.subject and not isinstance(fact, say.FactsComplete | say.ExemptionDeclared):
        raise ValueError(f"{_tag(fact)} names what it is about as its subject")
    if isinstance(fact, say.OfferPriced):
        exponent(fact.data.currency)
    return ""


def _of_all(fact: say.Fact) -> str:
    if fact.merchant != say.PLATFORM:
        raise ValueError(f"{_tag(fact)} holds for all: its merchant is {say.PLATFORM!r}")
    if isinstance(fact, say.ExemptionDeclared):
        _check_years(fact.data, ("starts_at", "ends_at"))
        if fact.data.ends_at <= fact.data.starts_at:
            raise ValueError("An exemption ends after it starts")
    elif isinstance(fact, say.FactsComplete):
        _check_years(fact.data, ("until",))
    return ""


def _tag(fact: Any) -> str:
    return str(fact.__struct_config__.tag)


def _check_years(told: Any, names: Sequence[str]) -> None:
    for name in names:
        stamp: datetime | None = getattr(told, name)
        if stamp is not None and not FIRST_YEAR <= stamp.year < YEAR_AFTER:
            raise _out_of_years(name, stamp)


def _out_of_years(name: str, stamp: datetime) -> ValueError:
    span = f"{FIRST_YEAR} to {YEAR_AFTER - 1}"
    return ValueError(f"{name} is in the year {stamp.year}; clocks are kept for {span}")


def _check_paid(data: say.OrderPaidData) -> None:
    exponent(data.currency)
    _check_years(data, ("placed_at",))
    for line in data.lines:
        _check_years(line, _PROMISED)
    names = [payment.id for payment in data.payments]
    if len(data.lines) > 1 and len({line.number for line in data.lines}) < len(data.lines):
        raise ValueError("Two lines of the order have the same number")
    if len(names) > 1 and len(set(names)) < len(names):
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


def _without_personal(fact: Any) -> tuple[Any, str | None]:
    """The fact without its personal fields, and those apart as canonical JSON."""
    data = fact.data
    found = _Personal(*(getattr(data, name, None) for name in ("consumer", "destination", "note")))
    if found == _NOTHING_PERSONAL:
        return fact, None
    names = [name for name in _MAY_BE_PERSONAL[type(fact)] if getattr(data, name) is not None]
    bare = msgspec.structs.replace(data, **dict.fromkeys(names))
    return msgspec.structs.replace(fact, data=bare), canonical_struct(found).decode()


def read_content(content: str) -> say.Fact:
    """The fact that a stored content tells, without its personal fields."""
    fact: say.Fact = _DECODER.decode(content)
    return fact


_ORDER_OF: dict[type, Callable[[Any], str]] = {
    **dict.fromkeys(get_args(say.AnyFact), _of_line),
    say.OrderPaid: _of_paid_order,
    **dict.fromkeys(
        (
            say.OrderCancelled,
            say.OrderOutOfStock,
            say.EscrowReleased,
            say.PaymentChargedBack,
        ),
        _of_order,
    ),
    **dict.fromkeys((say.OfferPriced, say.MerchantRegistered, say.FactRetracted), _of_none),
    **dict.fromkeys((say.ExemptionDeclared, say.FactsComplete), _of_all),
}
