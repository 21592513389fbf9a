"""`makegood convert`, run as an operator runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import json

from makegood.guarantees.facts.vocabulary import AnyFact, FactsComplete
from makegood.trade.sources import olist
from makegood.trade.sources.demo import marketplace
from tests.olist.folders import make_folder


def convert(home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    program = "from makegood.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "convert", *arguments],
        env={**os.environ, "MAKEGOOD_HOME": str(home / "home")},
        capture_output=True,
        check=False,
    )


def facts_in(output: bytes) -> list[AnyFact]:
    decoder = json.Decoder(AnyFact)
    return [decoder.decode(line) for line in output.splitlines()]


def test_prints_the_folder_and_until_when_it_tells_all(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "orders", seed=3, orders=20)
    printed = convert(tmp_path, "olist", str(folder))
    assert (printed.returncode, printed.stderr) == (0, b"")
    *_, last = facts = facts_in(printed.stdout)
    read = olist.read(folder)
    assert len(facts) == read.fact_count + 1
    assert isinstance(last, FactsComplete)
    assert last.data.until == read.as_of
    assert not (tmp_path / "home").exists()


def test_prints_the_invented_marketplace(tmp_path: Path) -> None:
    assert facts_in(convert(tmp_path, "demo").stdout) == marketplace.facts()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["olist", "absent"], "absent is not a folder"),
        (["olist", ".", "--as-of", "soon"], "--as-of is 'soon', not a moment"),
    ],
)
def test_what_is_wrong_is_one_sentence(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    printed = convert(tmp_path, *arguments)
    assert printed.returncode == 2
    assert printed.stderr.decode().startswith(sentence)
    assert printed.stderr.count(b"\n") == 1
    assert printed.stdout == b""
