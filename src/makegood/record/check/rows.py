"""Batches: the rows that an entry stands for, against the root in its payload."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from makegood.record.batches import CoveredTable, ordered_hashes
from makegood.record.canonical import NotCanonical
from makegood.record.check.findings import Progress, Verification, streamed
from makegood.record.merkle import root

# Payloads are canonical, so an object under the key `rows` is always written like this.
_COVERING = """
SELECT id, payload FROM record_entry WHERE strpos(payload, '"rows":{') > 0 ORDER BY id
"""


class _Rows(msgspec.Struct):
    count: int
    root: str


class _Payload(msgspec.Struct):
    rows: dict[str, _Rows] = {}


_decode = msgspec.json.Decoder(_Payload).decode


def check_rows(
    cursor: Cursor[Any],
    tables: Sequence[CoveredTable],
    found: Verification,
    progress: Progress,
) -> None:
    """Recompute, table by table, the root of each entry's rows; note what differs."""
    known = {table.table for table in tables}
    for entry_id, rows in _covering(cursor, "batches", found):
        found.batches += 1
        for name in rows.keys() - known:
            found.differs("record_entry", entry_id, f"stands for rows of {name}, not checked here")
    for table in tables:
        _check_table(cursor, table, found, progress)


def _covering(
    cursor: Cursor[Any], name: str, found: Verification | None
) -> Iterator[tuple[UUID, dict[str, _Rows]]]:
    """The entries that stand for rows, in order of id."""
    for entry_id, payload in streamed(cursor, name, _COVERING):
        try:
            rows = _decode(payload).rows
        except msgspec.MsgspecError:
            if found is not None:
                found.differs("record_entry", entry_id, "its payload cannot be read")
            continue
        if rows:
            yield entry_id, rows


def _check_table(
    cursor: Cursor[Any], table: CoveredTable, found: Verification, progress: Progress
) -> None:
    """Walk a table's rows beside the entries that stand for them, both in order of entry id."""
    expected = (
        (entry_id, rows[table.table])
        for entry_id, rows in _covering(cursor, f"entries_{table.table}", None)
        if table.table in rows
    )
    waiting = next(expected, None)
    for entry_id, group in groupby(_rows(cursor, table), key=itemgetter(0)):
        while waiting is not None and entry_id is not None and waiting[0] < entry_id:
            found.differs(table.table, f"of entry {waiting[0]}", f"all {waiting[1].count} are gone")
            waiting = next(expected, None)
        hashes = _hashes(table, group, found)
        found.rows += len(hashes)
        progress(table.table, found.rows)
        if waiting is None or waiting[0] != entry_id:
            found.differs(table.table, f"of entry {entry_id}", "no such entry stands for them")
            continue
        _compare(table, entry_id, waiting[1], hashes, found)
        waiting = next(expected, None)
    while waiting is not None:
        found.differs(table.table, f"of entry {waiting[0]}", f"all {waiting[1].count} are gone")
        waiting = next(expected, None)


def _rows(cursor: Cursor[Any], table: CoveredTable) -> Iterator[tuple[Any, ...]]:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    query = f'SELECT entry_id, {columns} FROM "{table.table}" ORDER BY entry_id'
    return streamed(cursor, f"rows_{table.table}", query)


def _hashes(
    table: CoveredTable, group: Iterator[tuple[Any, ...]], found: Verification
) -> list[bytes]:
    try:
        return ordered_hashes(table.leaf(row[1:]) for row in group)
    except NotCanonical as error:
        found.differs(table.table, "row", str(error))
        return []


def _compare(
    table: CoveredTable, entry_id: UUID, expected: _Rows, hashes: list[bytes], found: Verification
) -> None:
    if len(hashes) != expected.count:
        found.differs(
            table.table, f"of entry {entry_id}", f"are {len(hashes)}, not {expected.count}"
        )
    elif root(hashes).hex() != expected.root:
        found.differs(table.table, f"of entry {entry_id}", "are not what was recorded")
