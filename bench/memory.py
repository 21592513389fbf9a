"""The most memory that a real `makegood import ndjson` uses, as its input grows tenfold."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.workload import stream

POLICIES = Path(__file__).parent.parent / "examples" / "olist.toml"
FACTS = (40_000, 400_000)
QUICK = (20_000, 200_000)
MORE_AT_MOST = 1.2
COMMAND = [sys.executable, "-c", "from makegood.cli.main import main; main()"]
Found = dict[int, float]
"""Mebibytes at most resident, by the number of facts."""


def measure(url: str, facts: tuple[int, int]) -> Found:
    """Import so many facts, each number into a new database of the server at `url`."""
    with tempfile.TemporaryDirectory() as folder:
        return {number: _import(url, Path(folder) / "facts.ndjson", number) for number in facts}


def report(found: Found, say: Callable[[str], None]) -> bool:
    """Say both figures, and whether memory is flat."""
    for number, most in found.items():
        say(f"import of {number:,} facts: {most:.0f} MiB resident at most")
    few, many = found.values()
    reached = many / few <= MORE_AT_MOST
    what = f"memory at ten times the input: {many / few:.2f}, at most {MORE_AT_MOST}"
    say(f"{what}: {'reached' if reached else 'missed'}")
    return reached


def _import(url: str, file: Path, facts: int) -> float:
    with file.open("wb") as stored:
        stored.writelines(line + b"\n" for line in islice(stream(10**9), facts))
    with _database(url, f"bench_memory_{facts}") as own:
        process = subprocess.Popen(
            [*COMMAND, "import", "ndjson", str(file), "--policies", str(POLICIES)],
            env={**os.environ, "DATABASE_URL": own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        assert status == 0, f"the import ended with {status}"
        return used.ru_maxrss / 1024


@contextmanager
def _database(url: str, name: str) -> Iterator[str]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
