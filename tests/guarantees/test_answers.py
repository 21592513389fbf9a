"""What is owed, until when and why: the best of statute, policy and promise."""

from typing import Any

from makegood.clock.durations import Duration
from makegood.guarantees import (
    fake_pay_three,
    in_stock,
    lightning_dispatch,
    price_protection,
    refund_guarantee,
    return_terms,
)
from makegood.guarantees.answers import Answer, Promised, Source, entitlement
from makegood.guarantees.findings import Findings
from makegood.guarantees.sentences.explaining import explain
from makegood.guarantees.terms import Terms
from makegood.law.packs import pack
from tests.guarantees.lines import DAYS, bought, hour, line, priced, returned, until


def policy(code: str, terms: Terms) -> Promised:
    return Promised(code=code, kind="policy", reference="v3", terms=terms)


def promise(code: str, terms: Terms) -> Promised:
    return Promised(code=code, kind="promise", reference="e7", terms=terms)


def answers(sold: Any, promised: Any, **more: Any) -> dict[str, Answer]:
    told = {"jurisdiction": "none", "findings": {}, "silence": None} | more
    found = entitlement(
        sold, promised, pack(told["jurisdiction"]), told["findings"], until(told["silence"])
    )
    return {answer.code: answer for answer in found}


FAKE = Findings(at=hour(50), occasion="case", counterfeit=True, knowingly=True)
DISPATCH = lightning_dispatch.Terms(rate_basis_points=500)
BETTER = lightning_dispatch.Terms(rate_basis_points=800)


def test_the_better_promise_is_enforced_and_named() -> None:
    both = [promise("lightning_dispatch", BETTER), policy("lightning_dispatch", DISPATCH)]
    answer = answers(line(shipped=60), both)["lightning_dispatch"]
    (remedy,) = answer.remedies
    assert (answer.state, remedy.amount, remedy.source) == (
        "broken",
        176,
        Source("promise", "e7"),
    )
    assert explain(remedy.because, "en")[-1] == "So the merchant promised (enrolment e7)."


def test_of_equal_sources_the_stronger_is_named() -> None:
    both = [promise("lightning_dispatch", DISPATCH), policy("lightning_dispatch", DISPATCH)]
    (remedy,) = answers(line(shipped=60), both)["lightning_dispatch"].remedies
    assert remedy.source == Source("policy", "v3")


def test_the_statute_gives_more_than_a_small_promise() -> None:
    small = [policy("fake_pay_three", fake_pay_three.Terms())]
    answer = answers(line(), small, jurisdiction="cn", findings={"fake_pay_three": FAKE})[
        "fake_pay_three"
    ]
    refund, compensation = answer.remedies
    assert (refund.amount, compensation.amount) == (2300, 50_000)
    assert compensation.source == Source("statute", "fraud_damages", "cn")
    assert explain(compensation.because, "en")[-1].startswith("So the law says: CRPL 55")
    assert "第55条" in explain(compensation.because, "zh")[-1]


def test_a_statute_holds_where_nobody_promised_anything() -> None:
    back = returned((30, "requested"), (60, "received"))
    sold = line(delivered=10, returns=back)
    told = answers(sold, [], jurisdiction="cn", silence=40 * DAYS)
    assert told["seven_day_return"].state == "broken"
    assert told["seven_day_return"].remedies[0].amount == 2199
    assert "lightning_dispatch" not in told
    assert answers(sold, [], silence=40 * DAYS) == {}


def test_the_limit_of_refunds_holds_over_all_answers() -> None:
    promised = [
        policy("in_stock", in_stock.Terms(rate_basis_points=1000)),
        policy("refund_guarantee", refund_guarantee.Terms()),
        policy("price_protection", price_protection.Terms(window_hours=720)),
    ]
    sold = line(out_of_stock=5, cancelled=4, prices=priced((1, 5)))
    told = answers(sold, promised)
    assert [(code, told[code].state) for code in told] == [
        ("in_stock", "broken"),
        ("price_protection", "kept"),
        ("refund_guarantee", "kept"),
    ]
    assert [remedy.amount for remedy in told["in_stock"].remedies] == [2300, 220]


def test_an_open_promise_tells_its_clock() -> None:
    answer = answers(line(), [policy("lightning_dispatch", DISPATCH)])["lightning_dispatch"]
    assert (answer.state, answer.judged_after, answer.lasts_until) == (
        "pending",
        hour(48),
        hour(48),
    )
    assert explain(answer.clock, "en") == [
        "If nothing more is reported, it counts as broken after 2017-07-16 00:00:00 UTC.",
        "This promise lasts until 2017-07-16 00:00:00 UTC.",
    ]


def test_a_held_sum_is_told_as_held() -> None:
    held = [policy("refund_guarantee", refund_guarantee.Terms())]
    answer = answers(line(cancelled=4, delivered=3), held)["refund_guarantee"]
    assert (answer.state, answer.remedies[0].amount) == ("held", 2300)


def test_a_shorter_promise_goes_before_the_statutes_clock() -> None:
    quick = return_terms.Terms(
        window=Duration(7, "calendar_days", zone="Asia/Shanghai"),
        refund_within=Duration(24, "elapsed_hours"),
    )
    back = returned((30, "requested"), (60, "received"))
    sold = line(delivered=10, returns=back)
    told = answers(sold, [policy("seven_day_return", quick)], jurisdiction="cn")
    assert told["seven_day_return"].judged_after == hour(84)


def test_an_unpaid_line_has_no_answers() -> None:
    sold = line(purchase=bought())
    sold.purchase = None
    assert answers(sold, [policy("lightning_dispatch", DISPATCH)], jurisdiction="cn") == {}
