"""An entry and the bytes by which it stands in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from makegood.clock.instants import Instant, instant, moment
from makegood.record.canonical import canonical, timestamp

COLUMNS = "merchant_id, id, actor, action, subject, at, payload, personal_digest"

_text = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what, on which subject, when, in whose book.

    `payload` is canonical JSON text; `personal_digest` the salted digest of the personal
    fields kept apart, if any, 32 bytes.
    """

    merchant_id: UUID
    id: UUID
    actor: str
    action: str
    subject: str
    at: Instant
    payload: str
    personal_digest: bytes | None = None

    def content_hash(self) -> bytes:
        """SHA-256 of the entry's canonical bytes before it has a number."""
        return sha256(self._bytes("")).digest()

    def leaf_data(self, number: int) -> bytes:
        """The canonical bytes of the entry with its number in the log."""
        return self._bytes(f'"number":{number},')

    def _bytes(self, number: str) -> bytes:
        # The payload goes in as its stored text, so that any change of that text shows.
        personal = "null" if self.personal_digest is None else f'"{self.personal_digest.hex()}"'
        return b'{"action":%b,"actor":%b,"at":"%b","id":"%b","merchant":"%b",%b' % (
            _text(self.action),
            _text(self.actor),
            timestamp(moment(self.at)).encode(),
            str(self.id).encode(),
            str(self.merchant_id).encode(),
            f'{number}"payload":{self.payload},"personal":{personal},"subject":'.encode(),
        ) + (_text(self.subject) + b"}")


def entry(
    *,
    merchant_id: UUID,
    id: UUID,
    actor: str,
    action: str,
    subject: str,
    at: Instant,
    payload: dict[str, Any],
    personal_digest: bytes | None = None,
) -> Entry:
    """An entry with its payload made canonical; `NotCanonical` when it cannot be."""
    text = canonical(payload).decode()
    return Entry(merchant_id, id, actor, action, subject, at, text, personal_digest)


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in a row that begins with the values of `COLUMNS`."""
    merchant_id, id, actor, action, subject, at, payload, digest = row[:8]
    known = None if digest is None else bytes(digest)
    return Entry(merchant_id, id, actor, action, subject, instant(at), payload, known)
