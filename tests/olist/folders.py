"""Invented folders in the form of the real orders: small, seeded, and full of edges."""

import csv
import gzip
import io
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

Row = dict[str, str]
START = datetime(2017, 3, 1)  # noqa: DTZ001 (the files' stamps name no zone)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
STAMPS = ("purchase_timestamp", "approved_at", "delivered_carrier_date", "delivered_customer_date")
STATES = ["delivered"] * 9 + ["shipped", "processing", "created", "invoiced", "approved"]


def text(stamp: datetime | None) -> str:
    return "" if stamp is None else stamp.isoformat(" ")


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


class Invention:
    """One folder in the making; each method adds one kind of row."""

    def __init__(self, seed: int, orders: int) -> None:
        self.chance = Random(seed)
        self.orders: list[Row] = []
        self.items: list[Row] = []
        self.payments: list[Row] = []
        self.bought: list[tuple[datetime, str, str]] = []
        for number in range(orders):
            self.add_order(f"order-{seed}-{number}")
        self.put_limits_on_edges()

    def add_order(self, order: str) -> None:
        purchased, offer = self.purchase()
        total = self.add_items(order, purchased, offer)
        self.add_payments(order, total)
        limit = min((row["shipping_limit_date"] for row in self.items_of(order)), default="")
        estimated = (purchased + self.chance.randrange(3, 20) * DAY).replace(hour=0, minute=0)
        estimated = estimated.replace(second=0)
        picked_up = self.picked_up(purchased, limit)
        delivered = self.delivered(picked_up or purchased, estimated)
        status = self.chance.choice(STATES)
        if self.chance.random() < 0.16:
            status = "canceled"
        elif self.chance.random() < 0.13:
            status = "unavailable"
            delivered = delivered if self.chance.random() < 0.1 else None
        approved = purchased + self.chance.randrange(-60, 90_000) * SECOND
        stamps = [purchased, approved, picked_up, delivered]
        if self.chance.random() < 0.1:
            stamps[1] = None
        row = {"order_id": order, "customer_id": f"customer-of-{order}", "order_status": status}
        row |= {f"order_{name}": text(at) for name, at in zip(STAMPS, stamps, strict=True)}
        row["order_estimated_delivery_date"] = text(estimated)
        self.orders.append(row)

    def items_of(self, order: str) -> list[Row]:
        return [row for row in self.items[-6:] if row["order_id"] == order]

    def purchase(self) -> tuple[datetime, tuple[str, str] | None]:
        """A moment, and an offer that is to be bought again exactly at a window's edge."""
        if self.bought and self.chance.random() < 0.4:
            at, seller, product = self.chance.choice(self.bought)
            gap = self.chance.choice([0, 1, 719 * 3600, 720 * 3600, 720 * 3600 + 1])
            return at + gap * SECOND, (seller, product)
        return START + self.chance.randrange(60 * 86_400) * SECOND, None

    def price(self) -> int:
        """Amounts whose 5 % or 10 % ends in half a cent, meet a floor or a cap, or are nothing."""
        return self.chance.choice(
            [0, 10, 1990, 2010, 2030, 4995, 5005, 5015, 100_000, 199_990, 200_010, 250_000]
            + [self.chance.randrange(1, 30_000) for _ in range(12)]
        )

    def add_items(self, order: str, purchased: datetime, offer: tuple[str, str] | None) -> int:
        total = 0
        for number in range(1, 1 + self.chance.choice([0, 1, 1, 1, 1, 2, 3, 5])):
            fresh = (f"seller-{self.chance.randrange(5)}", f"product-{self.chance.randrange(6)}")
            seller, product = offer if offer and self.chance.random() < 0.7 else fresh
            price, freight = self.price(), self.chance.choice([0, self.chance.randrange(3_000)])
            limit = purchased + self.chance.randrange(1, 9 * 86_400) * SECOND
            self.bought.append((purchased, seller, product))
            total += price + freight
            self.items.append(
                {
                    "order_id": order,
                    "order_item_id": str(number),
                    "product_id": product,
                    "seller_id": seller,
                    "shipping_limit_date": text(limit),
                    "price": money(price),
                    "freight_value": money(freight),
                }
            )
        return total

    def add_payments(self, order: str, total: int) -> None:
        """None, nothing, one, or many vouchers; sometimes less or more than the lines cost."""
        kind = self.chance.randrange(20)
        amounts = [total]
        if kind == 0:
            amounts = []
        elif kind == 1:
            amounts = [0, 0]
        elif kind < 8:
            amounts = [self.chance.randrange(1 + total) for _ in range(self.chance.randrange(2, 7))]
        elif total == 0:
            amounts = [self.chance.randrange(1, 20_000)]
        for number, amount in enumerate(amounts, 1):
            row = {"order_id": order, "payment_sequential": str(number), "payment_type": "voucher"}
            self.payments.append(row | {"payment_value": money(amount)})

    def picked_up(self, purchased: datetime, limit: str) -> datetime | None:
        if self.chance.random() < 0.2:
            return None
        edge = datetime.fromisoformat(limit or text(purchased))
        usual = purchased + self.chance.randrange(12 * 86_400) * SECOND
        return self.chance.choice([edge, edge + SECOND, edge - SECOND, usual, usual, usual])

    def delivered(self, dispatched: datetime, estimated: datetime) -> datetime | None:
        """Sometimes before the carrier had it, sometimes at an edge of the estimated day."""
        if self.chance.random() < 0.35:
            return None
        usual = dispatched + self.chance.randrange(15 * 86_400) * SECOND
        edges = [estimated, estimated + DAY - SECOND, estimated + DAY]
        return self.chance.choice([usual, usual, usual, dispatched - 5 * SECOND, *edges])

    def put_limits_on_edges(self) -> None:
        """Some limits fall exactly on the folder's last moment or on the end of their order."""
        last = {
            row["order_id"]: max(row[f"order_{name}"] for name in STAMPS) for row in self.orders
        }
        as_of = max(last.values())
        for row in self.items:
            edge = datetime.fromisoformat(self.chance.choice([as_of, last[row["order_id"]]]))
            if self.chance.random() < 0.15:
                limit = edge + self.chance.choice([-1, 0, 1]) * SECOND
                row["shipping_limit_date"] = text(limit)


def write(path: Path, rows: list[Row], columns: list[str], packed: bool) -> None:
    out = io.StringIO()
    table = csv.DictWriter(out, columns, quoting=csv.QUOTE_ALL if packed else csv.QUOTE_MINIMAL)
    table.writeheader()
    table.writerows(rows)
    content = out.getvalue().encode()
    if packed:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content))
    else:
        path.write_bytes(content)


def make_folder(directory: Path, seed: int, orders: int = 300) -> Path:
    """Writes a folder; odd seeds are packed, and every third has no customers and products."""
    made = Invention(seed, orders)
    tables = {"orders": made.orders, "order_items": made.items, "order_payments": made.payments}
    if seed % 3:
        tables["products"] = [
            {"product_id": f"product-{n}", "product_category_name": "papelaria"} for n in range(6)
        ]
        tables["customers"] = [
            {
                "customer_id": row["customer_id"],
                "customer_unique_id": f"person-{made.chance.randrange(orders)}",
                "customer_zip_code_prefix": "35550",
                "customer_city": "itapecerica",
                "customer_state": "MG",
            }
            for row in made.orders
        ]
    directory.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(rows[0])
        made.chance.shuffle(rows)
        write(directory / f"olist_{name}_dataset.csv", rows, columns, packed=bool(seed % 2))
    return directory
