"""`makegood import ndjson`: what is wrong is told and costs no other fact; where silence ends."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from makegood.cli.importing import LONGEST_LINE
from tests.installation import Installation
from tests.watch.small_market import DAY, HOUR, NOON, fact, paid
from tests.world import STORY, TOLD_UNTIL, complete, lines

TABLES = ("trade_fact", "trade_line", "trade_watermark", "enrolment_publication", "ledger_transfer")


def rows(database: str) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        counts = {}
        for table in TABLES:
            row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert row is not None
            counts[table] = row[0]
    return counts


def imported(installation: Installation, told: bytes, *more: str) -> tuple[int, dict[str, Any]]:
    ended = installation.run("import", "ndjson", "-", "--json", *more, told=told)
    return ended.returncode, json.loads(ended.stdout)


def test_wrong_facts_are_told_with_their_line_and_cost_no_other(
    installation: Installation, tmp_path: Path, promises: Path
) -> None:
    other = paid("late", NOON, 4_001)
    stream = tmp_path / "facts.ndjson"
    stream.write_bytes(
        lines(*STORY[:2])
        + b"nonsense\n\n"
        + lines(other, fact("line.shiped", "late/1", NOON))
        + b'{"x": "'
        + b"y" * (LONGEST_LINE + 5)
        + b'"}\n'
        + lines(*STORY[2:])
    )
    arguments = ("import", "ndjson", str(stream), "--policies", str(promises), "--batch", "4")
    ended = installation.run(*arguments)
    assert ended.returncode == 1
    assert f"{len(STORY)} facts taken, 0 repeated, 4 refused" in ended.stdout
    _, *told = ended.stderr.splitlines()
    places = ["line 3: ", f"line 5 ({other['id']}): ", "line 6 (line.shiped/late/1/", "line 7: "]
    assert [line[: len(place)] for line, place in zip(told, places, strict=True)] == places
    assert "other content" in told[1]
    assert "line.shiped" in told[2]


def test_a_text_as_other_systems_write_it(installation: Installation) -> None:
    """A byte order mark, carriage returns, blank lines, and no line feed at the end."""
    told = lines(*STORY).strip().replace(b"\n", b"\r\n\r\n  \r\n")
    code, done = imported(installation, b"\xef\xbb\xbf" + told)
    assert (code, done["taken"], done["refused"]) == (0, len(STORY), 0)


def test_only_the_first_refusals_are_named(installation: Installation) -> None:
    ended = installation.run("import", "ndjson", "-", told=b"nonsense\n" * 30)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 21
    assert ended.stderr.endswith("… and 10 more.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ndjson", "absent.ndjson"], "absent.ndjson cannot be read: No such file or directory."),
        (["ndjson", "."], ". cannot be read: Is a directory."),
        (["ndjson", "-", "--as-of", "soon"], "--as-of is 'soon', not a moment"),
        (["ndjson", "-", "--policies", "absent.toml"], "absent.toml cannot be read"),
        (["olist", "absent"], "absent is not a folder"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_changes_nothing(
    installation: Installation, own_database: str, arguments: list[str], sentence: str
) -> None:
    before = rows(own_database)
    ended = installation.run("import", *arguments, told=lines(*STORY))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
    assert rows(own_database) == before


def test_silence_is_judged_until_the_latest_fact_unless_the_source_said_until_when(
    installation: Installation, promises: Path
) -> None:
    """A later word of the same source, or of the operator, judges more."""
    _, done = imported(installation, lines(*STORY[:-1]), "--policies", str(promises))
    assert done["until"] == {"shop": STORY[1]["time"]}
    assert late(installation) == 1
    told = lines(complete(TOLD_UNTIL), STORY[-1])
    _, done = imported(installation, told)
    assert done["until"] == {"shop": TOLD_UNTIL.isoformat()}
    assert late(installation) == 2
    _, done = imported(installation, told, "--as-of", "2026-03-30T00:00:00")
    assert done["judged_until"] == "2026-03-30T00:00:00+00:00"
    assert late(installation) == 3
    _, done = imported(installation, told)
    assert done["repeated"] == 2
    assert done["judged_until"] == "2026-03-30T00:00:00+00:00"


def test_a_source_that_falls_behind_holds_silence_back(
    installation: Installation, promises: Path
) -> None:
    other = paid("elsewhere", NOON, 100) | {"source": "other shop"}
    told = lines(other, *STORY, complete(TOLD_UNTIL), complete(NOON + HOUR, "other shop"))
    _, done = imported(installation, told, "--policies", str(promises))
    assert done["judged_until"] == (NOON + HOUR).isoformat()
    assert late(installation) == 1
    imported(installation, lines(complete(TOLD_UNTIL, "other shop")))
    assert late(installation) == 3


def test_sweep_judges_no_more_than_it_is_asked_to(
    installation: Installation, promises: Path
) -> None:
    first, last = lines(*STORY), lines(complete(NOON + 90 * DAY))
    imported(installation, first, "--policies", str(promises), "--as-of", NOON.isoformat())
    assert late(installation) == 1
    installation.succeed("sweep", "--at", "2026-05-30")
    assert late(installation) == 1
    swept = installation.succeed("sweep")
    assert "silence judged until 2026-03-02 12:00:00 UTC" in swept
    imported(installation, last)
    assert late(installation) == 3


def late(installation: Installation) -> int:
    return int(installation.figures()["lightning_dispatch"]["breaches"])
