"""A place for homes that the server's unprivileged user can enter, left without processes."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.home.processes import Use, User, eventually, kill_all, processes_of


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for homes; a test that leaves a process behind in it fails."""
    folder = Path(tempfile.mkdtemp(prefix="makegood-home-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    ended = eventually(lambda: not processes_of(folder))
    kill_all(folder)
    for note in folder.rglob("postgres-is-in"):
        shutil.rmtree(note.read_text())
    shutil.rmtree(folder)
    assert ended


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
