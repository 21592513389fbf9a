"""Migration steps for what Django's schema editor cannot say."""

from collections.abc import Sequence

from django.db import migrations

_REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION public.makegood_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Correct a mistake with a new row.';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on the table, whoever asks."""
    rows = (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON public.{table} "
        "FOR EACH ROW EXECUTE FUNCTION public.makegood_refuse_change();"
    )
    whole = (
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON public.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION public.makegood_refuse_change();"
    )
    undo = (
        f"DROP TRIGGER {table}_append_only ON public.{table};"
        f"DROP TRIGGER {table}_never_emptied ON public.{table};"
    )
    return migrations.RunSQL(_REFUSE_CHANGE + rows + whole, undo)


def foreign_key(
    table: str, columns: Sequence[str], to_table: str, to_columns: Sequence[str]
) -> migrations.RunSQL:
    """Add a foreign key over several columns: checked at once, never deferred, restricting."""
    name = f"{table}_{columns[-1]}_fk"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
        f"REFERENCES {to_table} ({', '.join(to_columns)});",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )
