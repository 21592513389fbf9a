"""Exemptions told late reach every line whose clocks they pause, and so does their withdrawal."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg import Cursor

from makegood.storage.cursors import begin
from tests.compensation.shop import Event as Told
from tests.compensation.shop import event, paid, shipped, tell, withdrawn
from tests.home.processes import eventually
from tests.watch.shelf import DAY, PLAIN, REPAIR, exemption, found, promise, swept

DISPATCHED_LATE = (paid(), shipped("A/1", 60))
REPAIRED_LATE = (
    paid(),
    event("line.delivered", "A/1", 10),
    event("repair.requested", "A/1", 500 * DAY),
    event("repair.completed", "A/1", 512 * DAY, result="repaired"),
)
ASKED_TOO_LATE = (
    paid(),
    event("line.delivered", "A/1", 10),
    event("repair.requested", "A/1", 1_002 * DAY),
    event("repair.completed", "A/1", 1_020 * DAY, result="repaired"),
)
YEARS_LATER = exemption(501 * DAY, 506 * DAY)


@pytest.mark.parametrize(
    ("facts", "flood", "before", "after"),
    [
        (DISPATCHED_LATE, exemption(24, 48), {"lightning_dispatch": (0, 500)}, {}),
        (REPAIRED_LATE, YEARS_LATER, {"thirty_day_repair": (0, 500)}, {}),
        (ASKED_TOO_LATE, YEARS_LATER, {}, {"thirty_day_repair": (0, 500)}),
    ],
)
@pytest.mark.parametrize("early", [False, True])
def test_it_counts_whenever_it_is_told(
    cursor: Cursor[Any],
    facts: Sequence[Told],
    flood: Told,
    before: object,
    after: object,
    early: bool,
) -> None:
    promise(cursor, PLAIN + REPAIR)
    for batch in ([flood], facts) if early else (facts, [flood]):
        tell(*batch)
    swept(0)
    assert found(cursor) == after
    tell({**withdrawn(flood), "merchant": "platform"})
    swept(0)
    assert found(cursor) == before


def test_one_withdrawn_while_it_is_applied_is_undone_by_the_next_sweep(own_database: str) -> None:
    flood = exemption(24, 48)
    with begin() as cursor:
        promise(cursor, PLAIN)
    tell(*DISPATCHED_LATE, flood)
    swept(0)
    other = exemption(30, 40)
    tell(other)
    with psycopg.connect(own_database) as busy, ThreadPoolExecutor(1) as threads:
        busy.execute("SELECT FROM people_merchant WHERE ref = 'bob' FOR UPDATE")
        sweeping = threads.submit(_swept_apart, 1)
        assert eventually(lambda: _waits(own_database))
        for told in (flood, other):
            tell({**withdrawn(told), "merchant": "platform"})
        busy.rollback()
        sweeping.result()
    swept(2)
    with begin() as cursor:
        assert found(cursor) == {"lightning_dispatch": (0, 500)}


def test_a_batch_that_began_before_it_was_told_is_reached_too(own_database: str) -> None:
    with begin() as cursor:
        promise(cursor, PLAIN)
    judged, told = Event(), Event()

    def take_slowly() -> None:
        try:
            with begin():
                tell(*DISPATCHED_LATE)
                judged.set()
                told.wait(20)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        taking = threads.submit(take_slowly)
        assert judged.wait(20)
        tell(exemption(24, 48))
        sweeping = threads.submit(_swept_apart, 1)
        assert eventually(lambda: _waits(own_database))
        told.set()
        taking.result()
        sweeping.result()
    with begin() as cursor:
        assert found(cursor) == {}


def _swept_apart(hour: float) -> None:
    try:
        swept(hour)
    finally:
        connections.close_all()


def _waits(url: str) -> bool:
    """Whether somebody waits for a row that another holds."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')"
        ).fetchone()
    return row == (True,)
