"""Writing many rows at once, in PostgreSQL's binary COPY format."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from psycopg import Cursor, sql

_POSTGRES_TYPES = {
    "UUIDField": "uuid",
    "BinaryField": "bytea",
    "TextField": "text",
    "BigIntegerField": "int8",
    "IntegerField": "int4",
    "SmallIntegerField": "int2",
    "BooleanField": "bool",
    "DateField": "date",
    "DateTimeField": "timestamptz",
}


def columns_of(model: type[models.Model]) -> list[str]:
    """The model's columns in the order in which `copy_rows` expects their values."""
    return [field.column for field in _fields(model)]


def copy_rows(
    cursor: Cursor[Any], model: type[models.Model], rows: Iterable[Sequence[Any]]
) -> None:
    """COPY rows into the model's table; each row has a value for every column of the model.

    Without rows nothing is sent.
    """
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    statement, types = _prepared(model)
    with cursor.copy(statement) as copy:
        copy.set_types(types)
        write = copy.write_row
        for row in chain((first,), iterator):
            write(row)


@cache
def _prepared(model: type[models.Model]) -> tuple[sql.Composed, list[str]]:
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, columns_of(model))),
    )
    return statement, [_type(field) for field in _fields(model)]


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.column]


def _type(field: Any) -> str:
    if isinstance(field, ArrayField):
        return f"{_type(field.base_field)}[]"
    return _POSTGRES_TYPES[field.get_internal_type()]
