"""`makegood record` as a person runs it: what it prints, and with which exit code it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import psycopg
import pytest

from makegood.record.notes import VerifierKey, open_checkpoint
from makegood.record.proofs import EntryProof, verify_entry
from tests.record.story import BOB, append_one, append_with_personal

COMMAND = [sys.executable, "-c", "from makegood.cli.main import main; main()", "record"]


class Operator:
    """Runs commands on one database and one home."""

    def __init__(self, database: str, home: Path) -> None:
        self.database = database
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "MAKEGOOD_HOME": str(home),
            "MAKEGOOD_RECORD_ORIGIN": "shop.example/record",
        }

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What the command prints; on standard error where it does not end with 0."""
        ran = subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
            timeout=60,
        )
        assert ran.returncode == code, ran.stderr
        return ran.stderr if code == 2 else ran.stdout


@pytest.fixture
def operator(fresh_database: str, tmp_path: Path) -> Operator:
    """An operator with three entries, one of them with personal fields."""
    with psycopg.connect(fresh_database) as connection:
        cursor = connection.cursor()
        append_with_personal(cursor, "alice")
        append_one(cursor, 1)
        append_one(cursor, 2)
    return Operator(fresh_database, tmp_path / "home")


def test_a_record_is_sealed_proved_erased_and_verified(operator: Operator, tmp_path: Path) -> None:
    key = VerifierKey.parse(operator("key"))
    note = operator("checkpoint")
    assert open_checkpoint(note, key).size == 3
    published = tmp_path / "checkpoint"
    published.write_text(note)
    by_number = msgspec.json.decode(operator("prove", "2"), type=EntryProof)
    verify_entry(by_number, key)
    entry = by_number.entry
    name = f"entry_{entry.merchant_id.hex}_{entry.id.hex}"
    assert msgspec.json.decode(operator("prove", name), type=EntryProof) == by_number
    erasure = operator("erase", name, "--reason", "asked for", "--by", "member:dana")
    assert erasure.startswith(f"entry_{BOB.hex}_")
    assert "Nothing was erased" in operator(
        "erase", name, "--reason", "again", "--by", "member:dana", code=2
    )
    said = operator("verify", "--published", str(published))
    assert said.startswith("4 entries, 3 of them numbered; 1 nodes, 2 checkpoints;")
    assert said.endswith("The record holds.\n")
    counted = json.loads(operator("verify", "--json"))
    assert (counted["holds"], counted["entries"], counted["erased"]) == (True, 4, 1)


def test_a_changed_record_ends_with_1_and_names_the_row(operator: Operator) -> None:
    operator("checkpoint")
    with psycopg.connect(operator.database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE record_entry SET actor = 'else' WHERE subject = 'offer_1'")
    said = operator("verify", code=1)
    assert "is not what was numbered" in said
    assert said.endswith("1 differences were found.\n")
    found = json.loads(operator("verify", "--json", code=1))
    assert (found["holds"], found["differing"]) == (False, 1)
    assert found["differences"][0]["table"] == "record_entry"


def test_what_cannot_be_done_is_one_sentence(operator: Operator, tmp_path: Path) -> None:
    assert "no entry with the number 0" in operator("prove", "0", code=2)
    assert "no id of the form" in operator("prove", "something", code=2)
    operator("checkpoint")
    assert "was sealed" not in operator("prove", "0")
    (tmp_path / "home" / "keys" / "record-signing-key.pem").unlink()
    for command in (["checkpoint"], ["verify"], ["key"]):
        assert "bring it back" in operator(*command, code=2)
