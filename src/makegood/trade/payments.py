"""A merchant's parts of payments: where the money of an order stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.guarantees.facts.line import Line as Folded
from makegood.storage.arrays import bigints, uuids
from makegood.storage.bulk import copy_rows
from makegood.storage.keys import last_of, member_key, order_of
from makegood.trade.lines import OrderKey
from makegood.trade.models import Payment


class PaymentPart(Struct):
    """A payment row while a batch works on it; all sums in minor units of `currency`.

    `amount` is what counts as taken, `told` what the facts tell of it now, `posted` what of the
    amount the books hold already.
    """

    merchant_id: UUID
    id: UUID
    ref: str
    currency: str
    amount: int
    drawn: int = 0
    released: int = 0
    returned: int = 0
    refunded: int = 0
    charged_back: int = 0
    told: int = 0
    posted: int = 0
    is_new: bool = False
    changed: bool = False

    @property
    def order_id(self) -> UUID:
        """The key of its order."""
        return order_of(self.id)

    @property
    def in_escrow(self) -> int:
        """What is left of it in escrow."""
        return self.amount - self.drawn - self.released - self.returned

    @property
    def gone(self) -> int:
        """What has left escrow."""
        return self.drawn + self.released + self.returned

    @property
    def can_return(self) -> int:
        """What can still go back on its route."""
        return self.amount - self.refunded - self.charged_back


Parts = dict[OrderKey, list[PaymentPart]]


def parts_of(order: OrderKey, lines: Iterable[Folded]) -> list[PaymentPart]:
    """The payments that an order's lines were paid with, as new rows."""
    amounts: dict[str, int] = {}
    currency = ""
    for line in lines:
        bought = line.purchase
        if bought is None:
            continue
        currency = bought.currency
        for ref, share in zip(bought.payments, bought.paid, strict=True):
            amounts[ref] = amounts.get(ref, 0) + share
    merchant_id, order_id = order
    return [
        PaymentPart(
            merchant_id,
            member_key(order_id, number),
            ref,
            currency,
            amount,
            told=amount,
            is_new=True,
        )
        for number, (ref, amount) in enumerate(amounts.items())
    ]


_SELECT = """
SELECT p.merchant_id, p.id, p.ref, p.currency, p.amount, p.drawn, p.released, p.returned,
    p.refunded, p.charged_back, p.told
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS o (merchant_id, first_id, last_id)
JOIN trade_payment p ON p.merchant_id = o.merchant_id AND p.id BETWEEN o.first_id AND o.last_id
ORDER BY p.merchant_id, p.id
"""


def load_payments(cursor: Cursor[Any], orders: Sequence[OrderKey]) -> Parts:
    """The payments of these orders, in the orders' own order; their merchants are locked."""
    if not orders:
        return {}
    merchants, firsts = [order[0] for order in orders], [order[1] for order in orders]
    lasts = map(last_of, firsts)
    cursor.execute(_SELECT, (uuids(merchants), uuids(firsts), uuids(lasts)), binary=True)
    parts: Parts = {}
    for row in cursor.fetchall():
        part = PaymentPart(*row)
        part.posted = part.amount
        parts.setdefault((part.merchant_id, part.order_id), []).append(part)
    return parts


_SUMS = ("amount", "drawn", "released", "returned", "refunded", "charged_back", "told")
_UPDATE = """
UPDATE trade_payment p
SET amount = n.amount, drawn = n.drawn, released = n.released, returned = n.returned,
    refunded = n.refunded, charged_back = n.charged_back, told = n.told
FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
            %s::bigint[], %s::bigint[], %s::bigint[])
    AS n (merchant_id, id, amount, drawn, released, returned, refunded, charged_back, told)
WHERE p.merchant_id = n.merchant_id AND p.id = n.id
"""


def write_payments(cursor: Cursor[Any], orders: Mapping[OrderKey, list[PaymentPart]]) -> None:
    """Write new payments by COPY and changed ones by one UPDATE."""
    parts = [part for order in orders.values() for part in order]
    new = [part for part in parts if part.is_new]
    if new:
        copy_rows(
            cursor,
            Payment,
            (
                (
                    part.merchant_id,
                    part.id,
                    part.ref,
                    part.currency,
                    part.amount,
                    part.drawn,
                    part.released,
                    part.returned,
                    part.refunded,
                    part.charged_back,
                    part.told,
                )
                for part in new
            ),
        )
    changed = [part for part in parts if part.changed and not part.is_new]
    if changed:
        columns = (
            uuids(part.merchant_id for part in changed),
            uuids(part.id for part in changed),
            *(bigints(getattr(part, name) for part in changed) for name in _SUMS),
        )
        cursor.execute(_UPDATE, columns, binary=True)
