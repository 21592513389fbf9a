"""A running `makegood serve` for tests: on a free port, ended by its own process."""

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.home.processes import eventually, plain_environment

MAKEGOOD = Path(sys.executable).with_name("makegood")
Answer = tuple[int, dict[str, str], bytes]


def environment(home: Path, database: str) -> dict[str, str]:
    return plain_environment() | {"MAKEGOOD_HOME": str(home), "DATABASE_URL": database}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: object = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request; an iterable body is sent in chunks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {})  # type: ignore[arg-type]
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


def answers(port: int) -> bool:
    try:
        return ask(port, "/readyz")[0] == 200
    except OSError:
        return False


@contextmanager
def running_server(home: Path, database: str) -> Iterator[int]:
    """The port of a server that answers; it must end at once and well when it is told to."""
    port = free_port()
    server = subprocess.Popen(
        [MAKEGOOD, "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(home, database),
    )
    try:
        if not eventually(lambda: server.poll() is not None or answers(port)):
            raise AssertionError("the server does not answer")
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=30)
    assert server.returncode == 0, said
