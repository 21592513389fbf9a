"""Homes for the launcher's tests, and programs that use them as other processes do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

USE = """
import sys, time
from pathlib import Path
import psycopg
from makegood.home.paths import open_home
from makegood.home.server import running_database

with running_database(open_home(Path(sys.argv[1])), lambda said: print("said", said)) as url:
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        connection.execute("CREATE TABLE IF NOT EXISTS visit (id bigserial)")
        connection.execute("INSERT INTO visit DEFAULT VALUES")
        visits = connection.execute("SELECT count(*) FROM visit").fetchone()[0]
    print("visits", visits, flush=True)
    sys.stdin.readline()
"""


class User:
    """A process that uses a home until it is told to leave, or is killed."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=plain_environment(),
        )

    def visits(self) -> int:
        """How many visits the database knows, once the server runs."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        while line.startswith("said"):
            line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        return int(line.split()[1])

    def leave(self) -> str:
        """Leave; what was said on standard error."""
        return self.process.communicate("\n")[1]

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


Use = Callable[[Path], User]


def plain_environment() -> dict[str, str]:
    """The environment without what would lead to another database or home."""
    banned = ("DATABASE_URL", "MAKEGOOD_HOME", "MAKEGOOD_SECRET_KEY")
    return {name: value for name, value in os.environ.items() if name not in banned}


def processes_of(folder: Path) -> list[int]:
    """The living processes whose command names the folder, with the servers' own children."""
    found = []
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rsplit(")")[1].split()[1]
                )
            except OSError:
                continue
            if os.fsencode(folder) in command:
                found.append(int(entry.name))
    return found + [pid for pid, parent in parents.items() if parent in found and pid not in found]


def kill_all(folder: Path, of: bytes = b"") -> None:
    """What a power cut does to a home's processes, or to those whose command holds `of`."""
    for pid in processes_of(folder):
        try:
            if of in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            continue


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it comes to hold in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
