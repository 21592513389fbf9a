"""The returns of a line, each with what is known of it."""

from typing import NamedTuple

from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line, ReturnStep


class Return(NamedTuple):
    """One return: `id` is that of the fact that began it; `freight` is what the consumer paid."""

    id: str
    requested: Instant
    refused: Instant | None
    received: Instant | None
    inspection: str | None
    freight: int


def returns_of(line: Line) -> list[Return]:
    """The returns of a line in the order in which they began.

    Steps with the same return id belong together. Where no request was reported, the first
    step stands for it: what came back was asked for at that time at the latest.
    """
    steps_of: dict[str, list[ReturnStep]] = {}
    for step in line.returns:
        steps_of.setdefault(step.return_id, []).append(step)
    return [_return(steps) for steps in steps_of.values()]


def _return(steps: list[ReturnStep]) -> Return:
    begun = next((step for step in steps if step.step == "requested"), steps[0])
    refused = next((step.at for step in steps if step.step == "refused"), None)
    arrival = next((step for step in steps if step.step == "received"), None)
    if arrival is None:
        return Return(begun.id, begun.at, refused, None, None, 0)
    return Return(begun.id, begun.at, refused, arrival.at, arrival.inspection, arrival.freight)
