"""正品保障: the item is genuine."""

from typing import Annotated

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import Evidence, Guarantee, Question, never_due, no_floors
from makegood.guarantees.terms import parameter
from makegood.guarantees.verdict import KEPT, Broken, Owed, Step, Verdict
from makegood.guarantees.windows import (
    ClaimTerms,
    claimable_until,
    claimed_in_time,
    unclaimed,
)

CODE = "authenticity"


class Terms(ClaimTerms, frozen=True, kw_only=True):
    """A counterfeit is refunded in full; the consumer's outlays for proving it are made good."""

    freight_at_most_minor: (
        Annotated[
            int,
            parameter(
                "minor",
                "more",
                "The most return freight that is made good; without it, all of it",
                "最高承担的退货运费，不填则全额承担",
                at_least=0,
                at_most=10**12,
                without="best",
            ),
        ]
        | None
    ) = None
    appraisal_fee_at_most_minor: (
        Annotated[
            int,
            parameter(
                "minor",
                "more",
                "The most appraisal fee that is made good; without it, all of it",
                "最高承担的鉴定费，不填则全额承担",
                at_least=0,
                at_most=10**12,
                without="best",
            ),
        ]
        | None
    ) = None


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Broken when a person found the item counterfeit: all that was paid, freight and fee."""
    purchase = line.purchase
    if purchase is None or line.number == 0:
        return KEPT
    if findings is None:
        return unclaimed(line, terms, at)
    if findings.excused or not findings.counterfeit or not claimed_in_time(line, terms, findings):
        return KEPT
    paid, currency = purchase.paid_total, purchase.currency
    freight = up_to(findings.freight, terms.freight_at_most_minor)
    fee = up_to(findings.appraisal_fee, terms.appraisal_fee_at_most_minor)
    because = (
        Step("fact", "found_counterfeit", (findings.at,)),
        Step("rule", "refund_of_all_paid", (paid, currency)),
        Step("rule", "outlays_made_good", (freight, fee, currency)),
    )
    return Broken(Owed(paid, 0, freight, fee), findings.at, findings.occasion, because)


def up_to(amount: int, most: int | None) -> int:
    """The amount, cut to the most that is promised; None promises all of it."""
    return amount if most is None else min(amount, most)


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Authenticity",
    title_zh="正品保障",
    terms=Terms,
    due=never_due,
    judge=judge,
    lasts=claimable_until,
    floors=no_floors,
    claim=(
        Question("why_fake", "text", "Why do you think it is counterfeit?", "您为何认为是假货？"),
        Question(
            "appraised",
            "yes_or_no",
            "Has the brand or an appraiser examined it?",
            "是否经品牌方或鉴定机构鉴定？",
        ),
        Question(
            "appraisal_fee", "amount", "What did the appraisal cost?", "鉴定费是多少？", False
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
            "burden_of_proof",
        ),
        Evidence(
            "pictures",
            "Pictures of the item, its labels and its packaging",
            "商品、标签及包装照片",
            "consumer",
        ),
    ),
)
