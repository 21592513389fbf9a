"""As whom the database's server runs: PostgreSQL refuses to run as root."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from makegood.home.problems import HomeProblem

_UNPRIVILEGED = ("postgres", "nobody")
_SIGNAL_AT_PARENTS_DEATH = 1


@dataclass(frozen=True)
class Account:
    """The user that runs the server; `name` is None where that is the calling user."""

    name: str | None

    def start(
        self, command: Sequence[str | Path], output: IO[Any] | int | None = None
    ) -> subprocess.Popen[str]:
        """Start the command as this user; it is interrupted when the calling process dies."""
        identity: dict[str, Any] = {}
        if self.name is not None:
            entry = pwd.getpwnam(self.name)
            identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            **identity,
        )

    def run(self, command: Sequence[str | Path]) -> tuple[int, str]:
        """The exit code and output of the command, run to its end as this user."""
        with self.start(command, subprocess.PIPE) as process:
            output, _ = process.communicate()
        return process.returncode, output

    def give(self, path: Path) -> None:
        """Hand the file or folder to this user."""
        if self.name is not None:
            entry = pwd.getpwnam(self.name)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def can_work_in(self, folder: Path) -> bool:
        """Whether a folder made in this one and given to this user can be used by it."""
        probe = folder / f"probe-{os.getpid()}"
        try:
            probe.mkdir(0o700)
        except OSError:
            return False
        try:
            self.give(probe)
            code, _ = self.run(["/bin/sh", "-c", 'cd "$1" && test -w .', "sh", probe])
        except OSError:
            return False
        finally:
            probe.rmdir()
        return code == 0


def server_account(data: Path) -> Account:
    """The calling user; for root whoever owns the data, else `postgres` or `nobody`.

    Raises HomeProblem where root finds none of them.
    """
    if os.geteuid() != 0:
        return Account(None)
    known = {entry.pw_uid: entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
    if data.exists() and data.stat().st_uid in known:
        return Account(known[data.stat().st_uid])
    for name in _UNPRIVILEGED:
        if name in known.values():
            return Account(name)
    raise HomeProblem(
        "PostgreSQL does not run as root and there is neither a user postgres nor nobody: "
        "run Makegood as another user or set DATABASE_URL."
    )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGINT)
