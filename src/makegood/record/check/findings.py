"""What a check has counted and what it found amiss."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from psycopg import Cursor

NAMED_AT_MOST = 100
_ROWS_AT_ONCE = 5_000

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Difference:
    """One row, or set of rows, that is not what it was: the table, the row, and what differs."""

    table: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.what}"


@dataclass
class Findings:
    """What a check found amiss: `differences` names the first hundred, `differing` counts all."""

    differing: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.differing

    def differs(self, table: str, row: object, what: str) -> None:
        """Note a difference."""
        self.differing += 1
        if len(self.differences) < NAMED_AT_MOST:
            self.differences.append(Difference(table, str(row), what))


@dataclass
class Verification(Findings):
    """What was verified of the record, and what differs."""

    entries: int = 0
    leaves: int = 0
    pending: int = 0
    nodes: int = 0
    checkpoints: int = 0
    batches: int = 0
    rows: int = 0
    personal: int = 0
    erased: int = 0


def streamed(cursor: Cursor[Any], name: str, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query through a cursor of the server, so that memory stays bounded.

    Must run in a transaction. Rows arrive in the server's binary form.
    """
    with cursor.connection.cursor(name=f"record_check_{name}") as rows:
        rows.itersize = _ROWS_AT_ONCE
        rows.execute(query, binary=True)
        yield from rows
