"""Publishing policies, enrolling merchants in them, and pinning promises to lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from makegood.enrolment.models import Breaker, Coverage, PlatformRules, Policy, Publication
from makegood.enrolment.policies import PolicyFile
from makegood.enrolment.queries import Promise
from makegood.people.actions import PLATFORM_ID
from makegood.record.actions import append
from makegood.record.batches import ROWS, covered_rows
from makegood.record.canonical import canonical, row_leaf
from makegood.clock.instants import instant
from makegood.storage.arrays import texts, uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.storage.keys import key

policy_leaf = row_leaf(columns_of(Policy))
publication_leaf = row_leaf(columns_of(Publication))
rules_leaf = row_leaf(columns_of(PlatformRules))
breaker_leaf = row_leaf(columns_of(Breaker))
Rows = list[tuple[Any, ...]]


def publish(
    cursor: Cursor[Any], file: PolicyFile, content: bytes, *, at: datetime, actor: str
) -> int | None:
    """Publish a file of policies; the number of its publication, or None if it was published.

    Published versions are never edited. Merchants follow when their next facts are taken.
    """
    cursor.execute("LOCK TABLE enrolment_publication IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute("SELECT number FROM enrolment_publication WHERE digest = %s", (file.digest,))
    if cursor.fetchone():
        return None
    cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM enrolment_publication")
    number: int = _one(cursor)
    entry_id = key("publication", file.digest)
    publication = (number, file.digest, content.decode(), at, file.notice_waived, entry_id)
    policies = _policies(cursor, file, number, entry_id)
    rules = [
        (
            key("platform rules", file.digest),
            file.currency,
            number,
            file.platform.advance_cap_minor,
            file.platform.hold_above_minor,
            entry_id,
        )
    ]
    breakers = _breakers(file, number, entry_id)
    copy_rows(cursor, Publication, [publication])
    copy_rows(cursor, Policy, policies)
    copy_rows(cursor, PlatformRules, rules)
    copy_rows(cursor, Breaker, breakers)
    rows = covered_rows(
        {
            "enrolment_publication": [publication_leaf(publication)],
            "enrolment_policy": map(policy_leaf, policies),
            "enrolment_platformrules": map(rules_leaf, rules),
            "enrolment_breaker": map(breaker_leaf, breakers),
        }
    )
    append(
        cursor,
        merchant_id=PLATFORM_ID,
        id=entry_id,
        actor=actor,
        action="policies.published",
        subject=f"publication {number}",
        at=instant(at),
        payload={
            "digest": file.digest,
            "effective_from": file.effective_from,
            "notice_waived": file.notice_waived,
            ROWS: rows,
        },
    )
    return number


def _one(cursor: Cursor[Any]) -> Any:
    row = cursor.fetchone()
    assert row is not None
    return row[0]


def _policies(cursor: Cursor[Any], file: PolicyFile, number: int, entry_id: UUID) -> Rows:
    rows: Rows = []
    for code, terms in file.terms.items():
        cursor.execute(
            "SELECT coalesce(max(version), 0) + 1 FROM enrolment_policy "
            "WHERE guarantee = %s AND jurisdiction = %s AND currency = %s",
            (code, file.jurisdiction, file.currency),
        )
        rows.append(
            (
                key("policy", file.digest, code),
                number,
                code,
                file.jurisdiction,
                file.currency,
                _one(cursor),
                canonical(msgspec.to_builtins(terms)).decode(),
                file.effective_from,
                file.enrolments.merchants == "all",
                code in file.enrolments.shadow,
                entry_id,
            )
        )
    return rows


def _breakers(file: PolicyFile, number: int, entry_id: UUID) -> Rows:
    return [
        (
            key("breaker", file.digest, str(place)),
            file.currency,
            number,
            breaker.guarantee,
            breaker.per_merchant,
            breaker.daily_minor,
            breaker.daily_awards,
            entry_id,
        )
        for place, breaker in enumerate(file.breakers)
    ]


def pin(
    cursor: Cursor[Any],
    purchases: Sequence[tuple[UUID, int, str, str]],
    promises: Mapping[UUID, tuple[Promise, ...]],
) -> list[UUID | None]:
    """The coverage of each purchase (merchant, instant, currency, category), kept for good.

    None where no promise held. A merchant's own promise takes the place of the policy's.
    """
    made: dict[tuple[UUID, tuple[UUID, ...]], UUID] = {}
    pinned: list[UUID | None] = []
    for merchant_id, placed_at, currency, category in purchases:
        held = {
            promise.covered.code: promise.id
            for promise in promises[merchant_id]
            if promise.covers(placed_at, currency, category)
        }
        enrolments = tuple(held.values())
        if not enrolments:
            pinned.append(None)
            continue
        coverage = made.get((merchant_id, enrolments))
        if coverage is None:
            coverage = key("coverage", *(str(id) for id in enrolments))
            made[merchant_id, enrolments] = coverage
        pinned.append(coverage)
    if made:
        _insert_coverages(cursor, made)
    return pinned


def _insert_coverages(
    cursor: Cursor[Any], made: Mapping[tuple[UUID, tuple[UUID, ...]], UUID]
) -> None:
    """Insert what is not there yet; one coverage per set of enrolments and merchant."""
    table = Coverage._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} (merchant_id, id, enrolment_ids) "
        "SELECT m, i, string_to_array(e, ',')::uuid[] "
        "FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS n (m, i, e) "
        "ON CONFLICT (merchant_id, id) DO NOTHING",
        (
            uuids(merchant for merchant, _ in made),
            uuids(made.values()),
            texts(",".join(str(id) for id in enrolments) for _, enrolments in made),
        ),
        binary=True,
    )

