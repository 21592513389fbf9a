"""`makegood release` and `drop` on the one hold of the small story."""

import json
from pathlib import Path

import pytest

from tests.installation import Installation
from tests.world import STORY, TOLD_UNTIL, complete, lines

WHY = ("--by", "dana", "--reason", "The parcel came back unopened.")


@pytest.fixture
def hold(installation: Installation, promises: Path) -> str:
    """The hold on an order that was cancelled and yet delivered: 700 at most."""
    told = lines(*STORY, complete(TOLD_UNTIL))
    installation.succeed("import", "ndjson", "-", "--policies", str(promises), told=told)
    (held,) = json.loads(installation.succeed("holds", "--json"))
    return str(held["hold"])


@pytest.mark.parametrize(
    ("word", "said", "awards"),
    [("release", "Released: it is due.", 2), ("drop", "Dropped: it is not owed.", 1)],
)
def test_a_word_ends_the_hold(
    installation: Installation, hold: str, word: str, said: str, awards: int
) -> None:
    assert installation.succeed(word, hold, *WHY) == f"{said}\n"
    assert installation.succeed("holds") == "Nothing is held.\n"
    assert installation.report()["guarantees"]["refund_guarantee"]["awards"] == awards


@pytest.mark.parametrize(
    ("id", "sentence"),
    [
        ("42", "no id of the form kind_merchant_id"),
        (f"line_{'0' * 32}_{'0' * 32}", "is the id of a line, not of a hold"),
        (f"hold_{'0' * 32}_{'0' * 32}", "Nothing was changed: there is no such hold."),
    ],
)
def test_another_id_is_said(installation: Installation, id: str, sentence: str) -> None:
    ended = installation.run("release", id, *WHY)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert sentence in ended.stderr


def test_what_has_ended_is_said(installation: Installation, hold: str) -> None:
    installation.succeed("drop", hold, *WHY)
    ended = installation.run("release", hold, *WHY)
    assert ended.returncode == 2
    assert "Nothing was changed: it has ended already." in ended.stderr
