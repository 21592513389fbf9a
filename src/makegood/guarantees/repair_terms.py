"""What is promised to a consumer whose item has a fault."""

from typing import Annotated, Literal

from makegood.clock.durations import Duration
from makegood.guarantees.terms import ShareTerms, parameter


class RepairTerms(ShareTerms, frozen=True, kw_only=True):
    """The window, the turnaround, and what follows failures; the share compensates delay."""

    window: Annotated[
        Duration,
        parameter(
            "duration",
            "more",
            "How long after receipt or installation a repair can be asked for",
            "收货或安装后可申请维修的期限",
            at_least=1,
            at_most=3660,
        ),
    ]
    turnaround: Annotated[
        Duration,
        parameter(
            "duration",
            "less",
            "How soon a repair must be done",
            "应完成维修的期限",
            at_least=0,
            at_most=366,
        ),
    ]
    failures_at_most: Annotated[
        int,
        parameter(
            "times",
            "less",
            "The failed repair after which the item is replaced or refunded",
            "维修失败达到该次数后更换或退款",
            at_least=1,
            at_most=10,
        ),
    ] = 2
    repair_days_at_most: Annotated[
        int,
        parameter(
            "days",
            "less",
            "Days under repair by the repairer's fault after which it is replaced or refunded",
            "因修理者原因累计修理超过该天数后更换或退款",
            at_least=1,
            at_most=366,
        ),
    ] = 30
    then: Annotated[
        Literal["replacement", "refund", "either"],
        parameter(
            "choice",
            "same",
            "What follows: a replacement, a refund, or what the consumer chooses",
            "此后的救济：更换、退款或由消费者选择",
        ),
    ] = "replacement"
