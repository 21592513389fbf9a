"""What was promised or the law says, and the arithmetic that follows from it."""

from makegood.guarantees.sentences.sentence import Sentence, sentence

RULES: dict[str, Sentence] = {
    "dispatch_promised": sentence(
        "limit:time",
        "Hand-over to the carrier was promised by {limit}.",
        "承诺 {limit} 前交付承运人。",
    ),
    "delivery_promised": sentence(
        "limit:time", "Delivery was promised by {limit}.", "承诺 {limit} 前送达。"
    ),
    "issue_promised": sentence(
        "limit:time", "It was promised to be issued by {limit}.", "承诺 {limit} 前出单。"
    ),
    "scan_promised": sentence(
        "limit:time",
        "A first scan by the carrier was promised by {limit}.",
        "承诺 {limit} 前有承运人揽收扫描。",
    ),
    "refund_promised": sentence(
        "limit:time", "The refund was promised by {limit}.", "承诺 {limit} 前完成退款。"
    ),
    "repair_promised": sentence(
        "asked:time limit:time",
        "A repair was asked for at {asked} and promised by {limit}.",
        "{asked} 申请维修，承诺 {limit} 前修好。",
    ),
    "refund_of_all_paid": sentence(
        "paid:money currency:currency",
        "All that was paid for the line is refunded: {paid}.",
        "退还该订单行的全部实付款：{paid}。",
    ),
    "refund_limited_to_paid": sentence(
        "left:money currency:currency",
        "Refunds never exceed what was paid for the line: {left} is left to refund.",
        "退款总额不超过该订单行的实付款：尚可退 {left}。",
    ),
    "outlays_made_good": sentence(
        "freight:money fee:money currency:currency",
        "Return freight of {freight} and an appraisal fee of {fee} are made good.",
        "承担退货运费 {freight} 和鉴定费 {fee}。",
    ),
    "return_freight_made_good": sentence(
        "freight:money currency:currency",
        "Return freight of {freight} is made good.",
        "承担退货运费 {freight}。",
    ),
    "failures_spent": sentence(
        "times:count",
        "Repairs failed {times} times: no further repair has to be accepted.",
        "已维修失败 {times} 次，无须再接受维修。",
    ),
    "repair_days_spent": sentence(
        "days:count",
        "More than {days} days under repair by the repairer's fault.",
        "因修理者原因累计修理超过 {days} 天。",
    ),
    "broken_after": sentence(
        "until:time",
        "If nothing more is reported, it counts as broken after {until}.",
        "若无新的记录，{until} 之后视为违约。",
    ),
    "lasts_until": sentence(
        "until:time", "This promise lasts until {until}.", "本项承诺有效至 {until}。"
    ),
    "repair_owed": sentence("", "A repair free of charge is owed.", "应免费维修。"),
    "replacement_owed": sentence("", "A replacement is owed.", "应予更换。"),
    "statute": sentence("jurisdiction rule", "So the law says: {rule}.", "法律依据：{rule}。"),
    "policy": sentence(
        "version:name",
        "So the platform's policy says (version {version}).",
        "平台规则（版本 {version}）如此规定。",
    ),
    "promise": sentence(
        "enrolment:name",
        "So the merchant promised (enrolment {enrolment}).",
        "商家如此承诺（保障服务 {enrolment}）。",
    ),
}

SUMS: dict[str, Sentence] = {
    "share": sentence(
        "price:money rate at_least:money at_most:money compensation:money currency",
        "{rate} of {price}, half up, at least {at_least}, at most {at_most}: {compensation}.",
        "{price} 的 {rate}，四舍五入，最低 {at_least}，最高 {at_most}：{compensation}。",
    ),
    "share_without_cap": sentence(
        "price:money rate at_least:money compensation:money currency",
        "{rate} of {price}, half up, at least {at_least}: {compensation}.",
        "{price} 的 {rate}，四舍五入，最低 {at_least}：{compensation}。",
    ),
    "price_difference": sentence(
        "price:money quantity:count later:money difference:money currency",
        "{price} paid for {quantity}, less {quantity} × {later}: {difference}.",
        "{quantity} 件实付 {price}，减去 {quantity} × {later}：{difference}。",
    ),
    "difference_limited": sentence(
        "most:money currency",
        "Of the difference at most {most} is given back.",
        "差价最多退还 {most}。",
    ),
    "multiple_of_price": sentence(
        "price:money times:count amount:money currency",
        "{times} × the price of {price}: {amount}.",
        "价款 {price} 的 {times} 倍：{amount}。",
    ),
    "multiple_of_loss": sentence(
        "loss:money times:count amount:money currency",
        "{times} × the loss of {loss}: {amount}.",
        "损失 {loss} 的 {times} 倍：{amount}。",
    ),
    "punitive_minimum": sentence(
        "amount:money currency", "At least {amount} is paid.", "最低赔付 {amount}。"
    ),
    "reduction": sentence(
        "price:money rate reduction:money currency",
        "{rate} of {price}, half up, is given back: {reduction}.",
        "退还 {price} 的 {rate}，四舍五入：{reduction}。",
    ),
    "refund_without_freight": sentence(
        "paid:money freight:money refund:money currency",
        "{paid} paid, less {freight} freight: {refund} is refunded.",
        "实付 {paid}，扣除发货运费 {freight}：退还 {refund}。",
    ),
}
