"""What the statutes give: extra damages, the burden of proof, what may be returned, windows."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from makegood.clock.deadlines import Deadline, deadline, lapses_at
from makegood.clock.instants import Instant
from makegood.clock.intervals import Pause
from makegood.law.packs import Pack, Rule, clock


class Damages(Struct, frozen=True):
    """Extra damages under one rule: `multiplier` × `base`, or `at_least` if that is more.

    Amounts in minor units. `chosen` names which of them made the amount. `at_least` is 0 when
    the line's currency is not the statute's, since a statute's minimum is not converted.
    """

    amount: int
    rule: str
    chosen: Literal["price", "loss", "minimum"]
    base: int
    multiplier: int
    at_least: int


def extra_damages(
    pack: Pack, *, price: int, currency: str, loss: int = 0, food: bool = False
) -> Damages | None:
    """The highest extra damages that one rule gives for counterfeit goods; None if none does.

    Consumer law and food law are alternatives: the better is chosen, never both (CRPL 55, Food
    Safety Law 148). The food rule needs food that is unsafe, which is for a person to find.
    """
    offers = [
        _damages(pack, rule, price, loss, currency)
        for rule in pack.rules
        if "price_multiplier" in rule.numbers and (food or rule.goods != "food")
    ]
    return max(offers, key=lambda offer: offer.amount, default=None)


def may_return(pack: Pack, no_return: str | None) -> bool:
    """Whether goods marked with a `no_return` reason can still be returned without a reason.

    True where the statute has no such exception in its list (CRPL 25; Dir. 2011/83, 16).
    """
    excluded = pack.rule("not_returnable")
    if no_return is None or excluded is None:
        return True
    return no_return not in {item.code for item in excluded.items}


def merchant_proves(pack: Pack, *, delivered: Instant, found: Instant, durable: bool) -> bool:
    """Whether the merchant has to prove that a defect `found` then is none of its doing.

    CRPL 23 for durable goods in the first six months; Dir. 2019/771, 11 for all in the first year.
    """
    rule = pack.rule("burden_of_proof")
    if rule is None or (rule.goods == "durable" and not durable):
        return False
    return found <= lapses_at(delivered, rule.clocks["window"].duration)


def statutory_deadline(
    pack: Pack,
    rule: str,
    name: str,
    *,
    started: Instant,
    by: str = "",
    pauses: Iterable[Pause] = (),
) -> Deadline | None:
    """The deadline that a clock of a rule sets from `started`; None where the law sets none."""
    found = clock(pack, rule, name)
    if found is None:
        return None
    return deadline(started, found.duration, by=by, pauses=pauses, lapse=found.lapse)


def withdrawal_deadline(
    pack: Pack, *, delivered: Instant, informed: bool = True, by: str = ""
) -> Deadline | None:
    """Until when distance goods can be returned without a reason; None where the law says nothing.

    Where the consumer was not told of the right and the law extends it for that, the extension
    runs from the end of the plain window (Dir. 2011/83, 10).
    """
    plain = statutory_deadline(pack, "no_reason_return", "window", started=delivered, by=by)
    if plain is None or informed:
        return plain
    longer = statutory_deadline(
        pack, "no_reason_return", "window_if_not_informed", started=plain.at, by="clock.window"
    )
    return longer or plain


def _damages(pack: Pack, rule: Rule, price: int, loss: int, currency: str) -> Damages:
    numbers = rule.numbers
    at_least = numbers.get("at_least_minor", 0) if currency == pack.currency else 0
    bases: list[tuple[int, Literal["price", "loss"], int, int]] = [
        (price * numbers["price_multiplier"], "price", price, numbers["price_multiplier"])
    ]
    if "loss_multiplier" in numbers:
        bases.append((loss * numbers["loss_multiplier"], "loss", loss, numbers["loss_multiplier"]))
    amount, chosen, base, multiplier = max(bases, key=lambda one: one[0])
    if amount < at_least:
        return Damages(at_least, rule.code, "minimum", base, multiplier, at_least)
    return Damages(amount, rule.code, chosen, base, multiplier, at_least)
