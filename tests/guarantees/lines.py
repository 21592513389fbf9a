"""Lines as the tables tell them: Alice buys from Bob at hour 0; every time is an hour since."""

from typing import Any

from makegood.clock.instants import HOUR
from makegood.guarantees.facts.line import (
    Ending,
    Handover,
    Line,
    Once,
    Priced,
    Purchase,
    Refunded,
    RepairStep,
    ReplacementStep,
    ReturnStep,
)
from makegood.guarantees.guarantee import NO_SILENCE

DAYS = 24
BOUGHT = 1_500_000_000_000_000 - 1_500_000_000_000_000 % (24 * HOUR)
"""Hour 0: a midnight in UTC."""


def hour(hours: float) -> int:
    """The instant so many hours after the purchase."""
    return BOUGHT + round(hours * HOUR)


def until(hours: float | None) -> int:
    """Up to when silence may be judged; None: not at all."""
    return NO_SILENCE if hours is None else hour(hours)


def bought(**changes: Any) -> Purchase:
    """Alice pays 21.99 for one item and 1.01 for freight; dispatch is promised in 48 hours."""
    what: dict[str, Any] = {
        "at": hour(0),
        "id": "paid",
        "source": "shop",
        "placed_at": hour(0),
        "currency": "CNY",
        "item": "lamp",
        "category": "home",
        "kind": "goods",
        "price": 2199,
        "list_price": None,
        "freight": 101,
        "quantity": 1,
        "payments": ("payment",),
        "paid": (2300,),
        "dispatch_by": hour(48),
    }
    return Purchase(**(what | changes))


def line(number: int = 1, purchase: Purchase | None = None, **facts: Any) -> Line:
    """The line with these facts; an hour stands for a plain one-time fact."""
    told = {name: _fact(name, told) for name, told in facts.items() if told is not None}
    return Line("A-17", number, purchase or bought(), **told)


def _fact(name: str, told: Any) -> Any:
    if not isinstance(told, int | float):
        return told
    if name in ("shipped", "picked_up", "delivered"):
        return Handover(hour(told), name)
    if name in ("issued", "installed"):
        return Once(hour(told), name)
    return Ending(hour(told), name)


def ended(hours: float, by: str = "unknown", asked: bool = False) -> Ending:
    return Ending(hour(hours), "ended", by, asked)


def priced(*prices: tuple[float, int]) -> tuple[Priced, ...]:
    """Later prices of one item: hour and price."""
    return tuple(Priced(hour(at), f"price {at}", price) for at, price in prices)


def refunds(*refunds: tuple[float, int]) -> tuple[Refunded, ...]:
    """Refunds that went out: hour and amount."""
    return tuple(Refunded(hour(at), f"refund {at}", amount) for at, amount in refunds)


def returned(*steps: tuple[float, Any], of: str = "", **more: Any) -> tuple[ReturnStep, ...]:
    """Steps of a return: hour and step; an arrival is intact unless `inspection` says otherwise."""
    seen = {"inspection": "intact"} | more
    return tuple(
        ReturnStep(hour(at), f"{step} {at}", step, of, **(seen if step == "received" else {}))
        for at, step in steps
    )


def repaired(
    *steps: tuple[float, Any], of: str = "", centre: str = "", **more: Any
) -> tuple[RepairStep, ...]:
    """Steps of a repair: hour and step; `more` is said of its completion."""
    return tuple(
        RepairStep(
            hour(at), f"{step} {at}", step, of, centre, **(more if step == "completed" else {})
        )
        for at, step in steps
    )


def replaced(*hours: float) -> tuple[ReplacementStep, ...]:
    """Replacements that arrived."""
    return tuple(ReplacementStep(hour(at), f"replaced {at}", "delivered") for at in hours)
