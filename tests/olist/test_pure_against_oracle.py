"""The converter and the pure heart against the oracle, before any database."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from makegood.clock.instants import instant
from makegood.trade.sources import olist
from makegood.trade.sources.olist_facts import facts
from tests.olist.evaluation import Figures, evaluate, fold_all, promises
from tests.olist.folders import make_folder
from tests.olist.oracle import expected
from tests.olist.places import REAL_ORDERS, REAL_ORDERS_STATE

POLICIES = {"dispatched": "olist.toml", "delivered": "olist-delivery.toml"}


def without_never(figures: Figures) -> Figures:
    del figures["lightning_dispatch"]["never"]
    return figures


def told(directory: Path, as_of: datetime | None, measure: str) -> Figures:
    folder = olist.read(directory)
    at = instant(as_of or folder.as_of)
    return evaluate(fold_all(facts(folder)), promises(POLICIES[measure]), at)


@pytest.mark.parametrize("measure", POLICIES)
@pytest.mark.parametrize("seed", range(8))
def test_invented_folders(seed: int, measure: str, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, seed)
    last = olist.read(folder).as_of
    for as_of in (None, last + timedelta(seconds=1), last + timedelta(days=40)):
        assert told(folder, as_of, measure) == without_never(expected(folder, as_of, measure))


@pytest.mark.parametrize("days_before_the_end", [3, 20, 45])
def test_an_earlier_moment_judges_less_silence(days_before_the_end: int, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, seed=17)
    as_of = olist.read(folder).as_of - timedelta(days=days_before_the_end)
    for measure in POLICIES:
        assert told(folder, as_of, measure) == without_never(expected(folder, as_of, measure))


@pytest.mark.parametrize("measure", POLICIES)
@pytest.mark.parametrize("folder", [REAL_ORDERS], ids=[REAL_ORDERS_STATE])
def test_real_orders(folder: Path | None, measure: str, tmp_path: Path) -> None:
    real = folder or make_folder(tmp_path, seed=2017)
    assert told(real, None, measure) == without_never(expected(real, None, measure))


@pytest.mark.parametrize("folder", [REAL_ORDERS], ids=[REAL_ORDERS_STATE])
def test_the_oracle_says_what_was_worked_out_by_others(folder: Path | None) -> None:
    if folder is None:
        return
    assert expected(folder) == {
        "lightning_dispatch": {"breaches": 1_942, "never": 518, "compensation": 1_319_846},
        "in_stock": {"orders": 464, "refund": 9_668_009, "lines": 7, "compensation": 18_237},
        "refund_guarantee": {"orders": 286, "refund": 6_741_946},
        "held": {"orders": 5, "paid": 70_449},
        "price_protection": {"lines": 361, "refund": 475_189},
    }
    assert expected(folder, measure="delivered")["lightning_dispatch"] == {
        "breaches": 1_871,
        "never": 1_094,
        "compensation": 1_298_985,
    }
