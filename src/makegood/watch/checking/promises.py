"""Promises: each enrolment is what its merchant's publications make it; coverages hold them."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.enrolment.following import enrolments_after, publications, published_until
from makegood.enrolment.models import Enrolment
from makegood.record.check import Findings, Progress, streamed
from makegood.storage.bulk import columns_of
from makegood.storage.keys import key
from makegood.watch.checking.beside import beside

_COLUMNS = columns_of(Enrolment)
_ENTRY = _COLUMNS.index("entry_id")
_MERCHANTS = "SELECT id, ref, promises_version FROM people_merchant ORDER BY id"
_ENROLMENTS = f"""
SELECT {", ".join(_COLUMNS)} FROM enrolment_enrolment ORDER BY merchant_id, id
"""
_COVERAGES = """
SELECT c.merchant_id, c.id, c.enrolment_ids, (
    SELECT count(*) FROM enrolment_enrolment e
    WHERE e.merchant_id = c.merchant_id AND e.id = ANY(c.enrolment_ids))
FROM enrolment_coverage c
"""
_UNCOVERED = """
SELECT DISTINCT l.coverage_id FROM trade_line l
LEFT JOIN enrolment_coverage c ON c.merchant_id = l.merchant_id AND c.id = l.coverage_id
WHERE l.coverage_id IS NOT NULL AND c.id IS NULL
"""


def check_promises(cursor: Cursor[Any], found: Findings, progress: Progress) -> None:
    """Work out every merchant's enrolments anew, their ends too, and compare."""
    published = published_until(cursor, publications(cursor))
    merchants = ((id, (ref, version)) for id, ref, version in _merchants(cursor))
    for count, (id, merchant, rows) in enumerate(beside(merchants, _stored(cursor)), 1):
        progress("merchants", count)
        if merchant is None:
            found.differs("enrolment_enrolment", f"of {id}", "belong to no merchant")
            continue
        ref, version = merchant
        if not 0 <= version <= len(published):
            told = f"has followed {version} of {len(published)} publications"
            found.differs("people_merchant", id, told)
            continue
        _compare(rows or [], enrolments_after(cursor, id, ref, published[:version]), found)


def _merchants(cursor: Cursor[Any]) -> Iterator[tuple[Any, ...]]:
    return streamed(cursor, "followers", _MERCHANTS)


def _stored(cursor: Cursor[Any]) -> Iterator[tuple[UUID, list[tuple[Any, ...]]]]:
    rows = streamed(cursor, "enrolments", _ENROLMENTS)
    for merchant_id, group in groupby(rows, key=itemgetter(0)):
        yield merchant_id, list(group)


def _compare(
    stored: list[tuple[Any, ...]], expected: list[tuple[Any, ...]], found: Findings
) -> None:
    """The record holds which entry stands for a row; all else is compared here."""
    by_id = {row[1]: row for row in expected}
    for row in stored:
        now = by_id.pop(row[1], None)
        if now is None:
            found.differs("enrolment_enrolment", row[1], "follows from no publication")
        elif row[:_ENTRY] != now[:_ENTRY] or row[_ENTRY + 1 :] != now[_ENTRY + 1 :]:
            found.differs("enrolment_enrolment", row[1], "is not what its publication makes it")
    for id in by_id:
        found.differs("enrolment_enrolment", id, "is missing")


def check_coverages(cursor: Cursor[Any], found: Findings) -> None:
    """A coverage's id is made from its enrolments, they are its merchant's, and none is gone."""
    for (id,) in streamed(cursor, "uncovered", _UNCOVERED):
        found.differs("enrolment_coverage", id, "is missing, and lines bear it")
    for _, id, enrolments, known in streamed(cursor, "coverages", _COVERAGES):
        if id != key("coverage", *map(str, enrolments)):
            found.differs("enrolment_coverage", id, "holds other enrolments than it was made from")
        elif known != len(enrolments):
            found.differs("enrolment_coverage", id, "holds enrolments that are not its merchant's")
