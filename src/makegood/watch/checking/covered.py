"""The tables whose rows the record's entries stand for: every column that never changes."""

from django.db import models

from makegood.compensation.models import Award, Outlay
from makegood.enrolment.following import ENROLMENT_COLUMNS
from makegood.enrolment.models import Breaker, Enrolment, PlatformRules, Policy, Publication
from makegood.ledger import transfers
from makegood.record.batches import CoveredTable
from makegood.record.canonical import row_leaf
from makegood.storage.bulk import columns_of
from makegood.trade import inbox
from makegood.trade.models import Fact
from makegood.watch.models import Breach


def _covered(
    model: type[models.Model],
    columns: list[str] | None = None,
    digest_column: str | None = None,
) -> CoveredTable:
    names = tuple(columns or columns_of(model))
    return CoveredTable(model._meta.db_table, names, row_leaf(names), digest_column)


COVERED_TABLES: tuple[CoveredTable, ...] = (
    CoveredTable(Fact._meta.db_table, tuple(inbox.COLUMNS), inbox.leaf, "personal_digest"),
    _covered(Publication),
    _covered(Policy),
    _covered(PlatformRules),
    _covered(Breaker),
    _covered(Enrolment, ENROLMENT_COLUMNS),
    _covered(Breach),
    _covered(Award),
    _covered(Outlay),
    transfers.COVERED,
)
