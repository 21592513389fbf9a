"""退款保障: a cancelled line is refunded in full, on the original route, in time."""

from typing import Annotated

from makegood.clock.instants import HOUR, Instant
from makegood.guarantees.facts.line import Ending, Line, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import (
    NO_SILENCE,
    Evidence,
    Guarantee,
    Question,
    no_floors,
)
from makegood.guarantees.limits import stretched
from makegood.guarantees.refunds import is_refund_late, is_refund_open
from makegood.guarantees.shares import share, share_step
from makegood.guarantees.terms import ShareTerms, parameter
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Held, Owed, Step, Verdict

CODE = "refund_guarantee"


class Terms(ShareTerms, frozen=True, kw_only=True):
    """The refund is always owed at once; with `within_hours` its delay is compensated too."""

    within_hours: (
        Annotated[
            int,
            parameter(
                "hours",
                "less",
                "Hours from the cancellation within which the refund must have been paid",
                "自取消起应完成退款的小时数",
                at_least=0,
                at_most=8760,
                without="worst",
            ),
        ]
        | None
    ) = None


def due(line: Line, terms: Terms, after: Instant = NO_SILENCE) -> Instant | None:
    """When a refund that has not been paid is late, if the terms compensate delay."""
    purchase, cancelled = line.purchase, line.cancelled
    if purchase is None or cancelled is None or terms.within_hours is None or line.number == 0:
        return None
    if line.delivered is not None or line.issued is not None:
        return None
    limit = _limit(line, cancelled, terms.within_hours)
    if limit < after or not is_refund_open(line, purchase.paid_total, limit):
        return None
    return limit


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """A cancellation before delivery, by anyone, owes all that was paid.

    With a delivery on the same line, whichever came first, the refund waits for a person.
    """
    purchase, cancelled = line.purchase, line.cancelled
    if purchase is None or (findings is not None and findings.excused):
        return KEPT
    delivered = line.delivered or line.issued
    if cancelled is None:
        return PENDING if delivered is None and line.out_of_stock is None else KEPT
    paid = purchase.paid_total
    if paid == 0:
        return KEPT
    fact = Step("fact", "cancelled", (cancelled.at, cancelled.by))
    refund = Step("rule", "refund_of_all_paid", (paid, purchase.currency))
    if delivered is not None:
        conflict = Step("fact", "delivered_though_ended", (delivered.at,))
        since = max(cancelled.at, delivered.at)
        return Held(Owed(paid), since, cancelled.id, (fact, conflict, refund))
    if terms.within_hours is not None and line.number != 0:
        limit = _limit(line, cancelled, terms.within_hours)
        if is_refund_late(line, paid, limit, at):
            late = Step("rule", "refund_promised", (limit,))
            return _delayed(line, purchase, terms, cancelled, (fact, refund, late))
    return Broken(Owed(paid), cancelled.at, cancelled.id, (fact, refund))


def lasts(line: Line, terms: Terms) -> Instant | None:
    """Until delivery, or once cancelled until the refund is there; when is not known."""
    return None


def _limit(line: Line, cancelled: Ending, hours: int) -> Instant:
    return stretched(line, "refund", cancelled.at, cancelled.at + hours * HOUR)


def _delayed(
    line: Line, purchase: Purchase, terms: Terms, cancelled: Ending, steps: tuple[Step, ...]
) -> Broken:
    compensation = share(line, purchase, terms)
    because = (*steps, share_step(purchase, terms, compensation))
    owed = Owed(purchase.paid_total, compensation)
    return Broken(owed, cancelled.at, cancelled.id, because)


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Refund guarantee",
    title_zh="退款保障",
    terms=Terms,
    due=due,
    judge=judge,
    lasts=lasts,
    floors=no_floors,
    claim=(
        Question(
            "cancelled_on",
            "date",
            "When was the order cancelled?",
            "订单是何时取消的？",
        ),
        Question(
            "received",
            "amount",
            "How much has been refunded so far?",
            "目前已收到多少退款？",
        ),
    ),
    evidence=(
        Evidence(
            "statement",
            "A statement of the account that paid, showing no refund",
            "付款账户流水，证明未收到退款",
            "consumer",
        ),
        Evidence(
            "refund_record",
            "The payment provider's record of the refund",
            "支付机构的退款记录",
            "platform",
        ),
    ),
)
