"""Facts: each column is what its content says; what is kept beside them is what they tell."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import MsgspecError, Struct, field
from psycopg import Cursor

from makegood.guarantees.facts import vocabulary as say
from makegood.people.actions import merchant_key
from makegood.record.check import Findings, Progress, streamed
from makegood.trade.events import arrival, fact_key, read_content
from makegood.trade.lines import item_key

_FACTS = """
SELECT f.merchant_id, f.id, f.type, f.about_id, f.at, f.content, f.arrival, r.id IS NOT NULL,
    p.item_id, p.at, p.ref, p.price_minor, p.currency
FROM trade_fact f
LEFT JOIN trade_retraction r ON r.merchant_id = f.merchant_id AND r.id = f.id
LEFT JOIN trade_price p ON p.merchant_id = f.merchant_id AND p.fact_id = f.id
"""
_MERCHANTS = """
SELECT id, ref, facts_taken, registered_at, registered_by, name, country FROM people_merchant
"""
_RETRACTIONS = "SELECT merchant_id, id, by_fact_id FROM trade_retraction"
_EXEMPTIONS = "SELECT id, ref, starts_at, ends_at, content, retracted FROM trade_exemption"


_UNREGISTERED = (None, "", "", "")


class _Told(Struct):
    """What all facts together tell, as far as it is small or one number per merchant."""

    arrivals: dict[UUID, int] = field(default_factory=dict)
    registered: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)
    prices: int = 0
    retracting: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)
    exemptions: dict[UUID, tuple[say.ExemptionDeclared, str, bool]] = field(default_factory=dict)
    complete: dict[str, datetime] = field(default_factory=dict)


def check_facts(cursor: Cursor[Any], found: Findings, progress: Progress) -> int:
    """Read every fact once; the number of facts.

    Compares its columns with its content, and with all of them the prices, retractions,
    exemptions and watermarks that they tell and what the merchants have taken.
    """
    told = _Told()
    count = 0
    for count, (*columns, retracted, item, at, ref, price, currency) in enumerate(
        streamed(cursor, "facts", _FACTS), 1
    ):
        _check_fact(columns, retracted, (item, at, ref, price, currency), told, found)
        progress("facts", count)
    for compare in _COMPARISONS:
        compare(cursor, told, found)
    return count


def _check_fact(
    columns: list[Any], retracted: bool, priced: tuple[Any, ...], told: _Told, found: Findings
) -> None:
    merchant_id, id, kind, about_id, at, content, number = columns
    try:
        fact = read_content(content)
        order_id = arrival(0, fact).order_id
    except (MsgspecError, ValueError) as error:
        found.differs("trade_fact", id, f"its content is no fact: {error}")
        return
    said = (
        merchant_key(fact.merchant),
        fact_key(fact.source, fact.id),
        fact.__struct_config__.tag,
        order_id,
        fact.time,
    )
    if said != (merchant_id, id, kind, about_id, at):
        found.differs("trade_fact", id, "its columns are not what its content says")
    told.arrivals[merchant_id] = max(number, told.arrivals.get(merchant_id, 0))
    _check_price(fact, id, retracted, priced, told, found)
    _note(fact, merchant_id, id, retracted, content, told)


def _check_price(
    fact: say.Fact,
    id: UUID,
    retracted: bool,
    priced: tuple[Any, ...],
    told: _Told,
    found: Findings,
) -> None:
    stands = isinstance(fact, say.OfferPriced) and not retracted
    if not stands and priced[0] is None:
        return
    told.prices += priced[0] is not None
    expected: tuple[Any, ...] = (None,) * 5
    if isinstance(fact, say.OfferPriced) and not retracted:
        data = fact.data
        expected = (item_key(fact.subject), fact.time, fact.id, data.price, data.currency)
    if priced != expected:
        found.differs("trade_price", id, "is not what its fact tells")


def _note(
    fact: say.Fact, merchant_id: UUID, id: UUID, retracted: bool, content: str, told: _Told
) -> None:
    if isinstance(fact, say.FactRetracted):
        told.retracting[id] = (merchant_id, fact_key(fact.source, fact.subject))
    elif isinstance(fact, say.ExemptionDeclared):
        told.exemptions[id] = (fact, content, retracted)
    elif isinstance(fact, say.MerchantRegistered) and not retracted:
        said = (fact.time, fact.id, fact.data.name, fact.data.country)
        told.registered[merchant_id] = min(said, told.registered.get(merchant_id, said))
    elif isinstance(fact, say.FactsComplete) and not retracted:
        until = fact.data.until
        told.complete[fact.source] = max(until, told.complete.get(fact.source, until))


def _merchants(cursor: Cursor[Any], told: _Told, found: Findings) -> None:
    for id, ref, taken, *known in streamed(cursor, "merchants", _MERCHANTS):
        if tuple(known) != told.registered.get(id, _UNREGISTERED):
            found.differs("people_merchant", id, "is not known as its facts tell it")
        if id != merchant_key(ref):
            found.differs("people_merchant", id, f"is not the key of {ref}")
        if taken < told.arrivals.pop(id, 0):
            found.differs("people_merchant", id, "counts fewer facts than it has taken")
    for id in told.arrivals:
        found.differs("people_merchant", id, "is missing, and has facts")


def _prices(cursor: Cursor[Any], told: _Told, found: Findings) -> None:
    cursor.execute("SELECT count(*) FROM trade_price")
    row = cursor.fetchone()
    if row is not None and row[0] != told.prices:
        found.differs("trade_price", "of no fact", f"{row[0] - told.prices} rows")


def _retractions(cursor: Cursor[Any], told: _Told, found: Findings) -> None:
    withdrawn = set(told.retracting.values())
    for merchant_id, id, by_fact_id in streamed(cursor, "retractions", _RETRACTIONS):
        if told.retracting.get(by_fact_id) != (merchant_id, id):
            found.differs("trade_retraction", id, "no such fact withdraws it")
        withdrawn.discard((merchant_id, id))
    for _, id in withdrawn:
        found.differs("trade_retraction", id, "is missing")


def _exemptions(cursor: Cursor[Any], told: _Told, found: Findings) -> None:
    cursor.execute(_EXEMPTIONS)
    for id, *stored in cursor.fetchall():
        declared = told.exemptions.pop(id, None)
        if declared is None:
            found.differs("trade_exemption", id, "no such fact declares it")
            continue
        fact, content, retracted = declared
        data = fact.data
        said = [fact.subject, data.starts_at, data.ends_at, content, retracted]
        if stored != said:
            found.differs("trade_exemption", id, "is not what its fact tells")
    for id, (_, _, retracted) in told.exemptions.items():
        if not retracted:
            found.differs("trade_exemption", id, "is missing")


def _watermarks(cursor: Cursor[Any], told: _Told, found: Findings) -> None:
    cursor.execute("SELECT source, until FROM trade_watermark")
    stored = dict(cursor.fetchall())
    for source in stored.keys() | told.complete.keys():
        if stored.get(source) != told.complete.get(source):
            found.differs("trade_watermark", source, "is not what its source told last")


_Comparison = Callable[[Cursor[Any], _Told, Findings], None]
_COMPARISONS: tuple[_Comparison, ...] = (
    _merchants,
    _prices,
    _retractions,
    _exemptions,
    _watermarks,
)
