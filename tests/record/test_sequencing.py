"""Several write while one numbers, and one that is killed in the middle leaves the log whole."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import psycopg
import pytest

from makegood.record.actions import LogContradictsCheckpoint, append_all, checkpoint, sequence
from makegood.record.check import verify
from makegood.record.entries import Entry, entry
from makegood.record.notes import SigningKey
from tests.record.story import BOB, NOON, append_one, made_id

WRITERS = 4
EACH = 40


def written(writer: int, number: int) -> Entry:
    """One small entry of a writer."""
    return entry(
        merchant_id=made_id("merchant", writer),
        id=made_id("entry", writer, number),
        actor=f"merchant:{writer}",
        action="offer.changed",
        subject=f"offer_{number}",
        at=NOON + number,
        payload={},
    )


def write(database: str, writer: int) -> None:
    """Append a writer's entries, each in a transaction; every fifth only at the second try."""
    with psycopg.connect(database) as connection:
        for number in range(EACH):
            append_all(connection.cursor(), [written(writer, number)])
            if number % 5 == 4:
                connection.rollback()
                append_all(connection.cursor(), [written(writer, number)])
            connection.commit()


def number_until(done: threading.Event, database: str) -> None:
    """Number what is pending again and again."""
    with psycopg.connect(database) as connection:
        while not done.is_set():
            sequence(connection.cursor())
            connection.commit()


def test_writers_and_sequencers_at_once_leave_no_gap(fresh_database: str, key: SigningKey) -> None:
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as threads:
        sequencers = [threads.submit(number_until, done, fresh_database) for _ in range(2)]
        writers = [threads.submit(write, fresh_database, writer) for writer in range(WRITERS)]
        wait(writers)
        done.set()
        for ended in (*writers, *sequencers):
            ended.result()
    with psycopg.connect(fresh_database) as connection:
        cursor = connection.cursor()
        assert sequence(cursor) == WRITERS * EACH
        checkpoint(cursor, key=key, at=NOON)
        found = verify(cursor, key=key.verifier)
        assert (found.holds, found.entries, found.pending) == (True, WRITERS * EACH, 0)


SEQUENCER = """
import os, sys
import django
django.setup()
import psycopg
from makegood.record.actions import sequence
connection = psycopg.connect(os.environ["DATABASE_URL"])
sequence(connection.cursor())
print("numbered, not committed", flush=True)
sys.stdin.read()
"""


def test_a_sequencer_killed_in_the_middle_leaves_the_log_whole(
    fresh_database: str, key: SigningKey
) -> None:
    with psycopg.connect(fresh_database) as connection:
        append_all(connection.cursor(), [written(1, number) for number in range(20)])
        assert sequence(connection.cursor()) == 20
        connection.commit()
        append_all(connection.cursor(), [written(2, number) for number in range(20)])
        connection.commit()
    with subprocess.Popen(
        [sys.executable, "-c", SEQUENCER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "DATABASE_URL": fresh_database},
        text=True,
    ) as sequencer:
        assert sequencer.stdout is not None
        assert sequencer.stdout.readline() == "numbered, not committed\n"
        sequencer.send_signal(signal.SIGKILL)
    with psycopg.connect(fresh_database) as connection:
        cursor = connection.cursor()
        before = verify(cursor, key=key.verifier)
        assert (before.holds, before.leaves, before.pending) == (True, 20, 20)
        assert sequence(cursor) == 40
        after = verify(cursor, key=key.verifier)
        assert (after.holds, after.leaves, after.pending) == (True, 40, 0)


def test_a_log_that_contradicts_its_checkpoint_is_not_sealed(
    cursor: psycopg.Cursor[Any], key: SigningKey
) -> None:
    append_one(cursor, 1)
    checkpoint(cursor, key=key, at=NOON)
    cursor.execute("SAVEPOINT sealed")
    for change, why in (
        ("UPDATE record_leaf SET hash = sha256('x')", "does not continue"),
        ("UPDATE record_checkpoint SET note = note || 'x'", "cannot be trusted"),
        ("DELETE FROM record_leaf", "does not continue"),
    ):
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(change.encode())
        if not change.startswith("DELETE"):
            append_one(cursor, 2, merchant_id=BOB)
        with pytest.raises(LogContradictsCheckpoint, match=why):
            checkpoint(cursor, key=key, at=NOON)
        cursor.execute("SELECT count(*) FROM record_checkpoint")
        assert cursor.fetchone() == (1,)
        cursor.execute("ROLLBACK TO SAVEPOINT sealed")
