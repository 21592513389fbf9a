"""`makegood check`: all that money and judgement rest on is worked out anew and compared."""

from makegood.watch.checking.covered import COVERED_TABLES
from makegood.watch.checking.whole import Checked, check, check_books

__all__ = ["COVERED_TABLES", "Checked", "check", "check_books"]
