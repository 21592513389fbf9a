"""How fast the ledger posts, against pgbench doing the same posting one by one.

The same posting: lock both accounts, insert the transfer, update the totals, commit. pgbench
runs it on one connection of the same server, in its default protocol, right before and after
ours; each figure is the ratio of two rates of one pair.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple
from uuid import UUID, uuid5

import psycopg

from makegood.home.binaries import candidates
from makegood.ledger.actions import post
from makegood.ledger.chart import AccountName
from makegood.ledger.events import Code
from makegood.ledger.steps import Transfer

MERCHANTS = 100
SET_SIZE = 1_000
SETS = 5
SINGLES = 1_000
PAIRS = 5
AT_LEAST = {"set": 6.0, "single": 0.6}
SEED = UUID("6d616b65-676f-4f64-8c65-646765720001")
NOON = 1_526_904_000_000_000

ONE_BY_ONE = """
\\set merchant random(1, {merchants})
\\set amount random(1, 100000)
BEGIN;
SELECT debits_posted, credits_posted FROM ledger_account
 WHERE merchant_id = md5('merchant ' || :merchant)::uuid AND currency = 'BRL'
   AND name IN ('cash', 'escrow') ORDER BY name FOR NO KEY UPDATE;
INSERT INTO ledger_transfer (merchant_id, id, currency, debit, credit, amount, kind, code,
  cause_id, at, entry_id)
 VALUES (md5('merchant ' || :merchant)::uuid, gen_random_uuid(), 'BRL', 'cash', 'escrow', :amount,
  'posted', 'order_paid', gen_random_uuid(), now(), gen_random_uuid());
UPDATE ledger_account SET debits_posted = debits_posted + :amount
 WHERE merchant_id = md5('merchant ' || :merchant)::uuid AND currency = 'BRL' AND name = 'cash';
UPDATE ledger_account SET credits_posted = credits_posted + :amount
 WHERE merchant_id = md5('merchant ' || :merchant)::uuid AND currency = 'BRL' AND name = 'escrow';
COMMIT;
"""


class Pair(NamedTuple):
    """Postings a second of ours and of pgbench, measured one after the other."""

    ours: float
    pgbench: float

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.ours / self.pgbench


def measure(url: str, pairs: int = PAIRS) -> dict[str, list[Pair]]:
    """The pairs of both figures, `set` and `single`, in the migrated database at `url`."""
    with psycopg.connect(url) as connection, tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "one-by-one.sql"
        script.write_text(ONE_BY_ONE.format(merchants=MERCHANTS))
        merchants = _merchants(connection)
        numbers = count()
        sets = _transfers(merchants, numbers, SET_SIZE)
        singles = _transfers(merchants, numbers, 1)
        _rate(connection, sets, 1)
        _pgbench(url, script, SINGLES // 5)
        return {
            "set": [
                Pair(_rate(connection, sets, SETS), _pgbench(url, script, SINGLES))
                for _ in range(pairs)
            ],
            "single": [
                Pair(_rate(connection, singles, SINGLES), _pgbench(url, script, SINGLES))
                for _ in range(pairs)
            ],
        }


def report(found: dict[str, list[Pair]], say: Callable[[str], None]) -> bool:
    """Print every pair and the median of each figure; whether all targets are met."""
    met = True
    for name, target in AT_LEAST.items():
        for pair in found[name]:
            say(f"{name}: {pair.ours:,.0f}/s, pgbench {pair.pgbench:,.0f}/s: {pair.ratio:.2f}")
        middle = median(pair.ratio for pair in found[name])
        met &= middle >= target
        say(f"{name}: median {middle:.2f} (at least {target})")
    return met


def _merchants(connection: psycopg.Connection) -> list[UUID]:
    """The merchants of both, with their books."""
    rows = connection.execute(
        "SELECT md5('merchant ' || n)::uuid FROM generate_series(1, %s) AS n", [MERCHANTS]
    ).fetchall()
    merchants: list[UUID] = [row[0] for row in rows]
    _post(connection, next(_transfers(merchants, count(), MERCHANTS)))
    return merchants


def _transfers(
    merchants: list[UUID], numbers: Iterator[int], size: int
) -> Iterator[list[Transfer]]:
    """Sets of paid orders over all merchants, each with ids not used before."""
    run = uuid5(SEED, str(os.getpid()))
    while True:
        yield [
            Transfer(
                merchants[number % len(merchants)],
                "BRL",
                uuid5(run, f"{size} {number}"),
                AccountName.CASH,
                AccountName.ESCROW,
                1 + number % 100_000,
                Code.ORDER_PAID,
                run,
                NOON,
            )
            for number, _ in zip(numbers, range(size), strict=False)
        ]


def _rate(connection: psycopg.Connection, sets: Iterator[list[Transfer]], times: int) -> float:
    """Postings a second, each set in its own transaction."""
    prepared = [next(sets) for _ in range(times)]
    start = perf_counter()
    for steps in prepared:
        _post(connection, steps)
    return sum(map(len, prepared)) / (perf_counter() - start)


def _post(connection: psycopg.Connection, steps: list[Transfer]) -> None:
    with connection.cursor() as cursor:
        post(cursor, steps, entry_id=SEED)
    connection.commit()


def _pgbench(url: str, script: Path, transactions: int) -> float:
    """Postings a second that pgbench does one by one on one connection."""
    command = [_program(), "--no-vacuum", "--client=1", f"--transactions={transactions}"]
    done = subprocess.run(
        [*command, f"--file={script}", url], check=True, capture_output=True, text=True
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found.group(1))


def _program() -> str:
    """The pgbench that lies beside a server's programs."""
    beside = [str(folder / "pgbench") for folder in candidates(os.environ)]
    found = next(filter(None, map(shutil.which, [*beside, "pgbench"])), None)
    assert found, "no pgbench beside the server's programs"
    return found
