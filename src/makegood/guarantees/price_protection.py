"""价格保护: when the same merchant's price for the same item falls, the difference comes back."""

from typing import Annotated

from makegood.clock.instants import HOUR, Instant
from makegood.guarantees.facts.line import Line, Priced, Purchase
from makegood.guarantees.findings import Findings
from makegood.guarantees.guarantee import Evidence, Guarantee, Question, never_due, no_floors
from makegood.guarantees.terms import Terms as BaseTerms
from makegood.guarantees.terms import parameter
from makegood.guarantees.verdict import KEPT, PENDING, Broken, Owed, Step, Verdict

CODE = "price_protection"


class Terms(BaseTerms, frozen=True, kw_only=True):
    """For how long the price is protected, and up to which difference."""

    window_hours: Annotated[
        int,
        parameter(
            "hours",
            "more",
            "Elapsed hours from purchase in which a lower price counts, the last instant included",
            "自下单起价格保护的小时数（含最后一刻）",
            at_least=1,
            at_most=8760,
        ),
    ]
    at_most_minor: (
        Annotated[
            int,
            parameter(
                "minor",
                "more",
                "The most that is given back for one line; without it, the whole difference",
                "每一订单行最多退还的金额，不填则退还全部差价",
                at_least=0,
                at_most=10**12,
                without="best",
            ),
        ]
        | None
    ) = None


def judge(line: Line, terms: Terms, findings: Findings | None, at: Instant) -> Verdict:
    """Broken by any lower price in the window; the lowest one sets the sum.

    A line that ended is refunded as such and owes no difference, nor does one of no items.
    """
    purchase = line.purchase
    if purchase is None or purchase.quantity == 0 or (findings is not None and findings.excused):
        return KEPT
    if line.cancelled is not None or line.out_of_stock is not None:
        return KEPT
    closes = purchase.placed_at + terms.window_hours * HOUR
    if line.prices:
        lowest = _lowest(line.prices, purchase.placed_at, closes)
        # The whole line is compared, so that a price that does not divide loses no unit.
        if lowest is not None and lowest.price * purchase.quantity < purchase.price:
            return _broken(purchase, lowest, terms)
    return KEPT if closes < at else PENDING


def lasts(line: Line, terms: Terms) -> Instant | None:
    """The last instant at which a lower price counts."""
    if line.purchase is None:
        return None
    return line.purchase.placed_at + terms.window_hours * HOUR


def _lowest(prices: tuple[Priced, ...], opened: Instant, closes: Instant) -> Priced | None:
    lowest: Priced | None = None
    for priced in prices:
        if opened < priced.at <= closes and (lowest is None or priced.price < lowest.price):
            lowest = priced
    return lowest


def _broken(purchase: Purchase, lowest: Priced, terms: Terms) -> Verdict:
    price, quantity, currency = purchase.price, purchase.quantity, purchase.currency
    later = lowest.price * quantity
    difference = price - later
    most = min(difference, purchase.paid_total)
    if terms.at_most_minor is not None:
        most = min(most, terms.at_most_minor)
    if most == 0:
        return KEPT
    because = [
        Step("fact", "price_fell", (lowest.at, lowest.price, currency)),
        Step("sum", "price_difference", (price, quantity, lowest.price, difference, currency)),
    ]
    if most < difference:
        because.append(Step("sum", "difference_limited", (most, currency)))
    return Broken(Owed(most), lowest.at, purchase.id, tuple(because))


GUARANTEE = Guarantee(
    code=CODE,
    title_en="Price protection",
    title_zh="价格保护",
    terms=Terms,
    due=never_due,
    judge=judge,
    lasts=lasts,
    floors=no_floors,
    claim=(
        Question("seen_on", "date", "When did you see the lower price?", "您何时看到更低的价格？"),
        Question("price_seen", "amount", "What was the lower price?", "更低的价格是多少？"),
    ),
    evidence=(
        Evidence(
            "screenshot",
            "A picture of the offer with its price and date",
            "含价格与日期的商品页面截图",
            "consumer",
        ),
        Evidence(
            "price_history",
            "The offer's price history",
            "商品的价格变动记录",
            "platform",
        ),
    ),
)
