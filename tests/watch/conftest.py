"""What these tests share: a cursor in a transaction that is rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Cursor

from makegood.storage.cursors import begin


@pytest.fixture
def cursor(db: None) -> Iterator[Cursor[Any]]:
    with begin() as cursor:
        yield cursor
