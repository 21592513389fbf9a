"""`makegood book`: a merchant's accounts as they stand, and what moved in them."""

import json
from pathlib import Path

from tests.installation import Installation
from tests.world import STORY, TOLD_UNTIL, complete, lines


def test_a_merchants_book(installation: Installation, promises: Path) -> None:
    told = lines(*STORY, complete(TOLD_UNTIL))
    installation.succeed("import", "ndjson", "-", "--policies", str(promises), told=told)
    book = json.loads(installation.succeed("book", "dana", "--transfers", "--json"))["BRL"]
    accounts, transfers = book["accounts"], book["transfers"]
    for name, account in accounts.items():
        moved = sum(
            one["amount"] * ((one["debit"] == name) - (one["credit"] == name))
            for one in transfers
            if one["kind"] == "posted"
        )
        assert abs(moved) == abs(account["balance"]), name
    assert accounts["owed_consumer"]["balance"] == 3_500 + 100
    assert accounts["advance"] == {
        "balance": 500 + 100,
        "outgoing": 0,
        "incoming": 0,
        "limit": 1_000_000,
    }
    shown = installation.succeed("book", "dana", "--transfers")
    assert "advance → owed_consumer  awarded posted" in shown


def test_a_merchant_without_a_book(installation: Installation) -> None:
    ended = installation.run("book", "nobody")
    assert ended.returncode == 2
    assert ended.stderr == "nobody has no book: no money has moved for a merchant of that name.\n"
