"""Withdrawn facts: a retraction holds whether its fact has arrived or not."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.guarantees.facts import vocabulary as say
from makegood.guarantees.facts.fold import order_of
from makegood.people.actions import forget_registered, note_registered
from makegood.storage.arrays import uuids
from makegood.storage.keys import order_key
from makegood.trade.events import Arrival, fact_key, read_content
from makegood.trade.lines import OrderKey, item_key


def note_retractions(cursor: Cursor[Any], retractions: Sequence[Arrival]) -> None:
    """Note which facts are withdrawn; the first retraction of a fact stays."""
    cursor.executemany(
        "INSERT INTO trade_retraction (merchant_id, id, by_fact_id) VALUES (%s, %s, %s) "
        "ON CONFLICT (merchant_id, id) DO NOTHING",
        [(one.merchant_id, _withdrawn(one), one.id) for one in retractions],
    )


def _withdrawn(retraction: Arrival) -> UUID:
    return fact_key(retraction.fact.source, retraction.fact.subject)


def without_retracted(
    cursor: Cursor[Any], arrivals: Sequence[Arrival], merchants: Sequence[UUID]
) -> Sequence[Arrival]:
    """The facts that have not been withdrawn, whether before or in the same batch."""
    cursor.execute(
        "SELECT merchant_id, id FROM trade_retraction WHERE merchant_id = ANY(%s)",
        (uuids(merchants),),
        binary=True,
    )
    withdrawn = set(cursor.fetchall())
    if not withdrawn:
        return arrivals
    return [one for one in arrivals if (one.merchant_id, one.id) not in withdrawn]


_STORED = """
SELECT f.merchant_id, f.id, f.content
FROM unnest(%s::uuid[], %s::uuid[]) AS r (merchant_id, id)
JOIN trade_fact f ON f.merchant_id = r.merchant_id AND f.id = r.id
"""


def retracted_orders(
    cursor: Cursor[Any], retractions: Sequence[Arrival]
) -> tuple[dict[OrderKey, str], list[tuple[UUID, UUID]]]:
    """Undo what the withdrawn facts that have arrived projected.

    Returns the orders to work out anew, with their refs, and the items (merchant, item) that
    lost a price. Exemptions, watermarks and what is known of merchants are mended here.
    """
    merchants = [one.merchant_id for one in retractions]
    cursor.execute(_STORED, (merchants, [_withdrawn(one) for one in retractions]))
    orders: dict[OrderKey, str] = {}
    repriced: list[tuple[UUID, UUID]] = []
    for merchant_id, id, content in cursor.fetchall():
        fact = read_content(content)
        if isinstance(fact, say.OfferPriced):
            cursor.execute(
                "DELETE FROM trade_price WHERE merchant_id = %s AND item_id = %s "
                "AND at = %s AND fact_id = %s",
                (merchant_id, item_key(fact.subject), fact.time, id),
            )
            repriced.append((merchant_id, item_key(fact.subject)))
        elif isinstance(fact, say.ExemptionDeclared):
            # Kept, but over before it begins: the sweep judges anew what it had touched.
            cursor.execute(
                "UPDATE trade_exemption SET retracted = true, applied_at = NULL WHERE id = %s",
                (id,),
            )
        elif isinstance(fact, say.FactsComplete):
            _lower_watermark(cursor, fact.source, id)
        elif isinstance(fact, say.MerchantRegistered):
            _register_anew(cursor, merchant_id)
        elif not isinstance(fact, say.FactRetracted):
            order = fact.subject if _about_order(fact) else order_of(fact.subject)
            orders[merchant_id, order_key(order)] = order
    return orders, repriced


def _about_order(fact: say.Fact) -> bool:
    return isinstance(
        fact,
        say.OrderPaid
        | say.OrderCancelled
        | say.OrderOutOfStock
        | say.EscrowReleased
        | say.PaymentChargedBack,
    )


_REGISTERED = """
SELECT f.content FROM trade_fact f
WHERE f.merchant_id = %s AND f.type = 'merchant.registered' AND NOT EXISTS (
    SELECT FROM trade_retraction r WHERE r.merchant_id = f.merchant_id AND r.id = f.id)
"""


def _register_anew(cursor: Cursor[Any], merchant_id: UUID) -> None:
    """Tell of the merchant what the reports that stand do."""
    forget_registered(cursor, merchant_id)
    cursor.execute(_REGISTERED, (merchant_id,))
    facts = [read_content(content) for (content,) in cursor.fetchall()]
    note_registered(cursor, [one for one in facts if isinstance(one, say.MerchantRegistered)])


_LATEST = """
SELECT max((f.content::jsonb -> 'data' ->> 'until')::timestamptz)
FROM trade_fact f
WHERE f.type = 'facts.complete' AND f.content::jsonb ->> 'source' = %s
    AND NOT EXISTS (
        SELECT FROM trade_retraction r WHERE r.merchant_id = f.merchant_id AND r.id = f.id)
"""


def _lower_watermark(cursor: Cursor[Any], source: str, id: UUID) -> None:
    """Work the source's watermark out anew from the reports that stand, for the sweep to follow."""
    cursor.execute(
        "INSERT INTO trade_loweredwatermark (source, fact_id) VALUES (%s, %s) "
        "ON CONFLICT (source) DO UPDATE SET fact_id = EXCLUDED.fact_id",
        (source, id),
    )
    cursor.execute(_LATEST, (source,))
    row = cursor.fetchone()
    if row is None or row[0] is None:
        cursor.execute("DELETE FROM trade_watermark WHERE source = %s", (source,))
    else:
        cursor.execute("UPDATE trade_watermark SET until = %s WHERE source = %s", (row[0], source))
