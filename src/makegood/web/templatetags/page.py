"""Files, figures, money and moments as pages show them."""

from datetime import UTC, datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext, to_locale

from makegood.guarantees.catalogue import CATALOGUE
from makegood.money import decimal_text
from makegood.web.assets import address_of

register = template.Library()
register.simple_tag(address_of, name="asset")


@register.simple_tag
def language_tag(language: str) -> str:
    """The language as HTML names it: zh-hans is "zh-Hans"."""
    return to_locale(language).replace("_", "-")


@register.filter
def figure(number: int) -> str:
    """A whole number, its thousands apart: 13980 is "13,980"."""
    return f"{number:,}"


@register.filter
def amount(minor: int, currency: str) -> str:
    """Minor units as the currency writes them, without its name: 1319846 is "13,198.46"."""
    whole, point, fraction = decimal_text(minor, currency).partition(".")
    return f"{int(whole):,}{point}{fraction}"


@register.simple_tag
def money(minor: int, currency: str) -> SafeString:
    """An amount with its currency."""
    return format_html(
        '<span class="money"><abbr>{}</abbr> {}</span>', currency, amount(minor, currency)
    )


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """A moment to the minute in UTC, its zone on hover and in print."""
    utc = at.astimezone(UTC)
    shown = date_format(utc, pgettext("a format of Django's date filter", "j M Y, H:i"))
    return format_html(
        '<time datetime="{}" data-zone="UTC" title="{} UTC">{}</time>',
        utc.isoformat(),
        f"{utc:%Y-%m-%d %H:%M:%S}",
        shown,
    )


@register.filter
def guarantee_title(code: str) -> str:
    """The name of a guarantee in the page's language."""
    guarantee = CATALOGUE[code]
    return guarantee.title_zh if (get_language() or "").startswith("zh") else guarantee.title_en
