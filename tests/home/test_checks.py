"""Which databases that an operator names are refused, and with what sentence."""

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from makegood.home.checks import check_database, encoding_problem, version_problem
from makegood.home.problems import HomeProblem


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "DATABASE_URL is no address of a PostgreSQL"),
        ("mysql://user:secret@host/database", "DATABASE_URL is no address of a PostgreSQL"),
        ("postgresql://user:secret@127.0.0.1:1/database", "does not answer: .*refused.$"),
        ("postgresql://user:secret@nowhere.invalid/database", "does not answer: .*$"),
    ],
)
def test_a_wrong_address_is_one_sentence_without_its_password(url: str, sentence: str) -> None:
    with pytest.raises(HomeProblem, match=sentence) as refused:
        check_database(url)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("version", "too_old"),
    [(90624, True), (140012, True), (150000, False), (150018, False), (180006, False)],
)
def test_an_old_version_is_refused(version: int, too_old: bool) -> None:
    problem = version_problem(version)
    assert (problem is not None) == too_old
    assert problem is None or f"PostgreSQL {version // 10000}" in problem


@pytest.mark.parametrize(
    ("encoding", "refused"), [("UTF8", False), ("LATIN1", True), ("SQL_ASCII", True)]
)
def test_another_encoding_is_refused(encoding: str, refused: bool) -> None:
    assert (encoding_problem(encoding) is not None) == refused


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", "character type C, which takes Chinese"),
        ("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "encoded in SQL_ASCII"),
        ("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", None),
    ],
)
def test_a_database_that_drops_chinese_letters_is_refused(
    database_server: str, options: str, sentence: str | None
) -> None:
    statement = "CREATE DATABASE test_letters TEMPLATE template0 LOCALE_PROVIDER libc " + options
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))
        try:
            if sentence is None:
                check_database(make_conninfo(database_server, dbname="test_letters"))
            else:
                with pytest.raises(HomeProblem, match=sentence):
                    check_database(make_conninfo(database_server, dbname="test_letters"))
        finally:
            connection.execute("DROP DATABASE test_letters WITH (FORCE)")
