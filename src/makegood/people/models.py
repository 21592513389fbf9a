"""Merchants, as the first fact that names them makes them known, and the keys of machines."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from makegood.storage.placement import Placement


class Merchant(models.Model):
    """A merchant of the marketplace; the platform itself is the one whose `ref` is `platform`.

    Its row is the lock under which its facts are judged, one batch at a time.
    `promises_version` counts the publications of policies that its enrolments have followed.
    Name and country are as the earliest `merchant.registered` told, at `registered_at` by the
    fact with the id `registered_by`.
    """

    placement = Placement.DISTRIBUTED

    id = models.UUIDField(primary_key=True)
    ref = models.TextField()
    facts_taken = models.BigIntegerField(default=0)
    promises_version = models.BigIntegerField(default=0)
    name = models.TextField(default="", db_default="")
    country = models.TextField(default="", db_default="")
    registered_at = models.DateTimeField(null=True)
    registered_by = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(facts_taken__gte=0), name="merchant_facts_taken_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.ref


class Scope(models.TextChoices):
    """What a key may do; a fixed list."""

    FACTS_WRITE = "facts:write", "report facts"


class ApiKey(models.Model):
    """A key of a machine of the marketplace: of its secret only the SHA-256 is kept.

    `prefix` is the part of the key that may be shown. `last_used_at` is right to the hour.
    """

    placement = Placement.LOCAL

    prefix = models.TextField(primary_key=True)
    digest = models.BinaryField()
    name = models.TextField()
    scopes = ArrayField(models.TextField())
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values),
                name="apikey_scopes_are_known",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="apikey_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.prefix
