"""The whole check: record, books, facts, promises, and all that follows from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from msgspec import MsgspecError
from psycopg import Cursor

from makegood.enrolment.policies import PolicyFileError
from makegood.record.check import (
    Difference,
    Findings,
    Progress,
    Verification,
    survive_unreadable,
    verify,
)
from makegood.record.notes import VerifierKey
from makegood.watch.checking.books import check_escrow, check_funding, check_ledger
from makegood.watch.checking.covered import COVERED_TABLES
from makegood.watch.checking.facts import check_facts
from makegood.watch.checking.holds import check_holds
from makegood.watch.checking.lines import LineCheck
from makegood.watch.checking.promises import check_coverages, check_promises

_UNREADABLE = (ValueError, LookupError, AssertionError, MsgspecError, PolicyFileError)
"""What the rules raise on rows that no action can have written."""


@dataclass
class Checked:
    """What a check found: of the record, of the books, and of what is projected from facts."""

    record: Verification
    books: Findings
    projections: Findings = field(default_factory=Findings)

    @property
    def holds(self) -> bool:
        """Whether nothing differs anywhere."""
        return self.record.holds and self.books.holds and self.projections.holds

    @property
    def differing(self) -> int:
        """How many differences there are."""
        return self.record.differing + self.books.differing + self.projections.differing

    @property
    def differences(self) -> list[Difference]:
        """The first hundred differences of each part."""
        parts = (self.record, self.books, self.projections)
        return [difference for part in parts for difference in part.differences]


def _silent(_part: str, _done: int) -> None:
    """Progress that nobody looks at."""


def check(
    cursor: Cursor[Any],
    *,
    key: VerifierKey,
    published: Iterable[str] = (),
    progress: Progress = _silent,
) -> Checked:
    """Verify the record and re-add every book, then rebuild what follows from facts and compare.

    Writes nothing. `cursor` is one of `storage.cursors`, in a transaction, which for one
    picture of a busy database is REPEATABLE READ; memory does not grow with the number of
    facts and lines. `key` is the log's public key, `published` checkpoints that were kept
    elsewhere. `progress` is told a part and how far it is.
    """
    record = verify(cursor, COVERED_TABLES, key=key, published=published, progress=progress)
    checked = Checked(record, check_books(cursor))
    found = checked.projections
    _survive(
        cursor,
        found,
        {
            "the promises": partial(check_promises, cursor, found, progress),
            "the coverages": partial(check_coverages, cursor, found),
            "the facts": partial(check_facts, cursor, found, progress),
            "the lines": partial(check_lines, cursor, found, progress),
        },
    )
    return checked


def check_books(cursor: Cursor[Any]) -> Findings:
    """Re-add every book and compare it with the caps, the payments, the awards and the holds."""
    found = Findings()
    _survive(
        cursor,
        found,
        {
            "the ledger": partial(check_ledger, cursor, found),
            "the escrow": partial(check_escrow, cursor, found),
            "the awards": partial(check_funding, cursor, found),
            "the holds": partial(check_holds, cursor, found),
        },
    )
    return found


def check_lines(cursor: Cursor[Any], found: Findings, progress: Progress) -> None:
    """Fold and judge every line anew, and compare."""
    LineCheck(cursor, found, progress).run()


def _survive(cursor: Cursor[Any], found: Findings, parts: dict[str, Callable[[], object]]) -> None:
    for name, run in parts.items():
        survive_unreadable(cursor, name, run, found, _UNREADABLE)
