"""Brakes on new awards: the limit above which a second person looks, and the breakers."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.compensation.models import HoldCause
from makegood.enrolment.queries import BreakerRule, PlatformRules, breakers, platform_rules


class Brakes(Struct):
    """The brakes of one set of awards, with what the day has seen already.

    `seen` and `added` count minor units and awards by merchant, currency and guarantee.
    """

    rules: dict[str, PlatformRules]
    breakers: list[BreakerRule]
    seen: dict[tuple[UUID, str, str], tuple[int, int]]
    everyone: dict[tuple[str, str], tuple[int, int]]
    added: dict[tuple[UUID, str, str], tuple[int, int]]


_OWN = """
SELECT merchant_id, currency, guarantee, awarded_minor, awards FROM compensation_tally
WHERE day = %s AND merchant_id = ANY(%s)
"""
_EVERYONE = """
SELECT currency, guarantee, sum(awarded_minor)::bigint, sum(awards)::bigint
FROM compensation_tally WHERE day = %s GROUP BY currency, guarantee
"""


def brakes_of(cursor: Cursor[Any], day: date, merchant_ids: Sequence[UUID]) -> Brakes:
    """Read the brakes and the day's tally; the merchants are locked.

    A breaker over all merchants reads beyond the locked ones and so is a soft limit.
    """
    rules = breakers(cursor)
    brakes = Brakes(platform_rules(cursor), rules, {}, {}, {})
    if rules:
        cursor.execute(_OWN, (day, list(merchant_ids)), binary=True)
        for merchant_id, currency, guarantee, minor, awards in cursor.fetchall():
            brakes.seen[merchant_id, currency, guarantee] = (minor, awards)
    if any(not rule.per_merchant for rule in rules):
        cursor.execute(_EVERYONE, (day,), binary=True)
        for currency, guarantee, minor, awards in cursor.fetchall():
            brakes.everyone[currency, guarantee] = (minor, awards)
    return brakes


def brake(
    brakes: Brakes, merchant_id: UUID, currency: str, guarantee: str, amount: int, before: int = 0
) -> HoldCause | None:
    """Why this new award must wait, or None; an award that need not is counted.

    `before` was awarded for the same cause already: a sum that grows by little steps is looked
    at as a whole by the second person, while the breakers count what is new.
    """
    rules = brakes.rules.get(currency)
    above = None if rules is None else rules.hold_above_minor
    if above is not None and before + amount > above:
        return HoldCause.ABOVE_LIMIT
    for rule in brakes.breakers:
        if rule.currency != currency or rule.guarantee not in ("", guarantee):
            continue
        minor, awards = _so_far(brakes, rule, merchant_id)
        if rule.daily_minor is not None and minor + amount > rule.daily_minor:
            return HoldCause.BREAKER
        if rule.daily_awards is not None and awards + 1 > rule.daily_awards:
            return HoldCause.BREAKER
    if brakes.breakers:
        minor, awards = brakes.added.get((merchant_id, currency, guarantee), (0, 0))
        brakes.added[merchant_id, currency, guarantee] = (minor + amount, awards + 1)
    return None


def _so_far(brakes: Brakes, rule: BreakerRule, merchant_id: UUID) -> tuple[int, int]:
    """What counts for a breaker today: sum and number."""
    counted = [
        count
        for (whose, currency, guarantee), count in brakes.added.items()
        if currency == rule.currency
        and rule.guarantee in ("", guarantee)
        and (not rule.per_merchant or whose == merchant_id)
    ]
    if rule.per_merchant:
        counted += [
            count
            for (whose, currency, guarantee), count in brakes.seen.items()
            if whose == merchant_id
            and currency == rule.currency
            and rule.guarantee in ("", guarantee)
        ]
    else:
        counted += [
            count
            for (currency, guarantee), count in brakes.everyone.items()
            if currency == rule.currency and rule.guarantee in ("", guarantee)
        ]
    return sum(minor for minor, _ in counted), sum(awards for _, awards in counted)


_TALLY = """
INSERT INTO compensation_tally AS t (merchant_id, day, currency, guarantee, awarded_minor, awards)
SELECT m, %s::date, c, g, a, n
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::int[]) AS n (m, c, g, a, n)
ON CONFLICT (merchant_id, day, currency, guarantee)
DO UPDATE SET awarded_minor = t.awarded_minor + EXCLUDED.awarded_minor,
    awards = t.awards + EXCLUDED.awards
"""


def write_tally(cursor: Cursor[Any], brakes: Brakes, day: date) -> None:
    """Add what this set awarded to the day's tally."""
    if not brakes.added:
        return
    merchants, currencies, guarantees = zip(*brakes.added, strict=True)
    minor, awards = zip(*brakes.added.values(), strict=True)
    columns = [list(column) for column in (merchants, currencies, guarantees, minor, awards)]
    cursor.execute(_TALLY, [day, *columns])
