"""Real orders, and installations that take them in."""

from pathlib import Path

import pytest

from tests.installation import Installation
from tests.olist.folders import make_folder
from tests.olist.places import REAL_ORDERS


@pytest.fixture(scope="session")
def real_orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of real orders; where it is absent, a large invented one."""
    return REAL_ORDERS or make_folder(tmp_path_factory.mktemp("orders"), seed=2017, orders=3_000)


@pytest.fixture
def installation(tmp_path: Path, fresh_database: str) -> Installation:
    """An installation on a database of its own."""
    return Installation(tmp_path / "home", fresh_database)
