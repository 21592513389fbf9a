"""Published policies, merchants' enrolments in them, and the coverage that lines pin."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CompositePrimaryKey, F, Q

from makegood.storage.placement import Placement


class Publication(models.Model):
    """A file of policies as it was published; `number` counts publications from 1.

    `notice_waived` says why it took effect without the 7 days' notice that E-Commerce Law 34
    asks for. `digest` is the SHA-256 of the file, in hex: the same file is published once.
    """

    placement = Placement.REFERENCE

    number = models.IntegerField(primary_key=True)
    digest = models.TextField(unique=True)
    content = models.TextField()
    published_at = models.DateTimeField()
    notice_waived = models.TextField()
    entry_id = models.UUIDField()


class Policy(models.Model):
    """A version of a guarantee's parameters for one jurisdiction; never edited, only superseded.

    `terms` is canonical JSON; `for_all` says that every merchant promises it.
    """

    placement = Placement.REFERENCE

    id = models.UUIDField(primary_key=True)
    publication = models.IntegerField()
    guarantee = models.TextField()
    jurisdiction = models.TextField()
    currency = models.TextField()
    version = models.IntegerField()
    terms = models.TextField()
    effective_from = models.DateTimeField()
    for_all = models.BooleanField()
    shadow = models.BooleanField()
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guarantee", "jurisdiction", "currency", "version"],
                name="policy_version_unique",
            ),
        ]


class Enrolment(models.Model):
    """A merchant's contract to keep a policy, for a period, in some categories or all.

    `terms` are the parameters that hold, canonical JSON; `own_terms` says that they are better
    than the policy's. Only `valid_until` is ever changed: when a newer policy takes its place.
    """

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    policy_id = models.UUIDField()
    guarantee = models.TextField()
    currency = models.TextField()
    terms = models.TextField()
    own_terms = models.BooleanField()
    categories = ArrayField(models.TextField())
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    shadow = models.BooleanField()
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="enrolment_period_runs_forward",
            )
        ]
        indexes = [
            models.Index(fields=["guarantee"], name="enrolment_own", condition=Q(own_terms=True))
        ]


class Coverage(models.Model):
    """保障凭证: a set of enrolments that held together; its id is made from them. Lines pin it."""

    placement = Placement.DISTRIBUTED

    pk = CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    enrolment_ids = ArrayField(models.UUIDField())


class Breaker(models.Model):
    """Beyond this sum or number of new awards a day, awards are held and a person is called.

    `guarantee` empty means all; `per_merchant` counts each merchant apart, otherwise all
    merchants together. Minor units of `currency`. The latest version of a currency holds.
    """

    placement = Placement.REFERENCE

    id = models.UUIDField(primary_key=True)
    currency = models.TextField()
    version = models.IntegerField()
    guarantee = models.TextField()
    per_merchant = models.BooleanField()
    daily_minor = models.BigIntegerField(null=True)
    daily_awards = models.IntegerField(null=True)
    entry_id = models.UUIDField()


class PlatformRules(models.Model):
    """What the platform allows in a currency, in minor units; the latest version holds.

    `advance_cap_minor` is the most that a merchant's advance may reach; an award above
    `hold_above_minor` waits for a second person.
    """

    placement = Placement.REFERENCE

    id = models.UUIDField(primary_key=True)
    currency = models.TextField()
    version = models.IntegerField()
    advance_cap_minor = models.BigIntegerField()
    hold_above_minor = models.BigIntegerField(null=True)
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "version"], name="platformrules_version_unique"
            )
        ]
