"""What paid orders mean for the ledger: the merchant's part goes into escrow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import Instant, instant
from makegood.ledger.chart import AccountName as A  # noqa: N817 -- as in the chart's own table
from makegood.ledger.events import Code
from makegood.ledger.steps import Step, Transfer
from makegood.storage.keys import key
from makegood.trade.inbox import Stored
from makegood.trade.payments import PaymentPart
from makegood.trade.projection import Projection


def order_steps(
    cursor: Cursor[Any], projection: Projection, stored: Stored, at: datetime, entry_id: UUID
) -> list[Step]:
    """The postings of orders that the batch's facts tell as paid."""
    posted_at = instant(at)
    return [
        _paid(part, posted_at)
        for parts in projection.payments.values()
        for part in parts
        if part.is_new and part.amount
    ]


def _paid(part: PaymentPart, at: Instant) -> Transfer:
    return Transfer(
        part.merchant_id,
        part.currency,
        key("paid", str(part.id)),
        A.CASH,
        A.ESCROW,
        part.amount,
        Code.ORDER_PAID,
        part.id,
        at,
    )


Steps = Sequence[Step]
