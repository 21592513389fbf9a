"""What holds for every line, whatever happened to it and whatever was promised."""

from typing import Any

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.entitlement import Covered, judge_line
from makegood.guarantees.price_protection import Terms as Price
from makegood.guarantees.sentences.explaining import explain
from makegood.guarantees.terms import ShareTerms, betters
from makegood.guarantees.verdict import Broken, Held, Kept, Owed, Pending, Verdict
from tests.guarantees.lines import bought, hour, line, priced, until
from tests.guarantees.worlds import World

SEED = 20170101
quick = settings(max_examples=30, deadline=None, database=None)
worlds = given(st.integers(0, 2**32))


def owed(verdict: Verdict) -> Owed:
    """What is owed, or at most may be."""
    if isinstance(verdict, Held):
        return verdict.at_most
    return verdict.owed if isinstance(verdict, Broken) else Owed()


def worth(verdict: Verdict) -> tuple[int, int]:
    """Money, and then service, in which a replacement is more than a repair."""
    what = owed(verdict)
    money = what.refund + what.compensation + what.freight + what.fee
    return money, ("", "repair", "replacement").index(what.service or "")


@seed(SEED)
@quick
@worlds
def test_a_verdict_is_within_its_bounds_and_can_be_told(drawn: int) -> None:
    world = World(drawn)
    for code, guarantee in CATALOGUE.items():
        sold, terms = world.line(), world.terms(code)
        verdict = guarantee.judge(sold, terms, world.maybe(world.findings), until(world.silence()))
        what = owed(verdict)
        assert sold.purchase is not None
        assert min(what.refund, what.compensation, what.freight, what.fee) >= 0
        assert what.refund <= sold.purchase.paid_total
        if isinstance(terms, ShareTerms) and what.compensation:
            assert sold.number != 0
            assert what.compensation >= terms.at_least_minor
            assert terms.at_most_minor is None or what.compensation <= terms.at_most_minor
        if isinstance(verdict, Broken | Held):
            assert verdict.because
            assert all(explain(verdict.because, "en"))
            assert all(explain(verdict.because, "zh"))


@seed(SEED)
@quick
@worlds
def test_bettering_a_promise_never_lowers_what_is_owed(drawn: int) -> None:
    world = World(drawn)
    for code, guarantee in CATALOGUE.items():
        sold, terms = world.line(), world.terms(code)
        better = world.better(terms)
        assert betters(better, terms)
        findings, silence = world.maybe(world.findings), until(world.silence())
        before = worth(guarantee.judge(sold, terms, findings, silence))
        after = worth(guarantee.judge(sold, better, findings, silence))
        assert after[0] >= before[0], code
        assert after[1] >= before[1] or after[0] > before[0], code


@seed(SEED)
@quick
@worlds
def test_silence_is_judged_when_it_is_due_and_not_before(drawn: int) -> None:
    world = World(drawn)
    for code, guarantee in CATALOGUE.items():
        sold, terms, at = world.line(), world.terms(code), hour(world.at())
        now = guarantee.judge(sold, terms, None, at)
        due = guarantee.due(sold, terms, at)
        assert due is None or due >= at
        if isinstance(now, Pending) and now.until is not None:
            assert now.until == due
        later = guarantee.judge(sold, terms, None, hour(99_999) if due is None else due)
        assert worth(later) == worth(now), code
        assert isinstance(later, type(now) | Kept)
        if due is not None:
            assert isinstance(guarantee.judge(sold, terms, None, due + 1), Broken)


@seed(SEED)
@quick
@worlds
def test_refunds_together_never_exceed_what_was_paid(drawn: int) -> None:
    world = World(drawn)
    sold, silence = world.line(), until(world.silence())
    assert sold.purchase is not None
    terms = {code: world.terms(code) for code in CATALOGUE}
    findings = {code: world.findings() for code in CATALOGUE if world.maybe(world.at, 0.3)}
    covered = [Covered(code, promised) for code, promised in terms.items()]
    verdicts = judge_line(sold, covered, findings, silence)
    alone: dict[str, Any] = {
        code: owed(guarantee.judge(sold, terms[code], findings.get(code), silence))
        for code, guarantee in CATALOGUE.items()
    }
    refunded = sum(owed(verdict).refund for verdict in verdicts.values())
    assert refunded <= sold.purchase.paid_total
    assert refunded >= max(what.refund for what in alone.values())
    for code, verdict in verdicts.items():
        assert owed(verdict).compensation == alone[code].compensation
        assert owed(verdict).service == alone[code].service


@seed(SEED)
@quick
@given(st.integers(0, 9999), st.integers(1, 7), st.integers(0, 9999))
def test_a_fallen_price_loses_no_minor_unit(price: int, quantity: int, later: int) -> None:
    sold = line(
        purchase=bought(price=price, quantity=quantity, paid=(price,)),
        prices=priced((1, later)),
    )
    verdict = CATALOGUE["price_protection"].judge(sold, Price(window_hours=2), None, until(None))
    assert owed(verdict).refund + min(later * quantity, price) == price
