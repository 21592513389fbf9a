"""What each command is given, and how what a person can mend is told."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from makegood.cli.main import needs_database
from tests.home.processes import plain_environment

MAKEGOOD = Path(sys.executable).with_name("makegood")


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MAKEGOOD, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=plain_environment() | {"MAKEGOOD_HOME": str(home)} | environment,
    )


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ([], False),
        (["--help"], False),
        (["--version"], False),
        (["convert", "olist", "folder"], False),
        (["report"], True),
        (["report", "--help"], False),
        (["import", "ndjson", "-"], True),
        (["import", "--", "--help"], True),
    ],
)
def test_a_database_is_started_only_where_one_is_needed(arguments: list[str], needed: bool) -> None:
    assert needs_database(arguments) == needed


def test_help_and_version_leave_no_home(tmp_path: Path) -> None:
    assert run(tmp_path / "home", "--version").stdout == "makegood 0.1.0\n"
    assert "Usage: makegood" in run(tmp_path / "home", "--help").stdout
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql://user:secret@127.0.0.1:1/database", "mysql://host/database"]
)
def test_a_wrong_database_is_one_sentence_and_exit_code_2(tmp_path: Path, url: str) -> None:
    ended = run(tmp_path / "home", "report", DATABASE_URL=url)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert "DATABASE_URL" in ended.stderr
    assert "secret" not in ended.stderr


def test_a_wrong_bin_folder_is_one_sentence_and_exit_code_2(place: Path) -> None:
    ended = run(place / "home", "report", MAKEGOOD_POSTGRES=str(place / "nothing"))
    assert ended.returncode == 2
    assert "MAKEGOOD_POSTGRES" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_unknown_command_is_refused(tmp_path: Path, fresh_database: str) -> None:
    ended = run(tmp_path / "home", "improt", DATABASE_URL=fresh_database)
    assert ended.returncode == 2
    assert "No such command 'improt'" in ended.stderr


def test_two_commands_migrate_an_empty_database_once(tmp_path: Path, fresh_database: str) -> None:
    with psycopg.connect(fresh_database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        commands = [
            subprocess.Popen(
                [MAKEGOOD, "no-such-command"],
                stderr=subprocess.PIPE,
                text=True,
                env=plain_environment()
                | {"MAKEGOOD_HOME": str(tmp_path / "home"), "DATABASE_URL": fresh_database},
            )
            for _ in range(2)
        ]
        said = [command.communicate()[1] for command in commands]
        assert all("No such command" in words for words in said)
        applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    assert len(applied) == len(set(applied)) > 0


def test_a_database_of_somebody_else_is_one_sentence_and_exit_code_2(
    tmp_path: Path, fresh_database: str
) -> None:
    with psycopg.connect(fresh_database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute("CREATE TABLE people_merchant (name text)")
        ended = run(tmp_path / "home", "report", DATABASE_URL=fresh_database)
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert 'relation "people_merchant" already exists' in ended.stderr
    assert run(tmp_path / "home", "check", DATABASE_URL=fresh_database).returncode == 0


def test_an_empty_home_is_none(tmp_path: Path, fresh_database: str) -> None:
    ended = subprocess.run(
        [MAKEGOOD, "holds"],
        check=False,
        cwd=tmp_path,
        env=plain_environment() | {"MAKEGOOD_HOME": "", "DATABASE_URL": fresh_database},
    )
    assert ended.returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == [".makegood"]
