"""An account's four totals while a set of postings is decided. Pure."""

from makegood.ledger.chart import CHART, AccountName, Side
from makegood.ledger.lifecycle import EFFECTS, Kind

UNBOUNDED = 2**62
"""More than any account is asked to give or take."""
_BOUNDS = {
    name: (
        rule.capped,
        rule.never_negative and rule.side is Side.CREDIT,
        rule.never_negative and rule.side is Side.DEBIT,
    )
    for name, rule in CHART.items()
}
"""Of each account: whether it is capped, and whether its debits and its credits are bounded."""


class Totals:
    """The four totals of one account, in minor units, and what it can still give and take."""

    __slots__ = (
        "cap",
        "changed",
        "credit_bounded",
        "credits_pending",
        "credits_posted",
        "debit_bounded",
        "debits_pending",
        "debits_posted",
    )

    def __init__(
        self,
        name: AccountName,
        debits_pending: int = 0,
        debits_posted: int = 0,
        credits_pending: int = 0,
        credits_posted: int = 0,
        cap: int | None = None,
    ) -> None:
        """Take the totals as they stand; `cap` bounds the balance of a capped account."""
        capped, self.debit_bounded, self.credit_bounded = _BOUNDS[name]
        self.debits_pending = debits_pending
        self.debits_posted = debits_posted
        self.credits_pending = credits_pending
        self.credits_posted = credits_posted
        self.cap = (cap or 0) if capped else None
        self.changed = False

    def left_to_debit(self) -> int:
        """How much can still be debited; what is reserved counts as gone."""
        if self.debit_bounded:
            return self.credits_posted - self.debits_posted - self.debits_pending
        if self.cap is not None:
            return self.cap - self.at_stake()
        return UNBOUNDED

    def left_to_credit(self) -> int:
        """How much can still be credited; what is reserved counts as given back."""
        if self.credit_bounded:
            return self.debits_posted - self.credits_posted - self.credits_pending
        return UNBOUNDED

    def at_stake(self) -> int:
        """The debit balance, with debits that are reserved: what a cap bounds."""
        return self.debits_posted + self.debits_pending - self.credits_posted

    def debit(self, amount: int, kind: Kind) -> None:
        """Count a debit by its kind."""
        pending, posted = EFFECTS[kind]
        self.debits_pending += pending * amount
        self.debits_posted += posted * amount
        self.changed = True

    def credit(self, amount: int, kind: Kind) -> None:
        """Count a credit by its kind."""
        pending, posted = EFFECTS[kind]
        self.credits_pending += pending * amount
        self.credits_posted += posted * amount
        self.changed = True

    def set_cap(self, cap: int) -> None:
        """Bound the balance from now on."""
        self.cap = cap
        self.changed = True
