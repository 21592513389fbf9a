"""Merchants, as the first fact that names them makes them known."""

from django.db import models

from makegood.storage.placement import Placement


class Merchant(models.Model):
    """A merchant of the marketplace; the platform itself is the one whose `ref` is `platform`.

    Its row is the lock under which its facts are judged, one batch at a time.
    `promises_version` counts the publications of policies that its enrolments have followed.
    """

    placement = Placement.DISTRIBUTED

    id = models.UUIDField(primary_key=True)
    ref = models.TextField()
    facts_taken = models.BigIntegerField(default=0)
    promises_version = models.BigIntegerField(default=0)
    name = models.TextField(default="", db_default="")
    country = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(facts_taken__gte=0), name="merchant_facts_taken_not_negative")
        ]

    def __str__(self) -> str:
        return self.ref
