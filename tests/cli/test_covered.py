"""What the record covers beyond its own tables: a change of any field of any such row is found."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from psycopg import Cursor

from makegood.enrolment.actions import publish
from makegood.enrolment.policies import parse_policies
from makegood.record.actions import checkpoint
from makegood.record.check import Difference, verify
from makegood.record.notes import SigningKey
from makegood.storage.cursors import open_cursor
from makegood.trade.events import read_lines
from makegood.trade.sources import demo
from makegood.trade.sources.demo import marketplace
from makegood.trade.sources.ndjson import json_lines
from makegood.watch.actions import take
from makegood.watch.checking import COVERED_TABLES
from tests.record.conftest import key
from tests.record.tampering import unnoticed_changes, unnoticed_removal

__all__ = ["key"]

EXAMPLE = files(demo) / "policies.toml"
AT = datetime(2026, 1, 1, tzinfo=UTC)
Check = Callable[[], list[Difference]]

MODELS = {model._meta.db_table: model for model in apps.get_models()}
TABLES = [table.table for table in COVERED_TABLES]


@pytest.fixture
def check(db: None, key: SigningKey) -> Check:
    """The check of the invented marketplace, its policies published and its facts taken."""
    content = EXAMPLE.read_bytes() + b"\n[[breakers]]\ndaily_awards = 1000000\n"
    with open_cursor() as cursor:
        publish(cursor, parse_policies(content, AT), content, at=AT, actor="member:dana")
    arrivals, _ = read_lines(json_lines(marketplace.facts()))
    for start in range(0, len(arrivals), 700):
        take(arrivals[start : start + 700], at=AT, actor="source:demo")
    with open_cursor() as cursor:
        checkpoint(cursor, key=key, at=0)

    def differences() -> list[Difference]:
        with open_cursor() as own:
            return verify(own, COVERED_TABLES, key=key.verifier).differences

    return differences


def first_row(cursor: Cursor[Any], model: type[models.Model]) -> dict[str, Any]:
    """The key of the table's first row."""
    keys = [str(field.column) for field in model._meta.pk_fields]
    cursor.execute(f"SELECT {', '.join(keys)} FROM {model._meta.db_table} ORDER BY 1 LIMIT 1")
    row = cursor.fetchone()
    assert row is not None, f"the invented marketplace has no row in {model._meta.db_table}"
    return dict(zip(keys, row, strict=True))


def test_a_change_of_any_covered_row_is_found(check: Check) -> None:
    changeable = {"enrolment_enrolment": ["valid_until"]}
    unnoticed = []
    with open_cursor() as cursor:
        for table in TABLES:
            row = first_row(cursor, MODELS[table])
            leave = changeable.get(table, [])
            unnoticed += unnoticed_changes(cursor, MODELS[table], row, check, leave=leave)
            if unnoticed_removal(cursor, MODELS[table], row, check):
                unnoticed.append(f"{table} {row} removed")
    assert unnoticed == []


def test_every_table_whose_rows_name_an_entry_is_covered() -> None:
    naming = {
        model._meta.db_table
        for model in apps.get_models()
        if not model._meta.db_table.startswith("record_")
        and any(field.column == "entry_id" for field in model._meta.concrete_fields)
    }
    assert naming - set(TABLES) == {"trade_delivery"}
