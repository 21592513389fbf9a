"""The holds that no one has ended, with the lines they stand on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor


class OpenHold(Struct, frozen=True):
    """A hold and the line it stands on; `at_most` in minor units of `currency`."""

    merchant_id: UUID
    id: UUID
    line_id: UUID
    merchant: str
    order: str
    number: int
    cause: str
    currency: str
    at_most: int
    placed_at: datetime


_OPEN = """
SELECT h.merchant_id, h.id, h.line_id, m.ref, l.order_ref, l.number, h.cause, l.currency,
    h.at_most_minor, h.placed_at
FROM compensation_hold h
JOIN trade_line l ON l.merchant_id = h.merchant_id AND l.id = h.line_id
JOIN people_merchant m ON m.id = h.merchant_id
WHERE h.ended_at IS NULL
ORDER BY h.placed_at, h.merchant_id, h.id
"""


def open_holds(cursor: Cursor[Any]) -> list[OpenHold]:
    """Every open hold, the oldest first."""
    cursor.execute(_OPEN)
    return [OpenHold(*row) for row in cursor.fetchall()]
