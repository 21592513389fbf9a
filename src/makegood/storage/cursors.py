"""Cursors for set-based SQL: psycopg's own, on Django's connection and in its transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg import Cursor

from makegood.storage.arrays import accept_arrays


@contextmanager
def open_cursor() -> Iterator[Cursor[Any]]:
    """A cursor that sends values apart from the statement, which Django's own does not."""
    connection.close_if_health_check_failed()  # As Django's own cursor asks, once a request.
    connection.ensure_connection()
    accept_arrays(connection.connection)
    with Cursor(connection.connection) as cursor:
        yield cursor


@contextmanager
def begin() -> Iterator[Cursor[Any]]:
    """A transaction, or a savepoint inside one, with a cursor in it."""
    with transaction.atomic(), open_cursor() as cursor:
        yield cursor
