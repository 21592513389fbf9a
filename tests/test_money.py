"""Money: exact texts, named roundings, and splits that lose nothing."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.money import (
    EXPONENTS,
    AmountError,
    decimal_text,
    exponent,
    minor_units,
    percentage,
    share,
    split,
)

quick = settings(max_examples=60, derandomize=True, database=None, deadline=None)
amounts = st.integers(0, 10**12)
rates = st.integers(0, 100_000)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("21.99", "BRL", 2199),
        ("21.9", "BRL", 2190),
        ("21", "BRL", 2100),
        ("0.05", "CNY", 5),
        ("-0.05", "CNY", -5),
        ("007.10", "EUR", 710),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("1.2", "TND", 1200),
    ],
)
def test_a_decimal_text_is_read_exactly(text: str, currency: str, amount: int) -> None:
    assert minor_units(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("21.999", "BRL"),
        ("21.990", "BRL"),
        ("1.0", "JPY"),
        ("1.2345", "KWD"),
        ("", "BRL"),
        (".5", "BRL"),
        ("5.", "BRL"),
        ("-", "BRL"),
        ("--5", "BRL"),
        ("+5", "BRL"),
        ("1,000.00", "BRL"),
        ("1e3", "BRL"),
        (" 5", "BRL"),
        ("5 ", "BRL"),
        ("٥", "BRL"),
        ("²", "BRL"),
        ("NaN", "BRL"),
        ("1.2.3", "BRL"),
        ("1.00", "QQQ"),
        ("1.00", "brl"),
    ],
)
def test_what_is_no_exact_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(AmountError):
        minor_units(text, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (2199, "BRL", "21.99"),
        (5, "BRL", "0.05"),
        (-5, "BRL", "-0.05"),
        (-2199, "BRL", "-21.99"),
        (0, "BRL", "0.00"),
        (1200, "JPY", "1200"),
        (-1, "JPY", "-1"),
        (1234, "KWD", "1.234"),
    ],
)
def test_an_amount_is_told_plainly(amount: int, currency: str, text: str) -> None:
    assert decimal_text(amount, currency) == text


@pytest.mark.parametrize(("code", "digits"), [("JPY", 0), ("CNY", 2), ("IQD", 3), ("VND", 0)])
def test_exponents_are_those_of_iso_4217(code: str, digits: int) -> None:
    assert exponent(code) == digits


@quick
@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(EXPONENTS)))
def test_an_amount_told_and_read_again_is_the_same(amount: int, currency: str) -> None:
    assert minor_units(decimal_text(amount, currency), currency) == amount


@pytest.mark.parametrize(
    ("amount", "basis_points", "expected"),
    [
        (2199, 500, 110),  # 109.95
        (2190, 500, 110),  # 109.5: the half goes up
        (2189, 500, 109),  # 109.45
        (10, 500, 1),  # 0.5
        (9, 500, 0),
        (0, 500, 0),
        (2199, 0, 0),
        (2199, 10_000, 2199),
        (2199, 30_000, 6597),
    ],
)
def test_a_share_is_rounded_half_up(amount: int, basis_points: int, expected: int) -> None:
    assert share(amount, basis_points) == expected
    assert percentage(amount, basis_points) == expected


@pytest.mark.parametrize(
    ("amount", "at_least", "at_most", "expected"),
    [
        (100, 100, 10_000, 100),
        (1_999, 100, 10_000, 100),
        (2_010, 100, 10_000, 101),
        (200_000, 100, 10_000, 10_000),
        (200_010, 100, 10_000, 10_000),
        (200_010, 100, None, 10_001),
        (0, 100, 10_000, 100),
        (5_000, 250, 250, 250),
        (5_000, 0, 0, 0),
    ],
)
def test_a_percentage_has_a_floor_and_a_cap(
    amount: int, at_least: int, at_most: int | None, expected: int
) -> None:
    assert percentage(amount, 500, at_least=at_least, at_most=at_most) == expected


@quick
@given(amounts, rates, st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_percentage_stays_within_its_bounds(
    amount: int, basis_points: int, at_least: int, more: int
) -> None:
    at_most = at_least + more
    paid = percentage(amount, basis_points, at_least=at_least, at_most=at_most)
    assert at_least <= paid <= at_most
    exact = Fraction(amount * basis_points, 10_000)
    if at_least < paid < at_most:
        assert -Fraction(1, 2) < paid - exact <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("total", "weighted", "parts"),
    [
        (100, [1, 1], [50, 50]),
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (10, [0, 0, 0], [4, 3, 3]),
        (10, [0, 5, 0], [0, 10, 0]),
        (3, [1, 1, 1, 1, 1], [1, 1, 1, 0, 0]),
        (100, [2190, 1010], [68, 32]),  # 68.4 and 31.6
        (7, [1, 3], [2, 5]),  # 1.75 and 5.25
        (0, [3, 4], [0, 0]),
        (5, [9], [5]),
        (-101, [1, 1, 1], [-34, -34, -33]),
    ],
)
def test_a_split_goes_by_the_largest_remainder(
    total: int, weighted: list[int], parts: list[int]
) -> None:
    assert split(total, weighted) == parts


@pytest.mark.parametrize("weighted", [[], [1, -1]])
def test_a_split_without_weights_is_refused(weighted: list[int]) -> None:
    with pytest.raises(ValueError, match="a split needs weights"):
        split(100, weighted)


@quick
@given(st.integers(-(10**12), 10**12), weights)
def test_a_split_loses_nothing_and_is_within_one_unit(total: int, weighted: list[int]) -> None:
    parts = split(total, weighted)
    assert sum(parts) == total
    whole = sum(weighted)
    for part, weight in zip(parts, weighted, strict=True):
        exact = Fraction(total * weight, whole) if whole else Fraction(total, len(weighted))
        assert abs(part - exact) < 1
