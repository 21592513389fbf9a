"""An installation whose books and record must hold when the test ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from makegood.enrolment.queries import forget
from tests.installation import Installation, WithinTest
from tests.world import PROMISES


@pytest.fixture
def installation(tmp_path: Path, own_database: str) -> Iterator[Installation]:
    """An installation of which everything must hold together when the test ends."""
    forget()
    installed = WithinTest(tmp_path / "home", own_database)
    yield installed
    checked = installed.run("check")
    assert checked.returncode == 0, checked.stdout


@pytest.fixture
def promises(tmp_path: Path) -> Path:
    """A file with the promises of the small story."""
    file = tmp_path / "promises.toml"
    file.write_text(PROMISES)
    return file
