"""`makegood report`: what the promises have come to, as it stands now."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct
from psycopg import Cursor
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from makegood.cli.problems import Problem
from makegood.cli.progress import watched
from makegood.cli.sealing import record_key
from makegood.cli.tables import print_whole
from makegood.guarantees.catalogue import CATALOGUE
from makegood.money import decimal_text
from makegood.record.check import verify
from makegood.storage.cursors import begin
from makegood.watch.checking import COVERED_TABLES, check_books
from makegood.watch.reporting import Feed, Figures, Report, feeds, reports


class Verified(Struct, frozen=True):
    """Whether the books add up, and whether the record is what was written."""

    books: bool
    record: bool


class Told(Struct, frozen=True):
    """All that a report tells: by currency, of the feeds, and whether it can be trusted."""

    reports: dict[str, Report]
    feeds: list[Feed]
    verified: Verified


def report(
    currency: Annotated[
        str, typer.Option(help="Only this currency, where there are several.")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as JSON, in minor units.")
    ] = False,
) -> None:
    """Tell of each guarantee what was promised, kept, broken and owed, as it stands now."""
    told = tell()
    if currency:
        if currency not in told.reports:
            known = ", ".join(told.reports) or "none"
            raise Problem(f"There are no promises in {currency!r}; currencies: {known}.")
        told = Told({currency: told.reports[currency]}, told.feeds, told.verified)
    if as_json:
        typer.echo(json.dumps(_plain(told), ensure_ascii=False))
    else:
        show(told)


def tell() -> Told:
    """Read and verify everything in one picture of the database."""
    with begin() as cursor, watched() as progress:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        task = progress.add_task("Lines", total=None)
        found = reports(cursor, lambda lines: progress.advance(task, lines))
        verified = Verified(check_books(cursor).holds, _record_holds(cursor, progress))
        return Told(found, feeds(cursor), verified)


def _record_holds(cursor: Cursor[Any], progress: Progress) -> bool:
    """A record whose key is lost cannot be verified; the rest of the report still stands."""
    task = progress.add_task("Record", total=None)
    try:
        key = record_key(cursor)
    except Problem as problem:
        typer.echo(str(problem), err=True)
        return False
    return verify(
        cursor,
        COVERED_TABLES,
        key=key.verifier,
        progress=lambda part, done: progress.update(task, description=part, completed=done),
    ).holds


def _plain(told: Told) -> dict[str, Any]:
    """One report as it is; several under `currencies`, each as one alone would be."""
    every = [_plain_report(one, told) for one in told.reports.values()]
    if not every:
        return {**_plain_report(Report(""), told), "currency": None}
    return (
        every[0] if len(every) == 1 else {"currencies": dict(zip(told.reports, every, strict=True))}
    )


def _plain_report(one: Report, told: Told) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(one)
    return {
        "currency": plain["currency"],
        "guarantees": plain["guarantees"],
        "held": plain["held"],
        "verified": msgspec.to_builtins(told.verified),
        "shadow": plain["shadow"],
        "feeds": [_plain_feed(feed) for feed in told.feeds],
    }


def _plain_feed(feed: Feed) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(feed)
    lag = None if feed.until is None else (datetime.now(UTC) - feed.until).total_seconds()
    return {**plain, "lag_seconds": None if lag is None else int(lag)}


def show(told: Told) -> None:
    """Print the figures for a person, money in major units with its currency."""
    console = Console(highlight=False)
    if not told.reports:
        console.print("Nothing is promised yet: publish policies with an import's --policies.")
    for one in told.reports.values():
        if _used(one):
            print_whole(_promises(one))
            print_whole(_owed(one))
        else:
            console.print(f"No line bears a promise in {one.currency} yet.")
        _print_beside(console, one)
    for feed in told.feeds:
        print_whole(_feed(feed))
    books = "[green]add up[/green]" if told.verified.books else "[red]do not add up[/red]"
    record = "[green]holds[/green]" if told.verified.record else "[red]does not hold[/red]"
    console.print(f"The books {books}; the record {record}.")


def _promises(one: Report) -> Table:
    table = _table(f"Lines that bear a promise in {one.currency}, as they stand now")
    for name in ("Covered", "Kept", "Open", "Broken"):
        table.add_column(name, justify="right")
    for code, figures in _used(one):
        counts = (figures.covered, figures.kept, figures.open, figures.lines)
        table.add_row(CATALOGUE[code].title_en, *(f"{count:,}" for count in counts))
    return table


def _owed(one: Report) -> Table:
    table = _table(f"Owed for what was broken, in {one.currency}")
    for name in ("Breaches", "Orders", "Awards", "Refund", "Compensation"):
        table.add_column(name, justify="right")
    for code, figures in _used(one):
        counts = (figures.breaches, figures.orders, figures.awards)
        sums = (figures.refund, figures.compensation)
        table.add_row(
            CATALOGUE[code].title_en,
            *(f"{count:,}" for count in counts),
            *(_money(amount, one.currency) for amount in sums),
        )
    return table


def _used(one: Report) -> list[tuple[str, Figures]]:
    """The guarantees that somebody promised, or that something was found under."""
    return [
        (code, figures)
        for code, figures in one.guarantees.items()
        if figures.covered or figures.breaches
    ]


def _table(title: str, first: str = "Guarantee") -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, title_style="bold")
    table.add_column(first, no_wrap=True)
    return table


def _print_beside(console: Console, one: Report) -> None:
    if one.held.orders:
        paid = _money(one.held.paid, one.currency)
        console.print(
            f"[magenta]Held for a person[/magenta]: {one.held.orders:,} orders, "
            f"for which {one.currency} {paid} was paid (makegood holds)."
        )
    for code, shadow in one.shadow.items():
        owed = _money(shadow.refund + shadow.compensation, one.currency)
        console.print(
            f"{CATALOGUE[code].title_en} in shadow: {shadow.breaches:,} breaches that would "
            f"have cost {one.currency} {owed}; nothing is paid."
        )


def _feed(feed: Feed) -> Table:
    until = "has never said until when it told all"
    if feed.until is not None:
        until = f"has told all until {feed.until:%Y-%m-%d %H:%M:%S} UTC"
    retired = " (retired)" if feed.retired else ""
    table = _table(f"{feed.source}{retired} {until}", "Fact")
    table.add_column("Told", justify="right")
    table.add_column("Last happened (UTC)")
    for one in feed.delivered:
        table.add_row(one.type, f"{one.facts:,}", f"{one.last_at:%Y-%m-%d %H:%M:%S}")
    return table


def _money(amount: int, currency: str) -> str:
    whole, point, fraction = decimal_text(amount, currency).partition(".")
    return f"{int(whole):,}{point}{fraction}"
