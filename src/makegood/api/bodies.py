"""Reading the body of a request: of a known type, unpacked, never above its limit."""

import gzip
import zlib
from codecs import BOM_UTF8
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from makegood.api.problems import Refused


def media_type(request: HttpRequest, known: tuple[str, ...]) -> str:
    """The body's media type, one of those known and in UTF-8; else `Refused` with 415."""
    header = Message()
    header["Content-Type"] = request.headers.get("Content-Type", "")
    charset = header.get_content_charset("utf-8")
    if request.headers.get("Content-Type") and header.get_content_type() in known:
        if charset in {"utf-8", "us-ascii"}:
            return header.get_content_type()
        raise _wrong_type(_("The body must be UTF-8."))
    raise _wrong_type(
        _("The body's Content-Type must be one of: %(types)s.") % {"types": ", ".join(known)}
    )


def _wrong_type(detail: str) -> Refused:
    return Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "body-type-unknown", detail)


def read_body(request: HttpRequest, limit: int) -> bytes:
    """The body, unpacked if it came in gzip; above `limit` bytes `Refused` with 413.

    A byte order mark, which some systems put before a text, is no part of it.
    """
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise _wrong_type(_("The body may be packed with gzip, not with anything else."))
    if _announced(request) > limit:
        raise _too_large(limit)
    body = _stream(request).read(limit + 1)
    if coding == "gzip" and len(body) <= limit:
        body = _unpacked(body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return bytes(body).removeprefix(BOM_UTF8)


def _announced(request: HttpRequest) -> int:
    """How long the body says it is; 0 for one that comes in chunks of unknown number."""
    text = request.headers.get("Content-Length", "")
    return int(text[:20]) if text.isascii() and text.isdigit() else 0


def _stream(request: HttpRequest) -> Any:
    """Django reads a body that came in chunks as empty; the server's own stream has its end."""
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    return request.META["wsgi.input"] if chunked else request


def _unpacked(body: bytes, limit: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as file:
            return file.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise Refused(
            HTTPStatus.BAD_REQUEST, "body-unreadable", _("The body is no gzip or breaks off.")
        ) from None


def _too_large(limit: int) -> Refused:
    return Refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        _("The body may have %(limit)s bytes at most; send it in parts.") % {"limit": limit},
    )
