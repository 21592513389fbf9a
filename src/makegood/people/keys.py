"""Keys of machines: made once, told once, kept as a digest, revoked for good."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import HOUR, Instant, instant, moment
from makegood.people.actions import PLATFORM_ID
from makegood.people.models import Scope
from makegood.record.actions import append
from makegood.storage.keys import key

_USE_IS_NOTED_EVERY: Instant = HOUR
_INSERT = """
INSERT INTO people_apikey (prefix, digest, name, scopes, created_at) VALUES (%s, %s, %s, %s, %s)
"""
_FIND = "SELECT digest, scopes, revoked_at, last_used_at FROM people_apikey WHERE prefix = %s"
_LIST = """
SELECT prefix, name, scopes, created_at, revoked_at, last_used_at
FROM people_apikey ORDER BY created_at, prefix
"""
_REVOKE = """
UPDATE people_apikey SET revoked_at = %s WHERE prefix = %s AND revoked_at IS NULL
"""


class KnownKey(Struct, frozen=True):
    """What may be shown of a key."""

    prefix: str
    name: str
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class Caller(Struct, frozen=True):
    """Who presented a key that holds, and what it may do."""

    prefix: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """How the record names the caller."""
        return f"key {self.prefix}"


def create_key(
    cursor: Cursor[Any], *, name: str, scopes: Sequence[Scope], at: Instant, actor: str
) -> str:
    """Make a key and tell it: `mg_<prefix>_<secret>`. It cannot be told again."""
    prefix = secrets.token_hex(6)
    text = f"mg_{prefix}_{secrets.token_urlsafe(32)}"
    held = sorted(set(scopes))
    cursor.execute(_INSERT, (prefix, _digest(text), name, held, moment(at)))
    _note(cursor, "key.created", prefix, {"name": name, "scopes": held}, at, actor)
    return text


def revoke_key(cursor: Cursor[Any], prefix: str, *, at: Instant, actor: str) -> bool:
    """Revoke a key for good; False when no key that still holds has this prefix."""
    cursor.execute(_REVOKE, (moment(at), prefix))
    if not cursor.rowcount:
        return False
    _note(cursor, "key.revoked", prefix, {}, at, actor)
    return True


def known_keys(cursor: Cursor[Any]) -> list[KnownKey]:
    """All keys, in the order in which they were made."""
    cursor.execute(_LIST)
    return [KnownKey(*row) for row in cursor.fetchall()]


def caller_of(cursor: Cursor[Any], text: str, *, at: Instant) -> Caller | None:
    """Who presents this key; None when it is unknown, malformed or revoked. Its use is noted."""
    start, _, rest = text.partition("_")
    prefix, _, _ = rest.partition("_")
    if start != "mg" or not prefix.isalnum():
        return None
    cursor.execute(_FIND, (prefix,))
    found = cursor.fetchone()
    if found is None or not secrets.compare_digest(bytes(found[0]), _digest(text)):
        return None
    _, scopes, revoked_at, last_used_at = found
    if revoked_at is not None:
        return None
    if last_used_at is None or instant(last_used_at) + _USE_IS_NOTED_EVERY <= at:
        cursor.execute(
            "UPDATE people_apikey SET last_used_at = %s WHERE prefix = %s", (moment(at), prefix)
        )
    return Caller(prefix, frozenset(scopes))


def _digest(text: str) -> bytes:
    # The secret is 256 random bits, so one plain digest is as good as a slow one.
    return sha256(text.encode()).digest()


def _note(
    cursor: Cursor[Any], action: str, prefix: str, payload: dict[str, Any], at: Instant, actor: str
) -> None:
    append(
        cursor,
        merchant_id=PLATFORM_ID,
        id=key(action, prefix),
        actor=actor,
        action=action,
        subject=f"key {prefix}",
        at=at,
        payload=payload,
    )
