"""The texts of pages and problems in the code, and their translations.

Run as a program (`make translations`) it brings the catalogue up to date and compiles it.
"""

import ast
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parent.parent / "src" / "makegood"
FOLDER = SOURCE / "web" / "locale" / "zh_Hans" / "LC_MESSAGES"
CATALOGUE = FOLDER / "django.po"
COMPILED = FOLDER / "django.mo"
PLAIN = {"gettext", "gettext_lazy", "_"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_UNCHANGING = datetime(2026, 11, 22, tzinfo=UTC)
Text = tuple[str | None, str]
"""A context, if it has one, and the English text."""


def texts() -> set[Text]:
    """Every text that a page or a problem can show."""
    found: set[Text] = set()
    for folder in (SOURCE / "api", SOURCE / "web"):
        for path in folder.rglob("*.py"):
            found |= set(texts_of(path.read_text(encoding="utf-8")))
        for path in folder.rglob("*.html"):
            found |= set(texts_of(as_python(path.read_text(encoding="utf-8"))))
    return found


def as_python(template: str) -> str:
    """The calls that a template makes, one to a line."""
    calls = re.findall(
        r"\bgettext\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")\)", templatize(template)
    )
    return "\n".join(calls)


def texts_of(code: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in PLAIN:
                yield None, said[0]
            elif node.func.id in IN_CONTEXT:
                yield said[0], said[1]


def catalogue(path: Path = CATALOGUE) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def renew() -> None:
    """Add new texts, take away those no longer said, and compile."""
    known = catalogue()
    renewed = Catalog(
        locale="zh_Hans",
        project="Makegood",
        fuzzy=False,
        creation_date=_UNCHANGING,
        revision_date=_UNCHANGING,
    )
    for context, text in sorted(texts(), key=lambda one: (one[1], one[0] or "")):
        old = known.get(text, context)
        flags = {"python-format"} if re.search(r"%\(\w+\)s", text) else set()
        renewed.add(text, old.string if old else "", context=context, flags=flags)
    with CATALOGUE.open("wb") as file:
        write_po(file, renewed, width=100, omit_header=True)
    with COMPILED.open("wb") as file:
        write_mo(file, renewed)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql:///not-used")
    renew()
