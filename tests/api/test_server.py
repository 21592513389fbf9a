"""The API as a running server serves it: at once, in chunks, and when it is stopped."""

import json
import os
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.api.calls import NDJSON, lines, priced
from tests.home.processes import eventually
from tests.servers import MAKEGOOD, answers, ask, environment, free_port, running_server

HOSTS = ("127.0.0.1", "localhost")


@pytest.fixture
def server(tmp_path: Path, fresh_database: str) -> Iterator[int]:
    with running_server(tmp_path / "home", fresh_database) as port:
        yield port


@pytest.fixture
def key(tmp_path: Path, fresh_database: str) -> str:
    return command(tmp_path / "home", fresh_database, "keys", "create", "the shop").stdout.strip()


def command(home: Path, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MAKEGOOD, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment(home, database),
    )


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Content-Type": NDJSON}


def count(database: str, table: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def test_the_same_facts_reported_at_once_are_taken_once(
    key: str, server: int, fresh_database: str
) -> None:
    facts = [priced(f"f{number}", merchant=f"m{number % 7}") for number in range(50)]
    body = lines(*facts)
    with ThreadPoolExecutor(12) as threads:
        replies = list(
            threads.map(lambda _: ask(server, "/v1/facts", "POST", body, headers(key)), range(12))
        )
    assert [status for status, _, _ in replies] == [200] * 12
    became = Counter(
        (one["id"], one["result"]) for _, _, said in replies for one in json.loads(said)["results"]
    )
    assert became == {
        (fact["id"], result): times
        for fact in facts
        for result, times in (("taken", 1), ("repeated", 11))
    }
    assert count(fresh_database, "trade_fact") == 50


def test_a_body_in_chunks_is_read_to_its_end_and_no_further_than_allowed(
    key: str, server: int, fresh_database: str
) -> None:
    status, _, said = ask(
        server, "/v1/facts", "POST", iter([lines(priced("a")), b"\n"]), headers(key)
    )
    assert (status, json.loads(said)["taken"]) == (200, 1)
    status, _, said = ask(
        server, "/v1/facts", "POST", (b" " * 1_000_000 for _ in range(9)), headers(key)
    )
    assert (status, json.loads(said)["status"]) == (413, 413)
    assert count(fresh_database, "trade_fact") == 1


def test_a_revoked_key_is_refused_from_then_on(
    key: str, server: int, tmp_path: Path, fresh_database: str
) -> None:
    prefix = key.split("_")[1]
    assert ask(server, "/v1/facts", "POST", lines(priced("a")), headers(key))[0] == 200
    listed = json.loads(command(tmp_path / "home", fresh_database, "keys", "list", "--json").stdout)
    assert [(one["prefix"], one["name"], one["scopes"]) for one in listed] == [
        (prefix, "the shop", ["facts:write"])
    ]
    assert listed[0]["last_used_at"]
    assert command(tmp_path / "home", fresh_database, "keys", "revoke", prefix).returncode == 0
    assert ask(server, "/v1/facts", "POST", lines(priced("b")), headers(key))[0] == 401
    again = command(tmp_path / "home", fresh_database, "keys", "revoke", prefix)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert count(fresh_database, "trade_fact") == 1


def test_it_tells_whether_it_is_up_and_ready(server: int, fresh_database: str) -> None:
    assert ask(server, "/healthz")[::2] == (200, b"ok\n")
    assert ask(server, "/readyz")[::2] == (200, b"ready\n")
    with psycopg.connect(fresh_database, autocommit=True) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'watch'")
    assert ask(server, "/readyz")[::2] == (503, b"the database lacks migrations\n")
    assert ask(server, "/healthz")[0] == 200


def test_a_database_that_went_away_is_a_problem_that_passes(
    key: str, server: int, fresh_database: str
) -> None:
    """Each thread of the server keeps a connection, and none may keep one that broke."""

    def report_at_once(_number: int) -> int:
        return ask(server, "/v1/facts", "POST", lines(priced("a")), headers(key))[0]

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(report_at_once, range(40))) == {200}
    name = psycopg.conninfo.conninfo_to_dict(fresh_database)["dbname"]
    with psycopg.connect(fresh_database, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        status, said, body = ask(server, "/v1/facts", "POST", lines(priced("a")), headers(key))
        assert (status, said["content-type"]) == (503, "application/problem+json")
        assert json.loads(body)["type"] == "urn:makegood:problem:database-away"
        assert ask(server, "/readyz")[0] == 503
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(report_at_once, range(40))) == {200}


@pytest.mark.parametrize("host", HOSTS)
def test_a_port_in_use_is_one_sentence_and_exit_code_2(
    host: str, tmp_path: Path, fresh_database: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = command(tmp_path / "home", fresh_database, "serve", "--host", host, "--port", port)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert port in ended.stderr


def test_a_killed_server_leaves_no_process_behind(tmp_path: Path, fresh_database: str) -> None:
    port = free_port()
    server = subprocess.Popen(
        [MAKEGOOD, "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=environment(tmp_path / "home", fresh_database),
    )
    try:
        assert eventually(lambda: answers(port))
        server.kill()
        server.wait()
        assert eventually(lambda: not group_lives(server.pid))
    finally:
        if group_lives(server.pid):
            os.killpg(server.pid, signal.SIGKILL)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_together_its_processes_end_at_once(
    told: signal.Signals, tmp_path: Path, fresh_database: str
) -> None:
    """As Ctrl-C in a terminal tells all of them, and a service manager may."""
    port = free_port()
    server = subprocess.Popen(
        [MAKEGOOD, "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment(tmp_path / "home", fresh_database),
    )
    try:
        assert eventually(lambda: answers(port))
        os.killpg(server.pid, told)
        _out, said = server.communicate(timeout=8)
        assert (server.returncode, b"refused" in said) == (0, False)
        assert not group_lives(server.pid)
    finally:
        if group_lives(server.pid):
            os.killpg(server.pid, signal.SIGKILL)


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
