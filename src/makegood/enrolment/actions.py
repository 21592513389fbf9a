"""Publishing policies, enrolling merchants in them, and pinning promises to lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Model
from psycopg import Cursor

from makegood.clock.instants import instant
from makegood.enrolment.models import Breaker, Coverage, PlatformRules, Policy, Publication
from makegood.enrolment.policies import PolicyFile
from makegood.enrolment.queries import Promise
from makegood.people.actions import PLATFORM_ID
from makegood.record.actions import append
from makegood.record.batches import ROWS, covered_rows
from makegood.record.canonical import canonical, row_leaf
from makegood.storage.arrays import texts, uuids
from makegood.storage.bulk import columns_of, copy_rows
from makegood.storage.keys import key

Rows = list[tuple[Any, ...]]
_LATEST_CAP = """
SELECT advance_cap_minor FROM enrolment_platformrules
WHERE currency = %s ORDER BY version DESC LIMIT 1
"""


class CapLowered(Exception):
    """A publication lowers what may be advanced, which merchants may have used already."""


def publish(
    cursor: Cursor[Any], file: PolicyFile, content: bytes, *, at: datetime, actor: str
) -> int | None:
    """Publish a file of policies; the number of its publication, or None if it was published.

    Published versions are never edited. Merchants follow when their next facts are taken.
    CapLowered when the file allows smaller advances than the one before it: nothing is written.
    """
    cursor.execute("LOCK TABLE enrolment_publication IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute("SELECT number FROM enrolment_publication WHERE digest = %s", (file.digest,))
    if cursor.fetchone():
        return None
    _refuse_lower_cap(cursor, file)
    cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM enrolment_publication")
    number: int = _one(cursor)
    entry_id = key("publication", file.digest)
    tables: dict[type[Model], Rows] = {
        Publication: [(number, file.digest, content.decode(), at, file.notice_waived, entry_id)],
        Policy: _policies(cursor, file, number, entry_id),
        PlatformRules: [_rules(file, number, entry_id)],
        Breaker: _breakers(file, number, entry_id),
    }
    for model, rows in tables.items():
        copy_rows(cursor, model, rows)
    covered = {
        model._meta.db_table: map(row_leaf(columns_of(model)), rows)
        for model, rows in tables.items()
    }
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
            ROWS: covered_rows(covered),
        },
    )
    return number


def _refuse_lower_cap(cursor: Cursor[Any], file: PolicyFile) -> None:
    cursor.execute(_LATEST_CAP, (file.currency,))
    latest = cursor.fetchone()
    if latest is not None and file.platform.advance_cap_minor < latest[0]:
        raise CapLowered(
            f"advance_cap_minor is {file.platform.advance_cap_minor}, but {latest[0]} was "
            f"published for {file.currency} and may have been used; keep it or raise it."
        )


def _rules(file: PolicyFile, number: int, entry_id: UUID) -> tuple[Any, ...]:
    allowed = file.platform
    id = key("platform rules", file.digest)
    sums = (allowed.advance_cap_minor, allowed.hold_above_minor)
    return (id, file.currency, number, *sums, entry_id)


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
    whole: dict[int, UUID] = {}
    pinned: list[UUID | None] = []
    for merchant_id, placed_at, currency, category in purchases:
        theirs = promises[merchant_id]
        covering = [one for one in theirs if one.covers(placed_at, currency, category)]
        # Most often all promises of the merchant hold, and then its coverage is always the same.
        coverage = whole.get(merchant_id.int) if len(covering) == len(theirs) else None
        if coverage is None and covering:
            held = tuple({promise.covered.code: promise.id for promise in covering}.values())
            coverage = key("coverage", *(str(id) for id in held))
            made[merchant_id, held] = coverage
            if len(covering) == len(theirs):
                whole[merchant_id.int] = coverage
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
