"""Facts over HTTP: each is taken, repeated or refused, and none costs another anything."""

import gzip
from codecs import BOM_UTF8

import pytest
from django.db import connection

from makegood.people.models import Scope
from tests.api.calls import (
    ARRAY,
    BATCH,
    EVENT,
    NDJSON,
    array,
    lines,
    new_key,
    priced,
    report,
    results,
    row_counts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    return new_key(Scope.FACTS_WRITE)


TWO = [(1, "a", "taken"), (2, "b", "taken")]


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        (BATCH, array(priced("a"), priced("b")), TWO),
        (ARRAY, array(priced("a"), priced("b")), TWO),
        (f"{ARRAY}; charset=UTF-8", array(priced("a"), priced("b")), TWO),
        (NDJSON, lines(priced("a"), priced("b")), TWO),
        (NDJSON, lines(priced("a"), priced("b")) + b"\n", TWO),
        (
            NDJSON,
            lines(priced("a")) + b"\r\n\r\n" + lines(priced("b")),
            [TWO[0], (3, "b", "taken")],
        ),
        (EVENT, lines(priced("a")), [TWO[0]]),
        (NDJSON, BOM_UTF8 + lines(priced("a"), priced("b")), TWO),
        (BATCH, BOM_UTF8 + array(priced("a"), priced("b")), TWO),
        (BATCH, array(), []),
    ],
)
def test_each_type_of_body_is_read(
    key: str, kind: str, body: bytes, expected: list[tuple[int, str, str]]
) -> None:
    response, reply = report(key, body, kind)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert results(reply) == expected
    assert reply["taken"] == row_counts()["trade_fact"] == len(expected)


def test_a_packed_body_is_unpacked(key: str) -> None:
    packed = gzip.compress(lines(priced("a"))) + gzip.compress(b"\n" + lines(priced("b")))
    response, reply = report(key, packed, NDJSON, **{"Content-Encoding": "gzip"})
    assert response.status_code == 200
    assert results(reply) == TWO


def test_what_came_before_is_repeated_and_what_contradicts_it_is_refused(key: str) -> None:
    report(key, lines(priced("a")))
    _, reply = report(
        key, lines(priced("b"), priced("a"), priced("a", subject="chair"), priced("b"))
    )
    assert results(reply) == [
        (1, "b", "taken"),
        (2, "a", "repeated"),
        (3, "a", "refused"),
        (4, "b", "repeated"),
    ]
    assert (reply["taken"], reply["repeated"], reply["refused"]) == (1, 2, 1)
    assert "other content" in reply["results"][2]["reason"]


@pytest.mark.parametrize(
    ("wrong", "id", "reason"),
    [
        (priced("w", type="offer.dreamt"), "w", "Invalid value 'offer.dreamt'"),
        (priced("w", time="yesterday"), "w", "time"),
        (priced("w", time="2026-05-11T09:40:00"), "w", "timezone"),
        (priced("w", merchant=""), "w", "merchant"),
        (priced("w", data={"price": -1, "currency": "CNY"}), "w", "price"),
        (priced("w", data={"price": 1.5, "currency": "CNY"}), "w", "price"),
        (priced("w", data={"price": 1, "currency": "ABC"}), "w", "ABC"),
        (priced("w", data={"price": 1, "currency": "CNY", "prize": 1}), "w", "prize"),
        ({"id": "w"}, "w", "type"),
        ("a word", "", "object"),
        (7, "", "object"),
        (None, "", "object"),
        ([priced("w")], "", "object"),
    ],
)
@pytest.mark.parametrize("kind", [BATCH, NDJSON])
def test_a_wrong_fact_is_refused_with_its_place_and_costs_no_other(
    key: str, kind: str, wrong: object, id: str, reason: str
) -> None:
    body = (array if kind == BATCH else lines)(priced("a"), wrong, priced("b"))
    response, reply = report(key, body, kind)
    assert response.status_code == 200
    assert results(reply) == [(1, "a", "taken"), (2, id, "refused"), (3, "b", "taken")]
    assert reason in reply["results"][1]["reason"]


@pytest.mark.parametrize(
    "line",
    [b'{"id": "w"', b"not json", b"\xff\xfe", b'"\xff"', b"[" * 20_000, b'{"id":"\\ud800"}'],
)
def test_a_line_that_is_no_json_is_refused_and_costs_no_other(key: str, line: bytes) -> None:
    response, reply = report(key, lines(priced("a")) + b"\n" + line + b"\n" + lines(priced("b")))
    assert response.status_code == 200
    assert [one["result"] for one in reply["results"]] == ["taken", "refused", "taken"]


@pytest.mark.parametrize("where", ["id", "source", "subject", "merchant"])
def test_what_no_database_can_hold_is_refused_and_costs_no_other(key: str, where: str) -> None:
    _, reply = report(key, lines(priced("a"), priced("w") | {where: "\x00"}, priced("b")))
    assert [one["result"] for one in reply["results"]] == ["taken", "refused", "taken"]


def test_the_record_names_the_key(key: str) -> None:
    report(key, lines(priced("a")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor FROM record_entry WHERE action = 'facts.taken'")
        assert cursor.fetchall() == [(f"key {key.split('_')[1]}",)]
