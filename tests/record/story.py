"""One small record that the tests share: a policy, a batch of facts, a consumer to forget."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import HOUR, Instant
from makegood.record.actions import append, checkpoint, keep_personal, seal
from makegood.record.notes import SigningKey


def made_id(*cause: object) -> UUID:
    """An id made from its cause, as everywhere in Makegood."""
    text = "/".join(map(str, cause))
    return UUID(bytes=sha256(text.encode()).digest()[:16])


PLATFORM = made_id("merchant", "platform")
BOB = made_id("merchant", "bob")
NOON: Instant = 1_526_904_000_000_000


def append_one(
    cursor: Cursor[Any], cause: object, *, merchant_id: UUID = BOB, at: Instant = NOON
) -> UUID:
    """Append a plain entry made from its cause."""
    return append(
        cursor,
        merchant_id=merchant_id,
        id=made_id("entry", cause),
        actor="merchant:bob",
        action="offer.changed",
        subject=f"offer_{cause}",
        at=at,
        payload={"cause": str(cause), "承诺": ["七天", 7, True, None]},
    )


def append_with_personal(cursor: Cursor[Any], cause: object) -> UUID:
    """Append an entry whose personal fields are kept apart."""
    entry_id = made_id("entry", cause)
    salt, content, digest = seal({"name": "Alice", "address": "上海"})
    append(
        cursor,
        merchant_id=BOB,
        id=entry_id,
        actor="consumer:alice",
        action="case.opened",
        subject=f"case_{cause}",
        at=NOON + HOUR,
        payload={"claim": "refund"},
        personal_digest=digest,
    )
    keep_personal(cursor, [(BOB, entry_id, salt, content)])
    return entry_id


def write_whole_record(cursor: Cursor[Any], key: SigningKey) -> list[UUID]:
    """A record with rows in each of its tables: five entries numbered, two seals, one pending.

    Tells the ids of the entries, the one with personal fields first.
    """
    ids = [append_with_personal(cursor, "alice"), append_one(cursor, 1), append_one(cursor, 2)]
    checkpoint(cursor, key=key, at=NOON + HOUR)
    ids += [append_one(cursor, 3, merchant_id=PLATFORM), append_one(cursor, 4)]
    checkpoint(cursor, key=key, at=NOON + 2 * HOUR)
    return [*ids, append_one(cursor, 5)]
