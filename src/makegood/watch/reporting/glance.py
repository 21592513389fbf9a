"""How the promises stand, from what is cheap to ask at any size: no line is looked at."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field
from psycopg import Cursor

from makegood.clock.instants import moment
from makegood.guarantees.catalogue import CATALOGUE
from makegood.people.actions import PLATFORM_ID
from makegood.trade.watermarks import NO_END, horizon
from makegood.watch.reporting.figures import LATEST


class Owed(Struct):
    """What stands owed in one currency, in its minor units."""

    currency: str
    refund: int = 0
    compensation: int = 0

    @property
    def whole(self) -> int:
        """Refund and compensation together."""
        return self.refund + self.compensation


class Standing(Struct):
    """One guarantee: who promises it, what is open, what was broken and is owed.

    `open` counts promises that silence can still break; `shadowed` the breaches of promises
    that are only watched, which owe nothing.
    """

    code: str
    merchants: int = 0
    open: int = 0
    breaches: int = 0
    shadowed: int = 0
    owed: list[Owed] = field(default_factory=list)


class Glance(Struct):
    """All guarantees that are promised or were, and the marketplace as a whole.

    `told_until` is up to when silence may be judged: None while a feed has not said so.
    """

    merchants: int
    facts: int
    held_lines: int
    told_until: datetime | None
    next_due: datetime | None
    next_guarantee: str
    standings: list[Standing]
    owed: list[Owed]

    @property
    def breaches(self) -> int:
        """The breaches that stand, of all guarantees."""
        return sum(standing.breaches for standing in self.standings)

    @property
    def open(self) -> int:
        """The promises that silence can still break, of all guarantees."""
        return sum(standing.open for standing in self.standings)


_MARKETPLACE = """
SELECT count(*) FILTER (WHERE id <> %s), coalesce(sum(facts_taken), 0)::bigint FROM people_merchant
"""
_PROMISED = """
SELECT guarantee, count(DISTINCT merchant_id) FROM enrolment_enrolment
WHERE valid_until IS NULL AND merchant_id <> %s GROUP BY guarantee
"""
_OPEN = "SELECT guarantee, count(*) FROM watch_openpromise GROUP BY guarantee"
_NEXT = "SELECT due_at, guarantee FROM watch_openpromise ORDER BY due_at LIMIT 1"
_BROKEN = f"""
SELECT guarantee, currency, shadow, count(*), sum(refund_minor)::bigint,
    sum(compensation_minor)::bigint
FROM ({LATEST}) b WHERE stands GROUP BY guarantee, currency, shadow ORDER BY currency
"""
_HELD = """
SELECT count(DISTINCT (merchant_id, line_id)) FROM compensation_hold WHERE ended_at IS NULL
"""


def glance(cursor: Cursor[Any]) -> Glance:
    """How the promises stand now; in one transaction, REPEATABLE READ for one picture."""
    ((merchants, facts),) = cursor.execute(_MARKETPLACE, (PLATFORM_ID,)).fetchall()
    ((held_lines,),) = cursor.execute(_HELD).fetchall()
    told = horizon(cursor, NO_END)
    due_at, guarantee = (cursor.execute(_NEXT).fetchall() or [(None, "")])[0]
    standings = _standings(cursor)
    return Glance(
        merchants=merchants,
        facts=facts,
        held_lines=held_lines,
        told_until=None if told is None else moment(told.until),
        next_due=due_at,
        next_guarantee=guarantee,
        standings=standings,
        owed=_sums(standings),
    )


def _standings(cursor: Cursor[Any]) -> list[Standing]:
    found = {code: Standing(code) for code in CATALOGUE}
    for code, merchants in cursor.execute(_PROMISED, (PLATFORM_ID,)).fetchall():
        found[code].merchants = merchants
    for code, number in cursor.execute(_OPEN).fetchall():
        found[code].open = number
    for code, currency, shadow, breaches, refund, compensation in cursor.execute(_BROKEN):
        standing = found[code]
        if shadow:
            standing.shadowed += breaches
        else:
            standing.breaches += breaches
            standing.owed.append(Owed(currency, refund, compensation))
    return [one for one in found.values() if one.merchants or one.breaches or one.shadowed]


def _sums(standings: list[Standing]) -> list[Owed]:
    sums: dict[str, Owed] = {}
    for owed in (owed for standing in standings for owed in standing.owed):
        total = sums.setdefault(owed.currency, Owed(owed.currency))
        total.refund += owed.refund
        total.compensation += owed.compensation
    return [sums[currency] for currency in sorted(sums)]
