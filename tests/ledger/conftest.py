"""What the ledger's tests share: a cursor, and a ledger that adds up after every test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from psycopg import Cursor

from makegood.ledger.check import differences
from tests.ledger.books import standing


@pytest.fixture
def cursor(db: None) -> Iterator[Cursor[Any]]:
    """A psycopg cursor in a transaction that is rolled back; the books are re-added before."""
    with connection.cursor() as wrapper:
        yield wrapper.cursor
        caps = {(key[0], key[1]): row[4] for key, row in standing(wrapper.cursor).items() if row[4]}
        assert not list(differences(wrapper.cursor, caps))
