"""What the report must say of a folder of real orders, worked out without Makegood.

This file imports nothing of Makegood and shares no code with it: it reads the CSV files with
plain dictionaries and does its own arithmetic, so that an error would have to be made twice.
All figures are minor units. Run it as `python tests/olist/oracle.py FOLDER [AS_OF] [MEASURE]`.
"""

import csv
import gzip
import io
import json
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

Row = dict[str, str]
Figures = dict[str, dict[str, int]]
WINDOW = timedelta(hours=720)
STAMPS = (
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
)


def rows(directory: Path, name: str) -> list[Row]:
    """All rows of one of the folder's files, packed or not."""
    plain = directory / f"olist_{name}_dataset.csv"
    packed = directory / f"{plain.name}.gz"
    content = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def when(text: str) -> datetime | None:
    """A stamp; one without a zone is UTC."""
    if not text:
        return None
    stamp = datetime.fromisoformat(text)
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


def cents(text: str) -> int:
    """An amount in minor units."""
    return int(Decimal(text) * 100)


def rate(price: int, percent: int, least: int, most: int) -> int:
    """A percentage of a price, half up, within its floor and cap."""
    exact = (Decimal(price) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return max(least, min(most, int(exact)))


def shares(payment: int, weights: list[int]) -> list[int]:
    """A payment over an order's lines: largest remainder, ties to the lower line number."""
    if sum(weights) == 0:
        weights = [1] * len(weights)
    exact = [Fraction(payment * weight, sum(weights)) for weight in weights]
    whole = [int(part) for part in exact]
    order = sorted(range(len(weights)), key=lambda n: (whole[n] - exact[n], n))
    for n in order[: payment - sum(whole)]:
        whole[n] += 1
    return whole


class Folder:
    """The folder's rows, by order, with what was paid for each line."""

    def __init__(self, directory: Path) -> None:
        self.orders = {row["order_id"]: row for row in rows(directory, "orders")}
        self.lines: dict[str, list[Row]] = defaultdict(list)
        self.payments: dict[str, list[int]] = defaultdict(list)
        self.prices: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
        for row in rows(directory, "order_payments"):
            self.payments[row["order_id"]].append(cents(row["payment_value"]))
        for row in rows(directory, "order_items"):
            if row["order_id"] in self.orders:
                self.lines[row["order_id"]].append(row)
                offer = (row["seller_id"], row["product_id"])
                bought = when(self.orders[row["order_id"]]["order_purchase_timestamp"])
                assert bought is not None
                self.prices[offer].append((bought, cents(row["price"])))
        for lines in self.lines.values():
            lines.sort(key=lambda row: int(row["order_item_id"]))

    def last_stamp(self, order: str) -> datetime:
        """The latest of the order's four stamps."""
        stamps = [when(self.orders[order][name]) for name in STAMPS]
        return max(stamp for stamp in stamps if stamp is not None)

    def paid_for_lines(self, order: str) -> list[int]:
        """Each line's share of all the order's payments."""
        weights = [cents(r["price"]) + cents(r["freight_value"]) for r in self.lines[order]]
        split = [shares(payment, weights) for payment in self.payments[order]]
        return [sum(parts) for parts in zip(*split, strict=True)]

    def largest_difference(self, line: Row, bought: datetime) -> int:
        """How far the seller's price of the product fell within the window, at most."""
        price = cents(line["price"])
        later = self.prices[line["seller_id"], line["product_id"]]
        falls = [price - p for at, p in later if bought < at <= bought + WINDOW]
        return max([0, *falls])


def limit_and_keeping(line: Row, order: Row, measure: str) -> tuple[datetime | None, list[str]]:
    """The promised moment, and which stamps keep the promise."""
    if measure == "dispatched":
        return when(line["shipping_limit_date"]), [STAMPS[2], STAMPS[3]]
    estimated = when(order["order_estimated_delivery_date"])
    if estimated is None:
        return None, []
    midnight = estimated.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1) - timedelta(microseconds=1), [STAMPS[3]]


def breach(
    line: Row, order: Row, ended: datetime | None, as_of: datetime, measure: str
) -> str | None:
    """`late` or `never` when the promised moment of a line was missed."""
    limit, keeping = limit_and_keeping(line, order, measure)
    if limit is None:
        return None
    kept = [stamp for stamp in (when(order[name]) for name in keeping) if stamp is not None]
    if kept:
        return "late" if min(kept) > limit else None
    return "never" if limit < as_of and (ended is None or ended > limit) else None


def expected(
    directory: Path, as_of: datetime | None = None, measure: str = "dispatched"
) -> Figures:
    """The report's figures, per guarantee and for what is held."""
    folder = Folder(directory)
    moment = as_of or max(folder.last_stamp(order) for order in folder.orders)
    sums: Figures = {
        "lightning_dispatch": {"breaches": 0, "never": 0, "compensation": 0},
        "in_stock": {"orders": 0, "refund": 0, "lines": 0, "compensation": 0},
        "refund_guarantee": {"orders": 0, "refund": 0},
        "price_protection": {"lines": 0, "refund": 0},
        "held": {"orders": 0, "paid": 0},
    }
    for name, order in folder.orders.items():
        if sum(folder.payments[name]) > 0:
            judge_order(folder, name, order, moment, measure, sums)
    return sums


def judge_order(
    folder: Folder, name: str, order: Row, as_of: datetime, measure: str, sums: Figures
) -> None:
    """Adds one paid order to the sums."""
    lines, paid = folder.lines[name], sum(folder.payments[name])
    status = order["order_status"]
    ended = folder.last_stamp(name) if status in ("canceled", "unavailable") else None
    for line in lines:
        how = breach(line, order, ended, as_of, measure)
        if how is not None:
            late = sums["lightning_dispatch"]
            late["breaches"] += 1
            late["never"] += how == "never"
            late["compensation"] += rate(cents(line["price"]), 5, 100, 10000)
    if status == "unavailable":
        stock = sums["in_stock"]
        stock["orders"] += 1
        stock["refund"] += paid
        stock["lines"] += len(lines)
        stock["compensation"] += sum(rate(cents(r["price"]), 10, 500, 10000) for r in lines)
    elif status == "canceled" and order["order_delivered_customer_date"]:
        sums["held"]["orders"] += 1
        sums["held"]["paid"] += paid
    elif status == "canceled":
        sums["refund_guarantee"]["orders"] += 1
        sums["refund_guarantee"]["refund"] += paid
    elif lines:
        add_price_protection(folder, name, order, sums["price_protection"])


def add_price_protection(folder: Folder, name: str, order: Row, sums: dict[str, int]) -> None:
    """The largest fall of each line's price, at most what was paid for the line."""
    bought = when(order["order_purchase_timestamp"])
    assert bought is not None
    for line, paid in zip(folder.lines[name], folder.paid_for_lines(name), strict=True):
        owed = min(paid, folder.largest_difference(line, bought))
        sums["lines"] += owed > 0
        sums["refund"] += owed


if __name__ == "__main__":
    at = when(sys.argv[2]) if len(sys.argv) > 2 else None
    how_measured = sys.argv[3] if len(sys.argv) > 3 else "dispatched"
    print(json.dumps(expected(Path(sys.argv[1]), at, how_measured), indent=2))
