"""How many judgements a second one core makes, reasons included when a promise is broken.

Run as `python -m bench.judging`. Lines are mixed: about one in eight is broken, the others are
kept or open. Each figure is the median of interleaved rounds; every round is printed.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from makegood.clock.instants import HOUR
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.entitlement import Covered, judge_line
from makegood.guarantees.facts.line import Ending, Handover, Line, Priced, Purchase
from makegood.guarantees.guarantee import NO_SILENCE
from makegood.guarantees.terms import read
from makegood.guarantees.verdict import Broken

PROMISES = Path(__file__).parent.parent / "examples" / "olist.toml"
LINES, ROUNDS, BROKEN = 4_000, 7, 0.12
AIM = 400_000
"""Judgements a second, for one guarantee that a machine judges."""


class Figure(NamedTuple):
    """What was judged, the share that was broken, and judgements a second in each round."""

    what: str
    broken: float
    rates: list[float]

    @property
    def rate(self) -> float:
        """The median of the rounds."""
        return median(self.rates)


def covered() -> tuple[Covered, ...]:
    """The promises of the real orders' example."""
    promised = tomllib.loads(PROMISES.read_text())["guarantees"]
    return tuple(Covered(code, read(CATALOGUE[code].terms, promised[code])) for code in promised)


def lines_for(code: str, chance: Random) -> list[Line]:
    """Lines of which about `BROKEN` break this guarantee and the others keep it or are open."""
    return [_line(code, number, chance) for number in range(LINES)]


def _line(code: str, number: int, chance: Random) -> Line:
    broken = chance.random() < BROKEN
    price, freight = chance.randrange(500, 40_000), chance.randrange(0, 3_000)
    bought = Purchase(
        at=0,
        id=f"order-{number}/paid",
        source="bench",
        placed_at=0,
        currency="BRL",
        item=f"item-{number % 97}",
        category="home",
        kind="goods",
        price=price,
        list_price=None,
        freight=freight,
        quantity=1,
        payments=("payment",),
        paid=(price + freight,),
        dispatch_by=48 * HOUR,
    )
    late = broken and code == "lightning_dispatch"
    line = Line(f"order-{number}", 1, bought)
    line.shipped = Handover((50 if late else chance.randrange(48)) * HOUR, "shipped")
    if chance.random() < 0.7:
        line.delivered = Handover(200 * HOUR, "delivered")
    if broken and code in ("in_stock", "refund_guarantee"):
        line.delivered = None
        ending = Ending(100 * HOUR, "ended")
        line.out_of_stock, line.cancelled = (ending, None) if code == "in_stock" else (None, ending)
    if code == "price_protection" and (broken or chance.random() < 0.5):
        later = price - 100 if broken else price + 100
        line.prices = (Priced(20 * HOUR, "later", price), Priced(40 * HOUR, "latest", later))
    return line


def measure() -> list[Figure]:
    """A figure for each guarantee alone, then one for a line with all of them (lines a second)."""
    chance = Random(20170101)  # noqa: S311 - the same lines in every run, nothing secret
    promises = covered()
    works: list[tuple[str, list[Line], Callable[[Line], Any]]] = [
        (one.code, lines_for(one.code, chance), _judging(one)) for one in promises
    ]
    mixed = lines_for("lightning_dispatch", chance)
    works.append((f"a line with {len(promises)} promises", mixed, _judging_all(promises)))
    rates: dict[str, list[float]] = {what: [] for what, _, _ in works}
    for _ in range(ROUNDS):
        for what, lines, judge in works:
            started = perf_counter()
            for line in lines:
                judge(line)
            rates[what].append(len(lines) / (perf_counter() - started))
    return [Figure(what, _broken(lines, judge), rates[what]) for what, lines, judge in works]


def _judging(one: Covered) -> Callable[[Line], Any]:
    judge, terms = CATALOGUE[one.code].judge, one.terms
    return lambda line: judge(line, terms, None, NO_SILENCE)


def _judging_all(promises: tuple[Covered, ...]) -> Callable[[Line], Any]:
    return lambda line: judge_line(line, promises)


def _broken(lines: list[Line], judge: Callable[[Line], Any]) -> float:
    verdicts = [judge(line) for line in lines]
    found = [
        any(
            isinstance(one, Broken) for one in (told.values() if isinstance(told, dict) else [told])
        )
        for told in verdicts
    ]
    return sum(found) / len(found)


def report(found: list[Figure], say: Callable[[str], None]) -> bool:
    """Say every figure with its rounds; whether each guarantee alone reached the aim."""
    for figure in found:
        say(f"{figure.what}: {figure.rate:,.0f} a second, {figure.broken:.1%} broken")
        say("  rounds: " + " ".join(f"{rate:,.0f}" for rate in figure.rates))
    slowest = min(figure.rate for figure in found if figure.what in CATALOGUE)
    reached = slowest >= AIM
    say(f"slowest guarantee {slowest:,.0f}, aim {AIM:,}: {'reached' if reached else 'missed'}")
    return reached


if __name__ == "__main__":
    report(measure(), print)
