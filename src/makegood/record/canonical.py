"""Canonical bytes: RFC 8785 JSON, of null, booleans, integers, text, lists and objects only.

This is the one place where Makegood turns values into the bytes that are hashed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec

INTEGER_AT_MOST = 2**53 - 1

Leaf = Callable[[Sequence[Any]], bytes]

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode
_OFFSET = re.compile(rb":\d\d\"")


class NotCanonical(ValueError):
    """A value that has no canonical bytes; the message says which and why."""


def canonical(value: object) -> bytes:
    """The RFC 8785 bytes of a value.

    UUIDs become their text and aware datetimes RFC 3339 in UTC with `Z`. A float, a naive
    datetime, an integer beyond 2^53 - 1, a key that is no text, half a surrogate pair and
    any other type are refused with `NotCanonical`.
    """
    try:
        return _encode(_ordered(value))
    except UnicodeEncodeError as error:
        raise NotCanonical("text with half a surrogate pair has no canonical bytes") from error


def canonical_struct(value: msgspec.Struct) -> bytes:
    """The same bytes as `canonical` of the struct as an object, but quickly.

    For structs whose field names are ASCII and whose types allow neither floats nor integers
    beyond 2^53 - 1: then msgspec's sorted form differs from RFC 8785 only where a datetime
    has an offset other than Z, and what might hold one takes the long way.
    """
    text = _encode_sorted(value)
    if _OFFSET.search(text):
        return canonical(msgspec.to_builtins(value, builtin_types=(datetime,)))
    return text


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with `Z`, microseconds only where there are any."""
    if at.tzinfo is None:
        raise NotCanonical(f"{at.isoformat()} names no time zone")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def row_leaf(columns: Iterable[str]) -> Leaf:
    """A quick function from a row's values, in the order of `columns`, to canonical bytes.

    For rows of a table: every column by its name, values as the database driver gives them
    (text, integers, booleans, None, UUID, aware datetimes, lists of these; bytes as
    base64). Gives the bytes that `canonical` gives for the same object, and refuses what it
    refuses.
    """
    names = tuple(columns)
    order = sorted(range(len(names)), key=lambda place: _utf16(names[place]))
    # A struct is written in the order of its fields, much quicker than an object's keys.
    row = msgspec.defstruct("row", [(names[place], Any) for place in order], gc=False)
    arranged = itemgetter(*order) if len(names) > 1 else tuple
    doubtful: dict[tuple[type, ...], list[int]] = {}

    def leaf(values: Sequence[Any]) -> bytes:
        if len(values) != len(names):
            raise ValueError(f"{len(values)} values for {len(names)} columns")
        types = tuple(map(type, values))
        places = doubtful.get(types)
        if places is None:
            places = [place for place, kind in enumerate(types) if kind not in _CERTAIN]
            doubtful[types] = places
        for place in places:
            scalar = _scalar(values[place])
            if scalar is not values[place]:
                values = [*values[:place], scalar, *values[place + 1 :]]
        return _encode(row(*arranged(values)))

    return leaf


_CERTAIN = frozenset({str, bool, type(None), UUID, bytes})


def _scalar(value: object) -> object:
    """The value as it is written; what a row cannot hold is refused."""
    if isinstance(value, datetime):
        if value.tzinfo is UTC:
            return value
        if value.tzinfo is None:
            raise NotCanonical(f"{value.isoformat()} names no time zone")
        return value.astimezone(UTC)
    if type(value) is int:
        if not -INTEGER_AT_MOST <= value <= INTEGER_AT_MOST:
            raise NotCanonical(f"{value} is beyond 2^53 - 1")
    elif isinstance(value, list | tuple):
        return [item if type(item) in _CERTAIN else _scalar(item) for item in value]
    elif not isinstance(value, str):
        raise NotCanonical(f"a {type(value).__name__} has no canonical bytes")
    return value


def _ordered(value: object) -> object:
    """The value with every object's keys in the order of their UTF-16 code units."""
    match value:
        case None | bool() | str():
            return value
        case int():
            if not -INTEGER_AT_MOST <= value <= INTEGER_AT_MOST:
                raise NotCanonical(f"{value} is beyond 2^53 - 1")
            return int(value)
        case Mapping():
            for key in value:
                if not isinstance(key, str):
                    raise NotCanonical(f"the key {key!r} is no text")
            return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
        case list() | tuple():
            return [_ordered(item) for item in value]
        case datetime():
            return timestamp(value)
        case UUID():
            return str(value)
    raise NotCanonical(f"a {type(value).__name__} has no canonical bytes")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be")
