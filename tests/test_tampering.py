"""A change, by a superuser, of anything that money or judgement rests on is found by the check."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from psycopg import Cursor

from makegood.record.actions import checkpoint
from makegood.record.check import Difference
from makegood.storage.cursors import open_cursor
from makegood.watch.checking import COVERED_TABLES, check
from tests.record.tampering import ANOTHER_ID, Check, unnoticed_changes, unnoticed_removal
from tests.watch.small_market import KEY, live

pytestmark = pytest.mark.tampers

PROMISED: dict[str, list[str]] = {
    "trade_fact": [],
    "watch_breach": [],
    "compensation_award": [],
    "compensation_outlay": [],
    "ledger_transfer": [],
    "ledger_account": [],
    "enrolment_publication": [],
    "enrolment_policy": [],
    "enrolment_platformrules": [],
    "enrolment_breaker": [],
    "enrolment_enrolment": [],
}
"""The tables of which any change of any field is found; none of their columns may be left out."""

PROJECTED: dict[str, list[str]] = {
    "enrolment_coverage": [],
    "people_merchant": ["facts_taken"],  # a count of what was tried
    "trade_line": ["swept_at"],  # how far silence was judged is no fact
    "trade_price": [],
    "trade_retraction": [],
    "trade_exemption": ["applied_at"],
    "trade_watermark": ["retired"],
    "trade_payment": [],
    "watch_openpromise": [],
    "compensation_hold": ["ended_at", "approved_by", "ended_by", "reason"],  # the record says who
}
"""What is rebuilt from facts, with the columns that no fact tells."""

TABLES = {model._meta.db_table: model for model in apps.get_models()}


@pytest.fixture
def holds(db: None) -> Check:
    """The check of a small market that is sealed."""
    live()
    with open_cursor() as cursor:
        checkpoint(cursor, key=KEY, at=0)

    def differences() -> list[Difference]:
        with open_cursor() as cursor:
            return check(cursor, key=KEY.verifier).differences

    return differences


def rows(cursor: Cursor[Any], table: str) -> list[dict[str, Any]]:
    """The keys of all rows of a table."""
    keys = [field.column or "" for field in TABLES[table]._meta.pk_fields]
    cursor.execute(f"SELECT {', '.join(keys)} FROM {table} ORDER BY {', '.join(keys)}")
    return [dict(zip(keys, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(("table", "leave"), [*PROMISED.items(), *PROJECTED.items()])
def test_a_change_of_any_column_is_found(holds: Check, table: str, leave: list[str]) -> None:
    with open_cursor() as cursor:
        row = rows(cursor, table)[0]
        assert unnoticed_changes(cursor, TABLES[table], row, holds, leave=leave) == []


@pytest.mark.parametrize("table", [*PROMISED, *PROJECTED])
def test_a_row_that_is_removed_is_found(holds: Check, table: str) -> None:
    with open_cursor() as cursor:
        for row in rows(cursor, table)[:5]:
            assert not unnoticed_removal(cursor, TABLES[table], row, holds), row


UNIQUE = {
    "trade_fact": ["id", "arrival"],
    "enrolment_publication": ["number", "digest"],
    "enrolment_policy": ["id", "version"],
    "enrolment_platformrules": ["id", "version"],
    "ledger_account": ["merchant_id"],
}
"""What has to differ between two rows, where that is not the last column of their key."""


@pytest.mark.parametrize("table", [*PROMISED, *PROJECTED])
def test_a_row_that_is_slipped_in_is_found(holds: Check, table: str) -> None:
    with open_cursor() as cursor:
        key = rows(cursor, table)[0]
        must_differ = UNIQUE.get(table, list(key)[-1:])
        cursor.execute("SET LOCAL session_replication_role = replica")
        insert_copy(cursor, TABLES[table], key, must_differ)
        assert holds()


def insert_copy(
    cursor: Cursor[Any], model: type[models.Model], key: dict[str, Any], differing: list[str]
) -> None:
    """Insert the row of this key again, other only in some columns."""
    names = [field.column for field in model._meta.concrete_fields if field.column]
    where = " AND ".join(f"{column} = %s" for column in key)
    columns, table = ", ".join(names), model._meta.db_table
    cursor.execute(f"SELECT {columns} FROM {table} WHERE {where}", list(key.values()))
    (row,) = cursor.fetchall()
    values = [
        another(value) if name in differing else value
        for name, value in zip(names, row, strict=True)
    ]
    places = ", ".join(["%s"] * len(names))
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)


def another(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1_000
    return f"{value} more" if isinstance(value, str) else ANOTHER_ID


SWAPPED = [
    "trade_fact",
    "compensation_outlay",
    "watch_breach",
    "compensation_award",
    "ledger_transfer",
    "trade_line",
]


@pytest.mark.parametrize("table", SWAPPED)
def test_two_rows_that_changed_places_are_found(holds: Check, table: str) -> None:
    with open_cursor() as cursor:
        first, *_, last = [row["id"] for row in rows(cursor, table)]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for before, after in ((first, ANOTHER_ID), (last, first), (ANOTHER_ID, last)):
            cursor.execute(f"UPDATE {table} SET id = %s WHERE id = %s", (after, before))
            assert cursor.rowcount
        assert holds()


def test_every_table_whose_rows_name_an_entry_is_covered_and_tried() -> None:
    naming = {
        name
        for name, model in TABLES.items()
        if not name.startswith("record_")
        and any(field.column == "entry_id" for field in model._meta.concrete_fields)
    }
    covered = {table.table for table in COVERED_TABLES}
    assert naming - covered == {"trade_delivery"}
    assert covered <= PROMISED.keys()


def test_each_kind_of_row_is_there_to_be_changed(holds: Check) -> None:
    """A held, an unfunded, a dropped and a reversed award; breaches that fell; two versions."""
    kinds: dict[str, set[object]] = {
        "SELECT DISTINCT state FROM compensation_award": {"due", "held", "unfunded"},
        "SELECT DISTINCT amount_minor > 0 FROM compensation_award": {True, False},
        "SELECT DISTINCT outcome FROM compensation_hold": {"", "dropped"},
        "SELECT DISTINCT cause FROM compensation_hold": {
            "above_limit",
            "contradiction",
            "unfunded",
        },
        "SELECT DISTINCT stands FROM watch_breach": {True, False},
        "SELECT DISTINCT kind FROM ledger_transfer": {"posted", "reserve", "void"},
        "SELECT DISTINCT valid_until IS NULL FROM enrolment_enrolment": {True, False},
        "SELECT DISTINCT personal_digest IS NULL FROM trade_fact": {True, False},
    }
    with open_cursor() as cursor:
        for question, answers in kinds.items():
            cursor.execute(question)
            assert {answer for (answer,) in cursor.fetchall()} >= answers, question
