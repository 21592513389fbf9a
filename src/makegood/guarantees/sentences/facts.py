"""What happened, or was found by a person."""

from makegood.guarantees.sentences.sentence import Sentence, sentence

FACTS: dict[str, Sentence] = {
    "dispatch_late": sentence(
        "at:time", "It was handed over at {at}, after the limit.", "{at} 才交付承运人，已超过时限。"
    ),
    "dispatch_never": sentence(
        "at:time", "No hand-over by {at} was reported.", "截至 {at} 没有交付承运人的记录。"
    ),
    "delivery_late": sentence(
        "at:time", "It was delivered at {at}, after the limit.", "{at} 才送达，已超过时限。"
    ),
    "delivery_never": sentence(
        "at:time", "No delivery by {at} was reported.", "截至 {at} 没有送达记录。"
    ),
    "issue_late": sentence(
        "at:time", "It was issued at {at}, after the limit.", "{at} 才出单，已超过时限。"
    ),
    "issue_never": sentence(
        "at:time", "It had not been issued by {at}.", "截至 {at} 没有出单记录。"
    ),
    "scan_late": sentence(
        "at:time",
        "The carrier first scanned it at {at}, after the limit.",
        "承运人 {at} 才首次揽收扫描，已超过时限。",
    ),
    "scan_never": sentence(
        "at:time",
        "It was marked shipped, but the carrier had not scanned it by {at}.",
        "已标记发货，但截至 {at} 承运人没有揽收扫描。",
    ),
    "out_of_stock": sentence("at:time", "It was reported out of stock at {at}.", "{at} 报告缺货。"),
    "ended_by_merchant": sentence(
        "at:time",
        "The merchant ended it at {at} without the consumer's request.",
        "{at} 商家未经消费者要求而取消。",
    ),
    "cancelled": sentence(
        "at:time by:party", "It was cancelled at {at} by {by}.", "{at} 由{by}取消。"
    ),
    "delivered_though_ended": sentence(
        "at:time",
        "Yet it was delivered at {at}: a person must look.",
        "但 {at} 又有送达记录，须由人工核实。",
    ),
    "price_fell": sentence(
        "at:time price:money currency:currency",
        "At {at} the merchant's price for one was {price}.",
        "{at} 该商家同款商品单价为 {price}。",
    ),
    "found_counterfeit": sentence(
        "at:time", "It was found to be counterfeit ({at}).", "经认定为假货({at})。"
    ),
    "found_unsafe_food": sentence(
        "at:time", "The food was found to be unsafe ({at}).", "经认定为不安全食品({at})。"
    ),
    "found_minor_difference": sentence(
        "at:time",
        "It was found to differ slightly from its description ({at}).",
        "经认定与描述轻微不符({at})。",
    ),
    "found_material_difference": sentence(
        "at:time",
        "It was found to differ materially from its description ({at}).",
        "经认定与描述严重不符({at})。",
    ),
    "found_return_refused_wrongly": sentence(
        "at:time",
        "The return was found to have been refused without ground ({at}).",
        "经认定商家无理拒绝退货({at})。",
    ),
    "found_repair_refused_wrongly": sentence(
        "at:time",
        "The repair was found to have been refused without ground ({at}).",
        "经认定无理拒绝维修({at})。",
    ),
    "return_arrived": sentence(
        "at:time", "The return arrived intact at {at}.", "退回的商品于 {at} 完好送达。"
    ),
    "repair_late": sentence(
        "at:time", "The repair was done at {at}, after the limit.", "{at} 才修好，已超过时限。"
    ),
    "repair_never": sentence(
        "at:time", "The repair had not been done by {at}.", "截至 {at} 尚未修好。"
    ),
    "repair_failed": sentence(
        "at:time", "The repair ended at {at} without success.", "{at} 维修结束但未修好。"
    ),
    "repair_charged": sentence(
        "charge:money currency:currency",
        "{charge} was charged for a repair that is free.",
        "免费维修被收取 {charge}。",
    ),
}
