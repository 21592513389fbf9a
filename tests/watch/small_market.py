"""A small market in which every kind of row comes to be: what a check has to hold together."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from makegood.enrolment.actions import publish
from makegood.enrolment.policies import parse_policies
from makegood.enrolment.queries import forget
from makegood.record.notes import SigningKey
from makegood.storage.cursors import begin
from makegood.trade.events import read_lines
from makegood.watch.actions.sweeping import sweep
from makegood.watch.actions.taking import take

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT = datetime(2026, 4, 1, tzinfo=UTC)
"""When everything was taken in."""
KEY = SigningKey("makegood.example/record", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

FIRST = """
jurisdiction = "none"
currency = "BRL"
effective_from = 2026-01-01T00:00:00Z
notice_waived = "The market opens."

[platform]
advance_cap_minor = 1500
hold_above_minor = 9000

[guarantees.in_stock]
rate_basis_points = 1000
at_most_minor = 2000

[guarantees.price_protection]
window_hours = 720

[guarantees.refund_guarantee]

[guarantees.lightning_dispatch]
rate_basis_points = 500
at_least_minor = 100

[enrolments]
merchants = "all"

[[enrolments.better]]
merchant = "bob"
guarantee = "lightning_dispatch"
terms = { rate_basis_points = 1000 }
categories = ["toys"]

[[breakers]]
guarantee = "lightning_dispatch"
daily_awards = 50
"""
SECOND = FIRST.replace("2026-01-01", "2026-03-20").replace("1500", "2500").replace("720", "48")

Fact = dict[str, Any]


def fact(kind: str, subject: str, at: datetime, merchant: str = "bob", **data: Any) -> Fact:
    id = f"{kind}/{subject}/{at.isoformat()}"
    envelope = {"specversion": "1.0", "id": id, "source": "shop", "time": at.isoformat()}
    return envelope | {"type": kind, "merchant": merchant, "subject": subject, "data": data}


def paid(order: str, at: datetime, *prices: int, merchant: str = "bob", **more: Any) -> Fact:
    """An order of toys, one line for each price, to be dispatched within two days."""
    lines = [
        {
            "number": number,
            "item": f"toy-{number}",
            "category": "toys",
            "price": price,
            "dispatch_by": (at + 2 * DAY).isoformat(),
        }
        for number, price in enumerate(prices, 1)
    ]
    data = {"placed_at": at.isoformat(), "currency": "BRL", "lines": lines} | more
    payments = [{"id": f"{order}/card", "amount": sum(prices)}]
    return fact("order.paid", order, at, merchant, payments=payments, **data)


def retract(wrong: Fact, at: datetime) -> Fact:
    return fact("fact.retracted", wrong["id"], at, wrong["merchant"], reason="a mistake")


LATE = fact("line.shipped", "late/1", NOON + 5 * DAY)
WRONG = fact("line.cancelled", "wrong/1", NOON + 3 * HOUR, note="a slip of the hand")
TOO_CHEAP = fact("offer.priced", "toy-1", NOON + 2 * HOUR, price=10, currency="BRL")
UNDONE = fact("order.out_of_stock", "undone", NOON + HOUR)
CHARGED_BACK: dict[str, Any] = {"payment": "cancelled/card", "amount": 4_500}
FLOOD: dict[str, Any] = {
    "starts_at": (NOON + 9 * DAY).isoformat(),
    "ends_at": (NOON + 10 * DAY).isoformat(),
    "reason": "flood",
}

BATCHES: tuple[list[Fact], ...] = (
    [
        fact("merchant.registered", "bob", NOON - DAY, name="Bob's toys", country="BR"),
        paid("late", NOON, 4_000, consumer="alice", destination="1 Elm Street"),
        LATE,
        paid("cancelled", NOON, 3_000, 1_000),
        fact("order.cancelled", "cancelled", NOON + HOUR, by="consumer"),
        paid("large", NOON, 10_000),
        fact("order.out_of_stock", "large", NOON + HOUR),
        paid("undone", NOON, 9_500),
        UNDONE,
        paid("both", NOON, 700),
        fact("line.delivered", "both/1", NOON + DAY),
        fact("order.cancelled", "both", NOON + DAY),
        paid("dearer", NOON, 2_000),
        fact("line.shipped", "dearer/1", NOON + DAY),
        fact("offer.priced", "toy-1", NOON + 5 * HOUR, price=1_900, currency="BRL"),
        TOO_CHEAP,
        paid("wrong", NOON + DAY, 500),
        WRONG,
        paid("exempt", NOON + 8 * DAY, 600),
    ],
    [
        retract(WRONG, NOON + DAY),
        retract(TOO_CHEAP, NOON + DAY),
        retract(UNDONE, NOON + DAY),
        fact("line.shipped", "late/1", NOON + DAY),
        fact("exemption.declared", "flood", NOON + 9 * DAY, "platform", **FLOOD),
        paid("uncovered", NOON, 30_000, merchant="dana"),
        fact("line.shipped", "uncovered/1", NOON + 6 * DAY, "dana"),
        paid("silent", NOON + 2 * DAY, 1_500, merchant="dana"),
        paid("open", NOON + 28 * DAY, 1_500, merchant="dana"),
        fact("facts.complete", "", NOON + 27 * DAY, "platform", until="2026-03-29T12:00:00Z"),
    ],
    [
        fact("line.shipped", "silent/1", NOON + 20 * DAY, "dana"),
        paid("later", NOON + 20 * DAY, 800),
        fact("refund.paid", "later/1", NOON + 21 * DAY, amount=300),
        fact("escrow.released", "dearer", NOON + 21 * DAY, paid=1_000, kept=100),
        fact("payment.charged_back", "cancelled", NOON + 21 * DAY, **CHARGED_BACK),
        paid("brief", NOON, 250, merchant="dana"),
    ],
)


def publish_text(text: str) -> None:
    with begin() as cursor:
        publish(cursor, parse_policies(text.encode(), AT), text.encode(), at=AT, actor="dana")


def take_all(facts: list[Fact], at: datetime = AT) -> None:
    arrivals, refused = read_lines(json.dumps(one).encode() for one in facts)
    taken = take(arrivals, at=at, actor="shop")
    assert not refused
    assert not taken.refused


def live() -> None:
    """Let it all happen, in the database of the test: facts, two publications and two sweeps."""
    forget()
    publish_text(FIRST)
    for place, batch in enumerate(BATCHES):
        take_all(batch)
        sweep(until=AT, at=AT, actor="shop")
        if place == 1:
            publish_text(SECOND)
