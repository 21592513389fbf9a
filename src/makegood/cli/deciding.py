"""`makegood release` and `makegood drop`: a person's word on a hold."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from makegood.cli.problems import Problem
from makegood.compensation.actions.holds import HoldRefused
from makegood.storage.keys import read_public_id
from makegood.watch.actions import deciding

_SAID = {
    "approved": "Noted: a second person must release it too.",
    "released": "Released: it is due.",
    "dropped": "Dropped: it is not owed.",
}
Hold = Annotated[str, typer.Argument(help="The hold's id, as `makegood holds --json` says.")]
By = Annotated[str, typer.Option(help="Who decides; it is recorded.")]
Why = Annotated[str, typer.Option(help="Why; it is recorded.")]


def release(hold: Hold, by: By, reason: Why) -> None:
    """Let what is held be paid; above the limit two persons must say so."""
    merchant_id, id = _read(hold)
    try:
        said = deciding.release(merchant_id, id, by=by, reason=reason, at=datetime.now(UTC))
    except HoldRefused as refused:
        raise _problem(refused) from None
    typer.echo(_SAID[said])


def drop(hold: Hold, by: By, reason: Why) -> None:
    """Let what is held fall: it is not owed."""
    merchant_id, id = _read(hold)
    try:
        said = deciding.drop(merchant_id, id, by=by, reason=reason, at=datetime.now(UTC))
    except HoldRefused as refused:
        raise _problem(refused) from None
    typer.echo(_SAID[said])


def _read(text: str) -> tuple[UUID, UUID]:
    try:
        read = read_public_id(text)
    except ValueError as error:
        raise Problem(f"{error}.") from None
    if read.kind != "hold":
        raise Problem(f"{text!r} is the id of a {read.kind}, not of a hold.")
    return read.merchant_id, read.id


def _problem(refused: HoldRefused) -> Problem:
    return Problem(f"Nothing was changed: {refused}.")
