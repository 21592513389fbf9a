"""The inbox, and its projections, which can be rebuilt from it at any time."""

from django.db import models
from django.db.models import CompositePrimaryKey, F, Q

from makegood.storage.placement import Placement


class Fact(models.Model):
    """One reported fact, as it came, without its personal fields; never changed.

    `content` is the fact's canonical JSON; `personal_digest` the salted digest of what was
    taken out. `arrival` counts the merchant's facts. `about_id` is the order, if it has one.
    """

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    arrival = models.BigIntegerField()
    entry_id = models.UUIDField()
    type = models.TextField()
    about_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    content = models.TextField()
    personal_digest = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "arrival"], name="fact_arrival_unique"),
        ]
        indexes = [models.Index(fields=["merchant_id", "about_id"], name="fact_about")]


class Line(models.Model):
    """An order line: what was bought, the promises pinned to it, and its facts folded."""

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    order_ref = models.TextField()
    number = models.IntegerField()
    source = models.TextField()
    item_id = models.UUIDField()
    placed_at = models.DateTimeField()
    currency = models.TextField()
    unit_price_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    coverage_id = models.UUIDField(null=True)
    swept_at = models.DateTimeField(null=True)
    watching = models.TextField()
    found = models.IntegerField()
    folded = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(paid_minor__gte=0), name="line_paid_not_negative"),
            models.CheckConstraint(
                condition=Q(unit_price_minor__gte=0), name="line_price_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "item_id", "placed_at"], name="line_item")]


class Payment(models.Model):
    """A merchant's part of one payment of an order, and where its money went.

    Out of escrow: `drawn` by awards, `released` to the merchant, `returned` by a charge-back or
    a refund by others. Back on the route: `refunded` and `charged_back`. Minor units.
    `told` is its amount as the facts tell it now; when that falls, `amount` follows as far as
    the money has not left already.
    """

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    ref = models.TextField()
    currency = models.TextField()
    amount = models.BigIntegerField()
    drawn = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    charged_back = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0)
                & Q(drawn__gte=0)
                & Q(released__gte=0)
                & Q(returned__gte=0)
                & Q(refunded__gte=0)
                & Q(charged_back__gte=0),
                name="payment_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("drawn") + F("released") + F("returned")),
                name="payment_escrow_never_exceeds_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("refunded") + F("charged_back")),
                name="payment_never_gives_back_more_than_it_took",
            ),
        ]


class Price(models.Model):
    """The price of one unit of an item at a merchant, from a moment on."""

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "item_id", "at", "fact_id")
    merchant_id = models.UUIDField()
    item_id = models.UUIDField()
    at = models.DateTimeField()
    fact_id = models.UUIDField()
    ref = models.TextField()
    price_minor = models.BigIntegerField()
    currency = models.TextField()


class Retraction(models.Model):
    """A fact that its source has withdrawn, whether it has arrived yet or not."""

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    by_fact_id = models.UUIDField()


class Exemption(models.Model):
    """A declared period that pauses clocks for every merchant; 免责."""

    placement = Placement.REFERENCE

    id = models.UUIDField(primary_key=True)
    ref = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    content = models.TextField()
    retracted = models.BooleanField(default=False)
    applied_at = models.DateTimeField(null=True)


class Watermark(models.Model):
    """Until when a source has told all; of several reports the latest holds."""

    placement = Placement.REFERENCE

    source = models.TextField(primary_key=True)
    until = models.DateTimeField()
    retired = models.BooleanField(default=False)


class LoweredWatermark(models.Model):
    """A source whose word that it had told all was withdrawn: what was judged by it is unsure.

    The next sweep judges those lines anew. `fact_id` is the latest word that was withdrawn.
    """

    placement = Placement.REFERENCE

    source = models.TextField(primary_key=True)
    fact_id = models.UUIDField()


class Delivery(models.Model):
    """How many facts of a type a source delivered in one batch: the health of its feed."""

    placement = Placement.REFERENCE

    pk = CompositePrimaryKey("entry_id", "source", "type")
    entry_id = models.UUIDField()
    source = models.TextField()
    type = models.TextField()
    facts = models.IntegerField()
    last_at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source", "type", "taken_at"], name="delivery_feed")]
