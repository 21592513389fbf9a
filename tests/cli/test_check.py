"""`makegood check` as an operator runs it: exit codes, sentences, and values made unreadable."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.installation import Installation
from tests.watch.small_market import BATCHES, FIRST

pytestmark = pytest.mark.tampers


@pytest.fixture
def market(tmp_path: Path, fresh_database: str) -> Installation:
    """The small market, imported and sealed by commands."""
    installed = Installation(tmp_path / "home", fresh_database)
    policies = tmp_path / "policies.toml"
    policies.write_text(FIRST)
    told = b"".join(json.dumps(one).encode() + b"\n" for batch in BATCHES for one in batch)
    installed.succeed("import", "ndjson", "-", "--policies", str(policies), told=told)
    return installed


@contextmanager
def altered(database: str, table: str, column: str, value: str) -> Iterator[None]:
    """One row's column is another while this is open, as a superuser can make it."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        found = connection.execute(f"SELECT ctid, {column} FROM {table} LIMIT 1").fetchone()
        assert found is not None
        update = f"UPDATE {table} SET {column} = %s WHERE ctid = %s RETURNING ctid"
        moved = connection.execute(update, (value, found[0])).fetchone()
        assert moved is not None
        yield
        connection.execute(update, (found[1], moved[0]))


CHANGES = [
    ("trade_fact", "content", "no JSON"),
    ("trade_fact", "at", "infinity"),
    ("trade_line", "folded", "[]"),
    ("trade_line", "watching", "no promise"),
    ("trade_exemption", "content", "{}"),
    ("enrolment_publication", "content", "= no TOML"),
    ("enrolment_enrolment", "terms", "{}}"),
    ("ledger_account", "debits_posted", "900000"),
]
"""What other rules would stumble over, each in a process that remembers nothing."""


def test_each_change_is_told_and_none_stops_the_check(
    market: Installation, fresh_database: str
) -> None:
    for table, column, value in CHANGES:
        with altered(fresh_database, table, column, value):
            ended = market.run("check")
            assert (ended.returncode, ended.stderr) == (1, ""), (table, column, ended.stderr)
            assert "differs" in ended.stdout, (table, column)
    assert market.run("check").returncode == 0


def test_what_holds_is_said(market: Installation, tmp_path: Path) -> None:
    published = tmp_path / "checkpoint"
    published.write_text(market.succeed("record", "checkpoint"))
    said = market.succeed("check", "--published", str(published))
    assert "The record holds: " in said
    assert said.endswith("The books add up.\nWhat follows from the facts holds.\n")


def test_a_change_is_one_sentence_and_told_as_json(
    market: Installation, fresh_database: str
) -> None:
    with altered(fresh_database, "trade_line", "found", "99"):
        told = json.loads(market.run("check", "--json").stdout)
        said = market.run("check").stdout
    assert (told["holds"], told["record"]["holds"], told["books"]["holds"]) == (False, True, True)
    (difference,) = told["projections"]["differences"]
    assert (difference["table"], difference["what"][:11]) == ("trade_line", "found is 99")
    assert f"differs trade_line {difference['row']}: {difference['what']}." in said.splitlines()
