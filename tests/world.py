"""One small story that tests share: two shops, their promises, and the facts of a few orders."""

import json
from datetime import datetime

from tests.watch.small_market import DAY, HOUR, NOON, Fact, fact, paid

PROMISES = """
jurisdiction = "none"
currency = "BRL"
effective_from = 2026-01-01T00:00:00Z
notice_waived = "The market opens."

[platform]
advance_cap_minor = 1_000_000

[guarantees.in_stock]
rate_basis_points = 1000
at_least_minor = 500

[guarantees.price_protection]
window_hours = 720

[guarantees.refund_guarantee]

[guarantees.lightning_dispatch]
rate_basis_points = 500
at_least_minor = 100

[enrolments]
merchants = "all"
"""


def complete(until: datetime, source: str = "shop") -> Fact:
    """That a source has told all until a moment."""
    told = fact("facts.complete", "", until, "platform", until=until.isoformat())
    return told | {"source": source}


def lines(*facts: Fact) -> bytes:
    """The facts as a stream, one on each line."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in facts)


STORY: tuple[Fact, ...] = (
    paid("late", NOON, 4_000),
    fact("line.shipped", "late/1", NOON + 3 * DAY),
    paid("missing", NOON, 3_000, merchant="dana"),
    fact("order.out_of_stock", "missing", NOON + HOUR, "dana"),
    paid("cancelled", NOON, 2_000),
    fact("order.cancelled", "cancelled", NOON + HOUR, by="consumer"),
    paid("both", NOON, 700),
    fact("line.delivered", "both/1", NOON + DAY),
    fact("order.cancelled", "both", NOON + DAY),
    paid("dearer", NOON, 2_500),
    fact("line.shipped", "dearer/1", NOON + DAY),
    fact("offer.priced", "toy-1", NOON + 5 * HOUR, price=2_100, currency="BRL"),
    paid("silent", NOON + DAY, 1_500, merchant="dana"),
    paid("open", NOON + 20 * DAY, 900, merchant="dana"),
)
"""Late, out of stock, cancelled, cancelled yet delivered, cheaper later, never sent, still open."""
TOLD_UNTIL = NOON + 21 * DAY
