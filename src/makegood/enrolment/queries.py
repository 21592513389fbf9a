"""What covers a line: the promises pinned to it, and those that hold for a merchant."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Cursor

from makegood.clock.instants import HOUR, Instant, instant
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.entitlement import Covered
from makegood.guarantees.terms import Terms
from makegood.storage.arrays import uuids

REMEMBERED = 200_000
"""How many merchants' and lines' promises a process remembers; they never change once made."""


class Promise(Struct, frozen=True):
    """An enrolment as it covers lines bought from `since` until before `until`."""

    id: UUID
    currency: str
    since: Instant
    until: Instant | None
    own_terms: bool
    categories: tuple[str, ...]
    covered: Covered

    def covers(self, placed_at: Instant, currency: str, category: str) -> bool:
        """Whether a line bought then, in this currency and category, bears the promise."""
        if (
            currency != self.currency
            or placed_at < self.since
            or (self.until is not None and placed_at >= self.until)
        ):
            return False
        return not self.categories or category in self.categories


@lru_cache(maxsize=10_000)
def stored_terms(code: str, text: str) -> Terms:
    """The terms of a guarantee from their stored form; one object for all who promise the same."""
    terms: Terms = msgspec.json.decode(text, type=CATALOGUE[code].terms)
    return terms


_ORDER = {code: place for place, code in enumerate(CATALOGUE)}
_ENROLMENTS = """
SELECT merchant_id, id, guarantee, currency, terms, own_terms, categories, valid_from,
    valid_until, shadow
FROM enrolment_enrolment WHERE merchant_id = ANY(%s)
"""
_promises: dict[UUID, tuple[int, tuple[Promise, ...]]] = {}


def promises(cursor: Cursor[Any], versions: Mapping[UUID, int]) -> dict[UUID, tuple[Promise, ...]]:
    """The enrolments of merchants whose rows are locked, by the version of their promises."""
    held: dict[UUID, tuple[Promise, ...]] = {}
    missing: list[UUID] = []
    for merchant, version in versions.items():
        known = _promises.get(merchant)
        if known is not None and known[0] == version:
            held[merchant] = known[1]
        else:
            missing.append(merchant)
    if not missing:
        return held
    if len(_promises) > REMEMBERED:
        _promises.clear()
    found: dict[UUID, list[Promise]] = {merchant: [] for merchant in missing}
    cursor.execute(_ENROLMENTS, (uuids(missing),), binary=True)
    for row in cursor.fetchall():
        found[row[0]].append(_promise(*row[1:]))
    for merchant, theirs in found.items():
        # A merchant's own terms come last, so that they take the place of the policy's.
        theirs.sort(key=lambda promise: (promise.own_terms, promise.id.int))
        held[merchant] = tuple(theirs)
        _promises[merchant] = (versions[merchant], held[merchant])
    return held


def _promise(
    id: UUID,
    code: str,
    currency: str,
    terms: str,
    own_terms: bool,
    categories: list[str],
    valid_from: Any,
    valid_until: Any,
    shadow: bool,
) -> Promise:
    covered = Covered(code, stored_terms(code, terms), str(id), shadow)
    until = None if valid_until is None else instant(valid_until)
    since = instant(valid_from)
    return Promise(id, currency, since, until, own_terms, tuple(categories), covered)


_COVERAGE = """
SELECT c.merchant_id, c.id, e.id, e.guarantee, e.terms, e.shadow
FROM unnest(%s::uuid[], %s::uuid[]) AS k (merchant_id, id)
JOIN enrolment_coverage c ON c.merchant_id = k.merchant_id AND c.id = k.id
JOIN enrolment_enrolment e ON e.merchant_id = c.merchant_id AND e.id = ANY(c.enrolment_ids)
"""
_coverages: dict[tuple[UUID, UUID], tuple[Covered, ...]] = {}

CoverageKey = tuple[UUID, UUID]
"""Merchant and coverage."""


def coverages(
    cursor: Cursor[Any], keys: Iterable[CoverageKey]
) -> dict[CoverageKey, tuple[Covered, ...]]:
    """The promises of these coverages, in the catalogue's order."""
    held: dict[CoverageKey, tuple[Covered, ...]] = {}
    missing: list[CoverageKey] = []
    for key in set(keys):
        known = _coverages.get(key)
        if known is None:
            missing.append(key)
        else:
            held[key] = known
    if not missing:
        return held
    if len(_coverages) > REMEMBERED:
        _coverages.clear()
    found: dict[CoverageKey, list[Covered]] = {}
    merchants, ids = [key[0] for key in missing], [key[1] for key in missing]
    cursor.execute(_COVERAGE, (uuids(merchants), uuids(ids)), binary=True)
    for merchant, id, enrolment, code, terms, shadow in cursor.fetchall():
        covered = Covered(code, stored_terms(code, terms), str(enrolment), shadow)
        found.setdefault((merchant, id), []).append(covered)
    for key, theirs in found.items():
        held[key] = _coverages[key] = in_order(theirs)
    return held


def forget() -> None:
    """Forget what was remembered of one database, before turning to another."""
    _promises.clear()
    _coverages.clear()


def in_order(covered: Iterable[Covered]) -> tuple[Covered, ...]:
    """Promises in the catalogue's order."""
    return tuple(sorted(covered, key=lambda one: _ORDER[one.code]))


def is_published(cursor: Cursor[Any], digest: str) -> bool:
    """Whether the file of policies with this digest (SHA-256, hex) was published."""
    cursor.execute("SELECT FROM enrolment_publication WHERE digest = %s", (digest,))
    return cursor.fetchone() is not None


def longest_price_window(cursor: Cursor[Any]) -> Instant:
    """The longest time in which any published policy or enrolment protects a price."""
    cursor.execute(
        "SELECT terms FROM enrolment_policy WHERE guarantee = 'price_protection' "
        "UNION SELECT terms FROM enrolment_enrolment WHERE guarantee = 'price_protection' "
        "AND own_terms"
    )
    hours = [msgspec.json.decode(terms)["window_hours"] for (terms,) in cursor.fetchall()]
    return max(hours, default=0) * HOUR


class PlatformRules(Struct, frozen=True):
    """What the platform allows in a currency, in minor units; None sets no limit."""

    advance_cap_minor: int
    hold_above_minor: int | None


def platform_rules(cursor: Cursor[Any]) -> dict[str, PlatformRules]:
    """The platform's rules by currency, as last set."""
    cursor.execute(
        "SELECT DISTINCT ON (currency) currency, advance_cap_minor, hold_above_minor "
        "FROM enrolment_platformrules ORDER BY currency, version DESC"
    )
    return {currency: PlatformRules(cap, above) for currency, cap, above in cursor.fetchall()}


class BreakerRule(Struct, frozen=True):
    """Beyond this sum (minor units) or number of new awards a day, awards are held."""

    currency: str
    guarantee: str
    per_merchant: bool
    daily_minor: int | None
    daily_awards: int | None


def breakers(cursor: Cursor[Any]) -> list[BreakerRule]:
    """The breakers that hold: those of each currency's latest publication."""
    cursor.execute(
        "SELECT currency, guarantee, per_merchant, daily_minor, daily_awards "
        "FROM enrolment_breaker b WHERE version = ("
        "SELECT max(version) FROM enrolment_platformrules r WHERE r.currency = b.currency)"
    )
    return [BreakerRule(*row) for row in cursor.fetchall()]
