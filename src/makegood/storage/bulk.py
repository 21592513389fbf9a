"""Writing many rows at once, in PostgreSQL's binary COPY format."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from psycopg import Cursor, sql

_POSTGRES_TYPES = {
    "UUIDField": "uuid",
    "BinaryField": "bytea",
    "TextField": "text",
    "CharField": "text",
    "BigIntegerField": "int8",
    "IntegerField": "int4",
    "SmallIntegerField": "int2",
    "BooleanField": "bool",
    "DateTimeField": "timestamptz",
    "ArrayField": "uuid[]",
}


def columns_of(model: type[models.Model]) -> list[str]:
    """The model's columns in the order in which `copy_rows` expects their values."""
    return [field.column for field in model._meta.concrete_fields if field.column]


def copy_rows(
    cursor: Cursor[Any], model: type[models.Model], rows: Iterable[Sequence[Any]]
) -> None:
    """COPY rows into the model's table; each row has a value for every column of the model."""
    fields = [field for field in model._meta.concrete_fields if field.column]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
    )
    with cursor.copy(statement) as copy:
        copy.set_types([_POSTGRES_TYPES[field.get_internal_type()] for field in fields])
        for row in rows:
            copy.write_row(row)
