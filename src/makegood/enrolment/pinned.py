"""The promises pinned to a line, with the policies behind them: what an answer can cite."""

from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor

from makegood.enrolment.queries import stored_terms
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.terms import Terms
from makegood.law.packs import Jurisdiction


class Pinned(Struct, frozen=True):
    """A promise pinned to a line, with the policy behind it.

    `terms` are what the merchant promised: the policy's, unless it has `own_terms`.
    """

    code: str
    enrolment_id: UUID
    own_terms: bool
    terms: Terms
    policy_terms: Terms
    version: int
    jurisdiction: Jurisdiction
    shadow: bool


_PINNED = """
SELECT e.guarantee, e.id, e.own_terms, e.terms, p.terms, p.version, p.jurisdiction, e.shadow
FROM enrolment_coverage c
JOIN enrolment_enrolment e ON e.merchant_id = c.merchant_id AND e.id = ANY(c.enrolment_ids)
JOIN enrolment_policy p ON p.id = e.policy_id
WHERE c.merchant_id = %s AND c.id = %s
"""


def pinned(cursor: Cursor[Any], merchant_id: UUID, coverage_id: UUID | None) -> tuple[Pinned, ...]:
    """The promises of a coverage with their policies' versions, in the catalogue's order."""
    if coverage_id is None:
        return ()
    cursor.execute(_PINNED, (merchant_id, coverage_id))
    found = [
        Pinned(code, id, own, stored_terms(code, terms), stored_terms(code, policy), *rest)
        for code, id, own, terms, policy, *rest in cursor.fetchall()
    ]
    order = list(CATALOGUE)
    return tuple(sorted(found, key=lambda one: order.index(one.code)))
