"""`makegood keys`: the keys with which the marketplace's machines report facts."""

import json
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from makegood.cli.problems import Problem
from makegood.cli.tables import print_whole
from makegood.clock.instants import instant
from makegood.people.keys import KnownKey, create_key, known_keys, revoke_key
from makegood.people.models import Scope
from makegood.storage.cursors import begin, open_cursor

ACTOR = "command line"
app = typer.Typer(name="keys", help="Keys of machines: make, list, revoke.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The keys with which the marketplace's machines call the API."""


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What the key is for, such as the shop's name.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What the key may do; may be repeated.")
    ] = None,
) -> None:
    """Make a key and print it, this one time: only its digest is kept."""
    if not name.strip():
        raise Problem("A key needs a name, so that you know later what it is for.")
    with begin() as cursor:
        text = create_key(
            cursor,
            name=name.strip(),
            scopes=scope or [Scope.FACTS_WRITE],
            at=instant(datetime.now(UTC)),
            actor=ACTOR,
        )
    typer.echo(text)
    typer.echo("Keep it now: it is not shown again.", err=True)


@app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="Print the keys as JSON.")] = False,
) -> None:
    """List all keys, revoked ones included, without their secrets."""
    with open_cursor() as cursor:
        found = known_keys(cursor)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False))
        return
    table = Table("Key", "Name", "May", "Made", "Last used", "Revoked")
    for one in found:
        table.add_row(*_row(one))
    if found:
        print_whole(table)
    else:
        typer.echo("There are no keys yet: makegood keys create NAME")


def _row(one: KnownKey) -> list[str]:
    moments = [one.created_at, one.last_used_at, one.revoked_at]
    told = [f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "–" for moment in moments]
    return [one.prefix, one.name, ", ".join(one.scopes), *told]


@app.command("revoke")
def revoke(
    prefix: Annotated[str, typer.Argument(help="The key's prefix, as `makegood keys list` says.")],
) -> None:
    """Revoke a key for good: requests that come with it are refused from now on."""
    with begin() as cursor:
        if not revoke_key(cursor, prefix, at=instant(datetime.now(UTC)), actor=ACTOR):
            raise Problem(f"No key that still holds has the prefix {prefix!r}.")
    typer.echo(f"The key {prefix} is revoked.")
