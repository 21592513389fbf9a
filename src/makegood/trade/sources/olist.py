"""A folder of real orders in the form of the Olist data set: its tables, joined by order.

Four stamps of an order are read, and of its status only `canceled` and `unavailable`. Customers
and products only add to the facts, so their tables may be missing; lines and payments of an
order that the folder does not hold are left out, so that a sample of orders is a folder too.
"""

from datetime import datetime
from pathlib import Path
from sys import intern

from msgspec import Struct

from makegood.guarantees.facts.vocabulary import PLATFORM
from makegood.trade.sources.tables import (
    FolderError,
    amount,
    find_table,
    moment,
    moment_or_none,
    need_table,
    read_rows,
    reference,
    whole_number,
)

SOURCE = "olist"
CURRENCY = "BRL"
ORDERS = "olist_orders_dataset.csv"
LINES = "olist_order_items_dataset.csv"
PAYMENTS = "olist_order_payments_dataset.csv"
CUSTOMERS = "olist_customers_dataset.csv"
PRODUCTS = "olist_products_dataset.csv"


class Item(Struct, gc=False):
    """One line of an order; amounts in minor units."""

    number: int
    product: str
    seller: str
    dispatch_by: datetime | None
    price: int
    freight: int


class Order(Struct):
    """An order with its lines by number and its payments by sequence."""

    id: str
    customer: str
    status: str
    purchased: datetime
    approved: datetime | None
    picked_up: datetime | None
    delivered: datetime | None
    deliver_by: datetime | None
    items: list[Item]
    payments: list[tuple[int, int]]

    @property
    def lines(self) -> list[Item]:
        """Its items, or the one line numbered 0 in the platform's book when it has none."""
        return self.items or [Item(0, "", PLATFORM, None, 0, 0)]

    @property
    def stamps(self) -> list[datetime]:
        """The order's stamps that are facts."""
        stamps = (self.purchased, self.approved, self.picked_up, self.delivered)
        return [stamp for stamp in stamps if stamp is not None]

    @property
    def ending(self) -> str | None:
        """The type of the fact that ended the order, if its status tells one."""
        return {"canceled": "order.cancelled", "unavailable": "order.out_of_stock"}.get(self.status)

    @property
    def is_paid(self) -> bool:
        """Whether its payments sum above zero."""
        return any(value for _, value in self.payments)


class Customer(Struct, gc=False):
    """Who bought, and where it goes."""

    consumer: str
    area: str
    destination: str


class Folder(Struct):
    """The orders in order of their earliest stamp, and what is known of customers and products."""

    orders: list[Order]
    customers: dict[str, Customer]
    categories: dict[str, str]
    as_of: datetime
    """The latest of all orders' stamps: up to then the folder tells all that happened."""

    @property
    def fact_count(self) -> int:
        """How many facts the folder gives, without making them."""
        return sum(map(_facts_of, self.orders))


def _facts_of(order: Order) -> int:
    prices = len(order.items)
    if not order.is_paid:
        return prices
    steps = (order.picked_up is not None) + (order.delivered is not None)
    ends = 1 + (order.ending is not None)
    return prices + steps * len(order.lines) + ends * len({item.seller for item in order.lines})


def read(directory: Path) -> Folder:
    """Reads the folder; FolderError says in one sentence what is wrong with it, and where."""
    paths = [need_table(directory, name) for name in (ORDERS, LINES, PAYMENTS)]
    orders = _read_orders(paths[0])
    if not orders:
        raise FolderError(f"{paths[0]} holds no order; name a folder that does.")
    _read_items(paths[1], orders)
    _read_payments(paths[2], orders)
    for order in orders.values():
        order.items.sort(key=lambda item: item.number)
        order.payments.sort()
    in_time = sorted(orders.values(), key=lambda order: min(order.stamps))
    return Folder(
        in_time,
        _read_customers(directory),
        _read_categories(directory),
        max(max(order.stamps) for order in in_time),
    )


def _read_orders(path: Path) -> dict[str, Order]:
    columns = (
        "order_id",
        "customer_id",
        "order_status",
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    )
    orders: dict[str, Order] = {}

    def take(cells: tuple[str, ...]) -> None:
        name = reference(cells[0], columns[0])
        if name in orders:
            raise ValueError(f"the order {name} stands here a second time")
        orders[name] = Order(
            name,
            cells[1],
            intern(cells[2]),
            moment(cells[3], columns[3]),
            moment_or_none(cells[4], columns[4]),
            moment_or_none(cells[5], columns[5]),
            moment_or_none(cells[6], columns[6]),
            moment_or_none(cells[7], columns[7]),
            [],
            [],
        )

    read_rows(path, columns, take)
    return orders


def _read_items(path: Path, orders: dict[str, Order]) -> None:
    columns = (
        "order_id",
        "order_item_id",
        "product_id",
        "seller_id",
        "shipping_limit_date",
        "price",
        "freight_value",
    )

    def take(cells: tuple[str, ...]) -> None:
        item = Item(
            whole_number(cells[1], columns[1]),
            intern(reference(cells[2], columns[2])),
            intern(reference(cells[3], columns[3])),
            moment_or_none(cells[4], columns[4]),
            amount(cells[5], columns[5], CURRENCY),
            amount(cells[6], columns[6], CURRENCY),
        )
        order = orders.get(cells[0])
        if order is None:
            return
        if any(item.number == other.number for other in order.items):
            raise ValueError(f"the line {cells[0]}/{item.number} stands here a second time")
        order.items.append(item)

    read_rows(path, columns, take)


def _read_payments(path: Path, orders: dict[str, Order]) -> None:
    columns = ("order_id", "payment_sequential", "payment_value")

    def take(cells: tuple[str, ...]) -> None:
        payment = (whole_number(cells[1], columns[1]), amount(cells[2], columns[2], CURRENCY))
        order = orders.get(cells[0])
        if order is None:
            return
        if any(payment[0] == number for number, _ in order.payments):
            raise ValueError(f"the payment {cells[0]}/{payment[0]} stands here a second time")
        order.payments.append(payment)

    read_rows(path, columns, take)


def _read_customers(directory: Path) -> dict[str, Customer]:
    columns = (
        "customer_id",
        "customer_unique_id",
        "customer_zip_code_prefix",
        "customer_city",
        "customer_state",
    )
    customers: dict[str, Customer] = {}

    def take(cells: tuple[str, ...]) -> None:
        name, consumer, zip_code, city, state = cells
        customers[name] = Customer(consumer, intern(state), f"{zip_code} {city}".strip())

    if path := find_table(directory, CUSTOMERS):
        read_rows(path, columns, take)
    return customers


def _read_categories(directory: Path) -> dict[str, str]:
    categories: dict[str, str] = {}

    def take(cells: tuple[str, ...]) -> None:
        categories[cells[0]] = intern(cells[1])

    if path := find_table(directory, PRODUCTS):
        read_rows(path, ("product_id", "product_category_name"), take)
    return categories
