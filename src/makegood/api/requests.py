"""Each request has an id, which its answer, its problem and the server's log name."""

import logging
import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase

_ID = re.compile(r"[\w.:+/=-]{1,128}", re.ASCII)
_KEY = "makegood.request_id"
Handler = Callable[[HttpRequest], HttpResponseBase]


def with_request_id(get_response: Handler) -> Handler:
    """Middleware: take the caller's `X-Request-Id` or make one, and send it back."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request.META[_KEY] = given if _ID.fullmatch(given) else uuid4().hex
        response = get_response(request)
        response.headers["X-Request-Id"] = request_id(request)
        return response

    return handle


class NamesTheRequest(logging.Filter):
    """Gives each line of the log the id of its request, if it has one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id`; no line is held back."""
        meta = getattr(getattr(record, "request", None), "META", {})
        record.request_id = meta.get(_KEY, "-")
        return True


def request_id(request: HttpRequest) -> str:
    """The id of the request."""
    return str(request.META[_KEY])
