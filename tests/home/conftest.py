"""Processes that use a home, as other programs do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.home.processes import Use, User


@pytest.fixture
def use() -> Iterator[Use]:
    """Start a process that uses a home; those that a failed test forgets are killed."""
    users: list[User] = []

    def start(home: Path) -> User:
        users.append(User(home))
        return users[-1]

    yield start
    for user in users:
        if user.process.returncode is None:
            user.kill()
