"""The check of the record: everything is worked out anew from the rows as they stand."""

from makegood.record.check.findings import Difference, Findings, Progress, Verification, streamed
from makegood.record.check.verifying import survive_unreadable, verify

__all__ = [
    "Difference",
    "Findings",
    "Progress",
    "Verification",
    "streamed",
    "survive_unreadable",
    "verify",
]
