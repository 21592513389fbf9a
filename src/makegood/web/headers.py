"""What a page may load and run: its own style sheet and pictures, and no script."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
Handler = Callable[[HttpRequest], HttpResponseBase]


def with_content_policy(get_response: Handler) -> Handler:
    """Middleware: tell the browser to load nothing from elsewhere and to run nothing."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = _POLICY
        return response

    return handle
