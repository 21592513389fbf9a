import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from makegood.storage.operations import append_only, foreign_key

ACCOUNT = ("merchant_id", "currency", "name")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "merchant_id",
                        "currency",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("merchant_id", models.UUIDField()),
                ("currency", models.TextField()),
                ("name", models.TextField()),
                ("debits_pending", models.BigIntegerField(db_default=0)),
                ("debits_posted", models.BigIntegerField(db_default=0)),
                ("credits_pending", models.BigIntegerField(db_default=0)),
                ("credits_posted", models.BigIntegerField(db_default=0)),
                ("limit_minor", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__in",
                                [
                                    "cash",
                                    "escrow",
                                    "deposit",
                                    "owed_consumer",
                                    "advance",
                                    "owed_by_consumer",
                                    "suspense",
                                    "loss",
                                    "costs",
                                    "fees",
                                    "fund",
                                ],
                            )
                        ),
                        name="ledger_account_name_is_of_the_chart",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z][A-Z][A-Z]$")),
                        name="ledger_account_currency_is_three_capitals",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("debits_pending__gte", 0),
                            ("debits_posted__gte", 0),
                            ("credits_pending__gte", 0),
                            ("credits_posted__gte", 0),
                        ),
                        name="ledger_account_totals_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("name__in", ["escrow", "deposit", "owed_consumer"]), _negated=True
                            ),
                            (
                                "credits_posted__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("debits_posted"), "+", models.F("debits_pending")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_account_credit_balance_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name__in", ["advance", "owed_by_consumer"]), _negated=True),
                            (
                                "debits_posted__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("credits_posted"), "+", models.F("credits_pending")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_account_debit_balance_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("limit_minor__gte", 0),
                                ("limit_minor__isnull", False),
                                ("name__in", ["advance"]),
                            ),
                            models.Q(
                                models.Q(("name__in", ["advance"]), _negated=True),
                                ("limit_minor__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_account_capped_has_a_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("limit_minor__isnull", True),
                            (
                                "debits_posted__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("credits_posted"), "+", models.F("limit_minor")
                                    ),
                                    "-",
                                    models.F("debits_pending"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_account_within_its_limit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "merchant_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("merchant_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("currency", models.TextField()),
                ("debit", models.TextField()),
                ("credit", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("reserves", models.UUIDField(null=True)),
                ("code", models.TextField()),
                ("cause_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("entry_id", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reserves__isnull", False)),
                        fields=("merchant_id", "reserves"),
                        name="ledger_transfer_settles_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("amount__lte", 9007199254740991)),
                        name="ledger_transfer_amount_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["posted", "reserve"]), ("reserves__isnull", True)
                            ),
                            models.Q(
                                ("kind__in", ["post", "void", "expire"]),
                                ("reserves__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_transfer_kind_fits_what_it_settles",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.In(
                            django.db.models.functions.text.Concat(
                                models.F("code"),
                                models.Value(" ", output_field=models.TextField()),
                                models.F("debit"),
                                models.Value(" ", output_field=models.TextField()),
                                models.F("credit"),
                            ),
                            [
                                "order_paid cash escrow",
                                "escrow_released escrow advance",
                                "escrow_released escrow cash",
                                "escrow_released escrow deposit",
                                "escrow_released suspense cash",
                                "deposit_topped_up cash deposit",
                                "advance_recovered deposit advance",
                                "deposit_withdrawn deposit cash",
                                "awarded advance owed_consumer",
                                "awarded deposit owed_consumer",
                                "awarded escrow owed_consumer",
                                "payout_sent owed_consumer cash",
                                "award_reversed_unsent owed_consumer advance",
                                "award_reversed_unsent owed_consumer deposit",
                                "award_reversed_unsent owed_consumer escrow",
                                "award_reversed_paid loss advance",
                                "award_reversed_paid loss deposit",
                                "award_reversed_paid owed_by_consumer advance",
                                "award_reversed_paid owed_by_consumer deposit",
                                "consumer_returned cash owed_by_consumer",
                                "consumer_kept loss owed_by_consumer",
                                "advance_written_off loss advance",
                                "recovered_after_write_off cash loss",
                                "fee_charged deposit fees",
                                "fee_returned fees deposit",
                                "charged_back advance cash",
                                "charged_back deposit cash",
                                "charged_back escrow cash",
                                "charged_back owed_consumer cash",
                                "charged_back suspense cash",
                                "charge_back_won cash advance",
                                "charge_back_won cash deposit",
                                "charge_back_won cash escrow",
                                "charge_back_won cash owed_consumer",
                                "charge_back_won cash suspense",
                                "refunded_by_marketplace escrow cash",
                                "refunded_by_marketplace owed_consumer cash",
                                "refunded_by_marketplace suspense cash",
                                "gateway_says_more_went_out suspense cash",
                                "gateway_says_more_came_in cash suspense",
                                "suspense_explained advance suspense",
                                "suspense_explained costs suspense",
                                "suspense_explained deposit suspense",
                                "suspense_explained escrow suspense",
                                "suspense_explained fees suspense",
                                "suspense_explained loss suspense",
                                "suspense_explained owed_by_consumer suspense",
                                "suspense_explained owed_consumer suspense",
                                "suspense_explained suspense advance",
                                "suspense_explained suspense costs",
                                "suspense_explained suspense deposit",
                                "suspense_explained suspense escrow",
                                "suspense_explained suspense fees",
                                "suspense_explained suspense loss",
                                "suspense_explained suspense owed_by_consumer",
                                "suspense_explained suspense owed_consumer",
                                "fund_filled cash fund",
                            ],
                        ),
                        name="ledger_transfer_moves_as_its_event_does",
                    ),
                ],
            },
        ),
        *(
            foreign_key(
                "ledger_transfer", ("merchant_id", "currency", side), "ledger_account", ACCOUNT
            )
            for side in ("debit", "credit")
        ),
        foreign_key(
            "ledger_transfer",
            ("merchant_id", "reserves"),
            "ledger_transfer",
            ("merchant_id", "id"),
        ),
        append_only("ledger_transfer"),
    ]
