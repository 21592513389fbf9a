"""Many connections post to the same books: nothing is overdrawn, lost or waited for in a circle."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Cursor

from makegood.ledger.actions import post, set_caps
from makegood.ledger.chart import AccountName as A
from makegood.ledger.check import differences
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind
from makegood.ledger.refusals import PostingRefused, Reason
from makegood.ledger.steps import Settle, Step
from tests.ledger.books import ENTRY, balance, fall, made_id, move, paid

Work = Callable[[Cursor[Any]], str]
WORKERS = 6


def at_once(url: str, works: Sequence[Work]) -> Counter[str]:
    """Do each work in a transaction on one of several connections; how often what came out."""

    def do(work: Work) -> str:
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            return work(cursor)

    with ThreadPoolExecutor(WORKERS) as pool:
        return Counter(pool.map(do, works))


def posting(*steps: Step) -> Work:
    """Post the steps; what came out, in a word."""

    def work(cursor: Cursor[Any]) -> str:
        try:
            outcomes = post(cursor, steps, entry_id=ENTRY)
        except PostingRefused as refused:
            return refused.reason
        if any(outcome.uncovered for outcome in outcomes):
            return "uncovered"
        return "repeated" if all(outcome.repeated for outcome in outcomes) else "posted"

    return work


def found(url: str, caps: dict[tuple[UUID, str], int]) -> list[str]:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        return [str(difference) for difference in differences(cursor, caps)]


def test_one_account_is_never_overdrawn(own_database: str) -> None:
    """Forty withdrawals of 30 from 1,000, each in its own transaction: 33 find enough."""
    with psycopg.connect(own_database) as connection:
        top_up = move("top-up", A.CASH, A.DEPOSIT, 1_000, Code.DEPOSIT_TOPPED_UP)
        post(connection.cursor(), [top_up], entry_id=ENTRY)
    works = [
        posting(move(("out", n), A.DEPOSIT, A.CASH, 30, Code.DEPOSIT_WITHDRAWN, reserve=True))
        for n in range(40)
    ]
    assert at_once(own_database, works) == {
        "posted": 33,
        Reason.ACCOUNT_WOULD_BE_OVERDRAWN: 7,
    }
    assert found(own_database, {}) == []


def test_a_waterfall_never_takes_twice_what_is_there(own_database: str) -> None:
    """Thirty awards of 70 on 500 of escrow, 300 of deposit and a cap of 700."""
    book = made_id("merchant", "bob")
    with psycopg.connect(own_database) as connection:
        set_caps(connection.cursor(), {(book, "BRL"): 700})
        top_up = move("top-up", A.CASH, A.DEPOSIT, 300, Code.DEPOSIT_TOPPED_UP)
        post(connection.cursor(), [paid("order", 500), top_up], entry_id=ENTRY)
    paths = [(source, A.OWED_CONSUMER) for source in (A.ESCROW, A.DEPOSIT, A.ADVANCE)]
    works = [posting(fall(("award", n), 70, *paths)) for n in range(30)]
    assert at_once(own_database, works) == {"posted": 21, "uncovered": 9}
    with psycopg.connect(own_database) as connection:
        assert balance(connection.cursor(), A.OWED_CONSUMER) == -21 * 70
    assert found(own_database, {(book, "BRL"): 700}) == []


def test_the_same_set_posted_by_all_at_once_is_posted_once(own_database: str) -> None:
    steps = [paid(("order", n), 10) for n in range(20)]
    works = [posting(*steps), posting(*steps[:1])] * WORKERS
    results = at_once(own_database, works)
    assert results["posted"] + results["repeated"] == len(works)
    with psycopg.connect(own_database) as connection:
        assert balance(connection.cursor(), A.CASH) == 200
    assert found(own_database, {}) == []


def test_a_reserve_is_settled_by_one_of_many(own_database: str) -> None:
    with psycopg.connect(own_database) as connection:
        withdrawal = move("out", A.DEPOSIT, A.CASH, 30, Code.DEPOSIT_WITHDRAWN, reserve=True)
        top_up = move("top-up", A.CASH, A.DEPOSIT, 30, Code.DEPOSIT_TOPPED_UP)
        post(connection.cursor(), [top_up, withdrawal], entry_id=ENTRY)
    works = [
        posting(
            Settle(withdrawal.merchant_id, made_id("end", n), withdrawal.id, kind, made_id(n), n)
        )
        for n, kind in enumerate([Kind.POST, Kind.VOID, Kind.EXPIRE] * 4)
    ]
    assert at_once(own_database, works) == {"posted": 1, Reason.RESERVE_ALREADY_SETTLED: 11}
    assert found(own_database, {}) == []


def test_sets_over_many_new_books_in_any_order_do_not_wait_in_a_circle(own_database: str) -> None:
    """Every set touches many merchants, most not seen before, each set in another order."""
    chance = Random(7)
    merchants = [made_id("merchant", n) for n in range(40)]
    works = []
    for batch in range(24):
        chosen = chance.sample(merchants, 25)
        works.append(posting(*(paid((batch, str(one)), 10, merchant_id=one) for one in chosen)))
    assert at_once(own_database, works) == {"posted": 24}
    with psycopg.connect(own_database) as connection:
        total = sum(balance(connection.cursor(), A.CASH, one) for one in merchants)
    assert total == 24 * 25 * 10
    assert found(own_database, {}) == []
