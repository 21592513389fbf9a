"""Reading facts: a wrong one is refused with its place and reason, and costs no other."""

import json
from typing import Any

import pytest

from makegood.trade.events import read_content, read_lines

PAID: dict[str, Any] = {
    "placed_at": "2026-01-01T08:00:00Z",
    "currency": "CNY",
    "lines": [{"number": 1, "item": "tea", "price": 1000, "freight": 200}],
    "payments": [{"id": "p1", "amount": 1200}],
}


def line(**changes: Any) -> bytes:
    """A fact that is right, but for the changes."""
    fact = {
        "specversion": "1.0",
        "id": "f1",
        "source": "shop",
        "type": "line.delivered",
        "time": "2026-01-02T03:04:05Z",
        "merchant": "bob",
        "subject": "A-1/1",
        **changes,
    }
    return json.dumps({name: value for name, value in fact.items() if value is not None}).encode()


def paid(id: str = "f1", **changes: Any) -> bytes:
    return line(id=id, type="order.paid", subject="A-1", data={**PAID, **changes})


LINES = PAID["lines"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", "Input data was truncated"),
        (b"[]", "Expected `object`"),
        (line().replace(b"f1", b"\xff"), "The text is not UTF-8"),
        (line(type="line.lost"), "Invalid value 'line.lost'"),
        (line(type=None), "missing required field `type`"),
        (line(specversion="0.3"), "Invalid enum value '0.3'"),
        (line(id=""), "length >= 1 - at `$.id`"),
        (line(id="x" * 201), "length <= 200 - at `$.id`"),
        (line(merchant=None), "missing required field `merchant`"),
        (line(time="2026-01-02T03:04:05"), "timezone component - at `$.time`"),
        (line(time="0001-01-01T00:00:00Z"), "time is in the year 1;"),
        (line(time="2200-01-01T00:00:00Z"), "time is in the year 2200;"),
        (line(subject="A-1"), "line.delivered names its line as its subject: ORDER/NUMBER"),
        (line(subject="A-1/x"), "names its line as its subject"),
        (line(subject="/1"), "names its line as its subject"),
        (line(subject="A-1/99999999"), "names its line as its subject"),
        (line(type="order.cancelled", subject=""), "names its order as its subject"),
        (line(data={"carier": "swift"}), "unknown field `carier`"),
        (line(subject="A\0B/1"), "character NUL"),
        (line(subject="A\\\0B/1"), "character NUL"),
        (
            line(type="repair.requested", data={"delayed_by_consumer_hours": 100_001}),
            "<= 100000 - at `$.data.delayed_by_consumer_hours`",
        ),
        (line(type="facts.complete", data={"until": "2026-01-01T00:00:00Z"}), "holds for all"),
        (
            line(
                type="exemption.declared",
                merchant="platform",
                data={
                    "starts_at": "2026-01-02T00:00:00Z",
                    "ends_at": "2026-01-02T00:00:00Z",
                    "reason": "flood",
                },
            ),
            "An exemption ends after it starts",
        ),
        (paid(currency="CNX"), "'CNX' is not a currency"),
        (paid(currency="cny"), "matching regex"),
        (paid(lines=[]), "length >= 1"),
        (paid(lines=[*LINES, *LINES]), "Two lines of the order have the same number"),
        (paid(payments=[*PAID["payments"]] * 2), "Two payments of the order have the same id"),
        (paid(lines=[{**LINES[0], "price": -1}]), ">= 0"),
        (paid(lines=[{**LINES[0], "price": 10**12 + 1}]), "<= 1000000000000"),
        (paid(lines=[{**LINES[0], "paid": [1000]}]), "add up to 1000, not to its amount 1200"),
        (paid(lines=[{**LINES[0], "paid": [600, 600]}]), "or none does"),
        (paid(lines=[{**LINES[0], "dispatch_by": "9999-12-31T23:59:59Z"}]), "dispatch_by is in"),
    ],
)
def test_a_wrong_fact_is_refused_with_its_place_and_reason(text: bytes, said: str) -> None:
    arrivals, refusals = read_lines([line(id="before"), b"  \n", text, line(id="after")])
    assert [arrival.fact.id for arrival in arrivals] == ["before", "after"]
    (refusal,) = refusals
    assert refusal.place == 3
    assert said in refusal.reason
    assert refusal.reason.endswith(".")


def test_a_refusal_names_the_fact_where_its_id_can_be_read() -> None:
    _, (refusal,) = read_lines([line(id="f7", subject="A-1")])
    assert refusal.id == "f7"


def test_the_same_moment_in_another_zone_is_the_same_content() -> None:
    (one, other), _ = read_lines(
        [
            paid(),
            paid(placed_at="2026-01-01T16:00:00+08:00"),
        ]
    )
    assert one.content == other.content
    assert (one.id, one.order_id) == (other.id, other.order_id)


def test_unknown_attributes_of_the_envelope_are_left_out() -> None:
    (one, other), _ = read_lines([line(), line(traceparent="00-ab-cd-01", datacontenttype="a/b")])
    assert one.content == other.content


def test_personal_fields_are_taken_out_and_kept_apart() -> None:
    (arrival,), _ = read_lines([paid(consumer="李雷", destination="海淀区 1 号")])
    assert "李雷" not in arrival.content
    assert "海淀区" not in arrival.content
    assert arrival.personal == '{"consumer":"李雷","destination":"海淀区 1 号"}'
    assert arrival.fact.data.consumer is None
    assert read_content(arrival.content) == arrival.fact


def test_content_is_read_back_as_it_was_told() -> None:
    arrivals, refusals = read_lines([line(), paid()])
    assert not refusals
    assert [read_content(one.content) for one in arrivals] == [one.fact for one in arrivals]


def test_a_backslash_before_zeros_is_no_nul() -> None:
    arrivals, refusals = read_lines([line(subject="A\\u0000/1")])
    assert not refusals
    assert arrivals[0].order == "A\\u0000"
