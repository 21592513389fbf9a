"""What the self-check finds when a superuser changes the ledger behind its back."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from psycopg import Cursor

from makegood.ledger.actions import post
from makegood.ledger.chart import AccountName as A
from makegood.ledger.check import differences
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.models import Account, Transfer
from makegood.ledger.steps import Step
from makegood.ledger.transfers import COVERED, leaves
from makegood.record.actions import append
from makegood.record.batches import covered_rows
from makegood.record.check import verify
from makegood.record.notes import SigningKey
from tests.ledger.books import (
    BOB,
    CAP,
    ENTRY,
    NOON,
    fall,
    fill,
    made_id,
    move,
    paid,
    post_steps,
    settle,
)
from tests.record.tampering import unnoticed_changes

KEY = SigningKey("makegood.example/ledger", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
CAPS = {(BOB, "BRL"): CAP}


@pytest.fixture
def open_ledger(db: None) -> Iterator[Cursor[Any]]:
    """A filled ledger from which a superuser took every check, key and trigger."""
    with connection.cursor() as wrapper:
        cursor = wrapper.cursor
        fill(cursor)
        post_steps(
            cursor,
            move("payout", A.OWED_CONSUMER, A.CASH, 5, Code.PAYOUT_SENT, reserve=True),
            settle("payout", Kind.POST),
            move("waiting", A.OWED_CONSUMER, A.CASH, 7, Code.PAYOUT_SENT, reserve=True),
        )
        take_away_what_guards(cursor)
        yield cursor


def take_away_what_guards(cursor: Cursor[Any]) -> None:
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint "
        "WHERE conrelid::regclass::text LIKE 'ledger_%' AND contype IN ('c', 'f') "
    )
    for table, name in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute("DROP INDEX ledger_transfer_settles_once")
    cursor.execute("SET LOCAL session_replication_role = replica")


def found(cursor: Cursor[Any]) -> list[str]:
    return [str(difference) for difference in differences(cursor, CAPS)]


def test_a_sound_ledger_shows_no_difference(open_ledger: Cursor[Any]) -> None:
    assert found(open_ledger) == []


PAYOUT, WAITING = made_id("transfer", "payout"), made_id("transfer", "waiting")
ANOTHER_BOOK = f"""
    INSERT INTO ledger_account (merchant_id, currency, name, debits_posted)
    VALUES ('{BOB}', 'EUR', 'cash', 5)
"""
SETTLE_AGAIN = f"""
    INSERT INTO ledger_transfer
    SELECT merchant_id, '{BOB}', currency, debit, credit, amount, kind, reserves, code, cause_id,
           at, entry_id
    FROM ledger_transfer WHERE kind = 'post'
"""
PLANTED = [
    (
        "UPDATE ledger_account SET debits_posted = debits_posted + 1 WHERE name = 'cash'",
        "debits_posted is 2001, and its transfers add up to 2000",
    ),
    (
        "UPDATE ledger_account SET debits_pending = debits_pending + 1 WHERE name = 'fund'",
        "pending debits 8 and credits 7",
    ),
    (
        "UPDATE ledger_account SET debits_posted = 9000 WHERE name = 'deposit'",
        "deposit: is below zero",
    ),
    (
        "UPDATE ledger_account SET credits_pending = 9000 WHERE name = 'advance'",
        "advance: is below zero",
    ),
    (
        "UPDATE ledger_account SET limit_minor = 6000 WHERE name = 'advance'",
        "limit_minor is 6000, and the cap is 5000",
    ),
    (
        "UPDATE ledger_account SET limit_minor = 1 WHERE name = 'cash'",
        "limit_minor is 1, and the cap is None",
    ),
    (
        "UPDATE ledger_account SET debits_pending = 4500 WHERE name = 'advance'",
        "holds 5500 above its cap of 5000",
    ),
    ("DELETE FROM ledger_account WHERE name = 'advance'", "is missing, and has a cap"),
    ("DELETE FROM ledger_account WHERE name = 'fund'", "is a book that lacks an account"),
    ("DELETE FROM ledger_account WHERE name = 'fees'", "credits_posted is None"),
    (
        ANOTHER_BOOK,
        "debits_posted is 5, and its transfers add up to None",
    ),
    (
        SETTLE_AGAIN,
        "is settled 2 times",
    ),
    (
        f"UPDATE ledger_transfer SET amount = 6 WHERE id = '{PAYOUT}'",
        "settles what is no such reserve",
    ),
    (
        f"UPDATE ledger_transfer SET reserves = '{BOB}' WHERE kind = 'post'",
        "settles what is no such reserve",
    ),
    ("UPDATE ledger_transfer SET amount = 0 WHERE code = 'awarded'", "moves as no event does"),
    ("UPDATE ledger_transfer SET debit = 'loss' WHERE code = 'awarded'", "moves as no event does"),
    ("UPDATE ledger_transfer SET kind = 'lent' WHERE code = 'awarded'", "moves as no event does"),
    (f"UPDATE ledger_transfer SET kind = 'post' WHERE id = '{WAITING}'", "moves as no event does"),
    ("UPDATE ledger_transfer SET kind = 'posted' WHERE code = 'payout_sent'", "moves as no event"),
    ("DELETE FROM ledger_transfer WHERE code = 'awarded'", "add up to None"),
]


@pytest.mark.parametrize(("change", "difference"), PLANTED)
def test_what_was_changed_is_named(open_ledger: Cursor[Any], change: str, difference: str) -> None:
    open_ledger.execute(change)
    assert open_ledger.rowcount
    named = found(open_ledger)
    assert any(difference in line for line in named), named


@pytest.mark.parametrize("name", list(A))
def test_a_change_of_any_column_of_an_account_is_found(open_ledger: Cursor[Any], name: A) -> None:
    row = {"merchant_id": BOB, "currency": "BRL", "name": name.value}
    assert not unnoticed_changes(open_ledger, Account, row, lambda: found(open_ledger))


def test_a_change_of_any_column_of_a_transfer_is_found_by_the_record(
    open_ledger: Cursor[Any],
) -> None:
    cursor = open_ledger
    cursor.execute("DELETE FROM ledger_transfer")
    cursor.execute("DELETE FROM ledger_account")
    steps: list[Step] = [
        paid("order", 90),
        move("award", A.ESCROW, A.OWED_CONSUMER, 20, Code.AWARDED, reserve=True),
        settle("award", Kind.POST),
        fall("second", 30, (A.ESCROW, A.OWED_CONSUMER)),
    ]
    outcomes = post(cursor, steps, entry_id=ENTRY)
    append(
        cursor,
        merchant_id=BOB,
        id=ENTRY,
        actor="marketplace",
        action="facts.taken",
        subject="batch",
        at=NOON,
        payload={"rows": covered_rows({COVERED.table: leaves(outcomes)})},
    )

    def differing() -> Sequence[object]:
        return verify(cursor, tables=[COVERED], key=KEY.verifier).differences

    for outcome in outcomes:
        row = {"merchant_id": BOB, "id": outcome.parts[0].id}
        assert not unnoticed_changes(cursor, Transfer, row, differing)
