"""The examples of `docs/api.md`, each sent as it stands and answered as it says."""

import json
import re
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from makegood.people.models import Scope
from tests.api.calls import new_key

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```http\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    blocks = BLOCK.findall((DOCS / "api.md").read_text(encoding="utf-8"))
    return list(zip(blocks[::2], blocks[1::2], strict=True))


def parts(block: str) -> tuple[str, dict[str, str], str]:
    first, _, rest = block.partition("\n")
    message = message_from_string(rest)
    return first, dict(message.items()), str(message.get_payload())


@pytest.mark.django_db
def test_every_example_is_answered_as_written() -> None:
    key = new_key(Scope.FACTS_WRITE)
    assert len(examples()) == 4
    for request, answer in examples():
        line, headers, body = parts(request.replace("KEY", key))
        method, path = line.split()
        response: Any = Client().generic(method, path, body.encode(), headers=headers)
        status, expected, content = parts(answer)
        assert response.status_code == int(status)
        assert {name: response[name] for name in expected} == expected
        assert json.loads(response.content) == json.loads(content)


def test_the_settings_that_are_read_are_the_settings_that_are_told() -> None:
    source = Path(settings.PACKAGE)
    name = re.compile(r"\b(?:MAKEGOOD_[A-Z_]*[A-Z]|DATABASE_URL)\b")
    read = {
        found
        for path in source.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "environ" in line
        for found in name.findall(line)
    }
    told = re.findall(r"^\| `(\w+)` \|", (DOCS / "settings.md").read_text(), re.MULTILINE)
    assert read <= set(told)
    assert all(any(one in path.read_text() for path in source.rglob("*.py")) for one in told)
