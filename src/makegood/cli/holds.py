"""`makegood holds`: what must not move until a person or a top-up ends it."""

import json
from typing import Annotated

import typer

from makegood.compensation.models import HoldCause
from makegood.money import decimal_text
from makegood.storage.cursors import open_cursor
from makegood.storage.keys import PublicId
from makegood.watch.queries.holding import OpenHold, open_holds


def holds(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """List every open hold with its cause, the oldest first."""
    with open_cursor() as cursor:
        found = open_holds(cursor)
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
    elif not found:
        typer.echo("Nothing is held.")
    else:
        _show(found)


def _plain(one: OpenHold) -> dict[str, object]:
    return {
        "hold": str(PublicId("hold", one.merchant_id, one.id)),
        "line": str(PublicId("line", one.merchant_id, one.line_id)),
        "merchant": one.merchant,
        "order": one.order,
        "number": one.number,
        "cause": one.cause,
        "currency": one.currency,
        "at_most": one.at_most,
        "placed_at": one.placed_at.isoformat(),
    }


def _show(found: list[OpenHold]) -> None:
    for one in found:
        typer.echo(f"{one.merchant}/{one.order}/{one.number}")
        amount = f"{one.currency} {decimal_text(one.at_most, one.currency)}"
        since = f"{one.placed_at:%Y-%m-%d %H:%M:%S} UTC"
        typer.echo(f"  at most {amount}, since {since}: {HoldCause(one.cause).label}")
    typer.echo(f"{len(found):,} open holds.")
