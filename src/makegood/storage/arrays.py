"""Arrays packed for PostgreSQL in its binary form, for statements that read many rows from one.

psycopg writes lists element by element; the hot path passes dozens of columns of thousands of
values, so they are packed here in one go. Use them with a cursor of `storage.cursors` only.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Any
from uuid import UUID
from weakref import WeakSet

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from makegood.clock.instants import Instant, instant

_HEAD = Struct("!iiIii").pack
_INT8 = Struct("!iq").pack
_INT4 = Struct("!ii").pack
_LENGTH = Struct("!i").pack
_SIXTEEN = _LENGTH(16)
_NULL = _LENGTH(-1)
_POSTGRES_EPOCH = instant(datetime(2000, 1, 1, tzinfo=UTC))


class _Packed(bytes):
    """The binary form of a one-dimensional array."""


class UuidArray(_Packed):
    """A packed `uuid[]`."""


class TextArray(_Packed):
    """A packed `text[]`."""


class BigintArray(_Packed):
    """A packed `int8[]`."""


class IntegerArray(_Packed):
    """A packed `int4[]`."""


class MomentArray(_Packed):
    """A packed `timestamptz[]`."""


def _pack(kind: type[_Packed], element: int, parts: Sequence[bytes]) -> _Packed:
    """The array of elements that carry their own lengths; an empty array has no dimension."""
    if not parts:
        return kind(_HEAD(0, 0, element, 0, 0)[:12])
    return kind(_HEAD(1, 1, element, len(parts), 1) + b"".join(parts))


def uuids(values: Iterable[UUID]) -> UuidArray:
    """A `uuid[]`."""
    parts = [_SIXTEEN + value.int.to_bytes(16, "big") for value in values]
    return UuidArray(_pack(UuidArray, 2950, parts))


def texts(values: Iterable[str]) -> TextArray:
    """A `text[]`."""
    encoded = [value.encode() for value in values]
    return TextArray(_pack(TextArray, 25, [_LENGTH(len(value)) + value for value in encoded]))


def bigints(values: Iterable[int | None]) -> BigintArray:
    """An `int8[]`; None becomes NULL."""
    parts = [_NULL if value is None else _INT8(8, value) for value in values]
    return BigintArray(_pack(BigintArray, 20, parts))


def integers(values: Iterable[int]) -> IntegerArray:
    """An `int4[]`."""
    return IntegerArray(_pack(IntegerArray, 23, [_INT4(4, value) for value in values]))


def moments(values: Iterable[Instant | None]) -> MomentArray:
    """A `timestamptz[]` from instants; None becomes NULL."""
    parts = [_NULL if value is None else _INT8(8, value - _POSTGRES_EPOCH) for value in values]
    return MomentArray(_pack(MomentArray, 1184, parts))


class UuidDumper(Dumper):
    """A UUID in binary form, by its number: psycopg's own asks it for its bytes."""

    format = Format.BINARY
    oid = 2950

    def dump(self, obj: Any) -> Buffer:
        """The sixteen bytes."""
        number: int = obj.int
        return number.to_bytes(16, "big")


def _dumper(array_oid: int) -> type[Dumper]:
    class PackedDumper(Dumper):
        format = Format.BINARY

        def __init__(self, cls: type, context: AdaptContext | None = None) -> None:
            super().__init__(cls, context)
            # On the instance only: lists of the same type keep psycopg's own dumper.
            self.oid = array_oid

        def dump(self, obj: Buffer) -> Buffer:
            return obj

    return PackedDumper


_OIDS: dict[type[_Packed], int] = {
    UuidArray: 2951,
    TextArray: 1009,
    BigintArray: 1016,
    IntegerArray: 1007,
    MomentArray: 1185,
}
_DUMPERS = {kind: _dumper(oid) for kind, oid in _OIDS.items()}
_prepared: WeakSet[psycopg.Connection[Any]] = WeakSet()


def accept_arrays(connection: psycopg.Connection[Any]) -> None:
    """Teach a connection to send packed arrays; one that was open before this module too."""
    if connection in _prepared:
        return
    connection.adapters.register_dumper(UUID, UuidDumper)
    for kind, dumper in _DUMPERS.items():
        connection.adapters.register_dumper(kind, dumper)
    _prepared.add(connection)
