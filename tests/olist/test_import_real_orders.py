"""The real orders through the installed command: to the cent, however they come in."""

import json
from functools import partial
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

import psycopg
import pytest

from makegood.trade.sources import olist
from tests.home.processes import eventually
from tests.installation import Figures, Installation, compared
from tests.olist.oracle import expected
from tests.olist.places import REAL_ORDERS_STATE, ROOT

DISPATCHED = str(ROOT / "examples" / "olist.toml")
DELIVERED = str(ROOT / "examples" / "olist-delivery.toml")


def promised(folder: Path, measure: str = "dispatched") -> Figures:
    figures = expected(folder, measure=measure)
    del figures["lightning_dispatch"]["never"]
    return figures


def converted(installation: Installation, folder: Path) -> list[bytes]:
    return installation.succeed("convert", "olist", str(folder)).encode().splitlines(keepends=True)


@pytest.mark.parametrize("measure", ["delivered"], ids=[REAL_ORDERS_STATE])
def test_with_another_measure(installation: Installation, real_orders: Path, measure: str) -> None:
    installation.succeed("import", "olist", str(real_orders), "--policies", DELIVERED)
    assert installation.figures() == promised(real_orders, measure)


def test_the_same_folder_again_changes_nothing(
    installation: Installation, real_orders: Path
) -> None:
    arguments = ("import", "olist", str(real_orders), "--policies", DISPATCHED, "--json")
    reports = []
    taken, repeated = olist.read(real_orders).fact_count + 1, 0
    for _ in range(2):
        done = json.loads(installation.succeed(*arguments))
        assert (done["taken"], done["repeated"]) == (taken, repeated)
        taken, repeated = repeated, taken
        reports.append(installation.report())
        for feed in reports[-1]["feeds"]:
            del feed["lag_seconds"]
    assert reports[0] == reports[1]
    assert compared(reports[1]) == promised(real_orders)


def test_shuffled_with_a_third_repeated(
    installation: Installation, real_orders: Path, tmp_path: Path
) -> None:
    lines = converted(installation, real_orders)
    chance = Random(17)
    told = lines + chance.sample(lines, len(lines) // 3)
    chance.shuffle(told)
    stream = tmp_path / "facts.ndjson"
    stream.write_bytes(b"".join(told))
    arguments = ("--policies", DISPATCHED, "--batch", "500", "--json")
    done = json.loads(installation.succeed("import", "ndjson", str(stream), *arguments))
    assert (done["taken"], done["repeated"]) == (len(lines), len(lines) // 3)
    assert installation.figures() == promised(real_orders)


def test_in_batches_of_seven(installation: Installation, real_orders: Path) -> None:
    arguments = ("--policies", DISPATCHED, "--batch", "7")
    installation.succeed("import", "olist", str(real_orders), *arguments)
    assert installation.figures() == promised(real_orders)


def test_two_imports_of_two_halves_at_once(
    installation: Installation, real_orders: Path, tmp_path: Path
) -> None:
    """Both halves tell of every order, so that the imports get in each other's way."""
    lines = converted(installation, real_orders)
    Random(4).shuffle(lines)
    halves = [tmp_path / "one.ndjson", tmp_path / "other.ndjson"]
    for place, half in enumerate(halves):
        half.write_bytes(b"".join(lines[place::2]))
    running = [
        installation.start("import", "ndjson", str(half), "--policies", DISPATCHED)
        for half in halves
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert installation.figures() == promised(real_orders)


SWEPT = "SELECT count(*) FROM record_entry WHERE action = 'silence.judged'"
TAKEN = "SELECT coalesce(sum(facts_taken), 0) FROM people_merchant"


def test_killed_in_the_middle_and_run_again(
    installation: Installation, fresh_database: str, real_orders: Path
) -> None:
    """Killed at the beginning, in the middle, near the end, and while silence is judged."""
    facts = olist.read(real_orders).fact_count
    kills = [(TAKEN, 1), (TAKEN, facts // 2), (TAKEN, facts * 9 // 10), (SWEPT, 2)]
    arguments = ("import", "olist", str(real_orders), "--policies", DISPATCHED, "--batch", "800")
    with psycopg.connect(fresh_database, autocommit=True) as watching:
        for question, enough in kills:
            killed = installation.start(*arguments)
            assert eventually(partial(_reaches, watching, question, enough), seconds=60)
            killed.kill()
            assert killed.wait() in (-SIGKILL, 0)
    installation.succeed(*arguments)
    assert installation.figures() == promised(real_orders)


def _reaches(connection: psycopg.Connection[Any], question: str, enough: int) -> bool:
    ((number,),) = connection.execute(question.encode()).fetchall()
    return bool(number >= enough)
