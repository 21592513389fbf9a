"""`makegood convert`: other systems' exports, printed as facts. Needs no database."""

import sys
from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from makegood.cli.moments import read_moment
from makegood.cli.problems import Problem
from makegood.guarantees.facts.vocabulary import AnyFact
from makegood.trade.sources import olist
from makegood.trade.sources.demo import marketplace
from makegood.trade.sources.ndjson import json_lines
from makegood.trade.sources.olist_facts import complete, facts
from makegood.trade.sources.tables import FolderError

app = typer.Typer(name="convert", no_args_is_help=True)
CHUNK = 2_000


@app.callback()
def convert() -> None:
    """Print another system's export as facts: CloudEvents, one JSON object per line."""


@app.command("olist")
def convert_olist(
    directory: Annotated[
        Path, typer.Argument(help="The folder with the CSV files, packed or not.")
    ],
    as_of: Annotated[
        str,
        typer.Option(help="Until when the folder tells all; UTC without a zone. Else its end."),
    ] = "",
) -> None:
    """Print a folder of real orders as facts in order of time, and until when it tells all."""
    until = read_moment(as_of, "--as-of") if as_of else None
    try:
        folder = olist.read(directory)
    except FolderError as error:
        raise Problem(str(error)) from error
    last = complete(until or folder.as_of)
    _print(chain(facts(folder), [last]), folder.fact_count + 1)


@app.command("demo")
def convert_demo() -> None:
    """Print the facts of the invented marketplace that `makegood demo` replays."""
    told = marketplace.facts()
    _print(told, len(told))


def _print(told: Iterable[AnyFact], count: int) -> None:
    """Write the facts, with a progress bar where it does not run into them."""
    lines = json_lines(told)
    watched = sys.stderr.isatty() and not sys.stdout.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=not watched) as progress:
        task = progress.add_task("Facts", total=count)
        while chunk := list(islice(lines, CHUNK)):
            sys.stdout.buffer.write(b"".join(chunk))
            progress.advance(task, len(chunk))
    sys.stdout.buffer.flush()
