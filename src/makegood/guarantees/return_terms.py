"""What is promised to a consumer who sends an item back without a reason."""

from typing import Annotated, Literal

from makegood.clock.durations import Duration
from makegood.guarantees.terms import ShareTerms, parameter


class Terms(ShareTerms, frozen=True, kw_only=True):
    """The window, the time for the refund, who bears the freight; the share compensates delay."""

    window: Annotated[
        Duration,
        parameter(
            "duration",
            "more",
            "How long after receipt a return can be asked for",
            "收货后可申请退货的期限",
            at_least=1,
            at_most=366,
        ),
    ]
    refund_within: Annotated[
        Duration,
        parameter(
            "duration",
            "less",
            "How soon the refund must be paid",
            "应完成退款的期限",
            at_least=0,
            at_most=31,
        ),
    ]
    refund_counts_from: Annotated[
        Literal["arrival", "request"],
        parameter(
            "choice",
            "same",
            "What the time for the refund counts from; never before the item is back",
            "退款期限的起算点（不早于商品退回）",
        ),
    ] = "arrival"
    freight_on_merchant: Annotated[
        bool,
        parameter(
            "yes_or_no", "more", "The merchant bears the return freight", "退货运费由商家承担"
        ),
    ] = False
    outward_freight_refunded: Annotated[
        bool,
        parameter(
            "yes_or_no",
            "more",
            "The freight that was paid for the delivery is refunded too",
            "一并退还发货运费",
        ),
    ] = False
    all_goods: Annotated[
        bool,
        parameter(
            "yes_or_no",
            "more",
            "Also for goods that the law exempts from returns",
            "法律规定不适用退货的商品也可退货",
        ),
    ] = False
