"""Facts, keys and calls for the tests of the API."""

import json
from typing import Any

from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from makegood.people.keys import create_key
from makegood.people.models import Scope
from makegood.storage.cursors import begin

NDJSON = "application/x-ndjson"
BATCH = "application/cloudevents-batch+json"
EVENT = "application/cloudevents+json"
ARRAY = "application/json"


def priced(id: str, **other: Any) -> dict[str, Any]:
    """A fact: Bob sells his lamp for 20.00 from a moment on."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": "shop",
        "type": "offer.priced",
        "time": "2026-05-11T09:40:00Z",
        "subject": "lamp",
        "merchant": "bob",
        "data": {"price": 2000, "currency": "CNY"},
    } | other


def lines(*facts: Any) -> bytes:
    return b"\n".join(json.dumps(fact).encode() for fact in facts)


def array(*facts: Any) -> bytes:
    return json.dumps(facts).encode()


def new_key(*scopes: Scope) -> str:
    with begin() as cursor:
        return create_key(cursor, name="the shop", scopes=scopes, at=0, actor="test")


def report(
    key: str, body: bytes | str, kind: str = NDJSON, **headers: str
) -> tuple[HttpResponse, Any]:
    """Report facts in this process; the response and its JSON."""
    client = Client(raise_request_exception=False)
    response: Any = client.post(
        "/v1/facts",
        data=body,
        content_type=kind,
        headers={"Authorization": f"Bearer {key}", **headers},
    )
    return response, json.loads(response.content)


def results(reply: Any) -> list[tuple[int, str, str]]:
    return [(one["place"], one["id"], one["result"]) for one in reply["results"]]


def row_counts() -> dict[str, int]:
    """How many rows each table has."""
    counts = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            counts[model._meta.db_table] = cursor.fetchone()[0]
    return counts
