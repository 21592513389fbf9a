"""How the last instant of a promise came about, where a duration of its terms set it. Pure."""

from typing import NamedTuple

from makegood.clock.deadlines import Deadline, deadline
from makegood.clock.durations import Duration, hours
from makegood.clock.instants import Instant
from makegood.guarantees import lightning_dispatch, price_protection, return_terms
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.facts.line import Line
from makegood.guarantees.limits import pauses
from makegood.guarantees.repair_terms import RepairTerms
from makegood.guarantees.repairs import warranty_begins
from makegood.guarantees.terms import Terms
from makegood.guarantees.windows import ClaimTerms, received_at


class _Clock(NamedTuple):
    """What starts a clock, how long it runs, and by which name exemptions pause it."""

    started: Instant
    by: str
    duration: Duration
    name: str


def working(code: str, line: Line, terms: Terms) -> Deadline | None:
    """The deadline at which the promise ends, with all that made it so.

    None where it has no end yet, where the marketplace named the moment itself, and where more
    than one clock made it (a warranty that began anew).
    """
    clock = _clock(line, terms)
    if clock is None:
        return None
    paused = pauses(line, clock.name) if clock.name else ()
    made = deadline(clock.started, clock.duration, by=clock.by, pauses=paused)
    return made if made.at == CATALOGUE[code].lasts(line, terms) else None


def _clock(line: Line, terms: Terms) -> _Clock | None:
    bought = line.purchase
    if bought is None:
        return None
    if isinstance(terms, price_protection.Terms):
        return _Clock(bought.placed_at, bought.id, hours(terms.window_hours), "")
    if isinstance(terms, lightning_dispatch.Terms):
        within = terms.within_hours if bought.kind == "goods" else terms.issue_within_hours
        named = "dispatch" if terms.measure == "dispatched" else "delivery"
        named = named if bought.kind == "goods" else "issue"
        return None if within is None else _Clock(bought.at, bought.id, hours(within), named)
    return _from_receipt(line, terms)


def _from_receipt(line: Line, terms: Terms) -> _Clock | None:
    """The windows that begin when the consumer has the item, or when it is installed."""
    received = received_at(line)
    if received is None:
        return None
    fact = line.delivered or line.issued
    by = "" if fact is None else fact.id
    if isinstance(terms, ClaimTerms) and terms.claim_within is not None:
        return _Clock(received, by, terms.claim_within, "claim")
    if isinstance(terms, return_terms.Terms):
        return _Clock(received, by, terms.window, "return")
    if isinstance(terms, RepairTerms) and (begins := warranty_begins(line)) is not None:
        by = by if line.installed is None or begins == received else line.installed.id
        return _Clock(begins, by, terms.window, "repair_window")
    return None
