"""The catalogue: every guarantee, in the order in which it is shown."""

from typing import Any

from makegood.guarantees import (
    as_described,
    authenticity,
    fake_pay_three,
    in_stock,
    lightning_dispatch,
    nationwide_warranty,
    price_protection,
    refund_guarantee,
    seven_day_return,
    thirty_day_repair,
)
from makegood.guarantees.guarantee import Guarantee

CATALOGUE: dict[str, Guarantee[Any]] = {
    guarantee.code: guarantee
    for guarantee in (
        authenticity.GUARANTEE,
        fake_pay_three.GUARANTEE,
        as_described.GUARANTEE,
        in_stock.GUARANTEE,
        price_protection.GUARANTEE,
        refund_guarantee.GUARANTEE,
        lightning_dispatch.GUARANTEE,
        seven_day_return.GUARANTEE,
        thirty_day_repair.GUARANTEE,
        nationwide_warranty.GUARANTEE,
    )
}

REFUND_ORDER: tuple[str, ...] = (
    in_stock.CODE,
    refund_guarantee.CODE,
    authenticity.CODE,
    fake_pay_three.CODE,
    as_described.CODE,
    seven_day_return.CODE,
    thirty_day_repair.CODE,
    nationwide_warranty.CODE,
    price_protection.CODE,
    lightning_dispatch.CODE,
)
"""In which order refunds draw on what was paid: endings first, price protection after the rest."""
