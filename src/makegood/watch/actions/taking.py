"""Taking facts in: stored, folded, pinned, judged, funded and recorded in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import tenacity
from msgspec import Struct
from psycopg import Cursor
from psycopg.errors import DeadlockDetected, SerializationFailure

from makegood.clock.instants import HOUR, Instant, instant
from makegood.enrolment.actions import pin
from makegood.enrolment.following import follow, publications
from makegood.enrolment.queries import coverages, longest_price_window, promises
from makegood.guarantees import price_protection
from makegood.guarantees.entitlement import Covered
from makegood.people.actions import note_registered
from makegood.storage.cursors import begin
from makegood.storage.keys import from_int
from makegood.trade import exemptions, prices
from makegood.trade.currencies import OrdersInOtherCurrency
from makegood.trade.events import Arrival, Refusal
from makegood.trade.inbox import Stored, note_deliveries, store
from makegood.trade.lines import Orders, TrackedLine, load_lines
from makegood.trade.projection import Projection, project
from makegood.watch.actions.judging import Covers
from makegood.watch.actions.paying import outside
from makegood.watch.actions.settling import Settled, Work, settle_lines

PLAN = "SET LOCAL jit = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
"""Fresh tables mislead the planner; every join of the path is by a key."""

once_more = tenacity.retry(
    retry=tenacity.retry_if_exception_type((DeadlockDetected, SerializationFailure)),
    stop=tenacity.stop_after_attempt(6),
    wait=tenacity.wait_random_exponential(multiplier=0.05, max=2),
    reraise=True,
)
"""A deadlock undoes the whole batch, so the batch is simply taken again."""


class Taken(Struct):
    """What became of a batch, fact by fact, by their places in it."""

    taken: list[int]
    repeated: list[int]
    refused: list[Refusal]
    breaches: int = 0
    awards: int = 0


def take(arrivals: Sequence[Arrival], *, at: datetime, actor: str) -> Taken:
    """Take a batch of facts, all in one transaction.

    A repeat changes nothing and a conflict is refused; neither costs the others anything. `at`
    is when the batch arrived: what is found is found then.
    """
    try:
        return _take(arrivals, at, actor)
    except OrdersInOtherCurrency as other:
        refused = other.refusals()
    places = {one.place for one in refused}
    result = take([one for one in arrivals if one.place not in places], at=at, actor=actor)
    result.refused += refused
    return result


@once_more
def _take(arrivals: Sequence[Arrival], at: datetime, actor: str) -> Taken:
    if not arrivals:
        return Taken([], [], [])
    with begin() as cursor:
        entry_id = _entry_id(arrivals)
        cursor.execute(PLAN)
        stored = store(cursor, arrivals, entry_id)
        result = Taken(sorted([one.place for one in stored.taken]), stored.repeated, stored.refused)
        if stored.taken:
            settled = _settle(cursor, stored, entry_id, at, actor)
            result.breaches, result.awards = settled.breaches, settled.awards
        return result


def _entry_id(arrivals: Sequence[Arrival]) -> UUID:
    """The id of the batch's entry, made from the facts it was sent with."""
    keys = b"".join(
        [(one.merchant_id.int ^ one.id.int << 1).to_bytes(17, "big") for one in arrivals]
    )
    digest = blake2b(keys, digest_size=16, person=b"facts").digest()
    return from_int(int.from_bytes(digest, "big"))


def _settle(
    cursor: Cursor[Any], stored: Stored, entry_id: UUID, at: datetime, actor: str
) -> Settled:
    """Everything that follows from the facts that are new."""
    number = publications(cursor)
    enrolments = follow(cursor, list(stored.merchants.values()), number, entry_id)
    projection = project(cursor, stored.taken, list(stored.merchants), entry_id)
    note_registered(cursor, [one.fact for one in projection.registered])
    exemptions.note_for_all(cursor, projection.for_all)
    note_deliveries(cursor, stored.taken, entry_id, at)
    touched = _touched(projection.orders)
    _pin(cursor, touched, dict.fromkeys(stored.merchants, number))
    covers = _covers(cursor, touched)
    touched, covers = _price(cursor, projection, touched, covers)
    exemptions.attach(cursor, touched)
    told = outside(projection, instant(at))
    work = Work(
        entry_id,
        at,
        actor,
        "facts.taken",
        f"batch {entry_id}",
        {"trade_fact": stored.leaves, "enrolment_enrolment": enrolments},
        {"facts": len(stored.taken)},
    )
    return settle_lines(cursor, touched, covers, projection.payments, told, work)


def _touched(orders: Orders) -> list[TrackedLine]:
    return [tracked for lines in orders.values() for tracked in lines.values() if tracked.changed]


def _pin(cursor: Cursor[Any], lines: Sequence[TrackedLine], versions: Mapping[UUID, int]) -> None:
    """Pin the promises that held when each new line was bought; they stay for good.

    A line that was bought at another moment, in another currency or category than was told is
    pinned anew: its promises follow from its facts, not from the order in which these came.
    """
    new = [
        (tracked, tracked.line.purchase)
        for tracked in lines
        if (tracked.is_new or tracked.covered_anew) and tracked.line.purchase is not None
    ]
    if not new:
        return
    held = promises(cursor, {one.merchant_id: versions[one.merchant_id] for one, _ in new})
    purchases = [
        (one.merchant_id, bought.placed_at, bought.currency, bought.category) for one, bought in new
    ]
    for (tracked, _), coverage in zip(new, pin(cursor, purchases, held), strict=True):
        tracked.coverage_id = coverage


def _covers(cursor: Cursor[Any], lines: Sequence[TrackedLine]) -> Covers:
    return coverages(
        cursor,
        {(one.merchant_id, one.coverage_id) for one in lines if one.coverage_id is not None},
    )


def _price(
    cursor: Cursor[Any],
    projection: Projection,
    touched: list[TrackedLine],
    covers: Covers,
) -> tuple[list[TrackedLine], Covers]:
    """Store the batch's prices, and bring to each line the lowest later one in its window."""
    if projection.prices:
        prices.write_prices(cursor, projection.prices)
    new = [
        (tracked, closes)
        for tracked in touched
        if (tracked.is_new or tracked.corrected)
        and (closes := price_closes(tracked, covers)) is not None
    ]
    prices.find_lowest(cursor, new)
    if not projection.prices and not projection.repriced:
        return touched, covers
    hits = prices.lines_under(cursor, projection.prices, longest_price_window(cursor))
    repriced = prices.lines_of_items(cursor, projection.repriced)
    if not hits and not repriced:
        return touched, covers
    by_id = {
        (tracked.merchant_id, tracked.id): tracked
        for lines in projection.orders.values()
        for tracked in lines.values()
    }
    missing = {(m, id) for m, id, _ in hits} | set(repriced)
    missing -= by_id.keys()
    if missing:
        loaded = load_lines(cursor, sorted(missing, key=str))
        by_id |= {(tracked.merchant_id, tracked.id): tracked for tracked in loaded}
    unseen = [tracked for tracked in by_id.values() if not tracked.changed]
    covers = {**covers, **_covers(cursor, unseen)}
    for merchant_id, id, priced in hits:
        tracked = by_id[merchant_id, id]
        closes = price_closes(tracked, covers)
        if closes is not None and prices.offer(tracked.line, priced, closes):
            tracked.changed = True
    _find_again(cursor, [by_id[line] for line in repriced], covers)
    return [tracked for tracked in by_id.values() if tracked.changed], covers


def _find_again(cursor: Cursor[Any], lines: Sequence[TrackedLine], covers: Covers) -> None:
    """Work out the lowest later price anew, after one was withdrawn."""
    again = []
    for tracked in lines:
        closes = price_closes(tracked, covers)
        if closes is not None:
            tracked.changed = True
            again.append((tracked, closes))
    prices.find_lowest(cursor, again)


def price_closes(tracked: TrackedLine, covers: Covers) -> Instant | None:
    """The end of the line's price protection; None if it has none."""
    bought = tracked.line.purchase
    if tracked.coverage_id is None or bought is None:
        return None
    covered: Sequence[Covered] = covers[tracked.merchant_id, tracked.coverage_id]
    for one in covered:
        if isinstance(one.terms, price_protection.Terms):
            return bought.placed_at + one.terms.window_hours * HOUR
    return None
