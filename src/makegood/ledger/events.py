"""The events of money (domain.md section 7) as one pure table: event → debit → credit."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from makegood.ledger.chart import AccountName
from makegood.ledger.chart import AccountName as A
from makegood.ledger.lifecycle import SETTLING, Kind


class Code(StrEnum):
    """What happened; every transfer names one."""

    # Books are looked up by these millions of times; an enumeration's own hash is slow.
    __hash__ = str.__hash__

    ORDER_PAID = "order_paid"
    ORDER_CORRECTED = "order_corrected"
    ESCROW_RELEASED = "escrow_released"
    ESCROW_RELEASE_WITHDRAWN = "escrow_release_withdrawn"
    DEPOSIT_TOPPED_UP = "deposit_topped_up"
    ADVANCE_RECOVERED = "advance_recovered"
    DEPOSIT_WITHDRAWN = "deposit_withdrawn"
    AWARDED = "awarded"
    PAYOUT_SENT = "payout_sent"
    AWARD_REVERSED_UNSENT = "award_reversed_unsent"
    AWARD_REVERSED_PAID = "award_reversed_paid"
    AWARD_RESTORED_PAID = "award_restored_paid"
    CONSUMER_RETURNED = "consumer_returned"
    CONSUMER_KEPT = "consumer_kept"
    ADVANCE_WRITTEN_OFF = "advance_written_off"
    RECOVERED_AFTER_WRITE_OFF = "recovered_after_write_off"
    FEE_CHARGED = "fee_charged"
    FEE_RETURNED = "fee_returned"
    CHARGED_BACK = "charged_back"
    CHARGE_BACK_WON = "charge_back_won"
    REFUNDED_BY_MARKETPLACE = "refunded_by_marketplace"
    REFUND_WITHDRAWN = "refund_withdrawn"
    GATEWAY_SAYS_MORE_WENT_OUT = "gateway_says_more_went_out"
    GATEWAY_SAYS_MORE_CAME_IN = "gateway_says_more_came_in"
    SUSPENSE_EXPLAINED = "suspense_explained"
    FUND_FILLED = "fund_filled"


AT_ONCE: tuple[Kind, ...] = (Kind.POSTED,)
IN_TWO_STEPS: tuple[Kind, ...] = (Kind.RESERVE, *SETTLING)
EITHER: tuple[Kind, ...] = AT_ONCE + IN_TWO_STEPS


class EventRule(NamedTuple):
    """Between which accounts an event moves money, as (debit, credit), and in which kinds."""

    moves: frozenset[tuple[AccountName, AccountName]]
    kinds: tuple[Kind, ...] = AT_ONCE


def _moves(
    debits: Iterable[AccountName], credits_: Iterable[AccountName]
) -> frozenset[tuple[AccountName, AccountName]]:
    credited = tuple(credits_)
    return frozenset((debit, credit) for debit in debits for credit in credited if debit != credit)


_SOURCES = (A.ESCROW, A.DEPOSIT, A.ADVANCE)
_TAKEN_BY_THE_BANK = (A.OWED_CONSUMER, *_SOURCES, A.SUSPENSE)
_EXPLANATIONS = tuple(name for name in AccountName if name not in {A.SUSPENSE, A.CASH, A.FUND})

EVENTS: Mapping[Code, EventRule] = {
    Code.ORDER_PAID: EventRule(_moves([A.CASH], [A.ESCROW])),
    Code.ORDER_CORRECTED: EventRule(_moves([A.ESCROW], [A.CASH])),
    Code.ESCROW_RELEASED: EventRule(
        _moves([A.ESCROW], [A.CASH, A.ADVANCE, A.DEPOSIT]) | _moves([A.SUSPENSE], [A.CASH])
    ),
    Code.ESCROW_RELEASE_WITHDRAWN: EventRule(
        _moves([A.CASH, A.DEPOSIT, A.ADVANCE, A.SUSPENSE], [A.ESCROW])
        | _moves([A.CASH], [A.SUSPENSE])
    ),
    Code.DEPOSIT_TOPPED_UP: EventRule(_moves([A.CASH], [A.DEPOSIT])),
    Code.ADVANCE_RECOVERED: EventRule(_moves([A.DEPOSIT], [A.ADVANCE])),
    Code.DEPOSIT_WITHDRAWN: EventRule(_moves([A.DEPOSIT], [A.CASH]), IN_TWO_STEPS),
    Code.AWARDED: EventRule(_moves(_SOURCES, [A.OWED_CONSUMER]), EITHER),
    Code.PAYOUT_SENT: EventRule(_moves([A.OWED_CONSUMER], [A.CASH]), IN_TWO_STEPS),
    Code.AWARD_REVERSED_UNSENT: EventRule(_moves([A.OWED_CONSUMER], _SOURCES)),
    Code.AWARD_REVERSED_PAID: EventRule(
        _moves([A.OWED_BY_CONSUMER, A.LOSS], [A.ADVANCE, A.DEPOSIT])
    ),
    Code.AWARD_RESTORED_PAID: EventRule(
        _moves([A.DEPOSIT, A.ADVANCE], [A.OWED_BY_CONSUMER, A.LOSS])
    ),
    Code.CONSUMER_RETURNED: EventRule(_moves([A.CASH], [A.OWED_BY_CONSUMER])),
    Code.CONSUMER_KEPT: EventRule(_moves([A.LOSS], [A.OWED_BY_CONSUMER])),
    Code.ADVANCE_WRITTEN_OFF: EventRule(_moves([A.LOSS], [A.ADVANCE])),
    Code.RECOVERED_AFTER_WRITE_OFF: EventRule(_moves([A.CASH], [A.LOSS])),
    Code.FEE_CHARGED: EventRule(_moves([A.DEPOSIT], [A.FEES])),
    Code.FEE_RETURNED: EventRule(_moves([A.FEES], [A.DEPOSIT])),
    Code.CHARGED_BACK: EventRule(_moves(_TAKEN_BY_THE_BANK, [A.CASH])),
    Code.CHARGE_BACK_WON: EventRule(_moves([A.CASH], _TAKEN_BY_THE_BANK)),
    Code.REFUNDED_BY_MARKETPLACE: EventRule(
        _moves([A.OWED_CONSUMER, A.ESCROW, A.SUSPENSE], [A.CASH])
    ),
    Code.REFUND_WITHDRAWN: EventRule(_moves([A.CASH], [A.OWED_CONSUMER, A.ESCROW])),
    Code.GATEWAY_SAYS_MORE_WENT_OUT: EventRule(_moves([A.SUSPENSE], [A.CASH])),
    Code.GATEWAY_SAYS_MORE_CAME_IN: EventRule(_moves([A.CASH], [A.SUSPENSE])),
    Code.SUSPENSE_EXPLAINED: EventRule(
        _moves([A.SUSPENSE], _EXPLANATIONS) | _moves(_EXPLANATIONS, [A.SUSPENSE])
    ),
    Code.FUND_FILLED: EventRule(_moves([A.CASH], [A.FUND])),
}


def moves_in_words() -> list[str]:
    """Every move that an event allows, as `code debit credit`; the most frequent event first."""
    return [
        f"{code} {debit} {credit}"
        for code, rule in EVENTS.items()
        for debit, credit in sorted(rule.moves)
    ]
