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

from makegood.people.actions import lock_merchants
from makegood.record.actions import keep_personal, personal_digest
from makegood.record.canonical import row_leaf
from makegood.storage.arrays import uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.trade.events import Arrival, Refusal
from makegood.trade.models import Delivery, Fact

COLUMNS = columns_of(Fact)
leaf = row_leaf(COLUMNS)
_CONFLICT = "A fact with this id and other content was taken before; correct it by fact.retracted."


class Stored(Struct):
    """What became of a batch's facts, and the rows of those that are new.

    `merchants` tells how many facts each locked merchant has taken and the version of its
    promises; `rows` are in the order of `taken`.
    """

    taken: list[Arrival]
    repeated: list[int]
    refused: list[Refusal]
    rows: list[tuple[Any, ...]]
    merchants: dict[UUID, tuple[int, int]]


def distinct(arrivals: Sequence[Arrival]) -> tuple[list[Arrival], list[int], list[Refusal]]:
    """The batch without its own repeats and conflicts: the first of each id stays."""
    first: dict[tuple[UUID, UUID], Arrival] = {}
    repeated: list[int] = []
    refused: list[Refusal] = []
    for arrival in arrivals:
        held = first.setdefault((arrival.merchant_id, arrival.id), arrival)
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
    merchants = lock_merchants(cursor, Counter(arrival.fact.merchant for arrival in new))
    salts = [os.urandom(16) if arrival.personal else b"" for arrival in new]
    rows = _rows(new, salts, merchants, entry_id)
    cursor.execute("SAVEPOINT inbox")
    try:
        copy_rows(cursor, Fact, rows)
    except UniqueViolation:
        cursor.execute("ROLLBACK TO SAVEPOINT inbox")
        keep = _sort_out(cursor, new, repeated, refused)
        new, salts, rows = (
            [values[place] for place in keep] for values in (new, salts, rows)
        )
        copy_rows(cursor, Fact, rows)
    personal = [
        (arrival.merchant_id, arrival.id, salt, arrival.personal)
        for arrival, salt in zip(new, salts, strict=True)
        if arrival.personal
    ]
    if personal:
        keep_personal(cursor, personal)
    return Stored(new, repeated, refused, rows, merchants)


def _rows(
    arrivals: Sequence[Arrival],
    salts: Sequence[bytes],
    merchants: dict[UUID, tuple[int, int]],
    entry_id: UUID,
) -> list[tuple[Any, ...]]:
    counts = Counter(arrival.merchant_id for arrival in arrivals)
    arrived = {id: merchants[id][0] - count for id, count in counts.items()}
    rows = []
    for arrival, salt in zip(arrivals, salts, strict=True):
        number = arrived[arrival.merchant_id] = arrived[arrival.merchant_id] + 1
        fact = arrival.fact
        digest = personal_digest(salt, arrival.personal) if arrival.personal else None
        rows.append(
            (
                arrival.merchant_id,
                arrival.id,
                number,
                entry_id,
                fact.__struct_config__.tag,
                arrival.order_id,
                fact.time,
                arrival.content,
                digest,
            )
        )
    return rows


_KNOWN = """
SELECT f.merchant_id, f.id, f.content, p.content
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
        elif held[0] == arrival.content and held[1] in (arrival.personal, None):
            # Erased personal fields cannot be compared any more; the rest is the same.
            repeated.append(arrival.place)
        else:
            refused.append(Refusal(arrival.place, arrival.fact.id, _CONFLICT))
    return keep


def note_deliveries(
    cursor: Cursor[Any], taken: Sequence[Arrival], entry_id: UUID, at: datetime
) -> None:
    """Note how many facts of each type each source delivered; the health of its feed."""
    numbers: Counter[tuple[str, str]] = Counter()
    latest: dict[tuple[str, str], datetime] = {}
    for arrival in taken:
        fact = arrival.fact
        feed = (fact.source, fact.__struct_config__.tag)
        numbers[feed] += 1
        if feed not in latest or fact.time > latest[feed]:
            latest[feed] = fact.time
    rows = [
        (entry_id, source, type, count, latest[source, type], at)
        for (source, type), count in numbers.items()
    ]
    copy_rows(cursor, Delivery, rows)
