"""`makegood check`: whether all that money and judgement rest on is what it was."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from makegood.cli.progress import watched
from makegood.cli.sealing import record_key
from makegood.record.check import Difference, Findings
from makegood.storage.cursors import begin
from makegood.watch.checking import Checked, check

TELL_EVERY = 1_000


def check_all(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    published: Annotated[
        list[Path] | None,
        typer.Option(
            help="A checkpoint kept elsewhere, which the log must continue; may be repeated.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Verify the record, re-add every book, rebuild what follows from facts; compare it all.

    Changes nothing. Exit code 1 if anything differs.
    """
    notes = [file.read_text(encoding="utf-8") for file in published or []]
    checked = _checked(notes)
    if as_json:
        typer.echo(json.dumps(_plain(checked), ensure_ascii=False))
    else:
        _tell(checked)
    if not checked.holds:
        raise typer.Exit(1)


def _checked(notes: list[str]) -> Checked:
    with begin() as cursor, watched() as progress:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tasks: dict[str, Any] = {}

        def advance(part: str, done: int) -> None:
            if part not in tasks:
                tasks[part] = progress.add_task(part, total=None)
            if done % TELL_EVERY == 0 or part == "lines":
                progress.update(tasks[part], completed=done)

        return check(cursor, key=record_key(cursor).verifier, published=notes, progress=advance)


def _plain(checked: Checked) -> dict[str, object]:
    return {
        "holds": checked.holds,
        "record": {"holds": checked.record.holds, **asdict(checked.record)},
        "books": {"holds": checked.books.holds, **asdict(checked.books)},
        "projections": {"holds": checked.projections.holds, **asdict(checked.projections)},
    }


def _tell(checked: Checked) -> None:
    console = Console()
    for difference in checked.differences:
        console.print(
            f"[red]differs[/red] {_sentence(difference)}", highlight=False, soft_wrap=True
        )
    if checked.differing > len(checked.differences):
        console.print(f"… and {checked.differing - len(checked.differences):,} more.")
    record = checked.record
    console.print(
        f"The record {_holds(record)}: {record.entries:,} entries, {record.checkpoints:,} "
        f"checkpoints, {record.rows:,} rows they stand for."
    )
    console.print(f"The books {_hold(checked.books)}.")
    console.print(f"What follows from the facts {_holds(checked.projections)}.")


def _sentence(difference: Difference) -> str:
    text = str(difference).replace("[", "\\[")
    return text if text.endswith(".") else f"{text}."


def _holds(found: Findings) -> str:
    return "holds" if found.holds else f"does not hold, {found.differing:,} differences"


def _hold(found: Findings) -> str:
    return "add up" if found.holds else f"do not add up, {found.differing:,} differences"
