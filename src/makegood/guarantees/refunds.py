"""Whether what is to be refunded was refunded in time."""

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line


def is_refunded(line: Line, amount: int, limit: Instant) -> bool:
    """Whether the refunds of the line up to `limit`, whatever for, add up to `amount`."""
    return sum(refund.amount for refund in line.refunds if refund.at <= limit) >= amount


def is_refund_late(line: Line, amount: int, limit: Instant, at: Instant) -> bool:
    """Whether `amount` was not refunded by `limit`: told by a refund that came after it, or by
    silence, which is judged up to `at`.
    """
    if is_refunded(line, amount, limit):
        return False
    return limit < at or any(refund.at > limit for refund in line.refunds)


def is_refund_open(line: Line, amount: int, limit: Instant) -> bool:
    """Whether only silence can tell that the refund is late."""
    return not is_refunded(line, amount, limit) and not is_refund_late(line, amount, limit, limit)
