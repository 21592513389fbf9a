"""Changing each column of a row, one at a time, as a superuser could, and looking who notices."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from psycopg import Cursor, sql

Check = Callable[[], Sequence[object]]

ANOTHER_ID = UUID("ffffffff-ffff-4fff-bfff-fffffffffff1")


def unnoticed_changes(
    cursor: Cursor[Any],
    model: type[models.Model],
    row: dict[str, Any],
    check: Check,
    *,
    leave: Sequence[str] = (),
) -> list[str]:
    """The columns of the row whose change the check does not report; empty when all is well.

    `row` names the row by the values of its key columns. Every column of the model is altered
    to another value of its type, with triggers, foreign keys and the table's checks off,
    looked at by `check`, and rolled back. Columns that hold something are also set to NULL,
    where they may be. `check` runs on the same connection and tells the differences. `leave`
    names columns that may change.
    """
    assert not check(), "the check reports differences before anything was changed"
    table = model._meta.db_table
    found = []
    for field in model._meta.concrete_fields:
        column = field.column
        if not column or column in leave:
            continue
        before = _value(cursor, table, column, row)
        changes = [changed(before, field)]
        if before is not None and field.null:
            changes.append(None)
        found += [
            f"{table}.{column}: {before!r} to {after!r}"
            for after in changes
            if not _noticed(cursor, table, column, after, row, check)
        ]
    return found


def unnoticed_removal(
    cursor: Cursor[Any], model: type[models.Model], row: dict[str, Any], check: Check
) -> bool:
    """Whether the check says nothing when the row is removed."""
    table = model._meta.db_table
    statement = sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), _where(row))
    return not _differences_after(cursor, table, statement, tuple(row.values()), check)


def changed(before: Any, field: "models.Field[Any, Any]") -> Any:
    """Another value of the same type; where there was none, one that the field could hold."""
    match before:
        case bool():
            return not before
        case int():
            return before + 1000  # Far enough to meet no other row's key.
        case str():
            return f"{before} "
        case UUID():
            return ANOTHER_ID
        case datetime():
            return before + timedelta(microseconds=1)
        case bytes():
            return before[:-1] + bytes([before[-1] ^ 1])
        case list():
            return [*before, ANOTHER_ID]
        case dict():
            return {**before, "another": 1}
    return _something(field)


def _something(field: "models.Field[Any, Any]") -> Any:
    kind = field.get_internal_type()
    if kind == "UUIDField":
        return ANOTHER_ID
    if kind == "BinaryField":
        return b"x" * 32
    if kind == "DateTimeField":
        return "2020-01-01T00:00:00Z"
    if kind == "ArrayField":
        return [ANOTHER_ID]
    return True if kind == "BooleanField" else "1"


def _noticed(
    cursor: Cursor[Any], table: str, column: str, after: Any, row: dict[str, Any], check: Check
) -> bool:
    statement = sql.SQL("UPDATE {} SET {} = %s WHERE {}").format(
        sql.Identifier(table), sql.Identifier(column), _where(row)
    )
    return bool(_differences_after(cursor, table, statement, (after, *row.values()), check))


def _differences_after(
    cursor: Cursor[Any],
    table: str,
    statement: sql.Composed,
    values: Sequence[Any],
    check: Check,
) -> Sequence[object]:
    """What the check reports after a change that is then rolled back."""
    cursor.execute("SAVEPOINT tampering")
    cursor.execute("SET LOCAL session_replication_role = replica")
    _drop_checks(cursor, table)
    cursor.execute(statement, values)
    assert cursor.rowcount == 1, "the row to change is not there"
    differences = check()
    cursor.execute("ROLLBACK TO SAVEPOINT tampering")
    cursor.execute("RELEASE SAVEPOINT tampering")
    return differences


def _drop_checks(cursor: Cursor[Any], table: str) -> None:
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                sql.Identifier(table), sql.Identifier(name)
            )
        )


def _value(cursor: Cursor[Any], table: str, column: str, row: dict[str, Any]) -> Any:
    statement = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        sql.Identifier(column), sql.Identifier(table), _where(row)
    )
    cursor.execute(statement, tuple(row.values()))
    found = cursor.fetchone()
    assert found is not None, "the row to change is not there"
    return bytes(found[0]) if isinstance(found[0], memoryview) else found[0]


def _where(row: dict[str, Any]) -> sql.Composed:
    return sql.SQL(" AND ").join(
        sql.SQL("{} = %s").format(sql.Identifier(column)) for column in row
    )
