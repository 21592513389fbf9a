"""Rows that the hot path copies are the rows that a plain way through the ORM writes."""

import json
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import pytest
from django.db import models, transaction

from makegood.storage.bulk import columns_of
from makegood.trade.events import read_content, read_lines
from makegood.trade.models import Fact, Price
from makegood.watch.actions.taking import take
from tests.watch.small_market import AT, BATCHES

pytestmark = pytest.mark.usefixtures("db")
Told = dict[str, Any]
Rows = list[dict[str, Any]]
FACTS: list[Told] = [told for told in BATCHES[0] if told["type"] != "fact.retracted"]
ABOUT_LINES = (
    "line.",
    "carrier.",
    "installation.",
    "return.",
    "repair.",
    "replacement.",
    "refund.",
)
PERSONAL = ("consumer", "destination", "note")
BY_CHANCE = ("entry_id", "personal_digest")
"""What the record and a drawn salt give."""


def key(*cause: str) -> UUID:
    return UUID(bytes=blake2b("\x1f".join(cause).encode(), digest_size=16).digest())


def order_key(order: str) -> UUID:
    digest = blake2b(order.encode(), digest_size=12, person=b"order").digest()
    return UUID(bytes=digest + bytes(4))


def about(told: Told) -> UUID | None:
    if told["type"].startswith("order."):
        return order_key(told["subject"])
    if told["type"].startswith(ABOUT_LINES):
        return order_key(told["subject"].rpartition("/")[0])
    return None


def save_with_the_orm(told: Told, arrival: int) -> None:
    merchant_id, id = key("merchant", told["merchant"]), key(told["source"], told["id"])
    at, data = datetime.fromisoformat(told["time"]).astimezone(UTC), told["data"]
    bare = {name: value for name, value in data.items() if name not in PERSONAL}
    Fact(
        merchant_id=merchant_id,
        id=id,
        arrival=arrival,
        entry_id=UUID(int=1),
        type=told["type"],
        about_id=about(told),
        at=at,
        content=json.dumps(told | {"data": bare}),
    ).save(force_insert=True)
    if told["type"] == "offer.priced":
        Price(
            merchant_id=merchant_id,
            item_id=key("item", told["subject"]),
            at=at,
            fact_id=id,
            ref=told["id"],
            price_minor=data["price"],
            currency=data["currency"],
        ).save(force_insert=True)


def rows(model: type[models.Model]) -> Rows:
    """The rows of a table; contents by what they say, whatever the order of their names."""
    names = [name for name in columns_of(model) if name not in BY_CHANCE]
    found: Rows = list(model._default_manager.order_by("pk").values(*names))
    for row in found:
        if "content" in row:
            row["content"] = read_content(row["content"])
    return found


@pytest.mark.parametrize("model", [Fact, Price])
@pytest.mark.parametrize("size", [1, 4, len(FACTS)])
def test_the_hot_path_writes_what_the_orm_writes(model: type[models.Model], size: int) -> None:
    with transaction.atomic():
        for arrival, told in enumerate(FACTS, 1):
            save_with_the_orm(told, arrival)
        plainly = rows(model)
        transaction.set_rollback(True)
    assert not model._default_manager.exists()
    lines = [json.dumps(told).encode() for told in FACTS]
    for first in range(0, len(lines), size):
        arrivals, refused = read_lines(lines[first : first + size])
        assert not refused
        take(arrivals, at=AT, actor="test")
    assert rows(model) == plainly
    assert plainly
