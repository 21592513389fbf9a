"""Order lines while a batch works on them: loaded after the lock, folded, and written at once."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import Instant, instant, moment
from makegood.guarantees.facts import vocabulary as say
from makegood.guarantees.facts.fold import fold_order
from makegood.guarantees.facts.line import Line as Folded
from makegood.storage.arrays import bigints, integers, moments, texts, uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.storage.keys import REMEMBERED, key, last_of, member_key, order_key, order_of
from makegood.trade.events import read_content
from makegood.trade.models import Line

OrderKey = tuple[UUID, UUID]
"""Merchant and order."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Folded).decode


class TrackedLine(Struct):
    """A line with what the watch pins to it.

    `coverage_id` are its promises, `swept_at` until when silence on it has been judged,
    `watching` its open promises as stored, `found` how many breaches and holds it ever had,
    `corrected` whether its purchase is told otherwise than it was, and `covered_anew` whether in
    what its promises go by: when it was bought, in which currency and category.
    """

    merchant_id: UUID
    id: UUID
    line: Folded
    coverage_id: UUID | None = None
    swept_at: Instant | None = None
    watching: str = ""
    found: int = 0
    is_new: bool = False
    changed: bool = False
    corrected: bool = False
    covered_anew: bool = False

    @property
    def order_id(self) -> UUID:
        """The key of its order."""
        return order_of(self.id)


Orders = dict[OrderKey, dict[int, TrackedLine]]

_SELECT = """
SELECT l.merchant_id, l.id, l.folded, l.coverage_id, l.swept_at, l.watching, l.found
FROM """
_OF_ORDERS = (
    _SELECT
    + """unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS o (merchant_id, first_id, last_id)
JOIN trade_line l ON l.merchant_id = o.merchant_id AND l.id BETWEEN o.first_id AND o.last_id
"""
)
_BY_ID = (
    _SELECT
    + """unnest(%s::uuid[], %s::uuid[]) AS k (merchant_id, id)
JOIN trade_line l ON l.merchant_id = k.merchant_id AND l.id = k.id
"""
)


def load_orders(cursor: Cursor[Any], keys: Iterable[OrderKey]) -> Orders:
    """The stored lines of these orders; an order not known yet is absent."""
    wanted = list(keys)
    if not wanted:
        return {}
    merchants = [merchant for merchant, _ in wanted]
    firsts = [order for _, order in wanted]
    lasts = [last_of(order) for order in firsts]
    cursor.execute(_OF_ORDERS, (uuids(merchants), uuids(firsts), uuids(lasts)), binary=True)
    orders: Orders = {}
    for tracked in map(_tracked, cursor.fetchall()):
        lines = orders.setdefault((tracked.merchant_id, tracked.order_id), {})
        lines[tracked.line.number] = tracked
    return orders


def load_lines(cursor: Cursor[Any], keys: Sequence[tuple[UUID, UUID]]) -> list[TrackedLine]:
    """The stored lines with these merchants and ids."""
    merchants, ids = [merchant for merchant, _ in keys], [id for _, id in keys]
    cursor.execute(_BY_ID, (uuids(merchants), uuids(ids)), binary=True)
    return [_tracked(row) for row in cursor.fetchall()]


def stream_lines(cursor: Cursor[Any], at_once: int) -> Iterator[list[TrackedLine]]:
    """All stored lines, some at a time, through a cursor of the server; in a transaction."""
    with cursor.connection.cursor(name="all_lines") as rows:
        rows.execute(f"{_SELECT} trade_line l", binary=True)
        while some := rows.fetchmany(at_once):
            yield [_tracked(row) for row in some]


def _tracked(row: tuple[Any, ...]) -> TrackedLine:
    merchant_id, id, folded, coverage_id, swept_at, watching, found = row
    swept = None if swept_at is None else instant(swept_at)
    return TrackedLine(merchant_id, id, _decode(folded), coverage_id, swept, watching, found)


_FACTS_OF_ORDERS = """
SELECT f.merchant_id, f.about_id, f.content
FROM unnest(%s::uuid[], %s::uuid[]) AS o (merchant_id, about_id)
JOIN trade_fact f ON f.merchant_id = o.merchant_id AND f.about_id = o.about_id
WHERE NOT EXISTS (
    SELECT FROM trade_retraction r WHERE r.merchant_id = f.merchant_id AND r.id = f.id
)
"""


def facts_of_orders(
    cursor: Cursor[Any], keys: Sequence[OrderKey], except_entry: UUID | None = None
) -> dict[OrderKey, list[say.Fact]]:
    """All facts of these orders that stand, as stored; those of one entry may be left out."""
    merchants, orders = [merchant for merchant, _ in keys], [order for _, order in keys]
    statement, values = _FACTS_OF_ORDERS, [uuids(merchants), uuids(orders)]
    if except_entry is not None:
        statement += "AND f.entry_id <> %s"
        values.append(except_entry)  # type: ignore[arg-type]
    cursor.execute(statement, values, binary=True)
    facts: dict[OrderKey, list[say.Fact]] = {}
    for merchant, order, content in cursor.fetchall():
        facts.setdefault((merchant, order), []).append(read_content(content))
    return facts


def refold(orders: Orders, order: OrderKey, ref: str, facts: Sequence[say.Fact]) -> None:
    """Work the order's lines out anew from all their facts; what the watch pinned stays."""
    folded = fold_order(ref, facts)
    known = orders.setdefault(order, {})
    for number, line in folded.items():
        if (tracked := known.get(number)) is None:
            known[number] = new_line(order, line)
        else:
            line.prices = tracked.line.prices
            tracked.corrected = line.purchase != tracked.line.purchase
            tracked.covered_anew = _covered_by(line) != _covered_by(tracked.line)
            tracked.line = line
            tracked.changed = True
    for number in known.keys() - folded.keys():
        tracked = known[number]
        tracked.line = Folded(ref, number)
        tracked.changed = True


def _covered_by(line: Folded) -> tuple[Instant, str, str] | None:
    """What tells the promises that cover a line."""
    bought = line.purchase
    return None if bought is None else (bought.placed_at, bought.currency, bought.category)


def new_line(order: OrderKey, line: Folded) -> TrackedLine:
    """A line that is not stored yet."""
    merchant_id, order_id = order
    id = member_key(order_id, line.number)
    return TrackedLine(merchant_id, id, line, is_new=True, changed=True)


@lru_cache(maxsize=REMEMBERED)
def item_key(item: str) -> UUID:
    """The key of an item within its merchant."""
    return key("item", item)


def write_lines(cursor: Cursor[Any], lines: Sequence[TrackedLine]) -> None:
    """Write the lines: new ones by COPY, changed ones by one UPDATE."""
    new = [tracked for tracked in lines if tracked.is_new]
    if new:
        copy_rows(cursor, Line, map(stored_row, new))
    changed = [tracked for tracked in lines if tracked.changed and not tracked.is_new]
    if changed:
        _update(cursor, changed)
    for tracked in changed:
        if tracked.corrected:
            _correct(cursor, tracked)


def stored_row(tracked: TrackedLine) -> tuple[Any, ...]:
    """The values of the row that stores a line, for every column of `Line`."""
    line, bought = tracked.line, tracked.line.purchase
    assert bought is not None
    return (
        tracked.merchant_id,
        tracked.id,
        line.order,
        line.number,
        bought.source,
        item_key(bought.item),
        moment(bought.placed_at),
        bought.currency,
        -(-bought.price // (bought.quantity or 1)),
        sum(bought.paid),
        tracked.coverage_id,
        None if tracked.swept_at is None else moment(tracked.swept_at),
        tracked.watching,
        tracked.found,
        stored_fold(line),
    )


def stored_fold(line: Folded) -> str:
    """The line without its exemptions, which are not its own."""
    line.exemptions = ()
    return _encode(line).decode()


_UPDATE = """
UPDATE trade_line l
SET folded = n.folded, watching = n.watching, found = n.found, swept_at = n.swept_at,
    paid_minor = n.paid_minor
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::int[], %s::timestamptz[],
            %s::bigint[])
    AS n (merchant_id, id, folded, watching, found, swept_at, paid_minor)
WHERE l.merchant_id = n.merchant_id AND l.id = n.id
"""


def _update(cursor: Cursor[Any], lines: Sequence[TrackedLine]) -> None:
    """Only columns that no index holds change, so that PostgreSQL can update in place."""
    columns = (
        uuids([tracked.merchant_id for tracked in lines]),
        uuids([tracked.id for tracked in lines]),
        texts([stored_fold(tracked.line) for tracked in lines]),
        texts([tracked.watching for tracked in lines]),
        integers([tracked.found for tracked in lines]),
        moments([tracked.swept_at for tracked in lines]),
        bigints([_paid(tracked.line) for tracked in lines]),
    )
    cursor.execute(_UPDATE, columns, binary=True)


_COLUMNS = columns_of(Line)
_CORRECT = """
UPDATE trade_line
SET source = %s, item_id = %s, placed_at = %s, currency = %s, unit_price_minor = %s,
    coverage_id = %s
WHERE merchant_id = %s AND id = %s
"""


def _correct(cursor: Cursor[Any], tracked: TrackedLine) -> None:
    """Write what only a purchase tells, once it is told otherwise."""
    row = dict(zip(_COLUMNS, stored_row(tracked), strict=True))
    bought = ("source", "item_id", "placed_at", "currency", "unit_price_minor")
    names = (*bought, "coverage_id", "merchant_id", "id")
    cursor.execute(_CORRECT, [row[name] for name in names])


def _paid(line: Folded) -> int:
    return 0 if line.purchase is None else sum(line.purchase.paid)


def order_keys(merchant_id: UUID, order: str) -> OrderKey:
    """The key of an order by its merchant and ref."""
    return merchant_id, order_key(order)
