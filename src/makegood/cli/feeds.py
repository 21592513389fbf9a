"""`makegood retire`: judge silence without a source that has ended."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from makegood.cli.problems import Problem
from makegood.clock.instants import instant
from makegood.storage.cursors import begin
from makegood.trade.watermarks import retire


def retire_feed(
    source: Annotated[str, typer.Argument(help="The source, as its facts name it.")],
    by: Annotated[str, typer.Option(help="Who decides it.")],
    reason: Annotated[str, typer.Option(help="Why it has ended.")],
) -> None:
    """Judge silence without a source that has ended; it counts again once it tells all anew."""
    with begin() as cursor:
        at = instant(datetime.now(UTC))
        if not retire(cursor, source, by=by, reason=reason, at=at):
            raise Problem(f"{source} is no source in use: see the feeds in makegood report.")
    typer.echo(f"Silence is judged without {source} from now on.")
