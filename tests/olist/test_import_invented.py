"""Invented folders through the whole loop against the oracle, in batches of every size."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest
from msgspec import to_builtins

from makegood.cli.importing import Import
from makegood.cli.policies import publish_file
from makegood.storage.cursors import begin
from makegood.trade.reading import read_batches
from makegood.trade.sources import olist
from makegood.trade.sources.ndjson import json_lines
from makegood.trade.sources.olist_facts import complete, facts
from makegood.watch.reporting import reports
from tests.installation import Figures, Installation, compared
from tests.olist.folders import make_folder
from tests.olist.oracle import expected
from tests.olist.places import ROOT

EXAMPLES = {"dispatched": "olist.toml", "delivered": "olist-delivery.toml"}


def take_in(folder: Path, as_of: datetime | None, measure: str, batch: int) -> None:
    publish_file(ROOT / "examples" / EXAMPLES[measure], "shop")
    read = olist.read(folder)
    work = Import(None)
    told = chain(facts(read), [complete(as_of or read.as_of)])
    for some in read_batches(json_lines(told), batch):
        work.batch(some)
    assert work.end().refused == 0


def figures() -> Figures:
    with begin() as cursor:
        return compared(to_builtins(reports(cursor)["BRL"]))


def without_never(found: Figures) -> Figures:
    del found["lightning_dispatch"]["never"]
    return found


@pytest.mark.parametrize(
    ("seed", "days", "measure", "batch"),
    [
        (1, None, "dispatched", 7),
        (2, None, "delivered", 1_000),
        (3, 40, "dispatched", 50),
        (4, -20, "dispatched", 300),
        (5, -45, "delivered", 90),
        (6, 0.00001, "dispatched", 5_000),
    ],
)
def test_the_whole_loop_against_the_oracle(
    db: None, tmp_path: Path, seed: int, days: float | None, measure: str, batch: int
) -> None:
    folder = make_folder(tmp_path, seed)
    as_of = None if days is None else olist.read(folder).as_of + timedelta(days=days)
    take_in(folder, as_of, measure, batch)
    assert figures() == without_never(expected(folder, as_of, measure))


def test_told_again_until_a_later_moment(db: None, tmp_path: Path) -> None:
    """What was not known when silence was first judged is judged when more has been told."""
    folder = make_folder(tmp_path, seed=11)
    last = olist.read(folder).as_of
    for as_of in (last - timedelta(days=30), last - timedelta(days=9), None):
        take_in(folder, as_of, "dispatched", 400)
        assert figures() == without_never(expected(folder, as_of))
    take_in(folder, last - timedelta(days=9), "dispatched", 400)
    assert figures() == without_never(expected(folder))


def test_an_operator_names_the_moment(installation: Installation, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "orders", seed=8)
    policies = str(ROOT / "examples" / "olist.toml")
    arguments = ("--policies", policies, "--as-of", "2017-04-20T12:00:00", "--batch", "7")
    installation.succeed("import", "olist", str(folder), *arguments)
    moment = datetime(2017, 4, 20, 12, tzinfo=UTC)
    assert installation.figures() == without_never(expected(folder, moment))
