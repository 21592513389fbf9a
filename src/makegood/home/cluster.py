"""One PostgreSQL of Makegood's own: its folder, its data, its server's start and end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from makegood.home.accounts import Account
from makegood.home.binaries import Binaries
from makegood.home.problems import HomeProblem

USER = "makegood"
_SOCKET_PATH_BYTES = 107
_PAUSE_SECONDS = 0.02
_STARTS = 8
_LOG_BYTES = 10_000_000
_NO_PROCESS = 2**31 - 1
_PROCESSES = Path("/proc")
_BUFFERS_MIB = (128, 4096)


def _shared_buffers() -> str:
    """A quarter of the memory, as PostgreSQL's manual advises, within bounds."""
    least, most = _BUFFERS_MIB
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return f"{max(least, min(most, memory // 4))}MB"


_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": _shared_buffers(),
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


@dataclass(frozen=True)
class Cluster:
    """A folder that holds the data, locks, password and log of one server."""

    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder; there whole or not at all."""
        return self.folder / "data"

    @property
    def running(self) -> Path:
        """The file that is there while the server takes connections: its port and socket."""
        return self.folder / "running.json"

    @property
    def password(self) -> Path:
        """The file with the password of the user `makegood`."""
        return self.folder / "password"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "server.log"

    def made_by(self) -> int | None:
        """The major version of PostgreSQL that made the data; None where there is none yet."""
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    def url(self, database: str) -> str:
        """The address of a database while the server runs, over its socket."""
        running = json.loads(self.running.read_text())
        password = self.password.read_text()
        folder = quote(running["socket"], safe="")
        return f"postgresql://{USER}:{password}@/{database}?host={folder}&port={running['port']}"

    def last_words(self) -> str:
        """The last reason that the server gave in its log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        reasons = [line for line in lines if "FATAL" in line or "error" in line.lower()]
        return (reasons or lines or ["it gave no reason"])[-1].strip()


def initialise(cluster: Cluster, binaries: Binaries) -> None:
    """Make the data in a side folder and rename it, so that a kill leaves nothing half made."""
    for leftover in cluster.folder.glob("side-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    side = Path(tempfile.mkdtemp(prefix="side-", dir=cluster.folder))
    side.chmod(0o711)
    data, secret = side / "data", side / "password"
    data.mkdir(0o700)
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(cluster.password.read_text())
    for path in (data, secret):
        cluster.account.give(path)
    locale = ["--locale=C.UTF-8"]
    if binaries.major >= 17:  # From here on its own C.UTF-8 knows letters on every system.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command: list[str | Path] = [binaries.folder / "initdb", "-D", data, "-U", USER]
    options = ["--encoding=UTF8", *locale, "--auth=scram-sha-256", f"--pwfile={secret}"]
    code, output = cluster.account.run([*command, *options, "--no-instructions"])
    if code != 0:
        raise HomeProblem(f"PostgreSQL could not make its data: {output.strip().splitlines()[-1]}")
    secret.unlink()
    data.rename(cluster.data)
    side.rmdir()


def start(cluster: Cluster, binaries: Binaries) -> subprocess.Popen[str]:
    """Start the server and wait until it takes connections.

    Another program can take the free port first, and the last processes of a killed
    server can outlive it for a moment: so it is tried again. Raises HomeProblem.
    """
    end_orphan(cluster.data)
    if cluster.log.exists() and cluster.log.stat().st_size > _LOG_BYTES:
        cluster.log.replace(cluster.log.with_suffix(".old"))
    folder = _socket_folder(cluster)
    for attempt in range(_STARTS):
        time.sleep(attempt * _PAUSE_SECONDS * 5)
        port = _free_port()
        command: list[str | Path] = [binaries.folder / "postgres", "-D", cluster.data]
        settings = _SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with cluster.log.open("a") as log:
            server = cluster.account.start([*command, *options], log)
        if _ready(server, cluster.data):
            side = cluster.running.with_suffix(".new")
            side.write_text(json.dumps({"port": port, "socket": str(folder)}))
            side.replace(cluster.running)
            return server
    raise HomeProblem(f"PostgreSQL did not start: {cluster.last_words()}")


def stop(cluster: Cluster, server: subprocess.Popen[str]) -> None:
    """End the server: open transactions are rolled back, what was committed stays."""
    forget(cluster)
    server.send_signal(signal.SIGINT)
    server.wait()


def forget(cluster: Cluster) -> None:
    """Remove the word that the server runs, and its socket's folder where that lies apart."""
    if cluster.running.exists():
        folder = Path(json.loads(cluster.running.read_text())["socket"])
        cluster.running.unlink(missing_ok=True)
        if folder.parent != cluster.folder:
            shutil.rmtree(folder, ignore_errors=True)


def end_orphan(data: Path) -> None:
    """End a server that its keeper left behind, and disarm the pid file of one long gone.

    PostgreSQL refuses to start when the pid in the file belongs to any living process of the
    same user, as it does easily where pids are few. A living stranger's pid is therefore
    replaced; the rest stays, since PostgreSQL finds by it whether the old memory is in use.
    """
    file = data / "postmaster.pid"
    if not file.exists():
        return
    first, _, rest = file.read_text().partition("\n")
    pid = int(first or _NO_PROCESS)
    if not _alive(pid):
        return
    if not _serves(pid, data):
        file.write_text(f"{_NO_PROCESS}\n{rest}")
        return
    os.kill(pid, signal.SIGINT)
    while _alive(pid) and _serves(pid, data):
        time.sleep(_PAUSE_SECONDS)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _serves(pid: int, data: Path) -> bool:
    """Whether the process is a server of this data."""
    if _PROCESSES.exists():
        try:
            line = (_PROCESSES / str(pid) / "cmdline").read_bytes()
        except OSError:
            return False
        return os.fsencode(data) in line.split(b"\0")
    command = ["ps", "-o", "command=", "-p", str(pid)]
    listed = subprocess.run(command, check=False, capture_output=True)
    return b"-D " + os.fsencode(data) + b" " in listed.stdout


def _ready(server: subprocess.Popen[str], data: Path) -> bool:
    file = data / "postmaster.pid"
    while server.poll() is None:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _socket_folder(cluster: Cluster) -> Path:
    """A folder for the socket whose path is short enough for the kernel."""
    folder = cluster.folder / "socket"
    if len(os.fsencode(folder / ".s.PGSQL.65535")) > _SOCKET_PATH_BYTES:
        folder = Path(tempfile.mkdtemp(prefix="makegood-", dir="/tmp"))
    else:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(0o700)
    cluster.account.give(folder)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
