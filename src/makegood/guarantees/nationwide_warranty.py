"""全国联保: any authorised centre in the country repairs under warranty, free and in time."""

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

CODE = "nationwide_warranty"


class Terms(RepairTerms, frozen=True, kw_only=True):
    """The terms of repair at authorised centres; a repair that is owed can be had at another."""


def due(line: Line, terms: Terms, after: Instant = NO_SILENCE) -> Instant | None:
    """When a centre's repair that is not done is late, or has taken too many days."""
    return repairs_due(line, terms, after, at_centre=True)


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Judges the repairs at authorised centres; a centre's wrongful refusal is found in a case."""
    return judge_repairs(line, terms, findings, at, at_centre=True)


def lasts(line: Line, terms: Terms) -> Instant | None:
    """The last instant at which a repair can be asked for; None until the item is there."""
    return repairs_last(line, terms, at_centre=True)


def floors(pack: Pack, currency: str, promised: BaseTerms | None) -> tuple[Floor, ...]:
    """The statute's limits under what was promised."""
    return repair_floors(CODE, pack, promised)


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Nationwide warranty",
    title_zh="全国联保",
    terms=Terms,
    due=due,
    judge=judge,
    lasts=lasts,
    floors=floors,
    claim=(
        Question("centre", "text", "Which centre did you go to?", "您前往的是哪家维修网点？"),
        Question("fault", "text", "What is the fault?", "出现了什么故障？"),
        Question(
            "what_happened",
            "choice",
            "What did the centre do?",
            "网点如何处理？",
            choices=(
                ("refused", "It refused the repair", "拒绝维修"),
                ("late", "It is not done yet", "尚未修好"),
                ("failed", "The fault came back", "修理后再次出现故障"),
                ("charged", "It asked me to pay", "要求付费"),
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
            "warranty_card",
            "The warranty card or the proof of purchase",
            "保修卡或购买凭证",
            "consumer",
        ),
        Evidence(
            "centre_record",
            "The centre's slip: received when, refused why, given back when",
            "网点维修单：收取时间、拒修理由、交还时间",
            "merchant",
        ),
    ),
)
