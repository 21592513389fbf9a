"""`makegood book`: how the accounts of one merchant stand, and what moved in them."""

import json
from typing import Annotated

import typer
from rich.table import Table

from makegood.cli.problems import Problem
from makegood.cli.tables import print_whole
from makegood.ledger.chart import AccountName
from makegood.ledger.queries import Balance, balances, currencies, history
from makegood.ledger.steps import TransferRow
from makegood.money import decimal_text
from makegood.people.actions import merchant_key
from makegood.record.canonical import timestamp

NONE = "–"


def book(
    merchant: Annotated[str, typer.Argument(help="The marketplace's name for it; or platform.")],
    transfers: Annotated[bool, typer.Option(help="Every transfer too, in order of time.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Show how a merchant's accounts stand: escrow, deposit, advance, what is owed to consumers."""
    merchant_id = merchant_key(merchant)
    books = {currency: balances(merchant_id, currency) for currency in currencies(merchant_id)}
    if not books:
        raise Problem(f"{merchant} has no book: no money has moved for a merchant of that name.")
    if as_json:
        told = {
            currency: {
                "accounts": {name: _plain(one) for name, one in accounts.items()},
                "transfers": [_moved(row) for row in history(merchant_id, currency)]
                if transfers
                else None,
            }
            for currency, accounts in books.items()
        }
        typer.echo(json.dumps(told))
        return
    for currency, accounts in books.items():
        print_whole(_balances(merchant, currency, accounts))
        if transfers:
            for row in history(merchant_id, currency):
                amount = decimal_text(row.amount, currency)
                moved = f"{row.debit} → {row.credit}"
                typer.echo(f"{timestamp(row.at)}  {amount:>12}  {moved}  {row.code} {row.kind}")


def _balances(merchant: str, currency: str, accounts: dict[AccountName, Balance]) -> Table:
    table = Table(title=f"{merchant}, {currency}", title_justify="left", box=None, pad_edge=False)
    table.add_column("Account")
    for heading in ("Balance", "Reserved to leave", "Reserved to come", "At most"):
        table.add_column(heading, justify="right")
    for name, one in accounts.items():
        sums = (one.posted, one.outgoing, one.incoming)
        limit = NONE if one.limit is None else decimal_text(one.limit, currency)
        table.add_row(name, *(decimal_text(minor, currency) for minor in sums), limit)
    return table


def _plain(one: Balance) -> dict[str, int | None]:
    return {
        "balance": one.posted,
        "outgoing": one.outgoing,
        "incoming": one.incoming,
        "limit": one.limit,
    }


def _moved(row: TransferRow) -> dict[str, object]:
    return {
        "id": str(row.id),
        "at": timestamp(row.at),
        "debit": row.debit,
        "credit": row.credit,
        "amount": row.amount,
        "code": row.code,
        "kind": row.kind,
        "cause": str(row.cause_id),
    }
