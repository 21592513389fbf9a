"""Every text has its Chinese, and the compiled catalogue is that of the source."""

import re

from babel.messages.mofile import read_mo

from tests.translations import COMPILED, as_python, catalogue, texts, texts_of


def test_every_text_is_translated_and_nothing_else() -> None:
    known = {(m.context, str(m.id)): str(m.string) for m in catalogue() if m.id}
    assert set(known) == texts()
    assert not [text for text, chinese in known.items() if not chinese]
    assert not [text for text, chinese in known.items() if slots(text[1]) != slots(chinese)]


def slots(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


def test_the_compiled_catalogue_is_up_to_date() -> None:
    with COMPILED.open("rb") as file:
        compiled = {(_text(m.context), m.id): m.string for m in read_mo(file) if m.id}
    assert compiled == {(m.context, m.id): m.string for m in catalogue() if m.id}


def _text(context: object) -> object:
    """Babel reads a context from a compiled catalogue as bytes."""
    return context.decode() if isinstance(context, bytes) else context


def test_a_text_is_found_wherever_it_is_said() -> None:
    template = """{% load i18n %}<p>{% translate "It's one" %} said
      {% blocktranslate trimmed with a=b %}two
      {{ a }}{% endblocktranslate %}</p>{# {% translate "none" %} #}"""
    assert set(texts_of(as_python(template))) == {(None, "It's one"), (None, "two %(a)s")}
    assert set(texts_of("x = _('three') + pgettext('of', 'four')")) == {
        (None, "three"),
        ("of", "four"),
    }
