"""假一赔三: a counterfeit is paid for several times over."""

from typing import Annotated

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import Evidence, Floor, Guarantee, Question, never_due
from makegood.guarantees.terms import Terms as BaseTerms
from makegood.guarantees.terms import parameter
from makegood.guarantees.verdict import KEPT, Broken, Owed, Step, Verdict
from makegood.guarantees.windows import (
    ClaimTerms,
    claimable_until,
    claimed_in_time,
    unclaimed,
)
from makegood.law.packs import Pack, Rule

CODE = "fake_pay_three"


class Terms(ClaimTerms, frozen=True, kw_only=True):
    """How many times the price, on top of what, at least how much, and under which condition."""

    multiplier: Annotated[
        int,
        parameter(
            "times",
            "more",
            "Times the price that is paid",
            "按价款的倍数赔付",
            at_least=1,
            at_most=100,
        ),
    ] = 3
    price_refunded: Annotated[
        bool,
        parameter(
            "yes_or_no",
            "more",
            "The price is refunded as well, on top of the multiple",
            "在倍数赔付之外另行退款",
        ),
    ] = True
    loss_multiplier: Annotated[
        int,
        parameter(
            "times",
            "more",
            "Times the proven loss, if that is more than the multiple of the price",
            "按损失的倍数赔付（高于价款倍数时适用）",
            at_least=0,
            at_most=100,
        ),
    ] = 0
    at_least_minor: Annotated[
        int,
        parameter(
            "minor", "more", "The least that is paid", "最低赔付金额", at_least=0, at_most=10**12
        ),
    ] = 0
    only_if_knowing: Annotated[
        bool,
        parameter(
            "yes_or_no",
            "less",
            "Only if the merchant knew or deceived",
            "仅在商家明知或欺诈时赔付",
        ),
    ] = False
    for_unsafe_food: Annotated[
        bool,
        parameter(
            "yes_or_no",
            "same",
            "Paid for unsafe food instead of for counterfeits",
            "适用于不安全食品而非假货",
        ),
    ] = False


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Broken when a person found the item counterfeit (or the food unsafe, for such terms).

    The bases, price and loss, are chosen and never added; the refund is apart from them.
    """
    purchase = line.purchase
    if purchase is None or line.number == 0:
        return KEPT
    if findings is None:
        return unclaimed(line, terms, at)
    if not _applies(terms, purchase, findings) or not claimed_in_time(line, terms, findings):
        return KEPT
    refund = purchase.paid_total if terms.price_refunded else 0
    compensation, step = _punitive(purchase, terms, findings)
    found = "found_unsafe_food" if terms.for_unsafe_food else "found_counterfeit"
    because = [Step("fact", found, (findings.at,)), step]
    if refund:
        because.append(Step("rule", "refund_of_all_paid", (refund, purchase.currency)))
    owed = Owed(refund, compensation)
    return Broken(owed, findings.at, findings.occasion, tuple(because))


def _applies(terms: Terms, purchase: Purchase, findings: Findings) -> bool:
    if findings.excused or (terms.only_if_knowing and not findings.knowingly):
        return False
    if terms.for_unsafe_food:
        return purchase.food and findings.unsafe_food
    return findings.counterfeit


def _punitive(purchase: Purchase, terms: Terms, findings: Findings) -> tuple[int, Step]:
    """The largest of the multiples of price and loss and the minimum, and how it came about."""
    currency = purchase.currency
    by_price, by_loss = purchase.price * terms.multiplier, findings.loss * terms.loss_multiplier
    if terms.at_least_minor > max(by_price, by_loss):
        minimum = terms.at_least_minor
        return minimum, Step("sum", "punitive_minimum", (minimum, currency))
    if by_loss > by_price:
        values = (findings.loss, terms.loss_multiplier, by_loss, currency)
        return by_loss, Step("sum", "multiple_of_loss", values)
    values = (purchase.price, terms.multiplier, by_price, currency)
    return by_price, Step("sum", "multiple_of_price", values)


def floors(pack: Pack, currency: str, promised: BaseTerms | None) -> tuple[Floor, ...]:
    """Punitive damages by statute: CRPL 55 for fraud, Food Safety Law 148 for unsafe food.

    A statute's minimum sum counts in the statute's own currency only: it is not converted.
    """
    same_currency = currency == pack.currency
    return tuple(
        Floor(rule=rule.code, terms=_statutory(rule, same_currency))
        for rule in pack.floors(CODE)
        if "price_multiplier" in rule.numbers
    )


def _statutory(rule: Rule, same_currency: bool) -> Terms:
    numbers = rule.numbers
    return Terms(
        multiplier=numbers["price_multiplier"],
        price_refunded=True,
        loss_multiplier=numbers.get("loss_multiplier", 0),
        at_least_minor=numbers.get("at_least_minor", 0) if same_currency else 0,
        # Fraud is the knowing act; who sells unsafe food has to know what it sells.
        only_if_knowing=True,
        for_unsafe_food=rule.goods == "food",
    )


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Fake: pay three",
    title_zh="假一赔三",
    terms=Terms,
    due=never_due,
    judge=judge,
    lasts=claimable_until,
    floors=floors,
    claim=(
        Question("why_fake", "text", "Why do you think it is counterfeit?", "您为何认为是假货？"),
        Question(
            "merchant_knew",
            "text",
            "What shows that the merchant knew?",
            "有何情况表明商家明知？",
            False,
        ),
        Question(
            "loss", "amount", "What loss did it cause beyond the price?", "除价款外的损失？", False
        ),
    ),
    evidence=(
        Evidence(
            "supply_chain",
            "Purchase invoices and the brand's authorisation for this item",
            "该商品的进货凭证与品牌授权",
            "merchant",
        ),
        Evidence(
            "appraisal",
            "The brand's or an appraiser's report on this very item",
            "品牌方或鉴定机构对该件商品的鉴定报告",
            "consumer",
        ),
        Evidence(
            "loss_record",
            "Bills that prove a loss beyond the price",
            "证明额外损失的票据",
            "consumer",
        ),
    ),
)
