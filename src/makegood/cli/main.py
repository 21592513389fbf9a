"""The command `makegood`: gives each command its database and Django, then runs it."""

import importlib
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
from django.db import DatabaseError, OperationalError

from makegood.cli.problems import Problem
from makegood.home.checks import check_database
from makegood.home.paths import Home, kept_secret, open_home
from makegood.home.problems import HomeProblem
from makegood.home.server import running_database

WITHOUT_DATABASE = {"convert"}


def main() -> None:
    """Run the command line and exit with its code: 2 for what the caller can mend."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; a foreseeable failure is one sentence on standard error."""
    try:
        if needs_database(arguments):
            with database(open_home(Path(os.environ.get("MAKEGOOD_HOME") or ".makegood"))):
                _run(arguments, migrate=True)
        else:
            os.environ.setdefault("DATABASE_URL", "postgresql:///not-used")
            _run(arguments, migrate=False)
    except (Problem, HomeProblem) as problem:
        return _said(str(problem))
    except (OperationalError, psycopg.OperationalError) as error:
        return _said(f"The database failed: {_reason(error)}")
    return 0


def needs_database(arguments: Sequence[str]) -> bool:
    """Whether the command works with a database; helping and converting do not."""
    if not arguments or arguments[0].startswith("-") or arguments[0] in WITHOUT_DATABASE:
        return False
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--help" not in options


@contextmanager
def database(home: Home) -> Iterator[None]:
    """Put the address of a usable database into the environment, starting one if none is given."""
    os.environ["MAKEGOOD_HOME"] = str(home.folder)
    os.environ.setdefault(
        "MAKEGOOD_SECRET_KEY",
        kept_secret(home.keys / "secret-key", lambda: secrets.token_urlsafe(48)),
    )
    if given := os.environ.get("DATABASE_URL"):
        check_database(given)
        yield
        return
    with running_database(home, _say) as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"]


def _run(arguments: Sequence[str], *, migrate: bool) -> None:
    """Run the command in a Django that is set up: only then can modules with models be imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    django.setup()
    if migrate:
        _migrate()
    importlib.import_module("makegood.cli.app").app(args=list(arguments))


def _migrate() -> None:
    """Make the tables that are not there yet; a database that forbids it is a Problem."""
    try:
        importlib.import_module("makegood.storage.schema").migrate_when_needed()
    except OperationalError:
        raise
    except DatabaseError as error:
        raise Problem(
            f"The database has not let Makegood make or read its tables ({_reason(error)}): name "
            "a database of its own in DATABASE_URL, with a user that owns it."
        ) from error


def _reason(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _said(sentence: str) -> int:
    _say(sentence)
    return 2


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
