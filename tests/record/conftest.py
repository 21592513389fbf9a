"""What the record's tests share: a cursor and a key."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from psycopg import Cursor

from makegood.record.notes import SigningKey


@pytest.fixture
def key() -> SigningKey:
    """A log's key that is the same in every run."""
    return SigningKey("makegood.example/record", Ed25519PrivateKey.from_private_bytes(b"k" * 32))


@pytest.fixture
def cursor(db: None) -> Iterator[Cursor[Any]]:
    """A psycopg cursor in a transaction that is rolled back after the test."""
    with connection.cursor() as wrapper:
        yield wrapper.cursor
