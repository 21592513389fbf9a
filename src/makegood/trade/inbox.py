"""The inbox: each fact is stored once; a repeat changes nothing, another content is a conflict."""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor
from psycopg.errors import UniqueViolation

from makegood.people.actions import LockedMerchant, lock_merchants
from makegood.record.actions import keep_personal, personal_digest
from makegood.storage.arrays import uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.trade.events import Arrival, Refusal
from makegood.trade.models import Delivery, Fact

COLUMNS = columns_of(Fact)
_ARRIVAL, _CONTENT, _PERSONAL = map(COLUMNS.index, ("arrival", "content", "personal_digest"))


def leaf(row: Sequence[Any]) -> bytes:
    """The canonical bytes of a fact's row: what its other columns say follows from its content."""
    digest = row[_PERSONAL]
    personal = "null" if digest is None else f'"{bytes(digest).hex()}"'
    return (
        f'{{"arrival":{row[_ARRIVAL]},"content":{row[_CONTENT]},"personal":{personal}}}'
    ).encode()


_CONFLICT = "A fact with this id and other content was taken before; correct it by fact.retracted."


class Stored(Struct):
    """What became of a batch's facts, and the canonical bytes of the rows of those that are new."""

    taken: list[Arrival]
    repeated: list[int]
    refused: list[Refusal]
    leaves: list[bytes]
    merchants: dict[UUID, LockedMerchant]


def distinct(arrivals: Sequence[Arrival]) -> tuple[list[Arrival], list[int], list[Refusal]]:
    """The batch without its own repeats and conflicts: the first of each id stays."""
    first: dict[tuple[int, int], Arrival] = {}
    repeated: list[int] = []
    refused: list[Refusal] = []
    for arrival in arrivals:
        held = first.setdefault((arrival.id.int, arrival.merchant_id.int), arrival)
        if held is arrival:
            continue
        if (held.content, held.personal) == (arrival.content, arrival.personal):
            repeated.append(arrival.place)
        else:
            refused.append(Refusal(arrival.place, arrival.fact.id, _CONFLICT))
    return list(first.values()), repeated, refused


def store(cursor: Cursor[Any], arrivals: Sequence[Arrival], entry_id: UUID) -> Stored:
    """Lock the batch's merchants, then store its facts; the first writing step of a batch."""
    new, repeated, refused = distinct(arrivals)
    # Every key begins with the merchant: rows of one lie together, and are found together.
    new.sort(key=_merchant_of)
    merchants = lock_merchants(cursor, Counter([arrival.fact.merchant for arrival in new]))
    rows, personal = _rows(new, merchants, entry_id)
    cursor.execute("SAVEPOINT inbox")
    try:
        copy_rows(cursor, Fact, rows)
    except UniqueViolation:
        cursor.execute("ROLLBACK TO SAVEPOINT inbox")
        keep = _sort_out(cursor, new, repeated, refused)
        new, rows = [new[place] for place in keep], [rows[place] for place in keep]
        kept = {(row[0], row[1]) for row in rows}
        personal = [row for row in personal if (row[0], row[1]) in kept]
        copy_rows(cursor, Fact, rows)
    keep_personal(cursor, personal)
    named = {arrival.merchant_id for arrival in new}
    locked = {id: merchant for id, merchant in merchants.items() if id in named}
    return Stored(new, repeated, refused, list(map(leaf, rows)), locked)


def _merchant_of(arrival: Arrival) -> int:
    return arrival.merchant_id.int


Personal = list[tuple[UUID, UUID, bytes, str]]


def _rows(
    arrivals: Sequence[Arrival], merchants: dict[UUID, LockedMerchant], entry_id: UUID
) -> tuple[list[tuple[Any, ...]], Personal]:
    """The rows of new facts, numbered in order of arrival, and of their personal fields."""
    left = {merchant.id.int: merchant.facts_taken for merchant in merchants.values()}
    for merchant, theirs in Counter([arrival.merchant_id.int for arrival in arrivals]).items():
        left[merchant] -= theirs
    rows = []
    personal: Personal = []
    for arrival in arrivals:
        fact, digest, merchant_id = arrival.fact, None, arrival.merchant_id
        number = left[merchant_id.int] = left[merchant_id.int] + 1
        if arrival.personal is not None:
            salt = os.urandom(16)
            digest = personal_digest(salt, arrival.personal)
            personal.append((merchant_id, arrival.id, salt, arrival.personal))
        key, tag, about = arrival.id, fact.__struct_config__.tag, arrival.order_id
        row = (merchant_id, key, number, entry_id, tag, about, fact.time, arrival.content, digest)
        rows.append(row)
    return rows, personal


_KNOWN = """
SELECT f.merchant_id, f.id, f.content, p.content,
    f.personal_digest IS NOT NULL AND p.id IS NULL
FROM unnest(%s::uuid[], %s::uuid[]) AS k (merchant_id, id)
JOIN trade_fact f ON f.merchant_id = k.merchant_id AND f.id = k.id
LEFT JOIN record_personal p ON p.merchant_id = f.merchant_id AND p.id = f.id
"""


def _sort_out(
    cursor: Cursor[Any],
    arrivals: Sequence[Arrival],
    repeated: list[int],
    refused: list[Refusal],
) -> list[int]:
    """The positions of the facts that are new; the others are reported as repeats or conflicts."""
    merchants = [arrival.merchant_id for arrival in arrivals]
    cursor.execute(_KNOWN, (uuids(merchants), uuids(one.id for one in arrivals)), binary=True)
    known = {(merchant, id): contents for merchant, id, *contents in cursor.fetchall()}
    keep = []
    for position, arrival in enumerate(arrivals):
        held = known.get((arrival.merchant_id, arrival.id))
        if held is None:
            keep.append(position)
        elif held[0] == arrival.content and (held[1] == arrival.personal or held[2]):
            # Erased personal fields cannot be compared any more; the rest is the same.
            repeated.append(arrival.place)
        else:
            refused.append(Refusal(arrival.place, arrival.fact.id, _CONFLICT))
    return keep


def _tag(kind: Any) -> str:
    return str(kind.__struct_config__.tag)


def note_deliveries(
    cursor: Cursor[Any], taken: Sequence[Arrival], entry_id: UUID, at: datetime
) -> None:
    """Note how many facts of each type each source delivered; the health of its feed."""
    times: dict[tuple[str, type], list[datetime]] = {}
    for arrival in taken:
        fact = arrival.fact
        times.setdefault((fact.source, fact.__class__), []).append(fact.time)
    rows = [
        (entry_id, source, _tag(kind), len(told), max(told), at)
        for (source, kind), told in times.items()
    ]
    copy_rows(cursor, Delivery, rows)
