"""Every address that the server knows."""

from django.urls import include, path
from django.views.i18n import set_language

from makegood.api.health import healthz, readyz

urlpatterns = [
    path("v1/", include("makegood.api.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("language", set_language, name="language"),
    path("", include("makegood.web.public.urls")),
]
