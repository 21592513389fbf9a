"""The chart of accounts (domain.md section 7) as one pure table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class AccountName(StrEnum):
    """The accounts that a book can have; what each holds is said in domain.md section 7."""

    # Books are looked up by these millions of times; an enumeration's own hash is slow.
    __hash__ = str.__hash__

    CASH = "cash"
    ESCROW = "escrow"
    DEPOSIT = "deposit"
    OWED_CONSUMER = "owed_consumer"
    ADVANCE = "advance"
    OWED_BY_CONSUMER = "owed_by_consumer"
    SUSPENSE = "suspense"
    LOSS = "loss"
    COSTS = "costs"
    FEES = "fees"
    FUND = "fund"


class Side(StrEnum):
    """The side on which an account grows."""

    DEBIT = "debit"
    CREDIT = "credit"


class AccountRule(NamedTuple):
    """What holds for an account at every instant.

    `never_negative`: what was posted on the account's own side, less what was posted and
    what is reserved on the other, never falls below zero. `capped`: the balance, with what
    is reserved on the account's own side, never passes its limit.
    """

    side: Side
    never_negative: bool = False
    capped: bool = False


CHART: Mapping[AccountName, AccountRule] = {
    AccountName.CASH: AccountRule(Side.DEBIT),
    AccountName.ESCROW: AccountRule(Side.CREDIT, never_negative=True),
    AccountName.DEPOSIT: AccountRule(Side.CREDIT, never_negative=True),
    AccountName.OWED_CONSUMER: AccountRule(Side.CREDIT, never_negative=True),
    AccountName.ADVANCE: AccountRule(Side.DEBIT, never_negative=True, capped=True),
    AccountName.OWED_BY_CONSUMER: AccountRule(Side.DEBIT, never_negative=True),
    AccountName.SUSPENSE: AccountRule(Side.DEBIT),
    AccountName.LOSS: AccountRule(Side.DEBIT),
    AccountName.COSTS: AccountRule(Side.DEBIT),
    AccountName.FEES: AccountRule(Side.CREDIT),
    AccountName.FUND: AccountRule(Side.CREDIT),
}


def names(side: Side | None = None, *, never_negative: bool = False) -> list[str]:
    """The names of the accounts that have the side and the rule asked for, in the chart's order."""
    return [
        name.value
        for name, rule in CHART.items()
        if side in (None, rule.side) and (rule.never_negative or not never_negative)
    ]


CAPPED: list[str] = [name.value for name, rule in CHART.items() if rule.capped]
ACCOUNTS: Mapping[str, AccountName] = {name.value: name for name in AccountName}
