"""Policies by `--policies`: published with notice, once, and never changing what was promised."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.installation import Installation
from tests.watch.small_market import DAY, NOON, fact, paid
from tests.world import PROMISES, lines

SOON = datetime.now(UTC).replace(microsecond=0)
WAIVED = 'notice_waived = "The market opens."\n'
BETTER = """
[[enrolments.better]]
merchant = "bob"
guarantee = "lightning_dispatch"
"""


def written(folder: Path, text: str) -> str:
    file = folder / "policies.toml"
    file.write_text(text)
    return str(file)


def versions(database: str) -> list[tuple[int, int]]:
    """How many policies each publication holds."""
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT publication, count(*) FROM enrolment_policy GROUP BY 1 ORDER BY 1"
        ).fetchall()


def publish(installation: Installation, file: str, told: bytes = b"") -> str:
    ended = installation.run("import", "ndjson", "-", "--policies", file, told=told)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (PROMISES.replace(WAIVED, ""), "effective_from is less than 7 days ahead"),
        (
            PROMISES.replace(WAIVED, "").replace(
                "2026-01-01T00:00:00Z", (SOON + timedelta(days=6)).isoformat()
            ),
            "E-Commerce Law 34",
        ),
        (
            PROMISES + BETTER + "terms = { rate_basis_points = 400 }\n",
            "bob promises less than the policy in lightning_dispatch",
        ),
        (
            PROMISES + BETTER + "terms = { rate_basis_points = 900, at_least_minor = 0 }\n",
            "bob promises less than the policy in lightning_dispatch",
        ),
        (PROMISES.replace("[guarantees.in_stock]", "[guarantees.in_stok]"), "in_stok"),
        (PROMISES.replace("720", "-1"), "window_hours"),
        (PROMISES.replace('"BRL"', '"XYZ"'), "XYZ"),
        (PROMISES.replace("00:00:00Z", "00:00:00"), "names no time zone"),
        (PROMISES.replace('"none"', '"us"'), "jurisdiction"),
        ("jurisdiction = ", "policies.toml"),
    ],
)
def test_what_may_not_be_published_is_refused_and_changes_nothing(
    installation: Installation, own_database: str, tmp_path: Path, text: str, sentence: str
) -> None:
    file = written(tmp_path, text)
    told = lines(paid("late", NOON, 4_000))
    refused = installation.run("import", "ndjson", "-", "--policies", file, told=told)
    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert refused.stderr.startswith(file)
    assert refused.stderr.count("\n") == 1
    assert versions(own_database) == []
    with psycopg.connect(own_database) as connection:
        assert connection.execute("SELECT FROM trade_fact").fetchall() == []
        assert connection.execute("SELECT FROM record_entry").fetchall() == []


def test_with_notice_no_waiver_is_needed(
    installation: Installation, own_database: str, tmp_path: Path
) -> None:
    later = (SOON + timedelta(days=8)).isoformat()
    text = PROMISES.replace(WAIVED, "").replace("2026-01-01T00:00:00Z", later)
    assert "Notice waived" not in publish(installation, written(tmp_path, text))
    assert versions(own_database) == [(1, 4)]


def test_a_waived_notice_is_shown_and_recorded(
    installation: Installation, own_database: str, tmp_path: Path
) -> None:
    said = publish(installation, written(tmp_path, PROMISES))
    assert said.endswith("Notice waived: The market opens.\n")
    with psycopg.connect(own_database) as connection:
        entries = connection.execute(
            "SELECT payload FROM record_entry WHERE action = 'policies.published'"
        ).fetchall()
    assert len(entries) == 1
    assert "The market opens." in str(entries[0][0])


def test_the_same_file_makes_no_new_version(
    installation: Installation, own_database: str, tmp_path: Path
) -> None:
    file = written(tmp_path, PROMISES)
    publish(installation, file)
    elsewhere = tmp_path / "copy"
    elsewhere.mkdir()
    assert "published already" in publish(installation, written(elsewhere, PROMISES))
    assert versions(own_database) == [(1, 4)]
    publish(installation, written(tmp_path, PROMISES + "# with a remark\n"))
    assert versions(own_database) == [(1, 4), (2, 4)]


def test_a_later_version_leaves_earlier_lines_alone(
    installation: Installation, tmp_path: Path
) -> None:
    """The line keeps what was promised when it was bought, also when its facts come later."""
    publish(installation, written(tmp_path, PROMISES), lines(paid("first", NOON, 4_000)))
    second = PROMISES.replace("2026-01-01", "2026-03-10").replace("500\nat", "2000\nat")
    told = (
        fact("line.shipped", "first/1", NOON + 20 * DAY),
        paid("earlier", NOON + DAY, 4_000),
        fact("line.shipped", "earlier/1", NOON + 20 * DAY),
        paid("second", NOON + 9 * DAY, 4_000),
        fact("line.shipped", "second/1", NOON + 20 * DAY),
    )
    publish(installation, written(tmp_path, second), lines(*told))
    sums = {order: dispatch(installation, order) for order in ("first", "earlier", "second")}
    assert sums == {
        "first": "compensation BRL 2.00",
        "earlier": "compensation BRL 2.00",
        "second": "compensation BRL 8.00",
    }


def test_a_better_promise_holds_for_its_merchant_alone(
    installation: Installation, tmp_path: Path
) -> None:
    text = PROMISES + BETTER + "terms = { rate_basis_points = 900 }\n"
    told = (
        paid("hers", NOON, 4_000, merchant="dana"),
        fact("line.shipped", "hers/1", NOON + 5 * DAY, "dana"),
        paid("his", NOON, 4_000),
        fact("line.shipped", "his/1", NOON + 5 * DAY),
    )
    publish(installation, written(tmp_path, text), lines(*told))
    assert dispatch(installation, "hers", "dana") == "compensation BRL 2.00"
    assert dispatch(installation, "his") == "compensation BRL 3.60"
    assert "So the merchant promised" in installation.succeed("owed", "bob/his/1")


def dispatch(installation: Installation, order: str, merchant: str = "bob") -> str:
    told = installation.succeed("owed", f"{merchant}/{order}/1")
    _, _, dispatched = told.partition("Lightning dispatch")
    (line,) = [line for line in dispatched.splitlines() if line.startswith("  compensation")]
    return line.strip()
