"""Bringing a database's schema up to date, also when several commands start at once."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_MIGRATING = 7_203_120_451


def migrate_when_needed() -> None:
    """Apply the migrations that the database lacks; of several processes one does it."""
    if not _plan():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            if _plan():
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def is_current() -> bool:
    """Whether the database has every migration."""
    return not _plan()


def _plan() -> list[object]:
    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))
