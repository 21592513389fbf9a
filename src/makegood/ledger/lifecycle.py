"""The life of money on its way: posted at once, or reserved and then settled exactly once."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a transfer does; the last three settle a reserve."""

    # Books are looked up by these millions of times; an enumeration's own hash is slow.
    __hash__ = str.__hash__

    POSTED = "posted"
    RESERVE = "reserve"
    POST = "post"
    VOID = "void"
    EXPIRE = "expire"


class Effect(NamedTuple):
    """How often a kind counts its amount into the pending and the posted totals."""

    pending: int
    posted: int


EFFECTS: Mapping[Kind, Effect] = {
    Kind.POSTED: Effect(pending=0, posted=1),
    Kind.RESERVE: Effect(pending=1, posted=0),
    Kind.POST: Effect(pending=-1, posted=1),
    Kind.VOID: Effect(pending=-1, posted=0),
    Kind.EXPIRE: Effect(pending=-1, posted=0),
}

NEXT: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.POSTED: (),
    Kind.RESERVE: (Kind.POST, Kind.VOID, Kind.EXPIRE),
    Kind.POST: (),
    Kind.VOID: (),
    Kind.EXPIRE: (),
}

SETTLING: tuple[Kind, ...] = NEXT[Kind.RESERVE]
