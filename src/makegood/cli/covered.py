"""The tables whose rows the record's entries stand for: what a check of the record covers."""

from makegood.ledger import transfers
from makegood.record.batches import CoveredTable

COVERED_TABLES: tuple[CoveredTable, ...] = (transfers.COVERED,)
