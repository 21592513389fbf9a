"""Money: integers in the minor unit of a currency, and every rounding by its name. Pure.

Amounts carry no currency of their own; it stands beside them. Nothing here makes a float.
"""

from collections.abc import Sequence

# ISO 4217, list one as of 2026-01-01, with the currencies withdrawn since 2023, which the
# facts of an old order may still name. Funds, metals and test codes are not money to pay with.
_EXPONENTS: dict[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP "
        "LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR "
        "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD "
        "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG "
        "YER ZAR ZMW ZWG ZWL"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
EXPONENTS: dict[str, int] = {
    code: exponent for exponent, codes in _EXPONENTS.items() for code in codes.split()
}
"""Digits after the decimal point of each currency's minor unit."""

BASIS_POINTS: int = 10_000
"""Basis points in a whole: 500 of them are 5 %."""


class AmountError(ValueError):
    """A text that is no exact amount of its currency, or a currency that does not exist."""


def exponent(currency: str) -> int:
    """The digits after the decimal point of `currency` (ISO 4217); AmountError if unknown."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise AmountError(f"{currency!r} is not a currency of ISO 4217") from None


def minor_units(text: str, currency: str) -> int:
    """The minor units that a decimal text such as `"21.99"` names, exactly.

    Plain digits with at most one point and a leading minus; more decimals than the currency
    has, an exponent, a separator of thousands or an empty text are AmountError: never rounded.
    """
    digits = exponent(currency)
    whole, point, fraction = text.removeprefix("-").partition(".")
    if not _is_digits(whole) or (point and not _is_digits(fraction)):
        raise AmountError(f"{text!r} is not a plain decimal amount")
    if len(fraction) > digits:
        raise AmountError(f"{text!r} has more decimals than {currency}, which has {digits}")
    amount = int(whole + fraction.ljust(digits, "0"))
    return -amount if text.startswith("-") else amount


def decimal_text(amount: int, currency: str) -> str:
    """The plain decimal text of `amount` minor units: `2199` in BRL is `"21.99"`."""
    digits = exponent(currency)
    sign = "-" if amount < 0 else ""
    if digits == 0:
        return f"{sign}{abs(amount)}"
    whole, fraction = divmod(abs(amount), 10**digits)
    return f"{sign}{whole}.{fraction:0{digits}d}"


def share(amount: int, basis_points: int) -> int:
    """`basis_points` of `amount`, rounded half up (an exact half goes towards the larger)."""
    return (amount * basis_points + 5_000) // 10_000


def percentage(
    amount: int, basis_points: int, *, at_least: int = 0, at_most: int | None = None
) -> int:
    """`basis_points` of `amount`, half up, then raised to `at_least` or cut to `at_most`.

    All amounts in minor units of one currency. A floor above its cap has no meaning; terms
    refuse it, so it is not looked for here.
    """
    part = (amount * basis_points + 5_000) // 10_000
    if part < at_least:
        return at_least
    if at_most is not None and part > at_most:
        return at_most
    return part


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in parts proportional to `weights`, by largest remainder; the parts add up to it.

    Each part is the exact one rounded down or up. Ties go to the lower index; weights that are
    all 0 count as equal. A negative total gives the parts of the positive one, negated, so that
    what was split can be taken back. No weights, or a negative one, is a ValueError.
    """
    if not weights or min(weights) < 0:
        raise ValueError("a split needs weights, none of them negative")
    if total < 0:
        return [-part for part in split(-total, weights)]
    whole = sum(weights)
    if whole == 0:
        return split(total, [1] * len(weights))
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        # The order is by remainder, largest first; sorting is stable, so ties keep their index.
        by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
        for index in by_remainder[:left]:
            parts[index] += 1
    return parts


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
