"""Open promises that silence can break, and the breaches that were found."""

from django.db import models
from django.db.models import CompositePrimaryKey, Q

from makegood.storage.placement import Placement


class OpenPromise(models.Model):
    """A promise whose breach would be silence: judged by the sweep once `due_at` has passed."""

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "line_id", "guarantee")
    merchant_id = models.UUIDField()
    line_id = models.UUIDField()
    guarantee = models.TextField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at", "merchant_id"], name="openpromise_due")]


class Breach(models.Model):
    """One revision of a breach: what was owed for it once this was known. The latest stands.

    The breach is (line, guarantee, occasion); a revision to nothing says that it fell.
    """

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id", "revision")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    revision = models.IntegerField()
    line_id = models.UUIDField()
    guarantee = models.TextField()
    occasion = models.TextField()
    currency = models.TextField()
    broken_at = models.DateTimeField()
    found_at = models.DateTimeField()
    refund_minor = models.BigIntegerField()
    compensation_minor = models.BigIntegerField()
    service = models.TextField()
    stands = models.BooleanField()
    shadow = models.BooleanField()
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refund_minor__gte=0) & Q(compensation_minor__gte=0),
                name="breach_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(stands=True) | Q(refund_minor=0, compensation_minor=0),
                name="breach_fallen_owes_nothing",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "line_id"], name="breach_line")]
