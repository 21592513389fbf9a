"""Canonical bytes agree with RFC 8785 and with an independent implementation of it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.record.canonical import (
    INTEGER_AT_MOST,
    NotCanonical,
    canonical,
    canonical_struct,
    row_leaf,
    timestamp,
)

SOME_ID = UUID("0190b5c2-0000-7000-8000-00000000abcd")

# RFC 8785, 3.2.2 and 3.2.3, without the numbers that are no integers.
LITERALS_OF_THE_RFC = {
    "string": '\u20ac$\u000f\nA\'B"\\\\"/',
    "literals": [None, True, False],
}
NAMES_OF_THE_RFC = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\U0001f600": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
}
ORDER_OF_THE_RFC = [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
]


def test_literals_of_the_rfc() -> None:
    assert canonical(LITERALS_OF_THE_RFC) == (
        '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    )


def test_names_are_in_the_order_of_the_rfc() -> None:
    text = canonical(NAMES_OF_THE_RFC).decode()
    assert sorted(ORDER_OF_THE_RFC, key=text.index) == ORDER_OF_THE_RFC


@pytest.mark.parametrize("plane", range(17))
def test_every_character_is_written_as_by_another_implementation(plane: int) -> None:
    letters = [chr(code) for code in range(plane << 16, (plane + 1) << 16)]
    text = "".join(letter for letter in letters if not "\ud800" <= letter <= "\udfff")
    assert canonical(text) == rfc8785.dumps(text)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-INTEGER_AT_MOST, INTEGER_AT_MOST)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(VALUES)
def test_any_value_is_written_as_by_another_implementation(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (SOME_ID, '"0190b5c2-0000-7000-8000-00000000abcd"'),
        (datetime(2018, 5, 21, 18, 22, 18, tzinfo=UTC), '"2018-05-21T18:22:18Z"'),
        (
            datetime(2018, 5, 21, 20, 22, 18, 5, tzinfo=timezone(timedelta(hours=2))),
            '"2018-05-21T18:22:18.000005Z"',
        ),
        ((1, "a"), '[1,"a"]'),
        (INTEGER_AT_MOST, "9007199254740991"),
        ("保障", '"保障"'),
    ],
)
def test_what_the_domain_adds(value: object, text: str) -> None:
    assert canonical(value) == text.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        [0.0],
        {"a": 1.0},
        INTEGER_AT_MOST + 1,
        -INTEGER_AT_MOST - 1,
        "\ud800",
        {"\udc00": 1},
        {1: "a"},
        {None: 1},
        datetime(2018, 5, 21),  # noqa: DTZ001
        b"bytes",
        {1, 2},
        object(),
    ],
)
def test_what_has_no_canonical_bytes_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


ROW = {
    "merchant_id": SOME_ID,
    "amount": 1250,
    "code": "order_paid",
    "reserves": None,
    "shadow": False,
    "at": datetime(2018, 5, 21, 18, 22, 18, tzinfo=UTC),
    "enrolment_ids": [SOME_ID],
}


def test_a_row_has_the_bytes_of_the_object_it_stands_for() -> None:
    assert row_leaf(ROW)(list(ROW.values())) == canonical(ROW)
    elsewhere = {**ROW, "at": datetime(2018, 5, 22, 2, 22, 18, tzinfo=timezone(timedelta(hours=8)))}
    assert row_leaf(ROW)(list(elsewhere.values())) == canonical(ROW)
    columns = sorted(ROW)
    assert row_leaf(columns)([ROW[column] for column in columns]) == canonical(ROW)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        [1.5],
        INTEGER_AT_MOST + 1,
        [INTEGER_AT_MOST + 1],
        datetime(2018, 5, 21),  # noqa: DTZ001
        {"a": 1},
        object(),
    ],
)
def test_a_row_with_what_has_no_canonical_bytes_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        row_leaf(["column"])([value])


def test_a_row_must_have_a_value_for_every_column() -> None:
    for values in ([1], [1, 2, 3]):
        with pytest.raises(ValueError, match="values for 2 columns"):
            row_leaf(["a", "b"])(values)


class Said(msgspec.Struct):
    """A struct as facts are: ASCII names, no floats, whole numbers in range."""

    time: Annotated[datetime, msgspec.Meta(tz=True)]
    id: UUID
    text: str
    amounts: dict[str, int]
    note: str | None = None


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.builds(
        Said,
        time=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])),
        id=st.uuids(),
        text=st.text(st.characters(exclude_categories=["Cs"])) | st.just('at 10:00+08:00"'),
        amounts=st.dictionaries(
            st.text(st.characters(codec="ascii")), st.integers(-INTEGER_AT_MOST, INTEGER_AT_MOST)
        ),
    )
)
def test_a_struct_has_the_bytes_of_the_object_it_stands_for(said: Said) -> None:
    assert canonical_struct(said) == canonical(msgspec.structs.asdict(said))


def test_times_have_microseconds_only_where_there_are_any() -> None:
    assert timestamp(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
    assert timestamp(datetime(2018, 1, 1, 0, 0, 0, 1, tzinfo=UTC)) == "2018-01-01T00:00:00.000001Z"
