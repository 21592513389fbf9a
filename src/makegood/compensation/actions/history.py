"""What moved outside so far, as it is kept: the parts of outlays, added up by what told them."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.compensation.actions.awards import Book, LineKey
from makegood.compensation.claims import Kind, Paid
from makegood.compensation.models import Outlay, OutlayKind, OutlayPart
from makegood.record.canonical import row_leaf
from makegood.storage.arrays import uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.storage.keys import key
from makegood.trade.lines import OrderKey

outlay_leaf = row_leaf(columns_of(Outlay))
"""The canonical bytes of an outlay's row."""


class Part(Struct):
    """What of one outlay came from one place; `cause_id` and `award_kind` if it was matched."""

    part: OutlayPart
    cause_id: UUID | None
    award_kind: str
    amount: int


class Group(Struct):
    """One outlay: a refund by its fact, a charge-back by its payment, a release by its fact.

    `rows` counts the rows that were ever written for it. A release has no line.
    """

    merchant_id: UUID
    order_id: UUID
    line_id: UUID | None
    kind: OutlayKind
    ref: str
    currency: str
    parts: list[Part]
    rows: int = 0

    @property
    def total(self) -> int:
        """What moved, in minor units."""
        return sum(part.amount for part in self.parts)

    def next_id(self, label: str) -> UUID:
        """The id of its next row, and of the transfer that the row stands for."""
        whose = str(self.line_id or self.order_id)
        return key("outlay", whose, self.kind.value, self.ref, str(self.rows), label)


GroupKey = tuple[UUID | None, OutlayKind, str]
"""Line, kind and ref."""
History = dict[OrderKey, dict[GroupKey, Group]]

_ROWS = """
SELECT o.merchant_id, o.order_id, o.line_id, o.kind, o.ref, o.currency, o.part, o.cause_id,
    o.award_kind, sum(o.amount_minor)::bigint, count(*)
FROM unnest(%s::uuid[], %s::uuid[]) AS k (merchant_id, order_id)
JOIN compensation_outlay o ON o.merchant_id = k.merchant_id AND o.order_id = k.order_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 4, 5, 7, 8, 9
"""


def load_history(cursor: Cursor[Any], orders: Iterable[OrderKey]) -> History:
    """All outlays of these orders, whose merchants are locked."""
    wanted = list(dict.fromkeys(orders))
    history: History = {order: {} for order in wanted}
    if not wanted:
        return history
    keys = (uuids(merchant for merchant, _ in wanted), uuids(order for _, order in wanted))
    cursor.execute(_ROWS, keys, binary=True)
    for merchant_id, order_id, line_id, kind, ref, currency, *values, rows in cursor.fetchall():
        known = group(history, (merchant_id, order_id), line_id, OutlayKind(kind), ref, currency)
        part, cause_id, award_kind, amount = values
        known.parts.append(Part(OutlayPart(part), cause_id, award_kind, amount))
        known.rows += rows
    return history


def group(
    history: History,
    order: OrderKey,
    line_id: UUID | None,
    kind: OutlayKind,
    ref: str,
    currency: str,
) -> Group:
    """An outlay of an order, begun if there is none yet."""
    groups = history.setdefault(order, {})
    found = groups.get((line_id, kind, ref))
    if found is None:
        found = Group(*order, line_id, kind, ref, currency, [])
        groups[line_id, kind, ref] = found
    return found


def write(
    book: Book,
    outlay: Group,
    part: OutlayPart,
    amount: int,
    cause: tuple[UUID | None, str] = (None, ""),
    id: UUID | None = None,
) -> tuple[Any, ...]:
    """Note a new part of an outlay, and return its row; below zero it takes an earlier one back."""
    row_id = outlay.next_id(part.value) if id is None else id
    whose = (outlay.merchant_id, row_id, outlay.order_id, outlay.line_id)
    what = (outlay.kind.value, outlay.ref, part.value, *cause, outlay.currency, amount)
    outlay.rows += 1
    for known in outlay.parts:
        if (known.part, known.cause_id, known.award_kind) == (part, *cause):
            known.amount += amount
            break
    else:
        outlay.parts.append(Part(part, *cause, amount))
    return (*whose, *what, book.at, book.entry_id)


def write_rows(book: Book, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the rows of outlays and note their bytes."""
    copy_rows(book.cursor, Outlay, rows)
    book.funded.outlays += map(outlay_leaf, rows)


def paid_by_line(history: History) -> dict[LineKey, Paid]:
    """What the consumer got outside for each line of these orders."""
    found: dict[LineKey, Paid] = {}
    for groups in history.values():
        for outlay in groups.values():
            if outlay.line_id is None:
                continue
            paid = found.setdefault((outlay.merchant_id, outlay.line_id), Paid())
            for part in outlay.parts:
                paid.total += part.amount
                if part.cause_id is not None and part.amount:
                    cause = (part.cause_id, cast("Kind", part.award_kind))
                    paid.matched[cause] = paid.matched.get(cause, 0) + part.amount
    return found
