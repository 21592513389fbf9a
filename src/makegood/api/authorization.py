"""Who calls: an API key in the `Authorization` header, with the scope that the call needs."""

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest
from django.utils.translation import gettext as _

from makegood.api.problems import Refused
from makegood.clock.instants import instant
from makegood.people.keys import Caller, caller_of
from makegood.people.models import Scope
from makegood.storage.cursors import open_cursor


def authorized(request: HttpRequest, scope: Scope) -> Caller:
    """The caller, if its key holds and has the scope; else `Refused` with 401 or 403."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise _unknown(_("Send an API key in the header “Authorization: Bearer …”."))
    with open_cursor() as cursor:
        caller = caller_of(cursor, text.strip(), at=instant(datetime.now(UTC)))
    if caller is None:
        raise _unknown(_("The key is unknown or was revoked."), ', error="invalid_token"')
    if scope not in caller.scopes:
        raise Refused(
            HTTPStatus.FORBIDDEN,
            "scope-needed",
            _("This needs a key with the scope %(scope)s.") % {"scope": scope},
            _challenge(f', error="insufficient_scope", scope="{scope}"'),
        )
    return caller


def _unknown(detail: str, more: str = "") -> Refused:
    return Refused(HTTPStatus.UNAUTHORIZED, "key-needed", detail, _challenge(more))


def _challenge(more: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer realm="makegood"{more}'}
