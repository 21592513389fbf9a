"""如实描述: the item is what its description said."""

from typing import Annotated

from makegood.clock.instants import Instant
from makegood.guarantees.authenticity import up_to
from makegood.guarantees.facts.line import Line
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
from makegood.law.packs import Pack
from makegood.money import percentage

CODE = "as_described"


class Terms(ClaimTerms, frozen=True, kw_only=True):
    """What a difference from the description is worth, by its severity."""

    minor_basis_points: Annotated[
        int,
        parameter(
            "basis_points",
            "more",
            "Share of the price given back for a minor difference",
            "轻微不符时退还价款的比例",
            at_least=0,
            at_most=10_000,
        ),
    ] = 0
    material_basis_points: Annotated[
        int,
        parameter(
            "basis_points",
            "more",
            "Share of the price given back for a material difference when the item is kept",
            "严重不符且消费者保留商品时退还价款的比例",
            at_least=0,
            at_most=10_000,
        ),
    ] = 0
    freight_at_most_minor: (
        Annotated[
            int,
            parameter(
                "minor",
                "more",
                "The most return freight that the merchant bears; without it, all of it",
                "商家最高承担的退货运费，不填则全额承担",
                at_least=0,
                at_most=10**12,
                without="best",
            ),
        ]
        | None
    ) = None


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Broken by a difference that a person found.

    Material: the item goes back, all that was paid is refunded and the merchant bears the
    freight; or the consumer keeps it for a share of the price. Minor: the smaller share only.
    """
    purchase = line.purchase
    if purchase is None or line.number == 0:
        return KEPT
    if findings is None:
        return unclaimed(line, terms, at)
    severity = findings.severity
    if findings.excused or severity == "none" or not claimed_in_time(line, terms, findings):
        return KEPT
    paid, currency = purchase.paid_total, purchase.currency
    found = Step("fact", f"found_{severity}_difference", (findings.at,))
    if severity == "material" and not findings.keeps_goods:
        freight = up_to(findings.freight, terms.freight_at_most_minor)
        because: tuple[Step, ...] = (
            found,
            Step("rule", "refund_of_all_paid", (paid, currency)),
            Step("rule", "return_freight_made_good", (freight, currency)),
        )
        return Broken(Owed(paid, 0, freight), findings.at, findings.occasion, because)
    rate = terms.minor_basis_points if severity == "minor" else terms.material_basis_points
    if rate == 0:
        return KEPT
    reduction = percentage(purchase.price, rate, at_most=paid)
    because = (found, Step("sum", "reduction", (purchase.price, rate, reduction, currency)))
    return Broken(Owed(reduction), findings.at, findings.occasion, because)


def floors(pack: Pack, currency: str, promised: BaseTerms | None) -> tuple[Floor, ...]:
    """Return of what is below quality or not in conformity (CRPL 24; Dir. 2019/771, 10)."""
    return tuple(
        Floor(rule=rule.code, terms=Terms(claim_within=rule.clocks["window"].duration))
        for rule in pack.floors(CODE)
        if rule.code in ("below_quality_return", "conformity")
    )


GUARANTEE = Guarantee(
    code=CODE,
    title_en="As described",
    title_zh="如实描述",
    terms=Terms,
    due=never_due,
    judge=judge,
    lasts=claimable_until,
    floors=floors,
    claim=(
        Question(
            "differs_in",
            "choice",
            "In what does it differ?",
            "与描述有何不符？",
            choices=(
                ("quality", "Quality or function", "质量或功能"),
                ("appearance", "Colour, size or appearance", "颜色、尺寸或外观"),
                ("quantity", "Quantity or parts", "数量或配件"),
                ("other_item", "Another item altogether", "完全是另一件商品"),
            ),
        ),
        Question("difference", "text", "Describe the difference.", "请描述不符之处。"),
        Question(
            "keeps_goods",
            "yes_or_no",
            "Would you keep it for a part of the price back?",
            "您是否愿意保留商品并获部分退款？",
        ),
    ),
    evidence=(
        Evidence(
            "description_shown",
            "The description as it was shown at purchase",
            "下单时展示的商品描述",
            "platform",
        ),
        Evidence(
            "pictures",
            "Pictures or a film that show the difference",
            "显示不符之处的照片或视频",
            "consumer",
            "burden_of_proof",
        ),
        Evidence(
            "dispatch_check",
            "The check of the item before it was sent",
            "发货前的检验记录",
            "merchant",
        ),
    ),
)
