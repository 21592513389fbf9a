"""A PostgreSQL for the tests that need one, started by Makegood's own launcher.

Each run has its own home and server, so that runs beside each other never meet; a run without
database tests starts none. MAKEGOOD_TEST_DATABASE_URL or DATABASE_URL names another server.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import django
import psycopg
import pytest
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker

from makegood.config.database import django_database
from makegood.home.checks import check_database
from makegood.home.paths import open_home
from makegood.home.server import running_database
from makegood.storage.schema import migrate_when_needed
from tests.home.processes import eventually, kill_all, processes_of

GIVEN = os.environ.get("MAKEGOOD_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL")
HOME = Path(tempfile.mkdtemp(prefix="makegood-test-", dir="/tmp"))  # Short, for its socket.
HOME.chmod(0o711)
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
NAME = os.environ.get("MAKEGOOD_TEST_DATABASE", f"test_makegood_{os.getpid()}")
TEMPLATE = f"{NAME}_template"

os.environ["MAKEGOOD_HOME"] = str(HOME)
os.environ["MAKEGOOD_SECRET_KEY"] = "known to every test"
os.environ["DATABASE_URL"] = GIVEN or "postgresql:///not-started"
os.environ["DJANGO_SETTINGS_MODULE"] = "makegood.config.settings"
django.setup()

from tests.ending import assert_all_holds, forget  # noqa: E402 -- reads models


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The address of the server on which this run's databases are made."""
    if GIVEN:
        check_database(GIVEN)
        yield GIVEN
    else:
        with running_database(open_home(HOME), print) as url:
            yield url


@pytest.fixture(scope="session")
def django_db_setup(database_server: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The migrated database of all tests that roll back, and its copy to make others from."""
    with (
        new_database(database_server, NAME) as url,
        django_db_blocker.unblock(),
        django_uses(url),
    ):
        migrate_when_needed()
        connections.close_all()
        with new_database(database_server, TEMPLATE, NAME):
            yield


@pytest.fixture(autouse=True)
def ends_whole(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that rolls back ends with a check of all it did, unless it is there to tamper."""
    if "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    forget()
    yield
    if request.node.get_closest_marker("tampers") is None:
        assert_all_holds()


@pytest.fixture
def fresh_database(
    database_server: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """The address of a migrated, empty database for one test and the processes it starts.

    The test ends with a check of all that was done there, unless it is there to tamper.
    """
    with new_database(database_server, f"{NAME}_{uuid4().hex[:8]}", TEMPLATE) as url:
        yield url
        if request.node.get_closest_marker("tampers") is None:
            with django_db_blocker.unblock(), django_uses(url):
                assert_all_holds()


@pytest.fixture
def own_database(
    fresh_database: str, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """As `fresh_database`, and Django uses it too: for tests that commit, in many threads even.

    It takes the place of `transactional_db`, which empties tables that refuse to be emptied.
    """
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    with django_db_blocker.unblock(), django_uses(fresh_database):
        yield fresh_database


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for homes; a test that leaves a process behind in it fails."""
    folder = Path(tempfile.mkdtemp(prefix="makegood-home-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    ended = eventually(lambda: not processes_of(folder))
    kill_all(folder)
    for note in folder.rglob("postgres-is-in"):
        shutil.rmtree(note.read_text())
    shutil.rmtree(folder)
    assert ended


@contextmanager
def new_database(server: str, name: str, template: str = "template0") -> Iterator[str]:
    """A database that is there while this is open; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def django_uses(url: str) -> Iterator[None]:
    """Point Django's connections, in every thread, to another database while this is open."""
    settings = connections.settings["default"]
    before = dict(settings)
    connections.close_all()
    settings.update(django_database(url))
    try:
        yield
    finally:
        connections.close_all()
        settings.update(before)
