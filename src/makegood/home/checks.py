"""Whether a database that the operator named can hold what Makegood keeps."""

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from makegood.home.binaries import OLDEST_MAJOR
from makegood.home.problems import HomeProblem

_CONNECT_SECONDS = 10
_LETTERS = r"""
SELECT '承诺' ~ '^\w+$' AND lower('Ä') = 'ä', datctype
  FROM pg_database WHERE datname = current_database()
"""


def check_database(url: str) -> None:
    """Return where Makegood can work with the database at `url`, else raise HomeProblem."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:  # Its text repeats the address, password and all.
        raise HomeProblem(
            "DATABASE_URL is no address of a PostgreSQL, such as postgresql://user@host/database."
        ) from error
    patience = parts.get("connect_timeout", _CONNECT_SECONDS)
    try:
        with psycopg.connect(make_conninfo(url, connect_timeout=patience)) as connection:
            problem = (
                version_problem(connection.info.server_version)
                or encoding_problem(connection.info.parameter_status("server_encoding") or "")
                or _letters_problem(connection)
            )
    except psycopg.Error as error:
        raise HomeProblem(
            f"The database in DATABASE_URL does not answer: {_reason(error)}"
        ) from error
    if problem:
        raise HomeProblem(problem)


def version_problem(version: int) -> str | None:
    """What is wrong with the server's version, as libpq numbers it (150004 is 15.4)."""
    if version // 10000 >= OLDEST_MAJOR:
        return None
    return (
        f"The database in DATABASE_URL is PostgreSQL {version // 10000}: "
        f"Makegood needs {OLDEST_MAJOR} or newer."
    )


def encoding_problem(encoding: str) -> str | None:
    """What is wrong with the database's encoding."""
    if encoding == "UTF8":
        return None
    return (
        f"The database in DATABASE_URL is encoded in {encoding}, which cannot hold every name: "
        "make one with ENCODING 'UTF8'."
    )


def _letters_problem(connection: psycopg.Connection) -> str | None:
    row = connection.execute(_LETTERS).fetchone()
    if row is None or row[0]:
        return None
    return (
        f"The database in DATABASE_URL has the character type {row[1]}, which takes Chinese "
        "letters for none: make one with LC_CTYPE 'C.UTF-8'."
    )


def _reason(error: Exception) -> str:
    """The first reason among libpq's several lines."""
    lines = str(error).splitlines()
    reasons = [line.strip("- ") for line in lines if "failed: " in line]
    return (reasons or lines or ["no reason given"])[0].rstrip(".") + "."
