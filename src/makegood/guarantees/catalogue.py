"""The catalogue: every guarantee, in the order in which it is shown."""

from typing import Any

from makegood.guarantees import (
    in_stock,
    lightning_dispatch,
    price_protection,
    refund_guarantee,
)
from makegood.guarantees.guarantee import Guarantee

CATALOGUE: dict[str, Guarantee[Any]] = {
    guarantee.code: guarantee
    for guarantee in (
        in_stock.GUARANTEE,
        price_protection.GUARANTEE,
        refund_guarantee.GUARANTEE,
        lightning_dispatch.GUARANTEE,
    )
}

REFUND_ORDER: tuple[str, ...] = (
    in_stock.CODE,
    refund_guarantee.CODE,
    price_protection.CODE,
    lightning_dispatch.CODE,
)
"""In which order refunds draw on what was paid: endings first, price protection last."""
