"""Holds: each waiting award has its own, and ended as the money that it held back did."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.reconciling import reserved
from makegood.record.check import Findings, streamed
from makegood.watch.checking.beside import beside

Key = tuple[UUID, UUID]

_UNLIKE = """
SELECT coalesce(h.id, a.id), a.id IS NULL, h.id IS NULL
FROM (SELECT * FROM compensation_award WHERE state IN ('held', 'unfunded')) a
FULL JOIN (SELECT * FROM compensation_hold WHERE award_id IS NOT NULL) h
    ON h.merchant_id = a.merchant_id AND h.award_id = a.id
WHERE (h.id, h.line_id, h.guarantee, h.at_most_minor, h.placed_at, h.cause = 'unfunded')
    IS DISTINCT FROM
    (a.id, a.line_id, a.guarantee, a.amount_minor, a.decided_at, a.state = 'unfunded')
    OR h.cause = 'contradiction'
"""
_ENDS = """
SELECT a.merchant_id, a.id, h.outcome
FROM compensation_award a
JOIN compensation_hold h ON h.merchant_id = a.merchant_id AND h.id = a.id
WHERE a.state = 'held' ORDER BY 1, 2
"""
_ENDED = {"": "", Kind.POST.value: "released", Kind.VOID.value: "dropped"}


def check_holds(cursor: Cursor[Any], found: Findings) -> None:
    """Compare each hold with its award, and how it ended with what became of the reserves."""
    for id, no_award, no_hold in streamed(cursor, "unlike", _UNLIKE):
        what = "is not like its award"
        if no_award:
            what = "holds no waiting award"
        elif no_hold:
            what = "is missing, and its award waits"
        found.differs("compensation_hold", id, what)
    told = (((row[0], row[1]), {row[2]}) for row in streamed(cursor, "ends", _ENDS))
    for (_, id), outcome, became in beside(told, _became(cursor)):
        if outcome != became:
            what = f"ended {outcome or None}, and what was reserved {became or None}"
            found.differs("compensation_hold", id, what)


def _became(cursor: Cursor[Any]) -> Iterator[tuple[Key, set[str]]]:
    """How the reserves of each award ended, in the words of a hold."""
    by_award = attrgetter("merchant_id", "cause_id")
    for key, group in groupby(reserved(cursor, Code.AWARDED), key=by_award):
        yield key, {_ENDED.get(one.ended, one.ended) for one in group}
