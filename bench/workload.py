"""A made-up stream of facts of any length, in the mix of the real orders, in order of time.

The same seed tells the same facts: sellers of uneven size, prices that drift, most orders
dispatched in time, some late, some never, a few cancelled or out of stock.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random

import msgspec

from makegood.guarantees.facts import vocabulary as say

START = datetime(2025, 1, 1, tzinfo=UTC)
SELLERS, ITEMS = 2_000, 12
SOURCE = "bench"
_encode = msgspec.json.Encoder(order="sorted").encode

Event = tuple[datetime, int, say.AnyFact]


def stream(orders: int, seed: int = 1) -> Iterator[bytes]:
    """The facts of so many orders as lines of JSON; about four to an order."""
    chance = Random(seed)  # noqa: S311 - the same facts in every run, nothing secret
    waiting: list[Event] = []
    number = 0
    for order in range(orders):
        now = START + timedelta(seconds=40 * order)
        while waiting and waiting[0][0] <= now:
            yield _encode(heappop(waiting)[2])
        for fact in _order(now, chance):
            number += 1
            heappush(waiting, (fact.time, number, fact))
    while waiting:
        yield _encode(heappop(waiting)[2])


def _order(now: datetime, chance: Random) -> Iterator[say.AnyFact]:
    ref = f"{chance.getrandbits(128):032x}"
    seller = f"{int(SELLERS * chance.random() ** 2):032x}"
    lines = 2 if chance.random() < 0.08 else 1
    bought = []
    for line in range(1, lines + 1):
        item = f"{seller[-8:]}{chance.randrange(ITEMS):024x}"
        price = 2_000 + int(item[-4:], 16) * 500 - (150 if chance.random() < 0.01 else 0)
        yield say.OfferPriced(
            id=f"{ref}/{line}/priced",
            source=SOURCE,
            time=now,
            merchant=seller,
            subject=item,
            data=say.PricedData(price=price, currency="BRL"),
        )
        freight = chance.randrange(500, 3_000)
        bought.append((line, item, price, freight))
    paid_at = now + timedelta(minutes=chance.randrange(5, 2_000))
    yield _paid(ref, seller, now, paid_at, bought)
    yield from _told(ref, seller, paid_at, lines, chance)


def _paid(
    ref: str,
    seller: str,
    now: datetime,
    paid_at: datetime,
    bought: list[tuple[int, str, int, int]],
) -> say.OrderPaid:
    total = sum(price + freight for _, _, price, freight in bought)
    return say.OrderPaid(
        id=f"{ref}/paid",
        source=SOURCE,
        time=paid_at,
        merchant=seller,
        subject=ref,
        data=say.OrderPaidData(
            placed_at=now,
            currency="BRL",
            area="SP",
            consumer=f"consumer {ref[:12]}",
            destination="01310 sao paulo",
            payments=(say.Payment(id=f"{ref}/1", amount=total),),
            lines=tuple(
                say.PaidLine(
                    number=line,
                    item=item,
                    price=price,
                    freight=freight,
                    paid=(price + freight,),
                    category="beleza_saude",
                    dispatch_by=now + timedelta(days=4),
                    deliver_by=now + timedelta(days=20),
                )
                for line, item, price, freight in bought
            ),
        ),
    )


def _told(
    ref: str, seller: str, paid_at: datetime, lines: int, chance: Random
) -> Iterator[say.AnyFact]:
    """What becomes of the order: an end, or the parcels' way."""
    fate = chance.random()
    ended = paid_at + timedelta(hours=chance.randrange(2, 300))
    if fate < 0.02:
        yield say.OrderCancelled(
            id=f"{ref}/cancelled", source=SOURCE, time=ended, merchant=seller, subject=ref
        )
        return
    if fate < 0.05:
        yield say.OrderOutOfStock(
            id=f"{ref}/out_of_stock", source=SOURCE, time=ended, merchant=seller, subject=ref
        )
        return
    picked_up = paid_at + timedelta(hours=chance.randrange(4, 100))
    delivered = picked_up + timedelta(hours=chance.randrange(24, 400))
    for line in range(1, lines + 1):
        yield say.CarrierPickedUp(
            id=f"{ref}/{line}/picked_up",
            source=SOURCE,
            time=picked_up,
            merchant=seller,
            subject=f"{ref}/{line}",
        )
        yield say.LineDelivered(
            id=f"{ref}/{line}/delivered",
            source=SOURCE,
            time=delivered,
            merchant=seller,
            subject=f"{ref}/{line}",
        )
