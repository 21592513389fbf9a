"""What can happen after goods have arrived: returns, repairs, replacements, charge-backs."""

from makegood.guarantees.facts.vocabulary import (
    ChargedBackData,
    PaymentChargedBack,
    RepairCompleted,
    RepairData,
    RepairRefused,
    RepairRequested,
    ReplacementData,
    ReplacementDelivered,
    ReplacementShipped,
    ReturnData,
    ReturnReceived,
    ReturnRefused,
    ReturnRequested,
    ReturnShipped,
)
from makegood.trade.sources.demo.parcel import Parcel
from makegood.trade.sources.demo.stories import (
    DAY,
    Story,
    arrival_hour,
    dispatch_hour,
    refunded,
    sent,
)


def _home(parcel: Parcel) -> int:
    return arrival_hour(parcel, dispatch_hour(parcel))


def _returned(parcel: Parcel, inspection: ReturnData) -> Story:
    """Sent back within the seven days and looked at; the hour of arrival is six days on."""
    yield from sent(parcel, dispatch_hour(parcel))
    number, hour = parcel.lines[0].number, _home(parcel)
    step = ReturnData(return_id=inspection.return_id)
    yield parcel.of_line(ReturnRequested, "return_requested", hour + 2 * DAY, step, number)
    yield parcel.of_line(ReturnShipped, "return_shipped", hour + 3 * DAY, step, number)
    yield parcel.of_line(ReturnReceived, "return_received", hour + 6 * DAY, inspection, number)


def returned(parcel: Parcel) -> Story:
    """Back intact, and refunded two days later."""
    yield from _returned(parcel, _intact(parcel))
    line = parcel.lines[0]
    yield from refunded(parcel, line, line.price, _home(parcel) + 8 * DAY)


def returned_refunded_late(parcel: Parcel) -> Story:
    """Back intact, and refunded only after eleven days."""
    yield from _returned(parcel, _intact(parcel))
    line = parcel.lines[0]
    yield from refunded(parcel, line, line.price, _home(parcel) + 17 * DAY)


def returned_never_refunded(parcel: Parcel) -> Story:
    """Back intact, and then silence."""
    yield from _returned(parcel, _intact(parcel))


def returned_worn(parcel: Parcel) -> Story:
    """Back, but worn: no refund without a person's word."""
    worn = ReturnData(return_id=f"return-{parcel.order}", inspection="worn", freight=1_200)
    yield from _returned(parcel, worn)


def return_refused(parcel: Parcel) -> Story:
    """Asked for in time, and refused."""
    yield from sent(parcel, dispatch_hour(parcel))
    number, hour = parcel.lines[0].number, _home(parcel)
    step = ReturnData(return_id=f"return-{parcel.order}")
    refusal = ReturnData(return_id=step.return_id, note="包装已拆封")
    yield parcel.of_line(ReturnRequested, "return_requested", hour + 3 * DAY, step, number)
    yield parcel.of_line(ReturnRefused, "return_refused", hour + 4 * DAY, refusal, number)


def _intact(parcel: Parcel) -> ReturnData:
    return ReturnData(return_id=f"return-{parcel.order}", inspection="intact", freight=1_200)


def _repair(
    parcel: Parcel, name: str, asked: int, days: int, outcome: RepairData | None = None
) -> Story:
    """A fault reported `asked` days after delivery, and its repair so many days later."""
    number, hour = parcel.lines[0].number, _home(parcel) + asked * DAY
    centre = outcome.centre if outcome else ""
    request = RepairData(repair_id=f"{name}-{parcel.order}", centre=centre, note="开机后无反应")
    yield parcel.of_line(RepairRequested, f"{name}_requested", hour, request, number)
    done = outcome or RepairData(repair_id=request.repair_id, result="repaired")
    yield parcel.of_line(RepairCompleted, f"{name}_completed", hour + days * DAY, done, number)


def repaired(parcel: Parcel) -> Story:
    """A fault, mended within a few days."""
    yield from sent(parcel, dispatch_hour(parcel))
    yield from _repair(parcel, "repair", 3, 4)


def repaired_late(parcel: Parcel) -> Story:
    """A fault that lay on the bench for three weeks."""
    yield from sent(parcel, dispatch_hour(parcel))
    yield from _repair(parcel, "repair", 2, 21)


def repaired_late_by_centre(parcel: Parcel) -> Story:
    """全国联保: an authorised centre that takes longer than promised."""
    yield from sent(parcel, dispatch_hour(parcel))
    repair = f"centre-{parcel.order}"
    mended = RepairData(repair_id=repair, centre="wuhan-centre", result="repaired")
    yield from _repair(parcel, "centre", 2, 19, mended)


def repaired_in_vain(parcel: Parcel) -> Story:
    """Two failed repairs, then a new one."""
    yield from sent(parcel, dispatch_hour(parcel))
    for name, asked in (("first", 1), ("second", 6)):
        failed = RepairData(repair_id=f"{name}-{parcel.order}", result="not_repaired")
        yield from _repair(parcel, name, asked, 3, failed)
    number, hour = parcel.lines[0].number, _home(parcel)
    new = ReplacementData(replacement_id=f"replacement-{parcel.order}")
    yield parcel.of_line(ReplacementShipped, "replaced", hour + 11 * DAY, new, number)
    yield parcel.of_line(ReplacementDelivered, "replacement_here", hour + 13 * DAY, new, number)


def refused_by_centre(parcel: Parcel) -> Story:
    """全国联保: an authorised centre elsewhere refuses, another one mends it."""
    yield from sent(parcel, dispatch_hour(parcel))
    number, hour = parcel.lines[0].number, _home(parcel)
    first = RepairData(repair_id=f"centre-{parcel.order}", centre="chengdu-centre")
    yield parcel.of_line(RepairRequested, "centre_requested", hour + 4 * DAY, first, number)
    yield parcel.of_line(RepairRefused, "centre_refused", hour + 5 * DAY, first, number)
    repair = f"other-{parcel.order}"
    mended = RepairData(repair_id=repair, centre="xian-centre", result="repaired")
    yield from _repair(parcel, "other", 6, 5, mended)


def charged_back(parcel: Parcel) -> Story:
    """The bank takes the first payment back after delivery; the merchant wins the dispute."""
    yield from sent(parcel, dispatch_hour(parcel))
    payment, hour = parcel.payments[0], _home(parcel)
    taken = ChargedBackData(payment=payment.id, amount=payment.amount)
    won = ChargedBackData(payment=payment.id, amount=payment.amount, won=True)
    yield parcel.of_order(PaymentChargedBack, "charged_back", hour + 3 * DAY, taken)
    yield parcel.of_order(PaymentChargedBack, "won_back", hour + 12 * DAY, won)
