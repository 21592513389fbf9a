"""The tables of the record, closed to change."""

from django.db import migrations, models

from makegood.storage.operations import append_only, foreign_key

_ERASE_ONLY = """
CREATE FUNCTION public.record_personal_erase_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM public.record_entry AS erasure
        WHERE erasure.merchant_id = OLD.merchant_id
          AND erasure.id = nullif(current_setting('makegood.erasure', true), '')::uuid
          AND erasure.action = 'personal.erased'
          AND erasure.payload::jsonb -> 'erased' ? OLD.id::text
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'personal rows are never changed, and removed only by a recorded erasure'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER record_personal_erase_only BEFORE UPDATE OR DELETE ON public.record_personal
    FOR EACH ROW EXECUTE FUNCTION public.record_personal_erase_only();
CREATE TRIGGER record_personal_never_emptied BEFORE TRUNCATE ON public.record_personal
    FOR EACH STATEMENT EXECUTE FUNCTION public.makegood_refuse_change();
"""
_UNDO_ERASE_ONLY = """
DROP TRIGGER record_personal_erase_only ON public.record_personal;
DROP TRIGGER record_personal_never_emptied ON public.record_personal;
DROP FUNCTION public.record_personal_erase_only();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("note", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Pending",
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
                ("digest", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Personal",
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
                ("salt", models.BinaryField()),
                ("content", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
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
                ("actor", models.TextField()),
                ("action", models.TextField()),
                ("subject", models.TextField()),
                ("at", models.DateTimeField()),
                ("payload", models.TextField()),
                ("personal_digest", models.BinaryField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["merchant_id", "subject", "at"], name="record_entry_by_subject"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor", ""),
                            ("action", ""),
                            _connector="OR",
                            _negated=True,
                        ),
                        name="record_entry_says_who_did_what",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField()),
                ("entry_id", models.UUIDField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 0)),
                        name="record_leaf_number_not_negative",
                    ),
                    models.UniqueConstraint(
                        fields=("merchant_id", "entry_id"), name="record_leaf_entry_numbered_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "index",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("index__gte", 0), ("level__gte", 1)),
                        name="record_node_is_inner",
                    )
                ],
            },
        ),
        foreign_key("record_pending", ["merchant_id", "id"], "record_entry", ["merchant_id", "id"]),
        append_only("record_entry"),
        append_only("record_leaf"),
        append_only("record_node"),
        append_only("record_checkpoint"),
        migrations.RunSQL(_ERASE_ONLY, _UNDO_ERASE_ONLY),
    ]
