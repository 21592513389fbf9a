"""Personal fields, kept apart with a salt so that they can be erased and no proof breaks."""

import secrets
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from psycopg import Cursor, sql

from makegood.clock.instants import Instant
from makegood.record.actions.appending import append
from makegood.record.canonical import canonical
from makegood.record.models import Personal
from makegood.storage.bulk import copy_rows

ERASED = "personal.erased"


class PersonalNotFound(LookupError):
    """No personal fields are kept under one of these ids."""


def personal_digest(salt: bytes, content: str) -> bytes:
    """SHA-256(salt || canonical content): what the fact or entry keeps."""
    return sha256(salt + content.encode()).digest()


def seal(fields: object) -> tuple[bytes, str, bytes]:
    """A fresh salt of 16 bytes, the fields' canonical text, and the digest of both."""
    salt = secrets.token_bytes(16)
    content = canonical(fields).decode()
    return salt, content, personal_digest(salt, content)


def keep_personal(cursor: Cursor[Any], rows: Iterable[tuple[UUID, UUID, bytes, str]]) -> None:
    """Keep personal fields: rows of merchant, id of the fact or entry, salt, content."""
    copy_rows(cursor, Personal, rows)


def erase_personal(
    cursor: Cursor[Any],
    *,
    merchant_id: UUID,
    ids: Sequence[UUID],
    entry_id: UUID,
    actor: str,
    reason: str,
    at: Instant,
) -> UUID:
    """Erase the personal fields of these facts or entries of one merchant, for a reason.

    The erasure is an entry itself, whose id is told. An id under which nothing is kept is
    `PersonalNotFound`, and nothing is erased.
    """
    wanted = sorted(set(ids))
    cursor.execute(
        "SELECT id FROM record_personal WHERE merchant_id = %s AND id = ANY(%s) "
        "ORDER BY id FOR UPDATE",
        (merchant_id, wanted),
    )
    kept = {id for (id,) in cursor.fetchall()}
    if missing := [id for id in wanted if id not in kept]:
        raise PersonalNotFound(f"no personal fields are kept under {missing[0]}")
    append(
        cursor,
        merchant_id=merchant_id,
        id=entry_id,
        actor=actor,
        action=ERASED,
        subject="personal",
        at=at,
        payload={"erased": wanted, "reason": reason},
    )
    cursor.execute(sql.SQL("SET LOCAL makegood.erasure = {}").format(sql.Literal(str(entry_id))))
    cursor.execute(
        "DELETE FROM record_personal WHERE merchant_id = %s AND id = ANY(%s)",
        (merchant_id, wanted),
    )
    cursor.execute("SET LOCAL makegood.erasure = ''")
    return entry_id
