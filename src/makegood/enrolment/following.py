"""Merchants follow what is published: enrolments are made when their next facts are taken.

So a publication is one small write, however many merchants there are, and a merchant that
the marketplace has not named yet needs none.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Cursor

from makegood.enrolment.models import Enrolment
from makegood.enrolment.policies import Better, PolicyFile, bettered_terms, parse_policies
from makegood.enrolment.queries import platform_rules
from makegood.ledger.actions import set_caps
from makegood.people.actions import LockedMerchant, promises_follow
from makegood.record.canonical import canonical, row_leaf
from makegood.storage.bulk import columns_of, copy_rows
from makegood.storage.keys import key

ENROLMENT_COLUMNS = [name for name in columns_of(Enrolment) if name != "valid_until"]
_leaf = row_leaf(ENROLMENT_COLUMNS)
_UNTIL = columns_of(Enrolment).index("valid_until")


class Published(Struct, frozen=True):
    """A published file of policies and its number."""

    number: int
    file: PolicyFile


_files: dict[str, PolicyFile] = {}
"""Files that were read before, by their digest."""


def publications(cursor: Cursor[Any]) -> int:
    """How many files of policies have been published."""
    cursor.execute("SELECT coalesce(max(number), 0) FROM enrolment_publication")
    row = cursor.fetchone()
    assert row is not None
    number: int = row[0]
    return number


def follow(
    cursor: Cursor[Any], merchants: Sequence[LockedMerchant], number: int, entry_id: UUID
) -> list[bytes]:
    """Bring locked merchants up to publication `number`.

    Returns the canonical bytes of the enrolments made, for the entry that covers them.
    """
    stale = [merchant for merchant in merchants if merchant.promises_version < number]
    if not stale:
        return []
    published = published_until(cursor, number)
    rows: list[tuple[Any, ...]] = []
    superseded: list[tuple[UUID, UUID, datetime]] = []
    for merchant in stale:
        _enrol(merchant, published, entry_id, rows, superseded)
    _supersede(cursor, rows, superseded)
    copy_rows(cursor, Enrolment, rows)
    promises_follow(cursor, [merchant.id for merchant in stale], number)
    caps = {
        (merchant.id, currency): rules.advance_cap_minor
        for currency, rules in platform_rules(cursor).items()
        for merchant in stale
    }
    set_caps(cursor, caps)
    return [_leaf((*row[:_UNTIL], *row[_UNTIL + 1 :])) for row in rows]


def published_until(cursor: Cursor[Any], number: int) -> list[Published]:
    """The files of policies up to publication `number`, in their order."""
    cursor.execute(
        "SELECT number, digest FROM enrolment_publication WHERE number <= %s ORDER BY number",
        (number,),
    )
    found = cursor.fetchall()
    missing = [digest for _, digest in found if digest not in _files]
    if missing:
        cursor.execute(
            "SELECT digest, content, published_at FROM enrolment_publication "
            "WHERE digest = ANY(%s)",
            (missing,),
        )
        for digest, content, published_at in cursor.fetchall():
            _files[digest] = parse_policies(content.encode(), published_at)
    return [Published(number, _files[digest]) for number, digest in found]


def enrolments_after(
    cursor: Cursor[Any], merchant_id: UUID, ref: str, published: Sequence[Published]
) -> list[tuple[Any, ...]]:
    """The rows of a merchant's enrolments once it has followed these publications.

    Nothing is written; the entries that stand for the rows are left open.
    """
    rows: list[tuple[Any, ...]] = []
    superseded: list[tuple[UUID, UUID, datetime]] = []
    newcomer = LockedMerchant(merchant_id, ref, 0, 0)
    _enrol(newcomer, published, UUID(int=0), rows, superseded)
    _supersede(cursor, rows, superseded)
    return rows


def _enrol(
    merchant: LockedMerchant,
    published: Sequence[Published],
    entry_id: UUID,
    rows: list[tuple[Any, ...]],
    superseded: list[tuple[UUID, UUID, datetime]],
) -> None:
    """Add the merchant's enrolments of the publications that it has not followed yet."""
    ref, version = merchant.ref, merchant.promises_version
    standing: dict[tuple[str, str], list[UUID]] = {}
    for one in published:
        file = one.file
        everyone = file.enrolments.merchants == "all" or ref in file.enrolments.merchants
        own = [better for better in file.enrolments.better if better.merchant == ref]
        for code in file.terms:
            promises = ([None] if everyone else []) + [
                better for better in own if better.guarantee == code
            ]
            if not promises:
                continue
            for id in standing.pop((code, file.currency), []):
                superseded.append((merchant.id, id, file.effective_from))
            for place, better in enumerate(promises):
                row = _row(merchant.id, file, code, better, place, entry_id)
                standing.setdefault((code, file.currency), []).append(row[1])
                if one.number > version:
                    rows.append(row)


def _row(
    merchant_id: UUID,
    file: PolicyFile,
    code: str,
    better: Better | None,
    place: int,
    entry_id: UUID,
) -> tuple[Any, ...]:
    terms = file.terms[code] if better is None else bettered_terms(file.terms[code], better)
    policy_id = key("policy", file.digest, code)
    return (
        merchant_id,
        key("enrolment", str(policy_id), str(place)),
        policy_id,
        code,
        file.currency,
        canonical(msgspec.to_builtins(terms)).decode(),
        better is not None,
        [] if better is None else list(better.categories),
        file.effective_from,
        None,
        code in file.enrolments.shadow,
        entry_id,
    )


def _supersede(
    cursor: Cursor[Any],
    rows: list[tuple[Any, ...]],
    superseded: Sequence[tuple[UUID, UUID, datetime]],
) -> None:
    """End older enrolments where newer ones begin: in the new rows, and in those stored."""
    new = {(row[0], row[1]): place for place, row in enumerate(rows)}
    stored = []
    for merchant_id, id, until in superseded:
        place = new.get((merchant_id, id))
        if place is None:
            stored.append((until, merchant_id, id))
        else:
            row = rows[place]
            ended = max(until, row[_UNTIL - 1])
            rows[place] = (*row[:_UNTIL], ended, *row[_UNTIL + 1 :])
    if stored:
        cursor.executemany(
            "UPDATE enrolment_enrolment SET valid_until = greatest(%s, valid_from) "
            "WHERE merchant_id = %s AND id = %s AND valid_until IS NULL",
            stored,
        )
