"""A shop with chosen guarantees: told facts, swept, and what then stands as found."""

from datetime import timedelta
from typing import Any

from psycopg import Cursor

from makegood.enrolment.actions import publish
from makegood.enrolment.policies import parse_policies
from makegood.watch.actions.sweeping import sweep
from tests.compensation.shop import NOON, Event, event, hours

DAY = 24
PLAIN = """
[guarantees.in_stock]
rate_basis_points = 1000
[guarantees.refund_guarantee]
[guarantees.lightning_dispatch]
rate_basis_points = 500
"""
REFUND_IN_A_DAY = """
[guarantees.refund_guarantee]
within_hours = 24
rate_basis_points = 1000
"""
REPAIR = """
[guarantees.thirty_day_repair]
window = { amount = 1000, unit = "calendar_days" }
turnaround = { amount = 10, unit = "calendar_days" }
rate_basis_points = 500
then = "refund"
"""


RETURN = """
[guarantees.seven_day_return]
window = { amount = 7, unit = "calendar_days" }
refund_within = { amount = 7, unit = "calendar_days" }
"""


def promise(cursor: Cursor[Any], guarantees: str, enrolments: str = "") -> None:
    """Publish these guarantees; all merchants promise them."""
    text = f"""
jurisdiction = "none"
currency = "BRL"
effective_from = 2026-01-01T00:00:00Z
notice_waived = "Told in a test."
[platform]
advance_cap_minor = 1000000
{guarantees}
[enrolments]
merchants = "all"
{enrolments}
"""
    content = text.encode()
    publish(cursor, parse_policies(content, NOON), content, at=NOON, actor="dana")


def of_all(kind: str, hour: float, **data: Any) -> Event:
    """A fact of the platform's own book."""
    return {**event(kind, "", hour, **data), "merchant": "platform"}


def complete(until: float) -> Event:
    """The shop has told all that happened until so many hours after noon."""
    return of_all("facts.complete", until, until=hours(until))


def exemption(starts: float, ends: float) -> Event:
    told = {"starts_at": hours(starts), "ends_at": hours(ends), "reason": "flood"}
    return of_all("exemption.declared", 5, **told)


def swept(hour: float) -> int:
    """Sweep so many hours after noon; the breaches revised."""
    at = NOON + timedelta(hours=hour)
    return sweep(until=at, at=at, actor="shop")


def found(cursor: Cursor[Any]) -> dict[str, tuple[int, int]]:
    """Refund and compensation of the breaches that stand, by guarantee."""
    cursor.execute(
        "SELECT guarantee, refund_minor, compensation_minor FROM ("
        "SELECT DISTINCT ON (id) * FROM watch_breach ORDER BY id, revision DESC) b WHERE stands"
    )
    return {guarantee: (refund, more) for guarantee, refund, more in cursor.fetchall()}
