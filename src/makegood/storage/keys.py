"""Keys made from causes: the same cause gives the same key, so doing a thing twice does nothing.

A key is the start of a BLAKE2b digest of what it stands for, as a UUID. An order's key ends in
four zero bytes; those of its lines and payments end in their number instead, so that all rows
of one order lie together and are found by a range of the primary key.
"""

from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from msgspec import Struct

_set_int = UUID.__dict__["int"].__set__
_set_safe = UUID.__dict__["is_safe"].__set__
_new = UUID.__new__
_unknown = UUID(int=0).is_safe
MEMBER = 0xFFFFFFFF
REMEMBERED = 16_384
"""How many orders' keys a process remembers: an order's facts come near each other."""


class PublicId(Struct, frozen=True):
    """The public id of a row of volume, `<kind>_<merchant>_<id>`: it always tells the merchant."""

    kind: str
    merchant_id: UUID
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind}_{self.merchant_id.hex}_{self.id.hex}"


def read_public_id(text: str) -> PublicId:
    """Read a public id; a ValueError says what is wrong with it."""
    kind, _, rest = text.partition("_")
    merchant, _, own = rest.partition("_")
    try:
        return PublicId(kind, UUID(hex=merchant), UUID(hex=own))
    except ValueError:
        raise ValueError(f"{text!r} is no id of the form kind_merchant_id") from None


def from_int(number: int) -> UUID:
    """A UUID from its 128 bits, without the checks that make `UUID(int=…)` slow on the hot path."""
    key = _new(UUID)
    _set_int(key, number)
    _set_safe(key, _unknown)
    return key


def key(*cause: str) -> UUID:
    """The key of a cause, given as words that together name it."""
    digest = blake2b("\x1f".join(cause).encode(), digest_size=16).digest()
    return from_int(int.from_bytes(digest, "big"))


@lru_cache(maxsize=REMEMBERED)
def order_key(order: str) -> UUID:
    """The key of an order within its merchant."""
    digest = blake2b(order.encode(), digest_size=12, person=b"order").digest()
    return from_int(int.from_bytes(digest, "big") << 32)


def member_key(order_id: UUID, number: int) -> UUID:
    """The key of an order's line or payment of this number."""
    return from_int(order_id.int | number)


def order_of(member_id: UUID) -> UUID:
    """The order to which a line or payment belongs."""
    return from_int(member_id.int >> 32 << 32)


def last_of(order_id: UUID) -> UUID:
    """The largest key that a member of the order can have."""
    return from_int(order_id.int | MEMBER)
