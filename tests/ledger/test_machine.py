"""Random sets of steps against the model: same answers, same refusals, same totals."""

from typing import Any
from uuid import UUID

from django.db import connection
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from psycopg import Cursor

from makegood.ledger.actions import post, set_caps
from makegood.ledger.chart import AccountName as A
from makegood.ledger.check import differences
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import SETTLING
from makegood.ledger.refusals import PostingRefused
from makegood.ledger.steps import Outcome, Path, Settle, Step, Transfer, Waterfall
from tests.ledger.books import BOB, ENTRY, NOON, made_id, standing
from tests.ledger.model import Model, Refused, Said

CAP = 150
AWARDS = tuple((source, A.OWED_CONSUMER) for source in (A.ESCROW, A.DEPOSIT, A.ADVANCE))
REVERSALS = ((A.OWED_CONSUMER, A.ADVANCE), (A.OWED_CONSUMER, A.DEPOSIT))
MOVES = (
    (A.CASH, A.ESCROW, Code.ORDER_PAID, False),
    (A.CASH, A.DEPOSIT, Code.DEPOSIT_TOPPED_UP, False),
    (A.DEPOSIT, A.ADVANCE, Code.ADVANCE_RECOVERED, False),
    (A.ADVANCE, A.OWED_CONSUMER, Code.AWARDED, True),
    (A.OWED_CONSUMER, A.CASH, Code.PAYOUT_SENT, True),
    (A.ESCROW, A.OWED_CONSUMER, Code.AWARDED, True),
)
NUMBERS = st.integers(0, 11)
AMOUNTS = st.integers(1, 120)


def transfer_id(number: int) -> UUID:
    return made_id("random", number)


@st.composite
def transfers(draw: st.DrawFn) -> Step:
    debit, credit, code, reserve = draw(st.sampled_from(MOVES))
    id_, amount = transfer_id(draw(NUMBERS)), draw(AMOUNTS)
    return Transfer(BOB, "BRL", id_, debit, credit, amount, code, id_, NOON, reserve)


@st.composite
def waterfalls(draw: st.DrawFn) -> Step:
    moves, code = draw(
        st.sampled_from([(AWARDS, Code.AWARDED), (REVERSALS, Code.AWARD_REVERSED_UNSENT)])
    )
    bounds = st.none() | st.integers(0, 60)
    paths = tuple(Path(*move, draw(bounds)) for move in draw(st.permutations(moves)))
    id_, amount = transfer_id(draw(NUMBERS)), draw(AMOUNTS)
    return Waterfall(BOB, "BRL", id_, paths, amount, code, id_, NOON, whole=draw(st.booleans()))


@st.composite
def endings(draw: st.DrawFn) -> Step:
    id_ = made_id("ending", draw(NUMBERS))
    kind = draw(st.sampled_from(SETTLING))
    return Settle(BOB, id_, transfer_id(draw(NUMBERS)), kind, id_, NOON)


STEPS = st.one_of(transfers(), transfers(), waterfalls(), endings())
SETS = st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=12)


def said(outcome: Outcome) -> Said:
    amounts = [row.amount for row in outcome.parts]
    if outcome.repeated:
        return "repeated", amounts
    return (f"uncovered {outcome.uncovered}" if outcome.uncovered else "posted"), amounts


def really(cursor: Cursor[Any], steps: list[Step]) -> list[Said] | str:
    try:
        return [said(outcome) for outcome in post(cursor, steps, entry_id=ENTRY)]
    except PostingRefused as refused:
        return refused.reason.value


def supposedly(model: Model, steps: list[Step]) -> tuple[Model, list[Said] | str]:
    try:
        return model.post(steps)
    except Refused as refused:
        return model, str(refused)


@seed(20261122)
@settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sets=SETS)
def test_the_ledger_does_what_the_model_does(cursor: Cursor[Any], sets: list[list[Step]]) -> None:
    model = Model(CAP)
    with connection.cursor() as outer:
        outer.execute("SAVEPOINT example")
        try:
            set_caps(cursor, {(BOB, "BRL"): CAP})
            for steps in sets:
                model, expected = supposedly(model, steps)
                assert really(cursor, steps) == expected
                held = standing(cursor)
                for name, totals in model.totals.items():
                    assert held[BOB, "BRL", name][:4] == tuple(totals.values())
            assert not list(differences(cursor, {(BOB, "BRL"): CAP}))
        finally:
            outer.execute("ROLLBACK TO SAVEPOINT example")
