"""Answers under `/v1` that are no success are problem documents, and tell nothing of the inside."""

from http import HTTPStatus

import django.db
import psycopg
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from makegood.api.problems import CONTENT_TYPE, Refused, problem
from makegood.api.requests import Handler

_DATABASE_AWAY = (django.db.OperationalError, django.db.InterfaceError, psycopg.OperationalError)
_AWAY = Refused(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "database-away",
    _("Nothing was taken. Send the request again in a moment: what came twice is taken once."),
    {"Retry-After": "5"},
)
_NOT_FOUND = Refused(HTTPStatus.NOT_FOUND, "not-found", _("The API has no such address."))
_UNREADABLE = Refused(
    HTTPStatus.BAD_REQUEST, "request-unreadable", _("The request or its Host is not as it must be.")
)
_FAILED = Refused(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "failed",
    _("Nothing was taken. The server's log tells more under this request's id."),
)
_BY_STATUS = {404: _NOT_FOUND, 500: _FAILED}


class Problems:
    """Middleware for the API's addresses; other pages pass through untouched."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Put a problem in the place of an error page that Django made."""
        response = self._get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not _is_of_the_api(request):
            return response
        if response.headers.get("Content-Type") == CONTENT_TYPE:
            return response
        return problem(request, _BY_STATUS.get(response.status_code, _UNREADABLE))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal, or a database that is away; all else is logged and becomes a 500."""
        if not _is_of_the_api(request):
            return None
        if isinstance(error, Refused):
            return problem(request, error)
        if isinstance(error, _DATABASE_AWAY):
            return problem(request, _AWAY)
        return None


def _is_of_the_api(request: HttpRequest) -> bool:
    return request.path.startswith("/v1/")
