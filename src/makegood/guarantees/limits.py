"""When a promise lapses on a line: endings, and exemptions that pause a clock."""

from makegood.clock.instants import Instant
from makegood.clock.intervals import Pause, merged
from makegood.guarantees.facts.line import Line

CLOCKS: dict[str, tuple[str, str]] = {
    "dispatch": ("hand-over to the carrier, and its first scan", "交付承运人及首次揽收扫描"),
    "delivery": ("delivery", "送达"),
    "issue": ("issue of a virtual or travel item", "虚拟或旅行商品出单"),
    "refund": ("refund", "退款"),
    "return": ("window of return", "退货期"),
    "claim": ("window of claims", "诉求期"),
    "repair": ("repair", "维修"),
    "repair_window": ("window of repair", "保修期"),
}
"""The clocks that an exemption can name and pause, in English and Chinese."""


def ended_at(line: Line) -> Instant | None:
    """When the line ended, cancelled or out of stock; None while it stands."""
    cancelled, out_of_stock = line.cancelled, line.out_of_stock
    if cancelled is None:
        return None if out_of_stock is None else out_of_stock.at
    if out_of_stock is None or cancelled.at <= out_of_stock.at:
        return cancelled.at
    return out_of_stock.at


def pauses(line: Line, clock: str) -> tuple[Pause, ...]:
    """The exemptions that pause a clock for this line.

    An exemption counts when it names this clock (or none), the line's area (or none) and a
    carrier of the line (or none).
    """
    if not line.exemptions:
        return ()
    area = line.purchase.area if line.purchase is not None else ""
    handovers = (line.shipped, line.picked_up, line.delivered)
    carriers = {one.carrier for one in handovers if one is not None}
    return tuple(
        Pause(one.starts, one.ends, one.id)
        for one in line.exemptions
        if (not one.clocks or clock in one.clocks)
        and (not one.areas or area in one.areas)
        and (not one.carriers or not carriers.isdisjoint(one.carriers))
    )


def stretched(line: Line, clock: str, start: Instant, limit: Instant) -> Instant:
    """The limit of a clock that runs from `start`, later by the time that exemptions paused it."""
    if not line.exemptions:
        return limit
    for pause in merged(pauses(line, clock)):
        if pause.starts >= limit:
            break
        limit += max(0, pause.ends - max(pause.starts, start))
    return limit
