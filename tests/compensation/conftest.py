"""What these tests share: a cursor, and books that agree with payments after every test."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Cursor

from makegood.storage.cursors import begin
from tests.compensation.shop import problems


@pytest.fixture
def cursor(db: None) -> Iterator[Cursor[Any]]:
    """A cursor in a transaction that is rolled back; before, all is worked out anew."""
    with begin() as cursor:
        yield cursor
        assert not problems(cursor)
