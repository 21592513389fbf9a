"""Price history, and which lines a later, lower price concerns."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import Instant, instant
from makegood.guarantees.facts.line import Line as Folded
from makegood.guarantees.facts.line import Priced
from makegood.storage.arrays import bigints, moments, texts, uuids
from makegood.storage.bulk import copy_rows
from makegood.trade.events import Arrival
from makegood.trade.lines import TrackedLine, item_key
from makegood.trade.models import Price


def write_prices(cursor: Cursor[Any], arrivals: Sequence[Arrival]) -> None:
    """Store the prices that these `offer.priced` facts tell."""
    copy_rows(
        cursor,
        Price,
        (
            (
                arrival.merchant_id,
                item_key(arrival.fact.subject),
                arrival.fact.time,
                arrival.id,
                arrival.fact.id,
                arrival.fact.data.price,
                arrival.fact.data.currency,
            )
            for arrival in arrivals
        ),
    )


_UNDER = """
SELECT l.merchant_id, l.id, p.place
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::bigint[], %s::text[])
    WITH ORDINALITY AS p (merchant_id, item_id, at, price_minor, currency, place)
JOIN trade_line l ON l.merchant_id = p.merchant_id AND l.item_id = p.item_id
    AND l.placed_at < p.at AND l.placed_at >= p.at - %s::interval
    AND l.unit_price_minor > p.price_minor AND l.currency = p.currency
"""


def lines_under(
    cursor: Cursor[Any], arrivals: Sequence[Arrival], window: Instant
) -> list[tuple[UUID, UUID, Priced]]:
    """The stored lines bought dearer before these prices, no longer ago than `window`.

    Merchant, line and price; `window` in microseconds.
    """
    if not arrivals or not window:
        return []
    facts = [arrival.fact for arrival in arrivals]
    columns = (
        uuids(arrival.merchant_id for arrival in arrivals),
        uuids(item_key(fact.subject) for fact in facts),
        moments(instant(fact.time) for fact in facts),
        bigints(fact.data.price for fact in facts),
        texts(fact.data.currency for fact in facts),
        f"{window} microseconds",
    )
    cursor.execute(_UNDER, columns, binary=True)
    return [
        (merchant_id, id, _priced(facts[place - 1])) for merchant_id, id, place in cursor.fetchall()
    ]


def _priced(fact: Any) -> Priced:
    return Priced(instant(fact.time), fact.id, fact.data.price)


_LOWEST = """
SELECT l.place, p.at, p.ref, p.price_minor
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::bigint[],
            %s::text[])
    WITH ORDINALITY AS l (merchant_id, item_id, opened, closes, price_minor, currency, place)
CROSS JOIN LATERAL (
    SELECT p.at, p.ref, p.price_minor
    FROM trade_price p
    WHERE p.merchant_id = l.merchant_id AND p.item_id = l.item_id
        AND p.at > l.opened AND p.at <= l.closes
        AND p.price_minor < l.price_minor AND p.currency = l.currency
    ORDER BY p.price_minor, p.at, p.ref
    LIMIT 1
) p
"""


def find_lowest(cursor: Cursor[Any], lines: Sequence[tuple[TrackedLine, Instant]]) -> None:
    """Give each line, with the end of its price protection, the lowest later price stored."""
    wanted = [
        (tracked, tracked.line.purchase, closes)
        for tracked, closes in lines
        if tracked.line.purchase is not None
    ]
    if not wanted:
        return
    columns = (
        uuids(tracked.merchant_id for tracked, _, _ in wanted),
        uuids(item_key(bought.item) for _, bought, _ in wanted),
        moments(bought.placed_at for _, bought, _ in wanted),
        moments(closes for _, _, closes in wanted),
        bigints(-(-bought.price // (bought.quantity or 1)) for _, bought, _ in wanted),
        texts(bought.currency for _, bought, _ in wanted),
    )
    cursor.execute(_LOWEST, columns, binary=True)
    for tracked, _, _ in wanted:
        tracked.line.prices = ()
    for place, at, ref, price in cursor.fetchall():
        wanted[place - 1][0].line.prices = (Priced(instant(at), ref, price),)


def offer(line: Folded, priced: Priced, closes: Instant) -> bool:
    """Note a later price on the line if it is the lowest yet; whether it was.

    Only the lowest in the window is kept, ties by time, then id.
    """
    bought = line.purchase
    if bought is None or not bought.placed_at < priced.at <= closes:
        return False
    for held in line.prices:
        if (held.price, held.at, held.id) <= (priced.price, priced.at, priced.id):
            return False
    line.prices = (priced,)
    return True


_OF_ITEMS = """
SELECT l.merchant_id, l.id
FROM unnest(%s::uuid[], %s::uuid[]) AS i (merchant_id, item_id)
JOIN trade_line l ON l.merchant_id = i.merchant_id AND l.item_id = i.item_id
"""


def lines_of_items(
    cursor: Cursor[Any], items: Sequence[tuple[UUID, UUID]]
) -> list[tuple[UUID, UUID]]:
    """The stored lines (merchant, id) of these items (merchant, item)."""
    if not items:
        return []
    merchants, ids = zip(*items, strict=True)
    cursor.execute(_OF_ITEMS, (list(merchants), list(ids)), binary=True)
    return cursor.fetchall()
