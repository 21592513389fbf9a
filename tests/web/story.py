"""A small story for pages: one order is cancelled and one dispatched late, in Bob's shop."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from makegood.clock.instants import instant
from makegood.enrolment.actions import publish
from makegood.enrolment.policies import parse_policies
from makegood.record.actions import checkpoint
from makegood.record.keys import log_key
from makegood.storage.cursors import begin
from makegood.trade.events import read_lines
from makegood.watch.actions.sweeping import sweep
from makegood.watch.actions.taking import take

NOON = datetime(2026, 5, 11, 12, tzinfo=UTC)
POLICIES = b"""
jurisdiction = "none"
currency = "CNY"
effective_from = 2026-01-01T00:00:00Z
notice_waived = "A story for tests."

[platform]
advance_cap_minor = 1000000

[enrolments]
merchants = "all"

[guarantees.refund_guarantee]

[guarantees.lightning_dispatch]
measure = "dispatched"
rate_basis_points = 500
at_least_minor = 500
at_most_minor = 10000
"""


def fact(id: str, kind: str, subject: str, day: int, merchant: str = "bob", **data: Any) -> bytes:
    """One line of the shop's feed, at noon of a day in May 2026."""
    told = {
        "specversion": "1.0",
        "id": id,
        "source": "shop",
        "type": kind,
        "time": f"2026-05-{day:02}T12:00:00Z",
        "subject": subject,
        "merchant": merchant,
        "data": data,
    }
    return json.dumps(told).encode()


def paid(order: str, price: int, day: int, dispatch_by: int) -> bytes:
    return fact(
        f"{order}-paid",
        "order.paid",
        order,
        day,
        placed_at=f"2026-05-{day:02}T11:00:00Z",
        currency="CNY",
        lines=[
            {"number": 1, "item": "lamp", "price": price}
            | {"dispatch_by": f"2026-05-{dispatch_by:02}T12:00:00Z"}
        ],
        payments=[{"id": f"{order}-p", "amount": price}],
    )


FACTS = (
    paid("A", 123_456, 1, 5),
    fact("A-off", "order.cancelled", "A", 2, by="consumer", requested_by_consumer=True),
    paid("B", 20_000, 1, 5),
    paid("C", 30_000, 9, 20),
    fact("until", "facts.complete", "", 10, "platform", until="2026-05-10T12:00:00Z"),
)


def tell() -> None:
    """Let it all happen, up to the sealing of the record."""
    with begin() as cursor:
        publish(cursor, parse_policies(POLICIES, NOON), POLICIES, at=NOON, actor="test")
    arrivals, refused = read_lines(FACTS)
    assert not refused
    became = take(arrivals, at=NOON, actor="test")
    assert len(became.taken) == len(FACTS)
    sweep(until=NOON, at=NOON, actor="test")
    with begin() as cursor:
        key = log_key(cursor, Path(settings.SIGNING_KEY_FILE), settings.RECORD_ORIGIN)
        checkpoint(cursor, key=key, at=instant(NOON))
