"""`makegood report`, `owed` and `holds` on the small story."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.installation import Installation
from tests.watch.small_market import NOON, fact, paid
from tests.world import PROMISES, STORY, TOLD_UNTIL, complete, lines

FIGURES = (
    "covered", "kept", "open", "breaches", "awards", "orders", "lines", "refund", "compensation"
)  # fmt: skip


@pytest.fixture
def story(installation: Installation, promises: Path) -> Installation:
    """An installation in which the small story has happened."""
    told = lines(*STORY, complete(TOLD_UNTIL))
    installation.succeed("import", "ndjson", "-", "--policies", str(promises), told=told)
    return installation


def test_an_empty_installation(installation: Installation) -> None:
    report = installation.report()
    assert report["currency"] is None
    assert set(report["guarantees"]["in_stock"]) == set(FIGURES)
    assert "Nothing is promised yet" in installation.succeed("report")
    assert installation.succeed("holds") == "Nothing is held.\n"


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("lightning_dispatch", (7, 4, 1, 2, 2, 2, 2, 0, 300)),
        ("in_stock", (7, 2, 4, 1, 2, 1, 1, 3_000, 500)),
        ("refund_guarantee", (7, 1, 4, 1, 1, 1, 1, 2_000, 0)),
        ("price_protection", (7, 3, 2, 2, 2, 2, 2, 2_300, 0)),
        ("authenticity", (0, 0, 0, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_figures(story: Installation, code: str, figures: tuple[int, ...]) -> None:
    report = story.report()
    assert report["currency"] == "BRL"
    assert report["guarantees"][code] == dict(zip(FIGURES, figures, strict=True))
    assert report["held"] == {"orders": 1, "paid": 700}


def test_a_narrow_terminal_hides_no_figure(
    story: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.environment["COLUMNS"] = "30"
    monkeypatch.setenv("COLUMNS", "30")
    report = story.succeed("report")
    assert "…" not in report
    assert "30.00" in report


def test_several_currencies_are_reported_apart(story: Installation, tmp_path: Path) -> None:
    file = tmp_path / "yuan.toml"
    file.write_text(PROMISES.replace("BRL", "CNY"))
    order = paid("abroad", NOON, 5_000, currency="CNY")
    missing = fact("order.out_of_stock", "abroad", NOON)
    arguments = ("import", "ndjson", "-", "--policies", str(file))
    story.succeed(*arguments, told=lines(order, missing))
    both = json.loads(story.succeed("report", "--json"))["currencies"]
    assert list(both) == ["BRL", "CNY"]
    assert both["CNY"]["guarantees"]["in_stock"]["refund"] == 5_000
    one = json.loads(story.succeed("report", "--json", "--currency", "CNY"))
    assert one["guarantees"] == both["CNY"]["guarantees"]
    refused = story.run("report", "--currency", "EUR")
    assert refused.returncode == 2
    assert refused.stderr == "There are no promises in 'EUR'; currencies: BRL, CNY.\n"
    assert "CNY 5,000.00" not in story.succeed("report")


def test_what_is_held_is_listed_with_its_cause(story: Installation) -> None:
    (held,) = json.loads(story.succeed("holds", "--json"))
    assert (held["order"], held["at_most"], held["cause"]) == ("both", 700, "contradiction")
    assert "the facts contradict each other" in story.succeed("holds")


def owed(story: Installation, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(story.succeed("owed", *arguments, "--json"))
    return told


def test_owed_by_name_and_by_id(story: Installation) -> None:
    told = owed(story, "bob/late/1")
    assert owed(story, told["line"]) == told
    dispatch = told["guarantees"]["lightning_dispatch"]
    (remedy,) = dispatch["remedies"]
    assert (dispatch["state"], remedy["amount"], remedy["source"]) == ("broken", 200, "policy")
    assert remedy["because"][-1] == "So the platform's policy says (version 1)."
    assert dispatch["awarded"] == [{"kind": "compensation", "due": 200, "held": 0}]
    price = told["guarantees"]["price_protection"]
    assert price["deadline"][-1] == "ends 2026-04-01 12:00:00 (UTC)"


@pytest.mark.parametrize(
    ("at", "dispatch", "price"),
    [
        ("2026-03-02T12:00:00", "pending", "pending"),
        ("2026-03-02T17:00:00", "pending", "broken"),
        ("2026-03-04T12:00:00", "pending", "broken"),
        ("2026-03-04T12:00:01", "broken", "broken"),
        ("2026-03-06", "broken", "broken"),
    ],
)
def test_owed_as_the_facts_stood(story: Installation, at: str, dispatch: str, price: str) -> None:
    guarantees = owed(story, "bob/late/1", "--at", at)["guarantees"]
    assert guarantees["lightning_dispatch"]["state"] == dispatch
    assert guarantees["price_protection"]["state"] == price


def test_owed_before_anything_was_paid(story: Installation) -> None:
    told = story.succeed("owed", "bob/late/1", "--at", "2026-03-02T11:59:59")
    assert "Nothing is promised" in told
    assert owed(story, "bob/late/1", "--at", "2026-03-02T11:59:59")["guarantees"] == {}


def test_owed_in_both_languages(story: Installation) -> None:
    english = story.succeed("owed", "dana/missing/1")
    assert "refund BRL 30.00" in english
    chinese = story.succeed("owed", "dana/missing/1", "--language", "zh")
    assert "退款 BRL 30.00" in chinese
    assert "有货保障" in chinese


@pytest.mark.parametrize("line", ["bob/late", "bob/late/2", "line_1_2", "late/1", "nonsense", "//"])
def test_a_line_that_nobody_told_of(story: Installation, line: str) -> None:
    refused = story.run("owed", line)
    assert refused.returncode == 2
    assert refused.stderr.startswith("No fact has told of a line ")


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("change", "verified"),
    [
        (
            "UPDATE ledger_account SET credits_posted = credits_posted + 1 WHERE name = 'escrow'",
            {"books": False, "record": True},
        ),
        (
            "UPDATE watch_breach SET compensation_minor = 1 WHERE compensation_minor > 1",
            {"books": True, "record": False},
        ),
        ("DELETE FROM record_leaf WHERE number = 0", {"books": True, "record": False}),
    ],
)
def test_a_report_says_when_it_cannot_be_trusted(
    story: Installation, own_database: str, change: str, verified: dict[str, bool]
) -> None:
    with psycopg.connect(own_database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(change.encode())
    assert json.loads(story.succeed("report", "--json"))["verified"] == verified
    assert "not" in story.succeed("report").splitlines()[-1]
