"""`POST /v1/facts`: facts in, and for each of them what became of it."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct

from makegood.api.authorization import authorized
from makegood.api.bodies import media_type, read_body
from makegood.api.problems import Refused, json_response
from makegood.people.models import Scope
from makegood.trade.events import Arrival, Refusal, read_lines, read_values
from makegood.watch.actions.taking import Taken, take

BATCH = "application/cloudevents-batch+json"
EVENT = "application/cloudevents+json"
ARRAY = "application/json"
LINES = "application/x-ndjson"
TYPES = (BATCH, EVENT, ARRAY, LINES)

Reading = tuple[list[Arrival], list[Refusal]]


class Result(Struct, frozen=True, omit_defaults=True):
    """What became of the fact at a place of the body: from 1, for lines the line's number."""

    place: int
    id: str
    result: Literal["taken", "repeated", "refused"]
    reason: str = ""


class Reply(Struct, frozen=True):
    """What became of all facts, in the order in which they came."""

    taken: int
    repeated: int
    refused: int
    results: list[Result]


@csrf_exempt
def report_facts(request: HttpRequest) -> HttpResponse:
    """Take the facts of one request, in one transaction; a wrong fact costs no other."""
    if request.method != "POST":
        raise Refused(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "method-unknown",
            _("Facts are reported with POST."),
            {"Allow": "POST"},
        )
    caller = authorized(request, Scope.FACTS_WRITE)
    kind = media_type(request, TYPES)
    arrivals, unread = _read(kind, read_body(request, settings.API_BODY_BYTES_AT_MOST))
    became = take(arrivals, at=datetime.now(UTC), actor=caller.actor)
    return json_response(_reply(arrivals, unread, became))


def _read(kind: str, body: bytes) -> Reading:
    if not body.strip():
        raise _unreadable(_("The body is empty."))
    if kind == LINES:
        return _read_lines(body)
    try:
        if kind == EVENT:
            values = [msgspec.json.decode(body, type=msgspec.Raw)]
        else:
            values = msgspec.json.decode(body, type=list[msgspec.Raw])
    except msgspec.ValidationError:
        raise _unreadable(_("The body is JSON, but no array of facts.")) from None
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _unreadable(_("The body is no JSON: %(error)s.") % {"error": error}) from None
    _limit(len(values))
    return read_values(values)


def _read_lines(body: bytes) -> Reading:
    lines = body.split(b"\n")
    _limit(sum(1 for line in lines if line.strip()))
    arrivals, unread = read_lines(lines)
    if not arrivals and not any(map(_is_json, lines)):
        raise _unreadable(_("No line of the body is JSON."))
    return arrivals, unread


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return True


def _limit(number: int) -> None:
    if number > settings.API_FACTS_AT_MOST:
        raise Refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "body-too-large",
            _("A request may report %(limit)s facts at most; send them in parts.")
            % {"limit": settings.API_FACTS_AT_MOST},
        )


def _unreadable(detail: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, "body-unreadable", detail)


def _reply(arrivals: list[Arrival], unread: list[Refusal], became: Taken) -> Reply:
    refused = [*unread, *became.refused]
    ids = {arrival.place: arrival.fact.id for arrival in arrivals}
    results = [
        *(Result(place, ids[place], "taken") for place in became.taken),
        *(Result(place, ids[place], "repeated") for place in became.repeated),
        *(Result(one.place, one.id, "refused", one.reason) for one in refused),
    ]
    results.sort(key=lambda result: result.place)
    return Reply(len(became.taken), len(became.repeated), len(refused), results)
