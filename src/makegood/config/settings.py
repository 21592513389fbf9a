"""Django settings, read from the environment; `docs/settings.md` lists the variables.

`DATABASE_URL` must be set when Django starts: the command line sets it from the
PostgreSQL that Makegood started itself, unless the operator has set it.
"""

import os
import secrets
from pathlib import Path

from makegood.config.database import django_database

PACKAGE = Path(__file__).parents[1]
HOME = Path(os.environ.get("MAKEGOOD_HOME", ".makegood")).absolute()
SIGNING_KEY_FILE = HOME / "keys" / "record-signing-key.pem"
RECORD_ORIGIN = os.environ.get("MAKEGOOD_RECORD_ORIGIN", "makegood.example/record")
API_BODY_BYTES_AT_MOST = int(os.environ.get("MAKEGOOD_BODY_BYTES_AT_MOST", "8388608"))
API_FACTS_AT_MOST = int(os.environ.get("MAKEGOOD_FACTS_AT_MOST", "10000"))
PAGE_SECONDS_AT_MOST = int(os.environ.get("MAKEGOOD_PAGE_SECONDS_AT_MOST", "10"))

# A server asks a kept connection whether it still stands before it uses it.
DATABASES = {"default": django_database(os.environ["DATABASE_URL"]) | {"CONN_HEALTH_CHECKS": True}}

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
    "makegood.web",
]
MIDDLEWARE = [
    "makegood.api.requests.with_request_id",
    "makegood.web.headers.with_content_policy",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "makegood.api.faults.Problems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "makegood.config.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(request_id)s %(message)s"}},
    "filters": {"request": {"()": "makegood.api.requests.NamesTheRequest"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}
    },
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

# Without a kept secret, one that this process alone knows is better than one that all know.
SECRET_KEY = os.environ.get("MAKEGOOD_SECRET_KEY") or secrets.token_urlsafe(48)
_OWN_HOSTS = os.environ.get("MAKEGOOD_HOSTS", "").replace(",", " ").split()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_OWN_HOSTS]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
if os.environ.get("MAKEGOOD_HTTPS") == "1":
    # A proxy ends TLS, sets X-Forwarded-Proto itself and takes away what a client sent as such.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
