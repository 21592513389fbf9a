"""`makegood import` and `makegood sweep`: facts in, silence judged."""

import json
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import Progress

from makegood.cli.importing import (
    ACTOR,
    Import,
    Imported,
    lines_of,
    sweep_silence,
)
from makegood.cli.moments import read_moment
from makegood.cli.policies import publish_file
from makegood.cli.problems import Problem
from makegood.cli.progress import sweeping, watched
from makegood.cli.sealing import seal_record
from makegood.trade.reading import read_batches
from makegood.trade.sources import olist
from makegood.trade.sources.ndjson import json_lines
from makegood.trade.sources.olist_facts import complete, facts
from makegood.trade.sources.tables import FolderError

app = typer.Typer(name="import", no_args_is_help=True)

Batch = Annotated[int, typer.Option(min=1, max=100_000, help="Facts taken in one transaction.")]
Policies = Annotated[
    Path | None,
    typer.Option(help="A file of policies to publish first; the same file makes no new version."),
]
AsOf = Annotated[
    str,
    typer.Option(help="Until when these sources have told all; UTC without a zone."),
]
SWEEP = "sweep"
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.callback()
def import_facts() -> None:
    """Take facts in, find what they break, and judge what did not happen."""


@app.command("ndjson")
def import_ndjson(
    file: Annotated[str, typer.Argument(help="CloudEvents, one JSON object per line; - is stdin.")],
    batch: Batch = 5_000,
    policies: Policies = None,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Import facts line by line; wrong ones are told with their line and cost no other."""
    until = read_moment(as_of, "--as-of") if as_of else None
    with ExitStack() as stack:
        stream = _open(file, stack)
        _publish(policies)
        size = Path(file).stat().st_size if stream is not sys.stdin.buffer else None
        progress = stack.enter_context(watched())
        task = progress.add_task("Bytes", total=size)
        work = Import(until)
        for read in read_batches(lines_of(stream), batch):
            work.batch(read)
            progress.advance(task, read.size)
        done = work.end(sweeping(progress))
    seal_record()
    _tell(done, as_json, "line")


@app.command("olist")
def import_olist(
    directory: Annotated[
        Path, typer.Argument(help="The folder with the CSV files, packed or not.")
    ],
    batch: Batch = 5_000,
    policies: Policies = None,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Convert a folder of real orders and import its facts."""
    until = read_moment(as_of, "--as-of") if as_of else None
    try:
        folder = olist.read(directory)
    except FolderError as error:
        raise Problem(str(error)) from error
    _publish(policies)
    told = chain(facts(folder), [complete(until or folder.as_of)])
    with watched() as progress:
        done = take_all(json_lines(told), folder.fact_count + 1, batch, progress)
    seal_record()
    _tell(done, as_json, "fact")


def take_all(lines: Iterable[bytes], count: int, batch: int, progress: Progress) -> Imported:
    """Import `count` lines that end with until when their source has told all."""
    task = progress.add_task("Facts", total=count)
    work = Import(None)
    for read in read_batches(lines, batch):
        work.batch(read)
        progress.advance(task, read.lines)
    return work.end(sweeping(progress))


def _open(file: str, stack: ExitStack) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(file).open("rb"))
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error


def _publish(policies: Path | None) -> None:
    if policies is not None:
        typer.echo(publish_file(policies, ACTOR), err=True)


def _tell(done: Imported, as_json: bool, place: str) -> None:
    """Tell what became of the facts; exit code 1 if any was refused."""
    for refusal in done.refusals:
        named = f" ({refusal.id})" if refusal.id else ""
        typer.echo(f"{place} {refusal.place}{named}: {refusal.reason}", err=True)
    if done.refused > len(done.refusals):
        typer.echo(f"… and {done.refused - len(done.refusals):,} more.", err=True)
    if as_json:
        typer.echo(json.dumps(_plain(done), ensure_ascii=False))
    else:
        typer.echo(_sentence(done))
    if done.refused:
        raise typer.Exit(1)


def _sentence(done: Imported) -> str:
    return (
        f"{done.taken:,} facts taken, {done.repeated:,} repeated, {done.refused:,} refused; "
        f"{done.breaches:,} breaches found or revised; {_judged(done.judged_until)}."
    )


def _judged(until: datetime | None) -> str:
    if until is None:
        return "silence is not judged, since no source has told until when it told all"
    return f"silence judged until {until:%Y-%m-%d %H:%M:%S} UTC"


def _stamp(until: datetime | None) -> str | None:
    return None if until is None else until.isoformat()


def _plain(done: Imported) -> dict[str, object]:
    return {
        "taken": done.taken,
        "repeated": done.repeated,
        "refused": done.refused,
        "refusals": [
            {"place": one.place, "id": one.id, "reason": one.reason} for one in done.refusals
        ],
        "breaches": done.breaches,
        "until": {source: until.isoformat() for source, until in done.until.items()},
        "judged_until": _stamp(done.judged_until),
    }


def sweep(
    at: Annotated[
        str,
        typer.Option(
            help="Judge what did not happen until then, as far as the sources have told all; "
            "UTC without a zone. Else as far as they have told."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Judge what did not happen: promises whose time passed without the fact that keeps them."""
    at_most = read_moment(at, "--at") if at else None
    with watched() as progress:
        until, found = sweep_silence(SWEEP, at_most, sweeping(progress))
    seal_record()
    if as_json:
        typer.echo(json.dumps({"breaches": found, "judged_until": _stamp(until)}))
    else:
        typer.echo(f"{found:,} breaches found or revised; {_judged(until)}.")
