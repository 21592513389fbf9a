"""Homes that cannot be kept in."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from makegood.home.paths import Home, open_home
from makegood.home.problems import HomeProblem


@contextmanager
def closed(home: Home) -> Iterator[None]:
    """Look at the home as another user, where the tests run as root; else close it."""
    if os.geteuid() != 0:
        home.keys.chmod(0o500)
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_home_that_is_closed_is_one_sentence(place: Path) -> None:
    home = open_home(place / "home")
    with closed(home), pytest.raises(HomeProblem, match=r"cannot keep .* is closed to this user"):
        open_home(place / "home")
