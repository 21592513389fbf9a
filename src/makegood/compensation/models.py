"""Awards with the parts they were funded from, and holds on money that must not move yet."""

from django.db import models
from django.db.models import CompositePrimaryKey, F, Q

from makegood.storage.placement import Placement


class HoldCause(models.TextChoices):
    """Why money waits; a fixed list."""

    CONTRADICTION = "contradiction", "the facts contradict each other"
    ABOVE_LIMIT = "above_limit", "the award is above the policy's limit"
    BREAKER = "breaker", "a breaker has tripped"
    UNFUNDED = "unfunded", "the advance cap leaves it uncovered"


class AwardState(models.TextChoices):
    """What became of an award when it was made; what follows stands in its hold."""

    DUE = "due", "posted at once"
    HELD = "held", "its parts are reserved until the hold ends"
    UNFUNDED = "unfunded", "nothing covers it yet"


class Award(models.Model):
    """What one revision of its cause added to, or took from, what is owed; never changed.

    `kind` is refund or compensation: they draw on different sources. A part drawn from the
    order's escrow, the deposit or the platform's advance is signed like the award; `cause_id` is a breach or a decision.
    """

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    cause_id = models.UUIDField()
    line_id = models.UUIDField()
    guarantee = models.TextField()
    kind = models.TextField()
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    escrow_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField()
    advance_minor = models.BigIntegerField()
    state = models.TextField()
    decided_at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unfunded", escrow_minor=0, deposit_minor=0, advance_minor=0)
                | Q(
                    state__in=["due", "held"],
                    amount_minor=F("escrow_minor") + F("deposit_minor") + F("advance_minor"),
                ),
                name="award_funded_once_or_unfunded",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["refund", "compensation"]), name="award_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0) & (Q(state="due") | Q(amount_minor__gt=0)),
                name="award_moves_something",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "line_id"], name="award_line")]


class Tally(models.Model):
    """What a day's awards come to, for the breakers; kept only in currencies that have one."""

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "day", "currency", "guarantee")
    merchant_id = models.UUIDField()
    day = models.DateField()
    currency = models.TextField()
    guarantee = models.TextField()
    awarded_minor = models.BigIntegerField()
    awards = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["day", "currency"], name="tally_day")]


class Hold(models.Model):
    """A sum on a line that must not move, with its cause; 暂扣. Minor units."""

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    line_id = models.UUIDField()
    award_id = models.UUIDField(null=True)
    cause = models.TextField(choices=HoldCause.choices)
    at_most_minor = models.BigIntegerField()
    placed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=HoldCause.values), name="hold_cause_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__isnull=False, outcome__in=["released", "dropped"]),
                name="hold_ends_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "line_id"], name="hold_open", condition=Q(ended_at__isnull=True)
            )
        ]
