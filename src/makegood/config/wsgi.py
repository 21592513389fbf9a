"""The application that a WSGI server runs."""

import os

from django.core.wsgi import get_wsgi_application

from makegood.web.assets import with_assets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
application = with_assets(get_wsgi_application())
