"""The keeper: a small process that starts a home's server and ends it after its last user.

Users hold `users.lock` together; the keeper waits until it gets that lock alone. Whoever starts
or ends a server holds `gate.lock`, so nobody comes in while the keeper leaves. It holds
`keeper.lock`, opened by who started it, for as long as it lives.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from makegood.home.accounts import Account
from makegood.home.binaries import Binaries
from makegood.home.cluster import Cluster, forget, initialise, start, stop
from makegood.home.locks import held, lock_file, taken
from makegood.home.problems import HomeProblem


def main(arguments: list[str]) -> int:
    """Keep one server: folder, bin folder, its major version, account (`-` for the caller's)."""
    folder, programs, major, account = arguments
    cluster = Cluster(Path(folder), Account(None if account == "-" else account))
    binaries = Binaries(Path(programs), int(major))
    os.chdir("/")
    os.umask(0o077)
    with (
        lock_file(cluster.folder / "users.lock") as users,
        lock_file(cluster.folder / "gate.lock") as gate,
    ):
        try:
            if cluster.made_by() is None:
                initialise(cluster, binaries)
            server = start(cluster, binaries)
        except HomeProblem as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
        watch = threading.Thread(target=_leave_with, args=(cluster, server), daemon=True)
        watch.start()
        keep(cluster, server, users, gate)
    return 0


def keep(cluster: Cluster, server: subprocess.Popen[str], users: int, gate: int) -> None:
    """Wait until nobody uses the server any more, then end it."""
    while True:
        with held(users):
            pass
        with held(gate):
            if taken(users):
                stop(cluster, server)
                return


def _leave_with(cluster: Cluster, server: subprocess.Popen[str]) -> None:
    """End the keeper when its server ended by itself, so that the next user starts another."""
    server.wait()
    if cluster.running.exists():
        forget(cluster)
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
