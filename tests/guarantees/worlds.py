"""Lines, terms and findings by chance: a world is made whole from one seed.

Hypothesis draws the seed. Drawing each of a line's fifty parts from it would take longer than
all other tests together, and a seed is enough to see a failure again.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from msgspec.structs import replace

from makegood.clock.durations import Duration
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.facts.line import Exemption, Line
from makegood.guarantees.findings import Findings
from makegood.guarantees.terms import Parameter, Terms, parameters, read
from tests.guarantees.lines import (
    bought,
    ended,
    hour,
    line,
    priced,
    refunds,
    repaired,
    replaced,
    returned,
)

HOURS, AMOUNT = 1200, 5000


class World:
    """What chance makes of one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def at(self) -> int:
        return self.chance.randrange(HOURS)

    def amount(self) -> int:
        return self.chance.randrange(AMOUNT)

    def maybe(self, make: Callable[[], Any], of: float = 0.5) -> Any:
        return make() if self.chance.random() < of else None

    def silence(self) -> int | None:
        return self.at() if self.chance.random() < 0.8 else None

    def findings(self) -> Findings:
        """What a person may have found, whatever was asked."""
        chance = self.chance
        return Findings(
            at=hour(self.at()),
            occasion="case",
            claimed_at=self.maybe(lambda: hour(self.at())),
            excused=chance.random() < 0.1,
            counterfeit=chance.random() < 0.5,
            knowingly=chance.random() < 0.5,
            unsafe_food=chance.random() < 0.5,
            severity=chance.choice(["none", "minor", "material"]),
            keeps_goods=chance.random() < 0.5,
            refused_wrongly=chance.random() < 0.3,
            return_intact=chance.random() < 0.5,
            remedy=chance.choice([None, "replacement", "refund"]),
            freight=self.amount(),
            appraisal_fee=self.amount(),
            loss=self.amount(),
        )

    def terms(self, code: str) -> Terms:
        """Terms of a guarantee, any within their bounds, kept small enough to matter."""
        terms: type[Terms] = CATALOGUE[code].terms
        given = {one.name: self._parameter(one) for one in parameters(terms)}
        if given.get("at_most_minor") is not None:
            given["at_most_minor"] += given.get("at_least_minor", 0)
        return read(terms, given)

    def _parameter(self, one: Parameter) -> Any:
        chance = self.chance
        if one.optional and chance.random() < 0.4:
            return None
        if one.unit == "zone":
            return chance.choice(["UTC", "Asia/Shanghai"])
        if one.unit == "choice":
            return chance.choice(one.choices)
        if one.unit == "yes_or_no":
            return chance.random() < 0.5
        least, most = one.at_least or 0, one.at_most or 0
        if one.unit == "duration":
            return Duration(chance.randint(least, min(most, 40)), "calendar_days")
        usual = {"hours": 400, "minor": 2000, "times": 4, "days": 40, "basis_points": 12_000}
        return chance.randint(least, min(most, usual[one.unit]))

    def better(self, terms: Terms) -> Terms:
        """Terms at least as good for the consumer in every parameter."""
        changes = {
            one.name: self._better(one, getattr(terms, one.name))
            for one in parameters(type(terms))
            if one.better != "same" and self.chance.random() < 0.5
        }
        least = changes.get("at_least_minor", getattr(terms, "at_least_minor", 0))
        most = changes.get("at_most_minor", getattr(terms, "at_most_minor", None))
        if most is not None and least > most:
            changes["at_most_minor"] = None
        return replace(terms, **changes)

    def _better(self, one: Parameter, value: Any) -> Any:
        if value is None:
            return self.chance.randint(1, 400) if one.without == "worst" else None
        if isinstance(value, bool):
            return one.better == "more"
        if isinstance(value, Duration):
            less = max(value.amount // 2, one.at_least or 0)
            amount = value.amount + 3 if one.better == "more" else less
            return replace(value, amount=amount) if amount <= (one.at_most or amount) else value
        if one.better == "more":
            return min(value + self.chance.randint(0, 400), one.at_most or value)
        return max(value // 2, one.at_least or 0)

    def line(self) -> Line:
        """A line with any facts at any hours: late, contradicting, in any order."""
        chance, at = self.chance, self.at
        pause = at()
        return line(
            chance.choice([1, 1, 1, 1, 0]),
            self._purchase(),
            cancelled=self.maybe(self._ending, 0.3),
            out_of_stock=self.maybe(at, 0.15),
            shipped=self.maybe(at),
            picked_up=self.maybe(at),
            delivered=self.maybe(at, 0.7),
            issued=self.maybe(at, 0.3),
            installed=self.maybe(at, 0.2),
            prices=priced(*self._several(lambda: (at(), self.amount()))),
            returns=returned(
                *self._several(lambda: (at(), chance.choice(["requested", "received"]))),
                freight=self.amount(),
            ),
            repairs=repaired(
                *self._several(lambda: (at(), chance.choice(["requested", "completed"]))),
                centre=chance.choice(["", "Chengdu"]),
                result=chance.choice(["repaired", "not_repaired"]),
                charged=chance.choice([0, 0, self.amount()]),
            ),
            replacements=replaced(*self._several(at, 1)),
            refunds=refunds(*self._several(lambda: (at(), self.amount()))),
            exemptions=tuple(
                Exemption(hour(pause), hour(pause + 99), "flood") for _ in self._several(at, 1)
            ),
        )

    def _several(self, make: Callable[[], Any], most: int = 5) -> list[Any]:
        return sorted(make() for _ in range(self.chance.randint(0, most)))

    def _ending(self) -> Any:
        by = self.chance.choice(["unknown", "merchant", "consumer"])
        return ended(self.at(), by, self.chance.random() < 0.3)

    def _purchase(self) -> Any:
        price, freight = self.amount(), self.chance.randrange(400)
        whole = price + freight
        return bought(
            price=price,
            freight=freight,
            quantity=self.chance.randint(1, 3),
            kind=self.chance.choice(["goods", "goods", "virtual"]),
            paid=(self.chance.choice([whole, whole, price, whole // 2]),),
            dispatch_by=self.maybe(lambda: hour(self.at()), 0.8),
            deliver_by=self.maybe(lambda: hour(self.at()), 0.8),
            food=self.chance.random() < 0.3,
            no_return=self.maybe(lambda: "perishable", 0.2),
        )
