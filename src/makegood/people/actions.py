"""Making merchants known, and locking them in order."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.guarantees.facts.vocabulary import PLATFORM, MerchantRegistered
from makegood.storage.arrays import bigints, texts, uuids
from makegood.storage.keys import key

REMEMBERED = 100_000
"""How many merchants' keys a process remembers."""

_LOCK = """
INSERT INTO people_merchant AS known (id, ref, facts_taken, promises_version)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[]) ORDER BY 1
ON CONFLICT (id) DO UPDATE SET facts_taken = known.facts_taken + EXCLUDED.facts_taken
RETURNING id, ref, facts_taken, promises_version
"""


@lru_cache(maxsize=REMEMBERED)
def merchant_key(ref: str) -> UUID:
    """The id of the merchant whom the marketplace calls `ref`."""
    return key("merchant", ref)


PLATFORM_ID = merchant_key(PLATFORM)


class LockedMerchant(Struct, frozen=True):
    """A merchant whose row this transaction holds.

    `facts_taken` counts those that the lock was asked for too; `promises_version` is the last
    publication of policies that its enrolments have followed.
    """

    id: UUID
    ref: str
    facts_taken: int
    promises_version: int


def lock_merchants(cursor: Cursor[Any], taking: Mapping[str, int]) -> dict[UUID, LockedMerchant]:
    """Lock the merchants in order of id, creating those unknown; the first statement of a batch.

    `taking` tells for each merchant ref how many facts it is given.
    """
    ids = {merchant_key(ref): ref for ref in taking}
    ordered = sorted(ids, key=lambda id: id.int)
    refs = [ids[id] for id in ordered]
    numbers = [taking[ref] for ref in refs]
    columns = (uuids(ordered), texts(refs), bigints(numbers), bigints([0] * len(ordered)))
    cursor.execute(_LOCK, columns, binary=True)
    return {row[0]: LockedMerchant(*row) for row in cursor.fetchall()}


def promises_follow(cursor: Cursor[Any], merchant_ids: list[UUID], version: int) -> None:
    """Note that the enrolments of these locked merchants have followed so many publications."""
    cursor.execute(
        "UPDATE people_merchant SET promises_version = %s WHERE id = ANY(%s)",
        (version, merchant_ids),
    )


_REGISTER = """
UPDATE people_merchant
SET name = %(name)s, country = %(country)s, registered_at = %(at)s, registered_by = %(by)s
WHERE id = %(id)s
    AND (registered_at IS NULL OR (registered_at, registered_by) > (%(at)s, %(by)s))
"""


def note_registered(cursor: Cursor[Any], facts: Sequence[MerchantRegistered]) -> None:
    """Add what is told of locked merchants; of several reports the earliest holds, ties by id."""
    for fact in facts:
        told = {
            "id": merchant_key(fact.merchant),
            "name": fact.data.name,
            "country": fact.data.country,
            "at": fact.time,
            "by": fact.id,
        }
        cursor.execute(_REGISTER, told)


def forget_registered(cursor: Cursor[Any], merchant_id: UUID) -> None:
    """Forget what was told of a locked merchant, before it is told anew."""
    cursor.execute(
        "UPDATE people_merchant SET name = '', country = '', registered_at = NULL, "
        "registered_by = '' WHERE id = %s",
        (merchant_id,),
    )
