"""Using a home's own PostgreSQL: started by its first user, ended after its last."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from makegood.home.accounts import Account, server_account
from makegood.home.binaries import candidates, choose
from makegood.home.cluster import Cluster, forget
from makegood.home.locks import give_up, held, lock_file, share, taken
from makegood.home.paths import Home, kept_secret, make_folder
from makegood.home.problems import HomeProblem

DATABASE = "makegood"
_PAUSE_SECONDS = 0.02
_LEAVE_SECONDS = 30
_ELSEWHERE = (Path("/var/lib/makegood"), Path("/var/tmp"))  # noqa: S108 (its folders get names nobody guesses)


@contextmanager
def running_database(home: Home, say: Callable[[str], None]) -> Iterator[str]:
    """The address of the home's database, whose server runs for as long as this is open.

    Any number of processes can use one home. `say` gets a sentence when the database must lie
    outside the home. Raises HomeProblem when no server can be had.
    """
    try:
        cluster = cluster_of(home, say)
        kept_secret(cluster.password, lambda: secrets.token_urlsafe(24))
    except PermissionError as error:
        raise HomeProblem(
            f"The home {home.folder} belongs to another user ({error.filename} is closed): "
            "name one of your own in MAKEGOOD_HOME."
        ) from error
    with (
        lock_file(cluster.folder / "gate.lock") as gate,
        lock_file(cluster.folder / "users.lock") as users,
    ):
        with held(gate):
            share(users)
            keeper = _ensure_running(cluster)
            _ensure_database(cluster)
        try:
            yield cluster.url(DATABASE)
        finally:
            if _leave(cluster, gate, users) and keeper is not None:
                keeper.wait()


def cluster_of(home: Home, say: Callable[[str], None]) -> Cluster:
    """Where the home's database lies: in the home, or where the server's user can enter."""
    if home.elsewhere.exists():
        folder = Path(home.elsewhere.read_text().strip())
        if not folder.is_dir():
            raise HomeProblem(
                f"The database of this home was in {folder}, which is not there any more: bring "
                f"it back, or remove {home.elsewhere} to begin with an empty one."
            )
        return Cluster(folder, server_account(folder / "data"))
    account = server_account(home.postgres / "data")
    make_folder(home.postgres, _mode(account))
    if (home.postgres / "data").exists() or account.can_work_in(home.postgres):
        return Cluster(home.postgres, account)
    folder = _folder_elsewhere(home, account)
    chosen = Path(kept_secret(home.elsewhere, folder.as_posix))
    if chosen != folder:  # Another process was first.
        folder.rmdir()
    say(f"The user {account.name} cannot enter {home.folder}: its database is in {chosen}.")
    return Cluster(chosen, account)


def _folder_elsewhere(home: Home, account: Account) -> Path:
    for base in _ELSEWHERE:
        try:
            make_folder(base, _mode(account))
            folder = Path(tempfile.mkdtemp(prefix="makegood-", dir=base))
        except OSError:
            continue
        folder.chmod(_mode(account))
        if account.can_work_in(folder):
            return folder
        folder.rmdir()
    raise HomeProblem(
        f"The user {account.name}, who must run PostgreSQL, can enter neither {home.folder} "
        f"nor {_ELSEWHERE[0]}: name another folder in MAKEGOOD_HOME."
    )


def _mode(account: Account) -> int:
    return 0o700 if account.name is None else 0o711


def _ensure_running(cluster: Cluster) -> subprocess.Popen[bytes] | None:
    """Start a keeper unless one lives, and wait for its server; the gate is held."""
    keeper = None
    with lock_file(cluster.folder / "keeper.lock") as lock:
        if taken(lock):
            forget(cluster)
            keeper = _start_keeper(cluster, lock)
    with lock_file(cluster.folder / "keeper.lock") as lock:
        while not cluster.running.exists():
            if taken(lock):
                if keeper is not None:
                    raise HomeProblem(_last_line(cluster.folder / "keeper.log"))
                give_up(lock)  # The keeper that lived had ended its server, and was leaving.
                return _ensure_running(cluster)
            time.sleep(_PAUSE_SECONDS)
    return keeper


def _start_keeper(cluster: Cluster, lock: int) -> subprocess.Popen[bytes]:
    folders = candidates(os.environ)
    binaries = choose(folders, cluster.account, cluster.folder, cluster.made_by())
    command: list[str | Path] = [sys.executable, "-m", "makegood.home.keeper", cluster.folder]
    how: list[str | Path] = [binaries.folder, str(binaries.major), cluster.account.name or "-"]
    with (cluster.folder / "keeper.log").open("w") as log:
        return subprocess.Popen(
            [*command, *how],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,
        )


def _ensure_database(cluster: Cluster) -> None:
    try:
        psycopg.connect(cluster.url(DATABASE)).close()
    except psycopg.OperationalError as error:
        if f'database "{DATABASE}" does not exist' not in str(error):
            raise HomeProblem(f"Makegood's own PostgreSQL does not answer: {error}") from error
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _leave(cluster: Cluster, gate: int, users: int) -> bool:
    """Leave, and as the last user wait until the server has ended; whether it has."""
    with held(gate):
        last = taken(users)
        give_up(users)
    if not (last and cluster.folder.exists()):
        return False
    deadline = time.monotonic() + _LEAVE_SECONDS
    with lock_file(cluster.folder / "keeper.lock") as lock:
        while not taken(lock):
            somebody_came = not taken(users) and taken(users, shared=True)
            give_up(users)
            if somebody_came or time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
    return True


def _last_line(log: Path) -> str:
    lines = log.read_text().strip().splitlines()
    return lines[-1] if lines else "PostgreSQL's keeper was ended before its server ran."
