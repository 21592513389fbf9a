"""What a request got wrong, as RFC 9457 problem documents in the request's language."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.api.requests import request_id

CONTENT_TYPE = "application/problem+json"
_TITLES: dict[str, Promise] = {
    "body-unreadable": _("The body cannot be read"),
    "body-too-large": _("The body is too large"),
    "body-type-unknown": _("The body is of another type"),
    "key-needed": _("A key is needed"),
    "scope-needed": _("The key may not do this"),
    "method-unknown": _("The address knows another method"),
    "request-unreadable": _("The request cannot be read"),
    "not-found": _("There is nothing here"),
    "database-away": _("The database does not answer"),
    "failed": _("Makegood failed"),
}


class Refused(Exception):
    """Ends a request with a problem document; `name` is one of the titles' keys.

    `detail` is one sentence for whoever made the request. `headers` are sent beside it.
    """

    def __init__(
        self,
        status: HTTPStatus,
        name: str,
        detail: str | Promise,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = dict(headers or {})


def problem(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The problem document of a refusal."""
    return json_response(
        {
            "type": f"urn:makegood:problem:{refused.name}",
            "title": str(_TITLES[refused.name]),
            "status": int(refused.status),
            "detail": str(refused.detail),
            "instance": request.path,
            "request_id": request_id(request),
        },
        status=refused.status,
        content_type=CONTENT_TYPE,
        headers=refused.headers,
    )


def json_response(
    content: Any,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A response with this content as JSON, which no cache keeps."""
    body = msgspec.json.encode(content)
    return HttpResponse(
        body,
        status=status,
        content_type=content_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Length": str(len(body)),
            **(headers or {}),
        },
    )
