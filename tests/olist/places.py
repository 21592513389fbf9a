"""Where the real orders lie: beside the checkout, or where MAKEGOOD_TEST_OLIST says."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = os.environ.get("MAKEGOOD_TEST_OLIST", ROOT.parent / "shared" / "data" / "olist-2017")
REAL_ORDERS: Path | None = Path(_NAMED) if Path(_NAMED).is_dir() else None
"""The real orders' folder; None where it is absent, and then only invented folders are tried."""
REAL_ORDERS_STATE = "real orders" if REAL_ORDERS else "NO REAL ORDERS: invented folder instead"
