"""The check of the record: everything is worked out anew from the rows as they stand."""

from makegood.record.check.findings import Difference, Verification
from makegood.record.check.verifying import verify

__all__ = ["Difference", "Verification", "verify"]
