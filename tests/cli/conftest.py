"""An installation, and the promises of the small story."""

from pathlib import Path

import pytest

from makegood.enrolment.queries import forget
from tests.installation import Installation, WithinTest
from tests.world import PROMISES


@pytest.fixture
def installation(tmp_path: Path, own_database: str) -> Installation:
    """An installation whose commands run in the test's own process."""
    forget()
    return WithinTest(tmp_path / "home", own_database)


@pytest.fixture
def promises(tmp_path: Path) -> Path:
    """A file with the promises of the small story."""
    file = tmp_path / "promises.toml"
    file.write_text(PROMISES)
    return file
