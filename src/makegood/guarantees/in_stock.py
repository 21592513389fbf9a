"""有货保障: what was paid for is supplied, not ended for want of stock."""

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Ending, Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import Evidence, Guarantee, Question, never_due, no_floors
from makegood.guarantees.shares import share, share_step
from makegood.guarantees.terms import ShareTerms
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Held, Owed, Step, Verdict

CODE = "in_stock"


class Terms(ShareTerms, frozen=True, kw_only=True):
    """All that was paid goes back at once; the share of the price comes on top."""


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Broken by want of stock, or when the merchant ends the line without being asked to.

    A report of want of stock is the marketplace's own word and refunds at once, whatever else
    was reported. The merchant's ending is not: a delivery contradicts it, and the sum is held.
    """
    purchase = line.purchase
    if purchase is None or (findings is not None and findings.excused):
        return KEPT
    ending = unsupplied(line)
    delivered = line.delivered or line.issued
    if ending is None:
        return PENDING if delivered is None and line.cancelled is None else KEPT
    paid = purchase.paid_total
    compensation = share(line, purchase, terms)
    owed = Owed(paid, compensation)
    told = "out_of_stock" if ending is line.out_of_stock else "ended_by_merchant"
    fact = Step("fact", told, (ending.at,))
    refund = Step("rule", "refund_of_all_paid", (paid, purchase.currency))
    if delivered is not None and ending is not line.out_of_stock:
        conflict = Step("fact", "delivered_though_ended", (delivered.at,))
        return Held(owed, max(ending.at, delivered.at), ending.id, (fact, conflict, refund))
    if line.number == 0:
        return Broken(owed, ending.at, ending.id, (fact, refund))
    because = (fact, refund, share_step(purchase, terms, compensation))
    return Broken(owed, ending.at, ending.id, because)


def lasts(line: Line, terms: Terms) -> Instant | None:
    """Until the item is supplied, whenever that is."""
    return None


def unsupplied(line: Line) -> Ending | None:
    """The ending that means want of stock: reported as such, or the merchant's own doing."""
    if line.out_of_stock is not None:
        return line.out_of_stock
    cancelled = line.cancelled
    if cancelled is None or cancelled.by != "merchant" or cancelled.requested_by_consumer:
        return None
    return cancelled


GUARANTEE = Guarantee(
    code=CODE,
    title_en="In stock",
    title_zh="有货保障",
    terms=Terms,
    due=never_due,
    judge=judge,
    lasts=lasts,
    floors=no_floors,
    claim=(
        Question(
            "told_how",
            "text",
            "How were you told that the item is not available?",
            "您是如何得知商品缺货的？",
        ),
        Question(
            "asked_to_cancel",
            "yes_or_no",
            "Were you asked to cancel the order yourself?",
            "商家是否要求您自行取消订单？",
        ),
    ),
    evidence=(
        Evidence(
            "messages",
            "Messages in which the merchant says that it cannot supply",
            "商家表示无法供货的聊天记录",
            "consumer",
        ),
        Evidence(
            "stock_record",
            "Proof that the item was available and offered",
            "商品有货并可发出的证明",
            "merchant",
        ),
    ),
)
