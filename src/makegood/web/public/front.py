"""The front page: what this installation is, and how the promise is doing."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from msgspec import Struct

from makegood.record.keys import SigningKeyUnusable, read_signing_key
from makegood.record.notes import VerifierKey
from makegood.record.seals import LogState, log_state
from makegood.storage.cursors import begin
from makegood.watch.reporting import Feed, feeds
from makegood.watch.reporting.glance import Glance, glance


class Figures(Struct, frozen=True):
    """What the page shows, and of when it is."""

    at: datetime
    glance: Glance
    feeds: list[Feed]
    log: LogState


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page, whose figures are a few seconds old at most."""
    figures: Any = cache.get_or_set("front", _figures, settings.PAGE_SECONDS_AT_MOST)
    context = {"figures": figures, "glance": figures.glance}
    response = render(request, "public/front.html", context)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _figures() -> Figures:
    with begin() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return Figures(
            datetime.now(UTC), glance(cursor), feeds(cursor), log_state(cursor, _verifier())
        )


def _verifier() -> VerifierKey | None:
    try:
        return read_signing_key(settings.SIGNING_KEY_FILE, settings.RECORD_ORIGIN).verifier
    except SigningKeyUnusable:
        return None
