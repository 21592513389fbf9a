"""The whole invented marketplace as facts: merchants, prices, orders, a flood, a festival."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle

from makegood.guarantees.facts.vocabulary import (
    PLATFORM,
    AnyFact,
    CompleteData,
    ExemptionData,
    ExemptionDeclared,
    FactsComplete,
    MerchantRegistered,
    OfferPriced,
    OrderPaid,
    OrderPaidData,
    PaidLine,
    Payment,
    PricedData,
    RegisteredData,
)
from makegood.trade.sources.demo import aftermath, stories
from makegood.trade.sources.demo.parcel import CURRENCY, SOURCE, Parcel, draw
from makegood.trade.sources.demo.shops import MERCHANTS, Merchant, Product

OPENED = datetime(2026, 5, 10, 16, tzinfo=UTC)  # midnight in Shanghai
FESTIVAL = datetime(2026, 6, 1, 12, tzinfo=UTC)
FLOODED_FROM = OPENED + timedelta(days=12)
FLOODED_UNTIL = FLOODED_FROM + timedelta(days=4)
AS_OF = OPENED + timedelta(days=45)
ORDERS = 300
DISPATCH_WITHIN = timedelta(hours=48)
_PLACES = (
    ("GD", "广东省广州市桐花路"),
    ("ZJ", "浙江省杭州市杏林巷"),
    ("SC", "四川省成都市锦屏街"),
    ("BJ", "北京市海棠胡同"),
    ("SH", "上海市梧桐里"),
)
Telling = Callable[[Parcel], stories.Story]
_TROUBLE: tuple[Telling, ...] = (
    stories.late,
    stories.late,
    stories.late,
    stories.never_sent,
    stories.falsely_shipped,
    stories.out_of_stock,
    stories.partly_out_of_stock,
    stories.wrongly_out_of_stock,
    stories.cancelled_by_consumer,
    stories.cancelled_by_consumer,
    stories.refunded_by_marketplace,
    stories.cancelled_by_merchant,
    stories.cancelled_yet_delivered,
    aftermath.returned,
    aftermath.returned_refunded_late,
    aftermath.returned_never_refunded,
    aftermath.returned_worn,
    aftermath.return_refused,
    aftermath.charged_back,
)
_TROUBLE_OF_DURABLES: tuple[Telling, ...] = (
    aftermath.repaired,
    aftermath.repaired_late,
    aftermath.repaired_late_by_centre,
    aftermath.repaired_in_vain,
    aftermath.refused_by_centre,
    aftermath.returned,
    stories.late,
    stories.cancelled_by_consumer,
)
_TROUBLE_OF_TICKETS: tuple[Telling, ...] = (
    stories.issued_late,
    stories.never_sent,
    stories.out_of_stock,
    stories.cancelled_by_consumer,
)
_ALL_TROUBLE = (_TROUBLE, _TROUBLE_OF_DURABLES, _TROUBLE_OF_TICKETS)


def facts() -> list[AnyFact]:
    """All facts of the marketplace up to `AS_OF`, in order of time; the last says it is all."""
    told = [*_opening(), *_orders()]
    told = [fact for fact in told if fact.time < AS_OF]
    told.sort(key=lambda fact: (fact.time, fact.merchant, fact.id))
    return [*told, _complete()]


def _opening() -> Iterator[AnyFact]:
    for merchant in MERCHANTS:
        yield MerchantRegistered(
            id=f"registered/{merchant.ref}",
            source=SOURCE,
            time=OPENED,
            merchant=merchant.ref,
            subject=merchant.ref,
            data=RegisteredData(name=merchant.name, country="CN"),
        )
        for product in merchant.products:
            yield _priced(merchant, product, OPENED)
            if product.festival_percent < 100:
                yield _priced(merchant, product, FESTIVAL)
    yield ExemptionDeclared(
        id="flood-in-guangdong",
        source=SOURCE,
        time=FLOODED_FROM,
        merchant=PLATFORM,
        data=ExemptionData(
            starts_at=FLOODED_FROM,
            ends_at=FLOODED_UNTIL,
            reason="Flood: roads closed in Guangdong 广东洪水, 道路封闭",
            areas=("GD",),
        ),
    )


def _complete() -> FactsComplete:
    data = CompleteData(until=AS_OF)
    return FactsComplete(id="complete", source=SOURCE, time=AS_OF, merchant=PLATFORM, data=data)


def _price(product: Product, at: datetime) -> int:
    percent = product.festival_percent if at >= FESTIVAL else 100
    return product.price * percent // 100


def _priced(merchant: Merchant, product: Product, at: datetime) -> OfferPriced:
    return OfferPriced(
        id=f"priced/{product.item}/{at:%m-%d}",
        source=SOURCE,
        time=at,
        merchant=merchant.ref,
        subject=product.item,
        data=PricedData(price=_price(product, at), currency=CURRENCY),
    )


def _orders() -> Iterator[AnyFact]:
    """Most orders have one merchant; every twelfth is of two. Trouble is dealt in turn."""
    dealt = {trouble: cycle(trouble) for trouble in _ALL_TROUBLE}
    for number in range(1, ORDERS + 1):
        order = f"D{number:04}"
        first = draw(f"{order} merchant", 0, len(MERCHANTS) - 1)
        merchants = [MERCHANTS[first]]
        if number % 12 == 0:
            merchants.append(MERCHANTS[(first + 5) % len(MERCHANTS)])
        line_number = 1
        for merchant in merchants:
            parcel = _parcel(order, number, merchant, line_number)
            line_number += len(parcel.lines)
            yield _paid(parcel)
            story = _luck(parcel, merchant) or next(dealt[_trouble(parcel)])
            yield from story(parcel)


def _luck(parcel: Parcel, merchant: Merchant) -> Telling | None:
    """How it goes when the merchant takes care, or the flood comes; None is trouble."""
    tickets = parcel.lines[0].kind != "goods"
    if not tickets and parcel.area == "GD" and FLOODED_FROM <= parcel.paid_at < FLOODED_UNTIL:
        return stories.late_by_flood
    if parcel.draw("care", 1, 100) > merchant.care:
        return None
    return stories.issued if tickets else stories.kept


def _trouble(parcel: Parcel) -> tuple[Telling, ...]:
    if parcel.lines[0].kind != "goods":
        return _TROUBLE_OF_TICKETS
    return _TROUBLE_OF_DURABLES if parcel.lines[0].durable else _TROUBLE


def _parcel(order: str, number: int, merchant: Merchant, first_line: int) -> Parcel:
    placed_at = OPENED + timedelta(minutes=draw(f"{order} placed", 60, 40 * 24 * 60))
    paid_at = placed_at + timedelta(minutes=draw(f"{order} paid", 1, 25))
    area, street = _PLACES[draw(f"{order} place", 0, len(_PLACES) - 1)]
    which = draw(f"{order} {merchant.ref} product", 0, 3)
    products = merchant.products if which == 3 else (merchant.products[which % 2],)
    lines = tuple(
        _line(product, first_line + n, placed_at, paid_at, draw(f"{order} quantity {n}", 1, 5))
        for n, product in enumerate(products)
    )
    return Parcel(
        order=order,
        merchant=merchant.ref,
        lines=lines,
        payments=_payments(order, sum(line.price + line.freight for line in lines)),
        placed_at=placed_at,
        paid_at=paid_at,
        area=area,
        consumer=f"consumer-{draw(f'{order} consumer', 1, 180):03}",
        destination=f"{street}{number % 88 + 1}号",
    )


def _line(
    product: Product, number: int, placed_at: datetime, paid_at: datetime, lot: int
) -> PaidLine:
    quantity = 2 if lot == 5 else 1
    goods = product.kind == "goods"
    return PaidLine(
        number=number,
        item=product.item,
        category=product.category,
        kind=product.kind,
        price=_price(product, placed_at) * quantity,
        list_price=product.price * quantity,
        freight=800 if goods and lot < 3 else 0,
        quantity=quantity,
        dispatch_by=paid_at + DISPATCH_WITHIN if goods else None,
        deliver_by=paid_at + timedelta(days=6) if goods else None,
        issue_by=None if goods else paid_at + timedelta(hours=1),
        food=product.food,
        durable=product.durable,
        no_return=product.no_return,
    )


def _payments(order: str, total: int) -> tuple[Payment, ...]:
    """Some pay a part with a voucher; two merchants' parts of one payment bear one id."""
    if draw(f"{order} voucher", 1, 6) > 1:
        return (Payment(id=f"{order}/wallet", amount=total),)
    voucher = min(total // 3, 2_000)
    return (
        Payment(id=f"{order}/wallet", amount=total - voucher),
        Payment(id=f"{order}/voucher", amount=voucher),
    )


def _paid(parcel: Parcel) -> OrderPaid:
    return OrderPaid(
        id=f"{parcel.order}/paid",
        source=SOURCE,
        time=parcel.paid_at,
        merchant=parcel.merchant,
        subject=parcel.order,
        data=OrderPaidData(
            placed_at=parcel.placed_at,
            currency=CURRENCY,
            lines=parcel.lines,
            payments=parcel.payments,
            area=parcel.area,
            consumer=parcel.consumer,
            destination=parcel.destination,
        ),
    )
