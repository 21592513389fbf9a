"""Accounts with their four totals, and the transfers that made them."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In

from makegood.ledger.chart import CAPPED, Side, names
from makegood.ledger.events import moves_in_words
from makegood.ledger.lifecycle import SETTLING, Kind
from makegood.ledger.steps import AMOUNT_MAX
from makegood.storage.placement import Placement

CURRENCY = r"^[A-Z][A-Z][A-Z]$"
BLANK = Value(" ", output_field=models.TextField())


class Account(models.Model):
    """One account of a merchant's book in one currency; amounts are minor units.

    The checks are the chart's, made from it: what an account may never be, it cannot be.
    """

    placement = Placement.DISTRIBUTED

    pk = models.CompositePrimaryKey("merchant_id", "currency", "name")
    merchant_id = models.UUIDField()
    currency = models.TextField()
    name = models.TextField()
    debits_pending = models.BigIntegerField(db_default=0)
    debits_posted = models.BigIntegerField(db_default=0)
    credits_pending = models.BigIntegerField(db_default=0)
    credits_posted = models.BigIntegerField(db_default=0)
    limit_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_account_name_is_of_the_chart", condition=Q(name__in=names())
            ),
            models.CheckConstraint(
                name="ledger_account_currency_is_three_capitals",
                condition=Q(currency__regex=CURRENCY),
            ),
            models.CheckConstraint(
                name="ledger_account_totals_not_negative",
                condition=Q(debits_pending__gte=0)
                & Q(debits_posted__gte=0)
                & Q(credits_pending__gte=0)
                & Q(credits_posted__gte=0),
            ),
            models.CheckConstraint(
                name="ledger_account_credit_balance_not_negative",
                condition=~Q(name__in=names(Side.CREDIT, never_negative=True))
                | Q(credits_posted__gte=F("debits_posted") + F("debits_pending")),
            ),
            models.CheckConstraint(
                name="ledger_account_debit_balance_not_negative",
                condition=~Q(name__in=names(Side.DEBIT, never_negative=True))
                | Q(debits_posted__gte=F("credits_posted") + F("credits_pending")),
            ),
            models.CheckConstraint(
                name="ledger_account_capped_has_a_limit",
                condition=Q(name__in=CAPPED, limit_minor__gte=0, limit_minor__isnull=False)
                | (~Q(name__in=CAPPED) & Q(limit_minor__isnull=True)),
            ),
            models.CheckConstraint(
                name="ledger_account_within_its_limit",
                condition=Q(limit_minor__isnull=True)
                | Q(
                    debits_posted__lte=F("credits_posted") + F("limit_minor") - F("debits_pending")
                ),
            ),
        ]

    def __str__(self) -> str:
        """Name the account in its book."""
        return f"{self.merchant_id} {self.currency} {self.name}"


class Transfer(models.Model):
    """One amount (minor units) from a debit to a credit account of one book; never changed."""

    placement = Placement.DISTRIBUTED

    pk = models.CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    currency = models.TextField()
    debit = models.TextField()
    credit = models.TextField()
    amount = models.BigIntegerField()
    kind = models.TextField()
    reserves = models.UUIDField(null=True)
    code = models.TextField()
    cause_id = models.UUIDField()
    at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_transfer_settles_once",
                fields=["merchant_id", "reserves"],
                condition=Q(reserves__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_transfer_amount_positive",
                condition=Q(amount__gt=0, amount__lte=AMOUNT_MAX),
            ),
            models.CheckConstraint(
                name="ledger_transfer_kind_fits_what_it_settles",
                condition=Q(kind__in=[Kind.POSTED.value, Kind.RESERVE.value], reserves__isnull=True)
                | Q(kind__in=[kind.value for kind in SETTLING], reserves__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_transfer_moves_as_its_event_does",
                condition=In(
                    Concat(F("code"), BLANK, F("debit"), BLANK, F("credit")),
                    moves_in_words(),
                ),
            ),
        ]

    def __str__(self) -> str:
        """Say what moved where."""
        return f"{self.currency} {self.amount}: {self.debit} → {self.credit} ({self.code})"
