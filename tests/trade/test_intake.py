"""Taking facts: once each, whatever comes with them, and nothing they hold stops the others."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from makegood.guarantees.facts.line import Line as Folded
from makegood.people.models import Merchant
from makegood.trade.events import read_lines
from makegood.trade.models import Delivery, Fact, Line, Payment, Price, Retraction
from makegood.watch.actions.taking import Taken, take
from tests.trade.test_events import PAID, line, paid

pytestmark = pytest.mark.usefixtures("db")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNTED = (Fact, Line, Payment, Price, Retraction, Delivery)


def taken(*lines: bytes) -> Taken:
    arrivals, refusals = read_lines(lines)
    assert not refusals
    return take(arrivals, at=NOW, actor="test")


def counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


def test_a_repeat_changes_nothing_in_the_same_batch_or_a_later_one() -> None:
    result = taken(paid(id="a"), line(id="b"), line(id="b"))
    assert (result.taken, result.repeated) == ([1, 2], [3])
    before = counts()
    result = taken(line(id="b"), paid(id="a"))
    assert (result.taken, sorted(result.repeated)) == ([], [1, 2])
    assert counts() == before


def test_a_conflict_is_refused_and_costs_no_other() -> None:
    taken(paid(id="a"))
    before = Fact.objects.get().content
    result = taken(paid(id="a", area="BJ"), line(id="b"), line(id="b", time="2026-01-03T00:00:00Z"))
    assert result.taken == [2]
    assert [refusal.place for refusal in result.refused] == [3, 1]
    assert all("other content was taken before" in one.reason for one in result.refused)
    assert Fact.objects.order_by("arrival").first().content == before  # type: ignore[union-attr]


def test_other_personal_fields_are_a_conflict_too() -> None:
    taken(paid(id="a", consumer="alice"))
    assert taken(paid(id="a", consumer="alice")).repeated == [1]
    assert len(taken(paid(id="a", consumer="mallory")).refused) == 1
    assert len(taken(paid(id="a")).refused) == 1
    taken(paid(id="b"))
    assert len(taken(paid(id="b", consumer="alice")).refused) == 1


def test_the_same_id_of_another_source_or_merchant_is_another_fact() -> None:
    result = taken(line(id="a"), line(id="a", source="carrier"), line(id="a", merchant="eve"))
    assert result.taken == [1, 2, 3]


def test_two_sources_may_number_alike() -> None:
    def refund(source: str) -> bytes:
        data = {"amount": 100}
        return line(id="1", source=source, type="refund.paid", subject="A-1/1", data=data)

    taken(paid(id="a"), refund("shop"), refund("bank"))
    (stored,) = Line.objects.values_list("folded", flat=True)
    refunds = msgspec.json.decode(stored, type=Folded).refunds
    assert [(one.id, one.amount) for one in refunds] == [("1", 100), ("bank#1", 100)]


def test_facts_that_come_before_their_order_are_kept_for_it() -> None:
    taken(line(type="carrier.picked_up", id="early", time="2026-01-02T00:00:00Z"))
    taken(line(type="order.cancelled", subject="A-1", id="sooner", time="2026-01-03T00:00:00Z"))
    assert not Line.objects.exists()
    taken(paid(id="a"))
    folded = Line.objects.get().folded
    assert '"early"' in folded
    assert '"sooner"' in folded


def test_a_retraction_holds_before_and_after_its_fact() -> None:
    taken(paid(id="a"), line(type="fact.retracted", subject="late", id="r1"))
    taken(line(id="late"), line(type="line.shipped", id="wrong"))
    assert '"late"' not in Line.objects.get().folded
    assert '"wrong"' in Line.objects.get().folded
    taken(line(type="fact.retracted", subject="wrong", id="r2"))
    assert '"wrong"' not in Line.objects.get().folded


def test_an_order_keeps_its_currency_and_another_costs_no_other_fact() -> None:
    result = taken(paid(id="a"), paid(id="b", currency="EUR"), line(id="c"))
    assert (result.taken, [one.place for one in result.refused]) == ([1, 3], [2])
    before = counts()
    (refusal,) = taken(paid(id="d", currency="EUR")).refused
    assert refusal.reason == (
        "Order A-1 was told in CNY and stays in it; tell it as another order in EUR."
    )
    assert counts() == before
    taken(line(id="r", type="fact.retracted", subject="a"))
    assert [one.place for one in taken(paid(id="e", currency="EUR")).refused] == [1]
    assert taken(paid(id="f")).taken == [1]


def test_an_earlier_report_of_the_order_takes_its_place() -> None:
    more = [{**PAID["lines"][0], "price": 2000}]
    taken(paid(id="later"))
    earlier = paid(id="earlier", lines=more, payments=[{"id": "p1", "amount": 2200}])
    taken(earlier.replace(b"2026-01-02T03:04:05Z", b"2026-01-02T03:04:04Z"))
    assert Line.objects.get().paid_minor == 2200
    assert Payment.objects.get().amount == 2200


def test_a_repair_may_wait_for_the_consumer_as_long_as_calendars_reach() -> None:
    delayed = {
        "type": "repair.requested",
        "subject": "A-1/1",
        "data": {"delayed_by_consumer_hours": 100_000},
    }
    assert taken(paid(id="a"), line(id="b"), line(id="c", **delayed)).taken == [1, 2, 3]


def test_the_earliest_registration_holds_until_it_is_withdrawn() -> None:
    def told(id: str, time: str, name: str) -> bytes:
        data = {"name": name}
        return line(id=id, type="merchant.registered", subject="bob", time=time, data=data)

    taken(told("b", "2026-01-03T00:00:00Z", "Bob's"), told("a", "2026-01-02T00:00:00Z", "Bob"))
    taken(told("c", "2026-01-04T00:00:00Z", "Robert"))
    assert Merchant.objects.get().name == "Bob"
    taken(line(id="r", type="fact.retracted", subject="a"))
    assert Merchant.objects.get().name == "Bob's"


SHORT = st.text(max_size=12)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**13), 10**13),
    SHORT,
    st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
    st.sampled_from(("goods", "virtual", "travel", "CNY", "BRL", "unknown", "merchant", "intact")),
)
FIELDS = st.sampled_from(
    (
        *("price", "freight", "quantity", "list_price", "paid", "dispatch_by", "deliver_by"),
        *("issue_by", "kind", "category", "item", "number", "no_return", "food"),
    )
)
TYPES = st.sampled_from(
    (
        *("line.shipped", "carrier.picked_up", "line.delivered", "line.issued"),
        *("line.cancelled", "line.out_of_stock", "order.cancelled", "order.out_of_stock"),
        *("return.requested", "return.received", "repair.requested", "repair.refused"),
        *("repair.completed", "replacement.delivered", "installation.completed"),
    )
)


@st.composite
def any_facts(draw: st.DrawFn) -> list[bytes]:
    """An order with any values in any of its line's fields, and any facts about it."""
    changes = draw(st.dictionaries(FIELDS, VALUES, max_size=4))
    order: dict[str, Any] = {"lines": [{**PAID["lines"][0], **changes}]}
    ref = str(draw(st.uuids()))
    told = [paid(id=f"{ref} order", **order).replace(b'"A-1"', f'"{ref}"'.encode())]
    for number in range(draw(st.integers(0, 4))):
        at = draw(st.datetimes(timezones=st.just(UTC))).isoformat()
        kind = draw(TYPES)
        subject = ref if kind.startswith("order") else f"{ref}/{draw(st.integers(-1, 3))}"
        told.append(line(id=f"{ref} {number}", type=kind, subject=subject, time=at))
    return told


@seed(20261122)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(any_facts())
def test_whatever_a_fact_holds_it_never_stops_the_others(lines: list[bytes]) -> None:
    arrivals, refusals = read_lines([*lines, line(id="sound")])
    result = take(arrivals, at=NOW, actor="test")
    told = {*result.taken, *result.repeated, *(one.place for one in result.refused)}
    assert told | {one.place for one in refusals} == set(range(1, len(lines) + 2))
    assert len(lines) + 1 in {*result.taken, *result.repeated}
