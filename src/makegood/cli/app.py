"""All commands; imported once Django is set up, so that commands import models as usual."""

from importlib.metadata import version
from typing import Annotated

import typer

from makegood.cli import (
    book,
    check,
    convert,
    deciding,
    demo,
    facts,
    feeds,
    holds,
    keys,
    owed,
    record,
    report,
    serve,
)

app = typer.Typer(
    name="makegood",
    help="The service-guarantee system that an online marketplace runs beside its shop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(convert.app)
app.add_typer(facts.app)
app.command()(facts.sweep)
app.command("retire")(feeds.retire_feed)
app.command()(report.report)
app.command()(owed.owed)
app.command()(holds.holds)
app.command()(book.book)
app.command()(deciding.release)
app.command()(deciding.drop)
app.command("check")(check.check_all)
app.add_typer(record.app)
app.add_typer(keys.app)
app.command("serve")(serve.serve_command)
app.command("demo")(demo.demo)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"makegood {version('makegood')}")
        raise typer.Exit


@app.callback()
def makegood(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Promises of merchants are watched, and made good when they are broken."""
