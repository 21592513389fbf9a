"""Whether what is to be refunded was refunded in time."""

from collections.abc import Iterator

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import ChargedBack, Line, Refunded


def is_refunded(line: Line, amount: int, limit: Instant) -> bool:
    """Whether what went back for the line up to `limit`, whatever for, adds up to `amount`.

    A payment that the bank took back counts as paid to the consumer (domain.md section 7).
    """
    return sum(given.amount for given in _given(line) if given.at <= limit) >= amount


def _given(line: Line) -> Iterator[Refunded | ChargedBack]:
    yield from line.refunds
    yield from line.chargebacks


def is_refund_late(line: Line, amount: int, limit: Instant, at: Instant) -> bool:
    """Whether `amount` was not refunded by `limit`: told by what went back after it, or by
    silence, which is judged up to `at`.
    """
    if is_refunded(line, amount, limit):
        return False
    return limit < at or any(given.at > limit and given.amount > 0 for given in _given(line))


def is_refund_open(line: Line, amount: int, limit: Instant) -> bool:
    """Whether only silence can tell that the refund is late."""
    return not is_refunded(line, amount, limit) and not is_refund_late(line, amount, limit, limit)
