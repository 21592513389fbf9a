"""Django settings, read from the environment.

`DATABASE_URL` must be set when Django starts: the command line sets it from the
PostgreSQL that Makegood started itself, unless the operator has set it.
"""

import os
from pathlib import Path

from makegood.config.database import django_database

HOME = Path(os.environ.get("MAKEGOOD_HOME", ".makegood")).absolute()
SIGNING_KEY_FILE = HOME / "keys" / "record-signing-key.pem"
RECORD_ORIGIN = os.environ.get("MAKEGOOD_RECORD_ORIGIN", "makegood.example/record")

DATABASES = {"default": django_database(os.environ["DATABASE_URL"])}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "makegood.storage",
    "makegood.record",
    "makegood.ledger",
    "makegood.people",
    "makegood.trade",
    "makegood.enrolment",
    "makegood.compensation",
    "makegood.watch",
]
MIDDLEWARE: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
SECRET_KEY = os.environ.get("MAKEGOOD_SECRET_KEY", "set by the command line at start")
