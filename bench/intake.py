"""How fast facts are taken, against a bare COPY of the same rows, and how this grows.

The bare COPY: the rows of `trade_fact` that the import just stored, ready in memory in the order
in which they were told, by psycopg's binary COPY into one table with the same primary key and
the same two indexes, committed batch by batch. Both tables grow together, slice by slice, on
the same server, so each pair compares tables of equal size.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

from django.db import connection, transaction
from psycopg import Cursor

from bench.workload import stream
from makegood.cli.importing import Import
from makegood.cli.policies import publish_file
from makegood.storage.bulk import columns_of
from makegood.trade.models import Fact
from makegood.trade.reading import read_batches

POLICIES = Path(__file__).parent.parent / "examples" / "olist.toml"
AT_LEAST = {5_000: 0.25, 500: 0.15}
SLICE = {5_000: 20_000, 500: 4_000}
FACTS_OF_A_LINE = 3.9
MORE_AT_MOST = 1.3
_COLUMNS = columns_of(Fact)
_TYPES = ["uuid", "uuid", "int8", "uuid", "text", "uuid", "timestamptz", "text", "bytea"]


class Size(NamedTuple):
    """How many order lines are stored when pairs are measured, and how many pairs."""

    lines: tuple[int, int]
    pairs: int


FULL = Size((50_000, 1_000_000), 7)
QUICK = Size((50_000, 200_000), 5)


class Pair(NamedTuple):
    """Microseconds per fact of the import and of the bare COPY, one after the other.

    `…_busy` is the processor time in it, of this process and of its server process together:
    what is left of a figure when a shared machine is busy with other things.
    """

    imported: float
    bare: float
    imported_busy: float
    bare_busy: float

    @property
    def ratio(self) -> float:
        """Facts a second of the import to rows a second of the bare COPY."""
        return self.bare / self.imported


Found = dict[tuple[int, int], list[Pair]]
"""Pairs by the order lines stored and the size of a batch."""


def measure(size: Size, say: Callable[[str], None]) -> Found:
    """Measure in the migrated, empty database that Django is set up with."""
    publish_file(POLICIES, "bench")
    _make_bare()
    lines = stream(10**9)
    found: Found = {}
    for wanted in size.lines:
        _grow(lines, wanted, say)
        for batch in AT_LEAST:
            found[wanted, batch] = []
            for _ in range(size.pairs):
                pair = _pair(list(islice(lines, SLICE[batch])), batch)
                say(
                    f"{_stored('trade_line'):>9,} lines stored, batches of {batch:,}: import "
                    f"{pair.imported:.1f} µs a fact ({pair.imported_busy:.1f} busy), bare COPY "
                    f"{pair.bare:.1f} ({pair.bare_busy:.1f} busy): {pair.ratio:.3f}"
                )
                found[wanted, batch].append(pair)
    return found


def report(found: Found, say: Callable[[str], None]) -> bool:
    """Say each figure beside what it should be; whether all are reached."""
    reached = []
    for (lines, batch), pairs in found.items():
        middle, target = median(pair.ratio for pair in pairs), AT_LEAST[batch]
        reached.append(middle >= target)
        what = f"intake at {lines:,} lines, batches of {batch:,}: median ratio {middle:.3f}"
        say(f"{what}, at least {target}: {'reached' if reached[-1] else 'missed'}")
        busy = median(pair.bare_busy / pair.imported_busy for pair in pairs)
        say(f"  by processor time alone: {busy:.3f}")
    first, last = [lines for lines, batch in found if batch == max(AT_LEAST)]
    few, many = (
        median(pair.imported for pair in found[lines, max(AT_LEAST)]) for lines in (first, last)
    )
    reached.append(many / few <= MORE_AT_MOST)
    what = f"time per fact at {last:,} lines to that at {first:,}: {many / few:.2f}"
    say(f"{what}, at most {MORE_AT_MOST}: {'reached' if reached[-1] else 'missed'}")
    return all(reached)


def _grow(lines: Iterator[bytes], wanted: int, say: Callable[[str], None]) -> None:
    """Import until so many order lines are stored, and bring the bare table to the same rows."""
    while (missing := wanted - _stored("trade_line")) > 0:
        more = int(min(missing, 100_000) * FACTS_OF_A_LINE) + 100
        _import(list(islice(lines, more)), 5_000)
        say(f"{_stored('trade_line'):>9,} lines stored")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare SELECT * FROM trade_fact ON CONFLICT DO NOTHING")
        cursor.execute("ANALYZE")


def _pair(lines: list[bytes], batch: int) -> Pair:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM record_entry WHERE action = 'facts.taken'")
        before = [id for (id,) in cursor.fetchall()]
    busy = _busy()
    imported = _import(lines, batch)
    imported_busy = _busy() - busy
    rows = _rows_since(before)
    busy = _busy()
    bare = _copy(rows, batch)
    bare_busy = _busy() - busy
    seconds = (imported, bare, imported_busy, bare_busy)
    return Pair(*(one / len(lines) * 1e6 for one in seconds))


def _busy() -> float:
    """Seconds of processor time so far, where the system tells the server's."""
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    told = int(server.read_text().split()[0]) / 1e9 if server.exists() else 0.0
    return process_time() + told


def _import(lines: list[bytes], batch: int) -> float:
    started = perf_counter()
    work = Import(None)
    for read in read_batches(lines, batch):
        work.batch(read)
    assert work.done.taken == len(lines)
    return perf_counter() - started


def _rows_since(entries: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM trade_fact WHERE entry_id IN (SELECT id "
            "FROM record_entry WHERE action = 'facts.taken' AND NOT id = ANY(%s)) ORDER BY at",
            [list(entries)],
        )
        return list(cursor.fetchall())


def _make_bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (LIKE trade_fact, PRIMARY KEY (merchant_id, id))")
        cursor.execute("CREATE UNIQUE INDEX ON bare (merchant_id, arrival)")
        cursor.execute("CREATE INDEX ON bare (merchant_id, about_id)")


def _copy(rows: Sequence[tuple[Any, ...]], batch: int) -> float:
    statement = f"COPY bare ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)"
    started = perf_counter()
    for first in range(0, len(rows), batch):
        with (
            transaction.atomic(),
            Cursor(connection.connection) as cursor,
            cursor.copy(statement) as copy,
        ):
            copy.set_types(_TYPES)
            for row in rows[first : first + batch]:
                copy.write_row(row)
    return perf_counter() - started


def _stored(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])
