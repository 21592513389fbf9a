"""The own PostgreSQL: there for its users, gone after the last, whatever killed them."""

import os
import signal
import stat
import subprocess
from pathlib import Path
from time import sleep

import pytest

from makegood.home.locks import lock_file, taken
from tests.home.processes import Use, eventually, kill_all, processes_of


def test_what_was_kept_is_there_the_next_time(place: Path, use: Use) -> None:
    for visit in (1, 2):
        user = use(place / "home")
        assert user.visits() == visit
        assert user.leave() == ""
        assert not processes_of(place)


def test_many_start_at_once_and_share_one_server(place: Path, use: Use) -> None:
    users = [use(place / "home") for _ in range(4)]
    assert sorted(user.visits() for user in users) == [1, 2, 3, 4]
    for user in users:
        user.leave()
    assert eventually(lambda: not processes_of(place))


def test_the_server_stays_until_the_last_user_is_gone(place: Path, use: Use) -> None:
    first = use(place / "home")
    assert first.visits() == 1
    second = use(place / "home")
    assert second.visits() == 2
    first.leave()
    third = use(place / "home")
    assert third.visits() == 3
    second.leave()
    third.leave()
    assert eventually(lambda: not processes_of(place))


def test_killed_users_leave_no_server(place: Path, use: Use) -> None:
    users = [use(place / "home") for _ in range(2)]
    for user in users:
        user.visits()
    for user in users:
        user.kill()
    assert eventually(lambda: not processes_of(place))
    again = use(place / "home")
    assert again.visits() == 3
    again.leave()


def test_two_homes_live_side_by_side(place: Path, use: Use) -> None:
    one, other = use(place / "one"), use(place / "other")
    assert one.visits() == other.visits() == 1
    one.leave()
    assert not processes_of(place / "one")
    assert processes_of(place / "other")
    other.leave()


def test_a_power_cut_is_survived(place: Path, use: Use) -> None:
    user = use(place / "home")
    assert user.visits() == 1
    kill_all(place)
    user.process.communicate()
    assert eventually(lambda: not processes_of(place))
    again = use(place / "home")
    assert again.visits() == 2
    again.leave()


def test_a_killed_keeper_leaves_no_server(place: Path, use: Use) -> None:
    user = use(place / "home")
    user.visits()
    kill_all(place, of=b"makegood.home.keeper")
    user.kill()
    assert eventually(lambda: not processes_of(place))
    again = use(place / "home")
    assert again.visits() == 2
    again.leave()


def test_a_keeper_that_is_leaving_is_followed_by_another(place: Path, use: Use) -> None:
    """It holds its lock for a moment after its server has ended; whoever comes then waits."""
    first = use(place / "home")
    first.visits()
    first.leave()
    with lock_file(place / "home" / "postgres" / "keeper.lock") as leaving:
        assert taken(leaving)
        second = use(place / "home")
        sleep(1)
    assert second.visits() == 2
    second.leave()


def test_a_stopped_server_is_started_again_by_the_next_user(place: Path, use: Use) -> None:
    user = use(place / "home")
    user.visits()
    pid_file = place / "home" / "postgres" / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    assert eventually(lambda: not pid_file.exists())
    again = use(place / "home")
    assert again.visits() == 2
    user.leave()
    again.leave()


@pytest.mark.parametrize("whose", ["nobody's", "a stranger's"])
def test_a_stale_pid_file_is_survived(place: Path, use: Use, whose: str) -> None:
    user = use(place / "home")
    user.visits()
    pid_file = place / "home" / "postgres" / "data" / "postmaster.pid"
    kept = pid_file.read_text()
    kill_all(place)
    user.process.communicate()
    assert eventually(lambda: not processes_of(place))
    owner = pid_file.stat().st_uid
    stranger = subprocess.Popen(["sleep", "600"], user=owner if os.geteuid() == 0 else None)
    if whose == "nobody's":
        stranger.kill()
        stranger.wait()
    pid_file.write_text(f"{stranger.pid}\n" + kept.partition("\n")[2])
    again = use(place / "home")
    assert again.visits() == 2
    again.leave()
    assert (stranger.poll() is None) == (whose == "a stranger's")
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("victim", [b"initdb", b""])
def test_a_kill_in_the_making_leaves_nothing_half_made(
    place: Path, use: Use, victim: bytes
) -> None:
    user = use(place / "home")
    postgres = place / "home" / "postgres"
    assert eventually(lambda: any(postgres.glob("side-*/data/*")))
    assert not (postgres / "data").exists()
    kill_all(place, of=victim)
    _, said = user.process.communicate()
    assert not (postgres / "data").exists()
    if victim:
        assert "HomeProblem: PostgreSQL could not make its data" in said
    again = use(place / "home")
    assert again.visits() == 1
    assert not list(postgres.glob("side-*"))
    again.leave()


def test_a_long_path_still_has_a_socket(place: Path, use: Use) -> None:
    home = place / ("long" * 25) / ("longer" * 20)
    (place / ("long" * 25)).mkdir(mode=0o711)
    user = use(home)
    assert user.visits() == 1
    socket = (home / "postgres" / "running.json").read_text()
    assert '"/tmp/makegood-' in socket
    folder = Path(socket.split('"')[-2])
    assert folder.is_dir()
    user.leave()
    assert not folder.exists()


def test_a_home_is_its_users_alone(place: Path, use: Use) -> None:
    user = use(place / "home")
    user.visits()
    modes = {
        path: stat.S_IMODE((place / "home" / path).stat().st_mode)
        for path in ("files", "keys", "postgres/password", "postgres/data", "postgres/server.log")
    }
    user.leave()
    assert modes == {
        "files": 0o700,
        "keys": 0o700,
        "postgres/password": 0o600,
        "postgres/data": 0o700,
        "postgres/server.log": 0o600,
    }


def test_a_closed_parent_is_said_and_another_folder_used(place: Path, use: Use) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for visit in (1, 2):
        user = use(closed / "home")
        assert user.visits() == visit
        user.leave()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert (closed / "home" / "postgres-is-in").exists() == (os.geteuid() == 0)
