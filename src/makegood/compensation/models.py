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
    RECALLED = "recalled", "corrects who bears what had gone out already"


class Award(models.Model):
    """What one revision of its cause added to, or took from, what is owed; never changed.

    `kind` is refund or compensation: they draw on different sources. A part drawn from the
    order's escrow, the deposit or the platform's advance is signed like the award; `cause_id`
    is a breach or a hold that a person released.
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
                    state__in=["due", "held", "recalled"],
                    amount_minor=F("escrow_minor") + F("deposit_minor") + F("advance_minor"),
                ),
                name="award_funded_once_or_unfunded",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["refund", "compensation"]), name="award_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0)
                & (Q(state__in=["due", "recalled"]) | Q(amount_minor__gt=0)),
                name="award_moves_something",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "line_id"], name="award_line")]


class OutlayKind(models.TextChoices):
    """Which fact told that money moved outside."""

    REFUND = "refund", "the marketplace refunded by itself"
    CHARGE_BACK = "charge_back", "the bank took a payment back"
    RELEASE = "release", "the marketplace released order money"


class OutlayPart(models.TextChoices):
    """Where money that moved outside came from, or what it was for."""

    MATCHED = "matched", "paid what was awarded and not sent"
    ESCROW = "escrow", "from the order's escrow"
    DEPOSIT = "deposit", "from the deposit, or kept for it"
    ADVANCE = "advance", "advanced, or kept for what is advanced"
    SUSPENSE = "suspense", "more than is known to have been there"
    BEYOND = "beyond", "the marketplace's own money"
    RELEASED = "released", "paid to the merchant"


class Outlay(models.Model):
    """A part of money that moved outside Makegood, as a fact told it; never changed.

    `ref` is the id of the fact or, of a charge-back, the payment. A release has no line; what
    was `matched` names the cause and kind of the award that it paid. A row below zero takes
    back an earlier one. Minor units.
    """

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    order_id = models.UUIDField()
    line_id = models.UUIDField(null=True)
    kind = models.TextField()
    ref = models.TextField()
    part = models.TextField()
    cause_id = models.UUIDField(null=True)
    award_kind = models.TextField()
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OutlayKind.values) & Q(part__in=OutlayPart.values),
                name="outlay_is_of_a_known_kind",
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="outlay_moves_something"),
            models.CheckConstraint(
                condition=Q(kind="release", line_id__isnull=True)
                | (~Q(kind="release") & Q(line_id__isnull=False)),
                name="outlay_is_of_a_line_unless_a_release",
            ),
            models.CheckConstraint(
                condition=Q(
                    part="matched",
                    cause_id__isnull=False,
                    award_kind__in=["refund", "compensation"],
                )
                | (~Q(part="matched") & Q(cause_id__isnull=True, award_kind="")),
                name="outlay_names_what_it_paid",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "order_id"], name="outlay_order")]


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
    """A sum on a line that must not move, with its cause; 暂扣. Minor units.

    `ended_by` is the person who ended it, empty while it is open or when facts ended it;
    `approved_by` the first of the two persons that an award above the limit needs.
    """

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    line_id = models.UUIDField()
    award_id = models.UUIDField(null=True)
    cause = models.TextField(choices=HoldCause.choices)
    guarantee = models.TextField(default="")
    at_most_minor = models.BigIntegerField()
    placed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    approved_by = models.TextField(default="")
    ended_by = models.TextField(default="")
    reason = models.TextField(default="")

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
            models.CheckConstraint(
                condition=Q(ended_by="") | Q(ended_at__isnull=False),
                name="hold_is_ended_by_a_person_only_once_ended",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("ended_by")),
                name="hold_needs_two_different_persons",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "line_id"], name="hold_line")]
