"""闪电发货: handed to the carrier, delivered or issued by the promised time, and truly so."""

from typing import Annotated, Literal

from makegood.clock.instants import HOUR, Instant, end_of_day
from makegood.guarantees.facts.line import Line, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import (
    NO_SILENCE,
    Evidence,
    Guarantee,
    Question,
    no_floors,
)
from makegood.guarantees.limits import ended_at, stretched
from makegood.guarantees.shares import share, share_step
from makegood.guarantees.terms import ShareTerms, Zone, parameter
from makegood.guarantees.verdict import KEPT, Broken, Owed, Pending, Step, Verdict

CODE = "lightning_dispatch"


class Terms(ShareTerms, frozen=True, kw_only=True):
    """By when, of what, and how much is paid when it is late.

    The time that the marketplace showed on the line holds; `within_hours` (from payment) is for
    lines that came without one.
    """

    measure: Annotated[
        Literal["dispatched", "delivered"],
        parameter(
            "choice",
            "same",
            "What must happen in time: hand-over to the carrier, or delivery",
            "以何者为准：交付承运人，或送达",
        ),
    ] = "dispatched"
    within_hours: (
        Annotated[
            int,
            parameter(
                "hours",
                "less",
                "Hours from payment, for a line that came without a promised time",
                "订单行未载明时限时，自付款起的小时数",
                at_least=1,
                at_most=8760,
                without="worst",
            ),
        ]
        | None
    ) = None
    issue_within_hours: (
        Annotated[
            int,
            parameter(
                "hours",
                "less",
                "Hours from payment to issue a virtual or travel item that came without a time",
                "虚拟或旅行商品未载明时限时，自付款起至出单的小时数",
                at_least=1,
                at_most=8760,
                without="worst",
            ),
        ]
        | None
    ) = None
    scan_within_hours: (
        Annotated[
            int,
            parameter(
                "hours",
                "less",
                "Hours from being marked shipped to the carrier's first scan (false shipment)",
                "标记发货后至承运人首次揽收扫描的小时数（虚假发货）",
                at_least=1,
                at_most=8760,
                without="worst",
            ),
        ]
        | None
    ) = None
    zone: Zone = "UTC"


def due(line: Line, terms: Terms, after: Instant = NO_SILENCE) -> Instant | None:
    """When silence next breaks the promise: no hand-over, or no scan after being marked shipped."""
    verdict = judge(line, terms, None, after)
    return verdict.until if verdict.__class__ is Pending else None


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Kept at the limit or before; broken after it, or never; an end by the limit promises no more.

    Line 0 has nothing to hand over. Broken since the limit, whenever it became known.
    """
    purchase = line.purchase
    if purchase is None or line.number == 0 or (findings is not None and findings.excused):
        return KEPT
    clock, limit, done = _measured(line, purchase, terms)
    if limit is None:
        return KEPT
    if line.exemptions:
        limit = stretched(line, clock, purchase.at, limit)
    if done is not None and done <= limit:
        if terms.scan_within_hours is None or line.shipped is None or clock != "dispatch":
            return KEPT
        return _scanned(line, purchase, terms, line.shipped.at, at)
    ended = ended_at(line)
    if ended is not None and ended <= limit:
        return KEPT
    if done is not None:
        return _broken(line, purchase, terms, limit, (clock, "late", limit, done))
    if limit < at:
        return _broken(line, purchase, terms, limit, (clock, "never", limit, limit))
    return Pending(limit)


def _dispatched(line: Line) -> Instant | None:
    """The earliest sign that the parcel left: what was delivered was handed over before."""
    done: Instant | None = None
    shipped, picked_up, delivered = line.shipped, line.picked_up, line.delivered
    if shipped is not None:
        done = shipped.at
    if picked_up is not None and (done is None or picked_up.at < done):
        done = picked_up.at
    if delivered is not None and (done is None or delivered.at < done):
        done = delivered.at
    return done


def lasts(line: Line, terms: Terms) -> Instant | None:
    """The promised time, exemptions counted; None if none was promised."""
    purchase = line.purchase
    if purchase is None or line.number == 0:
        return None
    clock, limit, _ = _measured(line, purchase, terms)
    return None if limit is None else stretched(line, clock, purchase.at, limit)


def _measured(
    line: Line, purchase: Purchase, terms: Terms
) -> tuple[str, Instant | None, Instant | None]:
    """Clock, limit and fulfilment of the line, by its kind and the terms' measure."""
    if terms.measure == "dispatched" and purchase.kind == "goods":
        limit = purchase.dispatch_by
        if limit is None and terms.within_hours is not None:
            limit = purchase.at + terms.within_hours * HOUR
        return "dispatch", limit, _dispatched(line)
    delivered = line.delivered.at if line.delivered is not None else None
    if purchase.kind != "goods":
        limit = purchase.issue_by
        if limit is None and terms.issue_within_hours is not None:
            limit = purchase.at + terms.issue_within_hours * HOUR
        issued = line.issued.at if line.issued is not None else None
        if issued is None or (delivered is not None and delivered < issued):
            issued = delivered
        return "issue", limit, issued
    promised = purchase.deliver_by
    if promised is None:
        if terms.within_hours is None:
            return "delivery", None, delivered
        return "delivery", purchase.at + terms.within_hours * HOUR, delivered
    # A promised day lasts until its end, so that the hour of the estimate does not matter.
    return "delivery", end_of_day(promised, terms.zone), delivered


def _scanned(
    line: Line, purchase: Purchase, terms: Terms, shipped: Instant, at: Instant
) -> Verdict:
    """Marked shipped in time: whether the carrier's first scan bears it out (虚假发货)."""
    hours = terms.scan_within_hours or 0
    limit = stretched(line, "dispatch", shipped, shipped + hours * HOUR)
    scans = [one.at for one in (line.picked_up, line.delivered) if one is not None]
    scan = min(scans, default=None)
    ended = ended_at(line)
    if (scan is not None and scan <= limit) or (ended is not None and ended <= limit):
        return KEPT
    if scan is not None:
        return _broken(line, purchase, terms, limit, ("scan", "late", limit, scan))
    if limit < at:
        return _broken(line, purchase, terms, limit, ("scan", "never", limit, limit))
    return Pending(limit)


_CODES = {
    (clock, how): (f"{clock}_promised", f"{clock}_{how}")
    for clock in ("dispatch", "delivery", "issue", "scan")
    for how in ("late", "never")
}


def _broken(
    line: Line,
    purchase: Purchase,
    terms: Terms,
    since: Instant,
    story: tuple[str, str, Instant, Instant],
) -> Broken:
    clock, how, limit, seen = story
    promised, happened = _CODES[clock, how]
    compensation = share(line, purchase, terms)
    because = (
        Step("rule", promised, (limit,)),
        Step("fact", happened, (seen,)),
        share_step(purchase, terms, compensation),
    )
    return Broken(Owed(0, compensation), since, purchase.id, because)


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Lightning dispatch",
    title_zh="闪电发货",
    terms=Terms,
    due=due,
    judge=judge,
    lasts=lasts,
    floors=no_floors,
    claim=(
        Question(
            "what_happened",
            "choice",
            "What went wrong?",
            "出现了什么问题？",
            choices=(
                ("late", "It was sent, delivered or issued late", "发货、送达或出单迟延"),
                ("never", "It was never sent, delivered or issued", "一直没有发货、送达或出单"),
                ("false_shipment", "It is marked shipped but has not moved", "显示已发货但无物流"),
            ),
        ),
        Question("since", "date", "When was it promised?", "承诺的时间是何时？", required=False),
    ),
    evidence=(
        Evidence(
            "carrier_record",
            "The carrier's record of the hand-over and its scans",
            "承运人的揽收与扫描记录",
            "merchant",
        ),
        Evidence(
            "promise_shown",
            "The promised time as it was shown at purchase",
            "下单时页面展示的承诺时间",
            "platform",
        ),
    ),
)
