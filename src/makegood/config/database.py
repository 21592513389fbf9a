"""A PostgreSQL's address as Django wants it."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict


def django_database(url: str) -> dict[str, Any]:
    """Django's settings of the database at a libpq address (`postgresql://…` or `key=value`)."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "makegood"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "OPTIONS": parts,
    }
