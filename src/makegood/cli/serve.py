"""`makegood serve`: the web server, for pages and for the API."""

import importlib
import os
import signal
import socket
from multiprocessing import parent_process
from threading import Thread
from typing import Annotated, Any

import typer
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from makegood.cli.problems import Problem

_MODULE = "makegood.config.wsgi"
Port = Annotated[int, typer.Option(min=1, max=65_535, help="The port to listen on.")]


def serve_command(
    port: Port = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Threads of each process.")] = 4,
) -> None:
    """Serve pages and the API until it is stopped (Ctrl-C, SIGTERM); requests end first."""
    serve(port=port, host=host, workers=workers, threads=threads)


def serve(*, port: int, host: str = "127.0.0.1", workers: int = 2, threads: int = 4) -> None:
    """Serve until stopped; a port that is taken is a `Problem`."""
    ensure_free(host, port)
    server = Granian(
        _MODULE,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Makegood answers on http://{shown}:{port}/ (stop it with Ctrl-C).")
    # The processes to come would otherwise share this one's connection.
    connections.close_all()
    os.register_at_fork(after_in_child=_answer_signals)
    server.serve(target_loader=_application, wrap_loader=False)


def _application() -> Any:
    """The application, in one of the server's processes, which end when its first one does."""
    # A terminal sends Ctrl-C to all of them; the first one answers it and ends the others.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    Thread(target=_end_with_parent, daemon=True).start()
    return importlib.import_module(_MODULE).application


def _answer_signals() -> None:
    """A process that has not come to serving yet would keep the first one's way, and not end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def ensure_free(host: str, port: int) -> None:
    """A `Problem` unless the server could listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise Problem(
            f"Cannot listen on {host} port {port} ({reason}): choose another with --port."
        ) from error
