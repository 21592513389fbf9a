"""What is owed on a line, until when and why; now, or as its facts stood at a moment."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import HOUR, Instant, instant
from makegood.enrolment.pinned import Pinned, pinned
from makegood.guarantees import price_protection
from makegood.guarantees.answers import Answer, Promised, entitlement
from makegood.guarantees.facts.fold import fold_order
from makegood.guarantees.facts.line import Line
from makegood.guarantees.guarantee import NO_SILENCE
from makegood.law.packs import Jurisdiction, pack
from makegood.people.actions import merchant_key
from makegood.storage.keys import member_key, order_key, read_public_id
from makegood.trade import exemptions, prices
from makegood.trade.lines import TrackedLine, facts_of_orders, load_lines
from makegood.trade.watermarks import NO_END, horizon

LineKey = tuple[UUID, UUID]
"""Merchant and line."""


class LineUnknown(Exception):
    """No fact has told of such a line; the message is one sentence."""


class Sent(Struct, frozen=True):
    """What was awarded on a line under one guarantee, in minor units.

    `due` is posted, `held` waits for a person or a top-up.
    """

    guarantee: str
    kind: str
    due: int
    held: int


class OwedOnLine(Struct, frozen=True, kw_only=True):
    """A line and all that is owed on it; `judged_until` is how far silence was judged.

    `at` is None for what stands now. `sent` is always what stands now.
    """

    merchant_id: UUID
    id: UUID
    merchant: str
    line: Line
    at: Instant | None
    judged_until: Instant | None
    jurisdiction: str
    promises: tuple[Pinned, ...]
    answers: tuple[Answer, ...]
    sent: tuple[Sent, ...]


def find_line(cursor: Cursor[Any], name: str) -> LineKey:
    """The line that a person names: by its public id, or as MERCHANT/ORDER/NUMBER.

    Raises LineUnknown.
    """
    candidates = list(_candidates(name))
    for tracked in load_lines(cursor, candidates) if candidates else []:
        return tracked.merchant_id, tracked.id
    raise LineUnknown(f"No fact has told of a line {name!r}; name it MERCHANT/ORDER/NUMBER.")


def _candidates(name: str) -> Iterator[LineKey]:
    """Both a merchant and an order may have a slash in their name."""
    head, slash, number = name.rpartition("/")
    if not slash:
        try:
            public = read_public_id(name)
        except ValueError:
            return
        if public.kind == "line":
            yield public.merchant_id, public.id
    elif number.isdecimal() and len(number) <= 7:
        for place, letter in enumerate(head):
            if letter == "/":
                order_id = order_key(head[place + 1 :])
                yield merchant_key(head[:place]), member_key(order_id, int(number))


def owed_on(cursor: Cursor[Any], key: LineKey, at: Instant | None = None) -> OwedOnLine:
    """What is owed on a stored line; with `at`, from the facts with a time up to then alone.

    Silence is judged as far as all sources have told, and never beyond `at`.
    """
    (tracked,) = load_lines(cursor, [key])
    promises = pinned(cursor, key[0], tracked.coverage_id)
    if at is not None:
        _fold_until(cursor, tracked, promises, at)
    tracked.line.exemptions = exemptions.declared(cursor, at)
    until = _judged_until(cursor, tracked, at)
    jurisdiction: Jurisdiction = promises[0].jurisdiction if promises else "none"
    answers = entitlement(
        tracked.line,
        [one for promise in promises for one in _promised(promise)],
        pack(jurisdiction),
        {},
        NO_SILENCE if until is None else until,
    )
    cursor.execute("SELECT ref FROM people_merchant WHERE id = %s", (key[0],))
    (merchant,) = cursor.fetchall()[0]
    return OwedOnLine(
        merchant_id=key[0],
        id=key[1],
        merchant=merchant,
        line=tracked.line,
        at=at,
        judged_until=until,
        jurisdiction=jurisdiction,
        promises=promises,
        answers=answers,
        sent=_sent(cursor, key),
    )


def _fold_until(
    cursor: Cursor[Any], tracked: TrackedLine, promises: Sequence[Pinned], at: Instant
) -> None:
    """Fold the line anew from the facts that had happened by then; what is later never was."""
    line = tracked.line
    order = (tracked.merchant_id, tracked.order_id)
    facts = facts_of_orders(cursor, [order]).get(order, [])
    happened = [fact for fact in facts if instant(fact.time) <= at]
    folded = fold_order(line.order, happened).get(line.number)
    tracked.line = folded or Line(line.order, line.number)
    bought = tracked.line.purchase
    if bought is None:
        return
    for promise in promises:
        terms = promise.terms
        if isinstance(terms, price_protection.Terms):
            closes = min(at, bought.placed_at + terms.window_hours * HOUR)
            prices.find_lowest(cursor, [(tracked, closes)])


def _judged_until(cursor: Cursor[Any], tracked: TrackedLine, at: Instant | None) -> Instant | None:
    """How far silence can be judged: as far as all sources have told, or as it was swept."""
    bought = tracked.line.purchase
    told = horizon(cursor, NO_END)
    known = [] if tracked.swept_at is None else [tracked.swept_at]
    if told is not None and bought is not None and bought.source in told.sources:
        known.append(told.until)
    if not known:
        return None
    return max(known) if at is None else min(at, max(known))


def _promised(promise: Pinned) -> Iterator[Promised]:
    """The policy's version, and the merchant's own promise where it made a better one."""
    yield Promised(
        code=promise.code,
        kind="policy",
        reference=str(promise.version),
        terms=promise.policy_terms,
    )
    if promise.own_terms:
        reference = str(promise.enrolment_id)
        yield Promised(code=promise.code, kind="promise", reference=reference, terms=promise.terms)


_SENT = """
SELECT a.guarantee, a.kind,
    coalesce(sum(a.amount_minor) FILTER (
        WHERE a.state = 'due' OR (a.state = 'held' AND h.outcome = 'released')), 0)::bigint,
    coalesce(sum(a.amount_minor) FILTER (
        WHERE a.state <> 'due' AND h.ended_at IS NULL), 0)::bigint
FROM compensation_award a
LEFT JOIN compensation_hold h ON h.merchant_id = a.merchant_id AND h.id = a.id
WHERE a.merchant_id = %s AND a.line_id = %s
GROUP BY a.guarantee, a.kind ORDER BY a.guarantee, a.kind DESC
"""


def _sent(cursor: Cursor[Any], key: LineKey) -> tuple[Sent, ...]:
    cursor.execute(_SENT, key)
    return tuple(Sent(*row) for row in cursor.fetchall())
