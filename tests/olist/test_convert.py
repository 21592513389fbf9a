"""What the converter says of a folder: facts, counts, and one sentence when it cannot."""

import gzip
from pathlib import Path
from random import Random

import pytest
from msgspec import json

from makegood.clock.instants import instant
from makegood.guarantees.facts.vocabulary import AnyFact, OrderPaid
from makegood.trade.sources import olist
from makegood.trade.sources.ndjson import json_lines
from makegood.trade.sources.olist_facts import complete, facts
from makegood.trade.sources.tables import FolderError
from tests.olist.evaluation import evaluate, fold_all, promises
from tests.olist.folders import make_folder

ORDERS = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\n"
)
ITEMS = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
PAYMENTS = "order_id,payment_sequential,payment_type,payment_installments,payment_value\n"
ORDER = "A,c,{status},2017-05-01 10:00:00,{approved},{carrier},{delivered},2017-05-20 00:00:00\n"
DEFAULTS = {"status": "delivered", "approved": "", "carrier": "", "delivered": ""}
TWO_SELLERS = (
    "A,1,hat,Bob,2017-05-03 00:00:00,10.00,0.00\nA,2,cup,Eve,2017-05-03 00:00:00,5.00,0.00\n"
)


def folder_of(directory: Path, orders: str, items: str = "", payments: str = "") -> Path:
    (directory / olist.ORDERS).write_text(ORDERS + orders)
    (directory / olist.LINES).write_text(ITEMS + items)
    (directory / olist.PAYMENTS).write_text(PAYMENTS + payments)
    return directory


def told(directory: Path) -> list[str]:
    return [
        f"{fact.time:%d %H:%M} {fact.merchant} {fact.id}" for fact in facts(olist.read(directory))
    ]


def order(**cells: str) -> str:
    return ORDER.format(**DEFAULTS | cells)


@pytest.mark.parametrize(
    ("orders", "items", "payments", "expected"),
    [
        pytest.param(
            order(approved="2017-05-02 10:00:00", carrier="2017-05-04 10:00:00"),
            "A,1,hat,Bob,2017-05-03 00:00:00,10.00,0.00\n",
            "A,1,boleto,1,10.00\n",
            ["01 10:00 Bob A/1/priced", "02 10:00 Bob A/paid", "04 10:00 Bob A/1/picked_up"],
            id="approval is when it was paid",
        ),
        pytest.param(
            order(),
            TWO_SELLERS,
            "A,1,boleto,1,15.00\n",
            [
                "01 10:00 Bob A/1/priced",
                "01 10:00 Eve A/2/priced",
                "01 10:00 Bob A/paid",
                "01 10:00 Eve A/paid",
            ],
            id="one report per seller",
        ),
        pytest.param(
            order(status="canceled", delivered="2017-05-04 10:00:00"),
            TWO_SELLERS,
            "A,1,boleto,1,0.00\n",
            ["01 10:00 Bob A/1/priced", "01 10:00 Eve A/2/priced"],
            id="an unpaid order tells prices only",
        ),
        pytest.param(
            order(status="canceled", delivered="2017-05-04 10:00:00"),
            "",
            "A,1,boleto,1,15.00\n",
            [
                "01 10:00 platform A/paid",
                "04 10:00 platform A/0/delivered",
                "04 10:00 platform A/cancelled",
            ],
            id="without lines in the platform's book",
        ),
        pytest.param(
            order(status="unavailable", approved="2017-05-02T12:00:00+02:00"),
            "",
            "A,1,boleto,1,15.00\n",
            ["02 10:00 platform A/paid", "02 10:00 platform A/out_of_stock"],
            id="a zone is minded",
        ),
    ],
)
def test_facts(orders: str, items: str, payments: str, expected: list[str], tmp_path: Path) -> None:
    assert told(folder_of(tmp_path, orders, items, payments)) == expected


def test_each_line_has_its_share_of_each_payment(tmp_path: Path) -> None:
    payments = "A,1,voucher,1,1.00\nA,2,voucher,1,0.00\nA,3,credit_card,1,14.00\n"
    folder = olist.read(folder_of(tmp_path, order(), TWO_SELLERS, payments))
    paid = [fact.data for fact in facts(folder) if isinstance(fact, OrderPaid)]
    assert [[line.paid for line in one.lines] for one in paid] == [[(67, 933)], [(33, 467)]]
    assert [(part.id, part.amount) for part in paid[1].payments] == [("A/1", 33), ("A/3", 467)]


def test_facts_are_counted_in_order_unique_and_readable(tmp_path: Path) -> None:
    folder = olist.read(make_folder(tmp_path, seed=5))
    made = [*facts(folder), complete(folder.as_of)]
    assert len(made) == folder.fact_count + 1
    assert len({(fact.merchant, fact.id) for fact in made}) == len(made)
    assert made == sorted(made, key=lambda fact: fact.time)
    decoder = json.Decoder(AnyFact)
    assert [decoder.decode(line) for line in json_lines(made)] == made


def test_order_and_repetition_change_nothing(tmp_path: Path) -> None:
    folder = olist.read(make_folder(tmp_path, seed=6))
    made = list(facts(folder))
    mixed = [*made, *made[::3]]
    Random(6).shuffle(mixed)
    covered, at = promises("olist.toml"), instant(folder.as_of)
    assert evaluate(fold_all(mixed), covered, at) == evaluate(fold_all(made), covered, at)


BAD_STAMP = order().replace("2017-05-01 10:00:00", "yesterday")
ITEM = "A,{n},hat,Bob,2017-05-03 00:00:00,{price},0.00\n"


@pytest.mark.parametrize(
    ("orders", "items", "payments", "sentence"),
    [
        (BAD_STAMP, "", "", "orders_dataset.csv, line 2: order_purchase_timestamp is 'yesterday'"),
        (order() * 2, "", "", "orders_dataset.csv, line 3: the order A stands here a second time"),
        ("A,c\n", "", "", "orders_dataset.csv, line 2: there are 2 columns instead of 8"),
        ("", "", "", "orders_dataset.csv holds no order"),
        (order(), ITEM.format(n=1, price="ten"), "", "line 2: price is 'ten', not an amount"),
        (order(), ITEM.format(n=1, price="-1.00"), "", "line 2: price is '-1.00', not an amount"),
        (order(), ITEM.format(n=1, price="1.005"), "", "line 2: price is '1.005', not an amount"),
        (order(), ITEM.format(n=0, price="1.00"), "", "order_item_id is '0', not a number from 1"),
        (order(), ITEM.format(n=1, price="1.00") * 2, "", "line 3: the line A/1 stands here a se"),
        (order(), "", "A,1,boleto,1,\n", "payments_dataset.csv, line 2: payment_value is ''"),
        (order(), "", "A,1,boleto,1,1.00\n" * 2, "line 3: the payment A/1 stands here a second"),
        (order().replace("A,", ",", 1), "", "", "line 2: order_id is '', not an identifier"),
    ],
)
def test_a_wrong_row_is_one_sentence(
    orders: str, items: str, payments: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(FolderError) as error:
        olist.read(folder_of(tmp_path, orders, items, payments))
    assert sentence in str(error.value)
    assert str(error.value).count("\n") == 0


def test_a_wrong_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="is not a folder"):
        olist.read(tmp_path / "absent")
    with pytest.raises(FolderError, match=r"has no olist_orders_dataset\.csv"):
        olist.read(tmp_path)
    folder_of(tmp_path, order())
    (tmp_path / olist.LINES).write_text(ITEMS.replace("seller_id,", ""))
    with pytest.raises(FolderError, match="line 1: the column seller_id is missing"):
        olist.read(tmp_path)
    (tmp_path / olist.LINES).unlink()
    (tmp_path / f"{olist.LINES}.gz").write_bytes(gzip.compress(ITEMS.encode())[:20])
    with pytest.raises(FolderError, match=r"olist_order_items_dataset\.csv\.gz cannot be read"):
        olist.read(tmp_path)


def test_lines_of_absent_orders_are_left_out(tmp_path: Path) -> None:
    items = "Z,1,hat,Bob,2017-05-03 00:00:00,10.00,0.00\n"
    assert told(folder_of(tmp_path, order(), items, "Z,1,boleto,1,9.00\n")) == []
