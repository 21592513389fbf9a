"""Facts that contradict each other: held for a person, and lifted once they no longer do."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.compensation.claims import Claim
from makegood.guarantees.verdict import Held, Owed, Verdict
from makegood.storage.arrays import uuids
from makegood.storage.keys import key
from makegood.trade.lines import TrackedLine

LineKey = tuple[UUID, UUID]


class Contradiction(Struct, frozen=True):
    """A line's hold on contradicting facts, as stored.

    `outcome` is empty while it is open; `by_person` says who ended it: a person or the facts.
    """

    id: UUID
    guarantee: str
    outcome: str
    by_person: bool


class NewHold(Struct, frozen=True):
    """A hold to be written, of at most so many minor units."""

    tracked: TrackedLine
    id: UUID
    guarantee: str
    at_most: int


_HOLDS = """
SELECT h.merchant_id, h.line_id, h.id, h.guarantee, h.outcome, h.ended_by <> ''
FROM unnest(%s::uuid[], %s::uuid[]) AS l (merchant_id, line_id)
JOIN compensation_hold h ON h.merchant_id = l.merchant_id AND h.line_id = l.line_id
WHERE h.cause = 'contradiction'
"""


def load_contradictions(
    cursor: Cursor[Any], lines: Sequence[TrackedLine]
) -> dict[LineKey, dict[UUID, Contradiction]]:
    """All holds on contradicting facts that these lines ever had, by line and id."""
    if not lines:
        return {}
    keys = (uuids(one.merchant_id for one in lines), uuids(one.id for one in lines))
    cursor.execute(_HOLDS, keys, binary=True)
    found: dict[LineKey, dict[UUID, Contradiction]] = {}
    for merchant_id, line_id, *values in cursor.fetchall():
        one = Contradiction(*values)
        found.setdefault((merchant_id, line_id), {})[one.id] = one
    return found


def hold(
    tracked: TrackedLine,
    verdicts: Mapping[str, Verdict],
    stored: Mapping[UUID, Contradiction],
    shadows: Mapping[str, bool],
) -> tuple[list[NewHold], list[UUID], list[Claim]]:
    """What to hold anew, which holds the facts lift, and what persons released to be paid.

    A person's word stands while the facts contradict each other: what was dropped is not held
    again, and what was released is owed as the facts tell it now. Once they agree, they alone
    tell what is owed, and should they contradict again, a new hold waits.
    """
    wanted: dict[UUID, tuple[str, Owed]] = {}
    for code, verdict in verdicts.items():
        # What is only watched moves no money, so there is nothing to hold.
        if isinstance(verdict, Held) and not shadows.get(code, False):
            id = _id(tracked.id, code, verdict.occasion, stored)
            wanted[id] = (code, verdict.at_most)
    new = []
    claims = []
    for id, (code, at_most) in wanted.items():
        known = stored.get(id)
        refund, compensation = sums(at_most)
        if known is None:
            new.append(NewHold(tracked, id, code, refund + compensation))
        elif known.outcome == "released":
            claims.append(Claim(id, code, refund, compensation))
    for one in stored.values():
        if one.outcome == "released" and one.id not in wanted:
            claims.append(Claim(one.id, one.guarantee, 0, 0))
    lifted = [one.id for one in stored.values() if not one.outcome and one.id not in wanted]
    return new, lifted, claims


def _id(line_id: UUID, code: str, occasion: str, stored: Mapping[UUID, Contradiction]) -> UUID:
    """The hold's id: made from its occasion, and a number once facts have lifted it before."""
    cause = ("contradiction", str(line_id), code, occasion)
    id, number = key(*cause), 0
    while id in stored and stored[id].outcome and not stored[id].by_person:
        number += 1
        id = key(*cause, str(number))
    return id


def sums(owed: Owed) -> tuple[int, int]:
    """Refund and all that comes above it: compensation and the outlays made good."""
    return owed.refund, owed.compensation + owed.freight + owed.fee
