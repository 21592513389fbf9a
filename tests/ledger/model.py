"""A tiny ledger in memory, written apart from the real one: plain dicts, one step at a time."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from makegood.ledger.steps import Settle, Step, Transfer, Waterfall

CREDIT_SIDE = {"escrow", "deposit", "owed_consumer"}
DEBIT_SIDE = {"advance", "owed_by_consumer"}
Move = tuple[str, str, int]
Said = tuple[str, list[int]]
"""What became of a step: a word, and the amounts that moved."""


class Refused(Exception):
    """The model refuses the set."""


def tells(step: Step) -> tuple[object, ...]:
    """What a step tells of itself besides the sums: a repeat must tell the same."""
    if isinstance(step, Settle):
        return step.reserves, step.kind, step.cause_id, step.at
    return step.currency, step.code, step.cause_id, step.at, step.reserve


@dataclass
class Model:
    """One book. Each account has debits and credits, each pending and posted."""

    cap: int
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    moved: dict[UUID, list[Move]] = field(default_factory=dict)
    told: dict[UUID, tuple[object, ...]] = field(default_factory=dict)
    reserves: dict[UUID, Move] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)

    def post(self, steps: list[Step]) -> "tuple[Model, list[Said]]":
        """The book after the set and what was said of each step; nothing changes if refused."""
        after = deepcopy(self)
        return after, [after.take(step) for step in steps]

    def take(self, step: Step) -> Said:
        if isinstance(step, Settle) and step.reserves not in self.reserves:
            raise Refused("reserve_not_found")
        if step.id in self.moved:
            moved = self.moved[step.id]
            if self.told[step.id] != tells(step) or not self.may_have_moved(step, moved):
                raise Refused("transfer_id_used_with_other_fields")
            parts = moved[:1] if isinstance(step, Transfer) else moved
            return "repeated", [amount for *_, amount in parts]
        if isinstance(step, Settle):
            moved, left = self.end(step), 0
        elif isinstance(step, Transfer):
            moved, left = self.move(step), 0
        else:
            moved, left = self.fall(step)
        if moved:
            self.moved[step.id], self.told[step.id] = moved, tells(step)
        return f"uncovered {left}" if left else "posted", [amount for *_, amount in moved]

    def may_have_moved(self, step: Step, moved: list[Move]) -> bool:
        """Whether the step could have moved what was moved."""
        if isinstance(step, Transfer):
            return moved[0] == (step.debit, step.credit, step.amount)
        if isinstance(step, Settle):
            return True
        total = sum(amount for *_, amount in moved)
        paths = {(path.debit, path.credit) for path in step.paths}
        enough = total == step.amount or (total < step.amount and not step.whole)
        return enough and all((debit, credit) in paths for debit, credit, _ in moved)

    def move(self, step: Transfer) -> list[Move]:
        if self.gives(step.debit) < step.amount:
            capped = step.debit == "advance"
            raise Refused("advance_cap_exceeded" if capped else "account_would_be_overdrawn")
        if self.takes(step.credit) < step.amount:
            raise Refused("account_would_be_overdrawn")
        self.count(step.debit, step.credit, step.amount, "pending" if step.reserve else "posted")
        moved = (step.debit, step.credit, step.amount)
        if step.reserve:
            self.reserves[step.id] = moved
        return [moved]

    def fall(self, step: Waterfall) -> tuple[list[Move], int]:
        tried = deepcopy(self)
        left = step.amount
        moved: list[Move] = []
        for path in step.paths:
            bounds = [left, tried.gives(path.debit), tried.takes(path.credit)]
            amount = min(bounds if path.at_most is None else [*bounds, path.at_most])
            if amount > 0:
                tried.count(path.debit, path.credit, amount, "posted")
                moved.append((path.debit, path.credit, amount))
                left -= amount
        if left and step.whole:
            return [], left
        self.totals = tried.totals
        return moved, left

    def end(self, step: Settle) -> list[Move]:
        if step.reserves in self.ended:
            raise Refused("reserve_already_settled")
        self.ended.add(step.reserves)
        debit, credit, amount = self.reserves[step.reserves]
        self.count(debit, credit, -amount, "pending")
        if step.kind == "post":
            self.count(debit, credit, amount, "posted")
        return [(debit, credit, amount)]

    def of(self, name: str) -> dict[str, int]:
        empty: dict[str, Any] = {"debits_pending": 0, "debits_posted": 0}
        return self.totals.setdefault(name, {**empty, "credits_pending": 0, "credits_posted": 0})

    def gives(self, name: str) -> int:
        account = self.of(name)
        out = account["debits_posted"] + account["debits_pending"]
        if name in CREDIT_SIDE:
            return account["credits_posted"] - out
        return self.cap - out + account["credits_posted"] if name == "advance" else 10**12

    def takes(self, name: str) -> int:
        account = self.of(name)
        back = account["credits_posted"] + account["credits_pending"]
        return account["debits_posted"] - back if name in DEBIT_SIDE else 10**12

    def count(self, debit: str, credit: str, amount: int, when: str) -> None:
        self.of(debit)[f"debits_{when}"] += amount
        self.of(credit)[f"credits_{when}"] += amount
