"""Folding facts into the lines of one order (domain.md section 4a, rule 1).

The result depends on the set of facts only, never on their order or number of arrivals: of
facts that happen once the earliest holds, ties by id; facts that can happen again each count
once by their id, in order of time, then id.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from makegood.clock.instants import instant
from makegood.guarantees.facts import vocabulary as say
from makegood.guarantees.facts.line import (
    ChargedBack,
    Ending,
    Handover,
    Line,
    Once,
    Purchase,
    Refunded,
    RepairStep,
    ReplacementStep,
    ReturnStep,
)
from makegood.money import split

Lines = dict[int, Line]
"""The lines of one merchant's order, by number."""
_Adder = Callable[[Lines, Any], list[Line]]


def fold_order(order: str, facts: Iterable[say.Fact]) -> Lines:
    """The lines of an order from all its facts; empty while no `order.paid` is among them."""
    reports: list[say.Fact] = []
    paid: say.OrderPaid | None = None
    for fact in facts:
        if not isinstance(fact, say.OrderPaid):
            reports.append(fact)
        elif paid is None or (fact.time, fact.id) < (paid.time, paid.id):
            paid = fact
    if paid is None:
        return {}
    lines = purchase(order, paid)
    for fact in reports:
        add(lines, fact)
    return lines


def purchase(order: str, fact: say.OrderPaid) -> Lines:
    """The lines that an `order.paid` begins, each with its share of every payment."""
    data = fact.data
    shares = _shares(data)
    names = tuple(payment.id for payment in data.payments)
    paid_at, placed_at = instant(fact.time), instant(data.placed_at)
    lines: Lines = {}
    for line, paid in zip(data.lines, shares, strict=True):
        bought = Purchase(
            paid_at,
            fact.id,
            fact.source,
            placed_at,
            data.currency,
            line.item,
            line.category,
            line.kind,
            line.price,
            line.list_price,
            line.freight,
            line.quantity,
            names,
            paid,
            _optional(line.dispatch_by),
            _optional(line.deliver_by),
            _optional(line.issue_by),
            data.area,
            line.food,
            line.durable,
            line.no_return,
        )
        lines[line.number] = Line(order, line.number, bought)
    return lines


def _optional(stamp: datetime | None) -> int | None:
    return None if stamp is None else instant(stamp)


def _shares(data: say.OrderPaidData) -> list[tuple[int, ...]]:
    """What each line was paid of each payment: as reported, else in proportion to its cost."""
    reported = [line.paid for line in data.lines]
    if all(paid is not None for paid in reported):
        return [paid for paid in reported if paid is not None]
    weights = [line.price + line.freight for line in data.lines]
    columns = [split(payment.amount, weights) for payment in data.payments]
    return list(zip(*columns, strict=True)) if columns else [() for _ in data.lines]


def add(lines: Lines, fact: say.Fact) -> list[Line]:
    """Add one fact, other than `order.paid`, to an order's lines; returns the lines it changed."""
    return _ADD[type(fact)](lines, fact)


def number_of(subject: str) -> int:
    """The line number at the end of a line's subject; -1 when there is none."""
    tail = subject.rpartition("/")[2]
    return int(tail) if tail.isdecimal() and len(tail) <= 7 else -1


def order_of(subject: str) -> str:
    """The order of a line's subject."""
    return subject.rpartition("/")[0]


def name_of(line: Line, fact: say.Fact) -> str:
    """The fact's id on the line: bare from the order's own source, else with its source.

    Ids are unique within a source only, and two sources may number alike.
    """
    bought = line.purchase
    if bought is None or fact.source == bought.source:
        return fact.id
    return f"{fact.source}#{fact.id}"


def _earlier(held: Any, at: int, id: str) -> bool:
    return held is None or at < held.at or (at == held.at and id < held.id)


def _once_on_lines(name: str, make: Callable[[int, str, Any], Any], whole_order: bool) -> _Adder:
    def put(lines: Lines, fact: Any) -> list[Line]:
        at = instant(fact.time)
        if whole_order:
            subjects = list(lines.values())
        else:
            line = lines.get(number_of(fact.subject))
            subjects = [] if line is None else [line]
        changed = []
        for line in subjects:
            id = name_of(line, fact)
            if _earlier(getattr(line, name), at, id):
                setattr(line, name, make(at, id, fact))
                changed.append(line)
        return changed

    return put


def _again_on_line(name: str, make: Callable[[int, str, Any], Any]) -> _Adder:
    def put(lines: Lines, fact: Any) -> list[Line]:
        line = lines.get(number_of(fact.subject))
        if line is None:
            return []
        return _insert(line, name, make(instant(fact.time), name_of(line, fact), fact))

    return put


def _insert(line: Line, name: str, event: Any) -> list[Line]:
    """Put the event in its place; a fact already there changes nothing."""
    events = getattr(line, name)
    if any(held.id == event.id for held in events):
        return []
    setattr(line, name, tuple(sorted((*events, event), key=_when)))
    return [line]


def _when(event: Any) -> tuple[int, str]:
    return event.at, event.id


def _ending(at: int, id: str, fact: Any) -> Ending:
    return Ending(at, id, fact.data.by, fact.data.requested_by_consumer)


def _out_of_stock(at: int, id: str, fact: Any) -> Ending:
    return Ending(at, id)


def _handover(at: int, id: str, fact: Any) -> Handover:
    return Handover(at, id, fact.data.carrier, fact.data.tracking)


def _once(at: int, id: str, fact: Any) -> Once:
    return Once(at, id)


def _return(at: int, id: str, fact: Any) -> ReturnStep:
    step: Any = fact.__struct_config__.tag.removeprefix("return.")
    data = fact.data
    return ReturnStep(at, id, step, data.return_id, data.inspection, data.freight)


def _repair(at: int, id: str, fact: Any) -> RepairStep:
    step: Any = fact.__struct_config__.tag.removeprefix("repair.")
    data = fact.data
    return RepairStep(
        at,
        id,
        step,
        data.repair_id,
        data.centre,
        data.result,
        data.charged,
        data.delayed_by_consumer_hours,
    )


def _replacement(at: int, id: str, fact: Any) -> ReplacementStep:
    step: Any = fact.__struct_config__.tag.removeprefix("replacement.")
    return ReplacementStep(at, id, step, fact.data.replacement_id)


def _refunded(at: int, id: str, fact: Any) -> Refunded:
    return Refunded(at, id, fact.data.amount, fact.data.payment, fact.data.payout)


def _charged_back(lines: Lines, fact: Any) -> list[Line]:
    """Each line bears a charge-back by its share of the payment; one that was won counts back."""
    data = fact.data
    holders = [
        (line, line.purchase.paid[line.purchase.payments.index(data.payment)])
        for line in lines.values()
        if line.purchase is not None and data.payment in line.purchase.payments
    ]
    changed: list[Line] = []
    parts = split(data.amount, [share for _, share in holders]) if holders else ()
    for (line, _), part in zip(holders, parts, strict=True):
        amount = -part if data.won else part
        event = ChargedBack(instant(fact.time), name_of(line, fact), amount, data.payment)
        changed += _insert(line, "chargebacks", event)
    return changed


def _nothing(_lines: Lines, _fact: Any) -> list[Line]:
    return []


_ADD: dict[type, _Adder] = {
    say.OrderCancelled: _once_on_lines("cancelled", _ending, True),
    say.LineCancelled: _once_on_lines("cancelled", _ending, False),
    say.OrderOutOfStock: _once_on_lines("out_of_stock", _out_of_stock, True),
    say.LineOutOfStock: _once_on_lines("out_of_stock", _out_of_stock, False),
    say.LineShipped: _once_on_lines("shipped", _handover, False),
    say.CarrierPickedUp: _once_on_lines("picked_up", _handover, False),
    say.LineDelivered: _once_on_lines("delivered", _handover, False),
    say.LineIssued: _once_on_lines("issued", _once, False),
    say.InstallationCompleted: _once_on_lines("installed", _once, False),
    say.ReturnRequested: _again_on_line("returns", _return),
    say.ReturnRefused: _again_on_line("returns", _return),
    say.ReturnShipped: _again_on_line("returns", _return),
    say.ReturnReceived: _again_on_line("returns", _return),
    say.RepairRequested: _again_on_line("repairs", _repair),
    say.RepairRefused: _again_on_line("repairs", _repair),
    say.RepairCompleted: _again_on_line("repairs", _repair),
    say.ReplacementShipped: _again_on_line("replacements", _replacement),
    say.ReplacementDelivered: _again_on_line("replacements", _replacement),
    say.RefundPaid: _again_on_line("refunds", _refunded),
    say.PaymentChargedBack: _charged_back,
    say.EscrowReleased: _nothing,
}
