"""`makegood record`: verify the record, seal it, prove from it, erase personal fields."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer
from django.db import connection, transaction
from psycopg import Cursor
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from makegood.cli.problems import Problem
from makegood.cli.sealing import record_key, seal_record
from makegood.clock.instants import instant
from makegood.record.actions import (
    PersonalNotFound,
    erase_personal,
)
from makegood.record.check import Verification, verify
from makegood.record.notes import NoteRefused, SigningKey
from makegood.record.proofs import NotProvable, prove_entry
from makegood.record.queries import entry_by_number
from makegood.record.tree import LogDamaged
from makegood.storage.keys import key as key_of
from makegood.storage.keys import read_public_id
from makegood.watch.checking import COVERED_TABLES

app = typer.Typer(
    name="record", help="The record: verify it, seal it, prove from it.", no_args_is_help=True
)
EntryName = Annotated[
    str, typer.Argument(help="The entry's number in the log, or its id: entry_MERCHANT_ID.")
]


@app.callback()
def record() -> None:
    """The record of every step, which shows when anything in it was changed."""


@app.command("verify")
def verify_record(
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
    """Work the record out anew from the rows as they stand; exit code 1 if anything differs."""
    notes = [file.read_text(encoding="utf-8") for file in published or []]
    with _transaction("REPEATABLE READ, READ ONLY") as cursor:
        key = record_key(cursor)
        found = _verified(cursor, key, notes)
    if as_json:
        typer.echo(json.dumps({"holds": found.holds, **asdict(found)}, ensure_ascii=False))
    else:
        _tell(found)
    if not found.holds:
        raise typer.Exit(1)


def _verified(cursor: Cursor[Any], key: SigningKey, notes: list[str]) -> Verification:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, Any] = {}

        def advance(part: str, done: int) -> None:
            if done % 1000 == 0:
                if part not in tasks:
                    tasks[part] = progress.add_task(part, total=None)
                progress.update(tasks[part], completed=done)

        return verify(cursor, COVERED_TABLES, key=key.verifier, published=notes, progress=advance)


def _tell(found: Verification) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{found.entries} entries, {found.leaves} of them numbered; {found.nodes} nodes, "
        f"{found.checkpoints} checkpoints; {found.batches} batches of {found.rows} rows; "
        f"{found.personal} personal rows, {found.erased} erased."
    )
    for difference in found.differences:
        console.print(Text.assemble(("differs ", "red"), str(difference)))
    if found.differing > len(found.differences):
        console.print(f"… and {found.differing - len(found.differences)} more.")
    console.print(
        "The record holds." if found.holds else f"{found.differing} differences were found."
    )


@app.command("checkpoint")
def seal() -> None:
    """Number what is pending, seal the log as it stands, and print the signed checkpoint."""
    typer.echo(seal_record(), nl=False)


@app.command("key")
def print_key() -> None:
    """Print the public key under which anyone can verify checkpoints and proofs."""
    with _transaction("READ COMMITTED") as cursor:
        typer.echo(record_key(cursor).verifier.text())


@app.command("prove")
def prove(entry: EntryName) -> None:
    """Print, as JSON, the proof that an entry stands in the sealed log."""
    with _transaction("REPEATABLE READ, READ ONLY") as cursor:
        merchant_id, id = _entry(cursor, entry)
        try:
            proof = prove_entry(cursor, merchant_id, id, record_key(cursor).verifier)
        except (NotProvable, NoteRefused, LogDamaged) as error:
            raise Problem(f"{entry} cannot be proved: {error}.") from error
    typer.echo(msgspec.json.encode(proof))


@app.command("erase")
def erase(
    ids: Annotated[
        list[str], typer.Argument(help="Ids of facts or entries of one merchant: KIND_MERCHANT_ID.")
    ],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    by: Annotated[str, typer.Option(help="Who asks for it, for the record.")],
) -> None:
    """Erase the personal fields of facts or entries; the erasure itself is recorded."""
    try:
        public = [read_public_id(text) for text in ids]
    except ValueError as error:
        raise Problem(f"{error}.") from error
    merchant_id = public[0].merchant_id
    if any(one.merchant_id != merchant_id for one in public):
        raise Problem("One erasure concerns one merchant.")
    at = instant(datetime.now(UTC))
    own = sorted(one.id for one in public)
    with _transaction("READ COMMITTED") as cursor:
        try:
            entry_id = erase_personal(
                cursor,
                merchant_id=merchant_id,
                ids=own,
                entry_id=key_of("erasure", str(at), *map(str, own)),
                actor=by,
                reason=reason,
                at=at,
            )
        except PersonalNotFound as error:
            raise Problem(f"Nothing was erased: {error}.") from error
    typer.echo(f"entry_{merchant_id.hex}_{entry_id.hex}")


@contextmanager
def _transaction(mode: str) -> Iterator[Cursor[Any]]:
    with transaction.atomic(), connection.cursor() as wrapper:
        wrapper.execute(f"SET TRANSACTION ISOLATION LEVEL {mode}")
        yield wrapper.cursor


def _entry(cursor: Cursor[Any], name: str) -> tuple[UUID, UUID]:
    """The merchant and id of the entry that was named."""
    if name.isdecimal():
        found = entry_by_number(cursor, int(name))
        if found is None:
            raise Problem(f"The log has no entry with the number {name}.")
        return found.entry.merchant_id, found.entry.id
    try:
        public = read_public_id(name)
    except ValueError as error:
        raise Problem(f"{error}.") from error
    return public.merchant_id, public.id
