"""Bob's shop: facts told one by one, and what then stands in his book."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Cursor

from makegood.enrolment.actions import publish
from makegood.enrolment.policies import parse_policies
from makegood.guarantees.facts import vocabulary as say
from makegood.guarantees.facts.fold import fold_order
from makegood.guarantees.facts.line import Line
from makegood.ledger.actions import post
from makegood.ledger.chart import AccountName as A
from makegood.ledger.events import Code
from makegood.ledger.steps import Transfer
from makegood.ledger.transfers import TABLE, leaves
from makegood.money import split
from makegood.people.actions import merchant_key
from makegood.record.actions import append
from makegood.record.batches import ROWS, covered_rows
from makegood.record.check import Findings
from makegood.storage.keys import key, member_key, order_key
from makegood.trade.events import read_lines
from makegood.watch.actions.taking import Taken, take
from makegood.watch.checking.books import check_escrow, check_funding, check_ledger
from makegood.watch.checking.whole import check_lines

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOB = merchant_key("bob")
Event = Mapping[str, Any]
Batches = Sequence[Sequence[Event]]
TABLES = (
    "ledger_account",
    "ledger_transfer",
    "compensation_award",
    "compensation_hold",
    "compensation_outlay",
    "trade_payment",
    "record_entry",
    "watch_breach",
)

POLICIES = """
jurisdiction = "none"
currency = "BRL"
effective_from = 2020-01-01T00:00:00Z
notice_waived = "Told in a test."

[platform]
advance_cap_minor = {cap}
{platform}

[guarantees.in_stock]
rate_basis_points = 1000

[guarantees.refund_guarantee]

[guarantees.price_protection]
window_hours = 720

[guarantees.seven_day_return]
window = {{ amount = 7, unit = "calendar_days" }}
refund_within = {{ amount = 7, unit = "calendar_days" }}

[guarantees.lightning_dispatch]
measure = "dispatched"
rate_basis_points = 500

[enrolments]
merchants = "all"
{enrolments}
"""


def promise(
    cursor: Cursor[Any], *, cap: int = 1_000_000, platform: str = "", enrolments: str = ""
) -> None:
    """Publish what all merchants promise; amounts are in centavos."""
    content = POLICIES.format(cap=cap, platform=platform, enrolments=enrolments).encode()
    publish(cursor, parse_policies(content, NOON), content, at=NOON, actor="dana")


def hours(count: float) -> str:
    """The stamp so many hours after noon."""
    return (NOON + timedelta(hours=count)).isoformat()


def event(kind: str, subject: str, hour: float = 1, **data: Any) -> Event:
    """A fact that Bob's marketplace tells; its id is made from all it says."""
    told = {"type": kind, "source": "shop", "merchant": "bob", "subject": subject}
    id = str(key(kind, subject, str(hour), repr(data)))
    return {**told, "specversion": "1.0", "id": id, "time": hours(hour), "data": data}


def paid(
    order: str = "A", *prices: int, payments: Sequence[int] = (), hour: float = 0, **more: Any
) -> Event:
    """An order with a line for each price, paid at once (in parts, if parts are given)."""
    lines = [
        {"number": number, "item": f"item-{order}-{number}", "price": price}
        | {"dispatch_by": hours(48)}
        for number, price in enumerate(prices or (10_000,), 1)
    ]
    parts = payments or (sum(prices or (10_000,)),)
    told = [{"id": f"{order}-pay-{place}", "amount": part} for place, part in enumerate(parts, 1)]
    data = {"placed_at": hours(0), "currency": "BRL", "lines": lines, "payments": told} | more
    return event("order.paid", order, hour, **data)


def cancelled(order: str = "A", hour: float = 2) -> Event:
    return event("order.cancelled", order, hour, by="consumer")


def shipped(line: str = "A/1", hour: float = 60) -> Event:
    return event("line.shipped", line, hour)


def refunded(amount: int, line: str = "A/1", hour: float = 5, **more: Any) -> Event:
    return event("refund.paid", line, hour, amount=amount, **more)


def charged_back(amount: int, order: str = "A", hour: float = 6, **more: Any) -> Event:
    told = {"payment": f"{order}-pay-1", "amount": amount, **more}
    return event("payment.charged_back", order, hour, **told)


def released(paid: int, kept: int = 0, order: str = "A", hour: float = 7) -> Event:
    return event("escrow.released", order, hour, paid=paid, kept=kept)


def withdrawn(fact: Event, hour: float = 90) -> Event:
    return event("fact.retracted", fact["id"], hour)


def tell(*events: Event, hour: float = 100) -> Taken:
    """Take these facts as one batch."""
    arrivals, refusals = read_lines(msgspec.json.encode(event) for event in events)
    assert not refusals, refusals
    return take(arrivals, at=NOON + timedelta(hours=hour), actor="shop")


def balances(cursor: Cursor[Any]) -> dict[str, int]:
    """What stands on each of Bob's accounts, on the side on which it grows; zeros left out."""
    cursor.execute(
        "SELECT name, credits_posted - debits_posted - debits_pending FROM ledger_account "
        "WHERE merchant_id = %s AND currency = 'BRL'",
        (BOB,),
    )
    debit = {"cash", "advance", "owed_by_consumer", "suspense", "loss", "costs"}
    found = {name: -total if name in debit else total for name, total in cursor.fetchall()}
    return {name: total for name, total in found.items() if total}


def payment(cursor: Cursor[Any], order: str = "A", number: int = 0) -> dict[str, int]:
    """A payment's sums; zeros left out."""
    names = ("amount", "drawn", "released", "returned", "refunded", "charged_back")
    cursor.execute(
        f"SELECT {', '.join(names)} FROM trade_payment WHERE merchant_id = %s AND id = %s",
        (BOB, member_key(order_key(order), number)),
    )
    row = cursor.fetchone()
    assert row is not None
    return {name: amount for name, amount in zip(names, row, strict=True) if amount}


def top_up(cursor: Cursor[Any], amount: int, cause: str = "top-up") -> None:
    """Bob pays into his deposit."""
    id = key("deposit", cause)
    at = int(NOON.timestamp()) * 1_000_000
    step = Transfer(BOB, "BRL", id, A.CASH, A.DEPOSIT, amount, Code.DEPOSIT_TOPPED_UP, id, at)
    outcomes = post(cursor, [step], entry_id=id)
    covered = covered_rows({TABLE: leaves(outcomes)})
    append(
        cursor,
        merchant_id=BOB,
        id=id,
        actor="bob",
        action="deposit.topped_up",
        subject="deposit",
        at=at,
        payload={ROWS: covered},
    )


def rows(cursor: Cursor[Any], table: str, columns: str, order: str = "1") -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
    return cursor.fetchall()


def outlays(cursor: Cursor[Any]) -> dict[str, int]:
    """What moved outside, by kind and part; what was taken back again is left out."""
    cursor.execute(
        "SELECT kind || ' ' || part, sum(amount_minor)::bigint FROM compensation_outlay "
        "GROUP BY 1 HAVING sum(amount_minor) <> 0 ORDER BY 1"
    )
    return dict(cursor.fetchall())


def everything(cursor: Cursor[Any]) -> list[list[tuple[Any, ...]]]:
    """All that a refusal must leave as it was."""
    return [rows(cursor, f"{table} t", "t::text") for table in TABLES]


def problems(cursor: Cursor[Any]) -> list[str]:
    """All that is not as it must be after every step."""
    found = Findings()
    for check in (check_ledger, check_escrow, check_funding):
        check(cursor, found)
    check_lines(cursor, found, _silent)
    return [f"{one.table} {one.row}: {one.what}" for one in found.differences]


def _silent(_part: str, _done: int) -> None:
    """Progress that nobody looks at."""


def owed(cursor: Cursor[Any]) -> dict[str, tuple[int, int]]:
    """What is owed by line as judged: refund and compensation of all breaches that stand."""
    cursor.execute(
        "SELECT line_id::text, sum(refund_minor)::bigint, sum(compensation_minor)::bigint FROM ("
        "SELECT DISTINCT ON (id) line_id, refund_minor, compensation_minor FROM watch_breach "
        "ORDER BY id, revision DESC) b GROUP BY 1"
    )
    return {line: (refund, more) for line, refund, more in cursor.fetchall() if refund or more}


def batches(events: Sequence[Event], sizes: Iterable[int]) -> Iterable[Sequence[Event]]:
    """The events cut into batches of these sizes, over and over."""
    left = list(events)
    for size in sizes:
        if not left:
            return
        yield left[:size]
        left = left[size:]


def awards(cursor: Cursor[Any]) -> list[tuple[str, int]]:
    """What was awarded and stands, by guarantee."""
    return rows(
        cursor,
        "compensation_award a LEFT JOIN compensation_hold h USING (merchant_id, id) "
        "WHERE coalesce(h.outcome, '') <> 'dropped' AND (state, h.outcome) IS DISTINCT FROM "
        "('unfunded', 'released') GROUP BY 1 HAVING sum(amount_minor) <> 0",
        "a.guarantee, sum(amount_minor)::bigint",
    )


def paid_outside(cursor: Cursor[Any]) -> dict[str, int]:
    """What consumers got outside, by line, as it is kept."""
    cursor.execute(
        "SELECT line_id::text, sum(amount_minor)::bigint FROM compensation_outlay "
        "WHERE line_id IS NOT NULL GROUP BY 1 HAVING sum(amount_minor) <> 0"
    )
    return dict(cursor.fetchall())


def told_outside(events: Sequence[Event]) -> dict[str, int]:
    """What consumers got outside, by line, as these facts tell it."""
    gone = {event["subject"] for event in events if event["type"] == "fact.retracted"}
    facts: dict[str, list[say.Fact]] = {}
    for arrival in read_lines(msgspec.json.encode(event) for event in events)[0]:
        if arrival.order and arrival.fact.id not in gone:
            facts.setdefault(arrival.order, []).append(arrival.fact)
    told: dict[str, int] = {}
    for order, known in facts.items():
        lines = fold_order(order, known)
        stands: dict[str, int] = {}
        for taken in [taken for line in lines.values() for taken in line.chargebacks]:
            stands[taken.payment] = stands.get(taken.payment, 0) + taken.amount
        for number, line in lines.items():
            total = sum(refund.amount for refund in line.refunds)
            total += sum(_borne(line.number, taken, lines) for taken in stands.items())
            if total:
                told[str(member_key(order_key(order), number))] = total
    return told


def told(cursor: Cursor[Any], batches: Batches) -> dict[str, int]:
    """What stands on the accounts after these batches."""
    promise(cursor)
    for number, batch in enumerate(batches):
        tell(*batch, hour=100 + number)
    return balances(cursor)


def _borne(number: int, taken: tuple[str, int], lines: Mapping[int, Line]) -> int:
    """What a line bears of what stands as charged back of a payment."""
    payment, amount = taken
    shares = {
        line.number: line.purchase.paid[line.purchase.payments.index(payment)]
        for line in lines.values()
        if line.purchase is not None and payment in line.purchase.payments
    }
    return dict(zip(shares, split(max(0, amount), [*shares.values()]), strict=True)).get(number, 0)
