"""Files, figures and money as pages show them."""

from django import template

from makegood.money import decimal_text, exponent
from makegood.web.assets import address_of

register = template.Library()
register.simple_tag(address_of, name="asset")


@register.filter
def figure(number: int) -> str:
    """A whole number, its thousands apart: 13980 is "13,980"."""
    return f"{number:,}"


@register.filter
def amount(minor: int, currency: str) -> str:
    """Minor units as the currency writes them, without its name: 1319846 is "13,198.46"."""
    whole, point, fraction = decimal_text(minor, currency).partition(".")
    return f"{int(whole):,}{point}{fraction}" if exponent(currency) else f"{minor:,}"
