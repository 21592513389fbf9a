"""What the invented marketplace breaks of its policies: something of each kind."""

from collections import Counter, defaultdict
from importlib.resources import files

from msgspec.structs import replace

from makegood.clock.instants import instant
from makegood.guarantees.entitlement import judge_line
from makegood.guarantees.facts.line import Exemption, Line
from makegood.guarantees.facts.vocabulary import (
    AnyFact,
    ExemptionDeclared,
    FactRetracted,
    FactsComplete,
    MerchantRegistered,
)
from makegood.guarantees.verdict import Broken, Held, Owed, Verdict
from makegood.trade.sources import demo
from makegood.trade.sources.demo import marketplace
from tests.olist.evaluation import fold_all, promises_in

POLICIES = files(demo).joinpath("policies.toml").read_text()
NOT_OF_AN_ORDER = (ExemptionDeclared, FactRetracted, FactsComplete, MerchantRegistered)


def folded(facts: list[AnyFact], *, exempt: bool) -> list[Line]:
    """The lines without what was retracted, with the declared exemptions if they count."""
    retracted = {(f.merchant, f.subject) for f in facts if isinstance(f, FactRetracted)}
    exemptions = tuple(
        Exemption(
            instant(fact.data.starts_at),
            instant(fact.data.ends_at),
            fact.id,
            fact.data.areas,
            fact.data.carriers,
            fact.data.clocks,
        )
        for fact in facts
        if isinstance(fact, ExemptionDeclared) and exempt
    )
    lines = fold_all(
        fact
        for fact in facts
        if not isinstance(fact, NOT_OF_AN_ORDER) and (fact.merchant, fact.id) not in retracted
    )
    return [replace(line, exemptions=exemptions) for line in lines]


def verdicts(lines: list[Line]) -> dict[str, list[Verdict]]:
    covered, at = promises_in(POLICIES), instant(marketplace.AS_OF)
    found: dict[str, list[Verdict]] = defaultdict(list)
    for line in lines:
        for code, verdict in judge_line(line, covered, at=at).items():
            found[code].append(verdict)
    return found


def test_each_machine_judged_guarantee_is_broken_somewhere_and_kept_mostly() -> None:
    found = verdicts(folded(marketplace.facts(), exempt=True))
    broken = Counter(
        code for code, all_ in found.items() for verdict in all_ if isinstance(verdict, Broken)
    )
    assert set(broken) == {
        "in_stock",
        "price_protection",
        "refund_guarantee",
        "lightning_dispatch",
        "seven_day_return",
        "thirty_day_repair",
        "nationwide_warranty",
    }
    assert all(broken[code] < len(found[code]) / 4 for code in broken)
    assert any(isinstance(verdict, Held) for verdict in found["refund_guarantee"])


def test_the_flood_excuses_someone() -> None:
    facts = marketplace.facts()
    with_flood, without = (
        sum(isinstance(verdict, Broken) for verdict in found["lightning_dispatch"])
        for found in (verdicts(folded(facts, exempt=flood)) for flood in (True, False))
    )
    assert with_flood < without


def test_what_is_owed_never_exceeds_what_was_paid_for_a_line() -> None:
    covered, at = promises_in(POLICIES), instant(marketplace.AS_OF)
    for line in folded(marketplace.facts(), exempt=True):
        assert line.purchase is not None
        owed = [
            verdict.owed if isinstance(verdict, Broken) else Owed()
            for verdict in judge_line(line, covered, at=at).values()
        ]
        assert sum(one.refund for one in owed) <= line.purchase.paid_total
