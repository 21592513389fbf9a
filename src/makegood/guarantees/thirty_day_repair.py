"""30天维修: a fault in the window is repaired free of charge in the turnaround, by the merchant."""

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import (
    NO_SILENCE,
    Evidence,
    Floor,
    Guarantee,
    Question,
)
from makegood.guarantees.repair_terms import RepairTerms
from makegood.guarantees.repair_verdicts import (
    judge_repairs,
    repair_floors,
    repairs_due,
    repairs_last,
)
from makegood.guarantees.terms import Terms as BaseTerms
from makegood.guarantees.verdict import Verdict
from makegood.law.packs import Pack

CODE = "thirty_day_repair"


class Terms(RepairTerms, frozen=True, kw_only=True):
    """The terms of repair by the merchant."""


def due(line: Line, terms: Terms, after: Instant = NO_SILENCE) -> Instant | None:
    """When a repair that is not done is late, or has taken too many days."""
    return repairs_due(line, terms, after, at_centre=False)


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Judges the repairs at the merchant; those at authorised centres are another guarantee's."""
    return judge_repairs(line, terms, findings, at, at_centre=False)


def lasts(line: Line, terms: Terms) -> Instant | None:
    """The last instant at which a repair can be asked for; None until the item is there."""
    return repairs_last(line, terms, at_centre=False)


def floors(pack: Pack, currency: str, promised: BaseTerms | None) -> tuple[Floor, ...]:
    """The statute's limits under what was promised."""
    return repair_floors(CODE, pack, promised)


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Thirty-day repair",
    title_zh="30天维修",
    terms=Terms,
    due=due,
    judge=judge,
    lasts=lasts,
    floors=floors,
    claim=(
        Question("fault", "text", "What is the fault?", "出现了什么故障？"),
        Question("fault_since", "date", "Since when?", "何时出现的？"),
        Question(
            "what_happened",
            "choice",
            "What became of the repair?",
            "维修情况如何？",
            choices=(
                ("refused", "It was refused", "被拒绝维修"),
                ("late", "It is not done yet", "尚未修好"),
                ("failed", "The fault came back", "修理后再次出现故障"),
                ("charged", "I was asked to pay", "被要求付费"),
            ),
        ),
    ),
    evidence=(
        Evidence(
            "fault_shown",
            "Pictures or a film of the fault",
            "故障的照片或视频",
            "consumer",
            "burden_of_proof",
        ),
        Evidence(
            "repair_record",
            "The repair slip: received when, done what, given back when",
            "维修单：收取时间、维修内容、交还时间",
            "merchant",
        ),
        Evidence(
            "consumer_fault",
            "Proof that the consumer caused the fault",
            "证明故障由消费者造成的材料",
            "merchant",
        ),
    ),
)
