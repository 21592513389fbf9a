"""七天无理由退货: what is sent back in time is taken back, and refunded in time."""

from makegood.clock.deadlines import lapses_at
from makegood.clock.instants import Instant
from makegood.guarantees.facts.line import Line, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import (
    NO_SILENCE,
    Evidence,
    Floor,
    Guarantee,
    Question,
)
from makegood.guarantees.limits import ended_at, pauses
from makegood.guarantees.refunds import is_refund_late, is_refund_open
from makegood.guarantees.return_terms import Terms
from makegood.guarantees.returns import Return, returns_of
from makegood.guarantees.shares import share, share_step
from makegood.guarantees.terms import Terms as BaseTerms
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Owed, Pending, Step, Verdict
from makegood.guarantees.windows import received_at
from makegood.law.packs import Pack

CODE = "seven_day_return"


def due(line: Line, terms: Terms, after: Instant = NO_SILENCE) -> Instant | None:
    """When a refund that has not come is late, for an item that came back intact."""
    purchase = line.purchase
    if purchase is None or not _is_promised(line, purchase, terms):
        return None
    refund = _refund(purchase, terms)
    limits = [_refund_limit(line, terms, one) for one in _accepted(line, terms, None)]
    return min(
        (limit for limit in limits if limit >= after and is_refund_open(line, refund, limit)),
        default=None,
    )


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Broken by a refund that is late after an intact return; or wrongly refused, as found.

    The refund is the price, with the freight to the consumer if the terms include it.
    """
    purchase = line.purchase
    if purchase is None or (findings is not None and findings.excused):
        return KEPT
    if not _is_promised(line, purchase, terms):
        return KEPT
    if findings is not None and findings.refused_wrongly:
        told = Step("fact", "found_return_refused_wrongly", (findings.at,))
        outlay = findings.freight
        return _broken(line, terms, purchase, findings.at, findings.occasion, (told,), outlay)
    refund = _refund(purchase, terms)
    accepted = _accepted(line, terms, findings)
    limits = sorted((_refund_limit(line, terms, one), one) for one in accepted)
    late = [(limit, one) for limit, one in limits if is_refund_late(line, refund, limit, at)]
    if late:
        limit, first = late[0]
        told = Step("fact", "return_arrived", (first.received or first.requested,))
        promised = Step("rule", "refund_promised", (limit,))
        outlay = sum(one.freight for _, one in late)
        return _broken(line, terms, purchase, limit, first.id, (told, promised), outlay)
    open_until = [limit for limit, _ in limits if is_refund_open(line, refund, limit)]
    if open_until:
        return Pending(open_until[0])
    return _unreturned(line, terms, at, returned=bool(accepted))


def lasts(line: Line, terms: Terms) -> Instant | None:
    """The last instant at which a return can be asked for; None until the item is there."""
    received = received_at(line)
    if received is None:
        return None
    return lapses_at(received, terms.window, pauses(line, "return"))


def _is_promised(line: Line, purchase: Purchase, terms: Terms) -> bool:
    return line.number != 0 and (purchase.no_return is None or terms.all_goods)


def _unreturned(line: Line, terms: Terms, at: Instant, *, returned: bool) -> Verdict:
    if returned or ended_at(line) is not None:
        return KEPT
    closes = lasts(line, terms)
    return KEPT if closes is not None and closes < at else PENDING


def _accepted(line: Line, terms: Terms, findings: Findings | None) -> list[Return]:
    """The returns asked for in the window that came back in a state the promise accepts."""
    if not line.returns:
        return []
    closes = lasts(line, terms)
    intact_as_found = findings is not None and findings.return_intact
    return [
        one
        for one in returns_of(line)
        if one.received is not None
        and (one.inspection == "intact" or intact_as_found)
        and (closes is None or one.requested <= closes)
    ]


def _refund_limit(line: Line, terms: Terms, one: Return) -> Instant:
    paused = pauses(line, "refund")
    arrived = one.received or one.requested
    if terms.refund_counts_from == "arrival":
        return lapses_at(arrived, terms.refund_within, paused)
    # The merchant may wait with the refund until the goods are back (Dir. 2011/83, 13).
    return max(arrived, lapses_at(one.requested, terms.refund_within, paused))


def _refund(purchase: Purchase, terms: Terms) -> int:
    if terms.outward_freight_refunded:
        return purchase.paid_total
    return max(0, purchase.paid_total - purchase.freight)


def _broken(
    line: Line,
    terms: Terms,
    purchase: Purchase,
    since: Instant,
    occasion: str,
    steps: tuple[Step, ...],
    outlay: int,
) -> Broken:
    refund, currency = _refund(purchase, terms), purchase.currency
    compensation = share(line, purchase, terms)
    because = [*steps]
    if terms.outward_freight_refunded:
        because.append(Step("rule", "refund_of_all_paid", (refund, currency)))
    else:
        values = (purchase.paid_total, purchase.freight, refund, currency)
        because.append(Step("sum", "refund_without_freight", values))
    freight = outlay if terms.freight_on_merchant else 0
    if freight:
        because.append(Step("rule", "return_freight_made_good", (freight, currency)))
    if compensation:
        because.append(share_step(purchase, terms, compensation))
    return Broken(Owed(refund, compensation, freight), since, occasion, tuple(because))


def floors(pack: Pack, currency: str, promised: BaseTerms | None) -> tuple[Floor, ...]:
    """Return of distance purchases without a reason (CRPL 25; Dir. 2011/83, 9-14)."""
    rule = pack.rule("no_reason_return")
    if rule is None:
        return ()
    refund = rule.clocks["refund"]
    terms = Terms(
        window=rule.clocks["window"].duration,
        refund_within=refund.duration,
        refund_counts_from="arrival" if refund.starts == "return.received" else "request",
        freight_on_merchant=rule.freight == "merchant",
    )
    return (Floor(rule=rule.code, terms=terms),)


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Seven-day return",
    title_zh="七天无理由退货",
    terms=Terms,
    due=due,
    judge=judge,
    lasts=lasts,
    floors=floors,
    claim=(
        Question(
            "what_happened",
            "choice",
            "What went wrong with the return?",
            "退货时出现了什么问题？",
            choices=(
                ("refused", "It was refused", "被拒绝"),
                ("not_refunded", "It arrived but was not refunded", "商品已退回但未退款"),
            ),
        ),
        Question("sent_on", "date", "When did you send it back?", "您何时寄回商品？", False),
        Question("freight", "amount", "What did sending it back cost?", "退货运费是多少？", False),
    ),
    evidence=(
        Evidence(
            "return_tracking",
            "The carrier's record that the return arrived",
            "承运人的退货签收记录",
            "consumer",
        ),
        Evidence(
            "inspection",
            "The inspection on arrival, with pictures, if it is said not to be intact",
            "主张商品不完好时的验货记录与照片",
            "merchant",
        ),
        Evidence(
            "confirmation",
            "The consumer's confirmation at purchase that it cannot be returned",
            "消费者下单时对不适用退货的确认",
            "merchant",
        ),
    ),
)
