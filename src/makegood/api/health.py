"""For whoever starts, stops and watches the server."""

from http import HTTPStatus

import django.db
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.storage.schema import is_current


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return _said("ok", HTTPStatus.OK)


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; else 503 with the reason."""
    try:
        current = is_current()
    except django.db.Error:
        return _said("the database does not answer", HTTPStatus.SERVICE_UNAVAILABLE)
    if not current:
        return _said("the database lacks migrations", HTTPStatus.SERVICE_UNAVAILABLE)
    return _said("ready", HTTPStatus.OK)


def _said(sentence: str, status: HTTPStatus) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(f"{sentence}\n", "text/plain", status=status, headers=headers)
