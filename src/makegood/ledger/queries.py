"""Every read of the ledger that a page, a report or a reconciliation needs."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q, Sum

from makegood.ledger.chart import CHART, AccountName, Side
from makegood.ledger.models import Account, Transfer
from makegood.ledger.steps import PATHS_MAX, TransferRow, part_id
from makegood.ledger.transfers import COLUMNS, row_of


class Balance(NamedTuple):
    """How an account stands, in minor units, on the side on which it grows.

    `posted` is its balance; `outgoing` is reserved to leave it and `incoming` to reach it.
    """

    posted: int
    outgoing: int
    incoming: int
    limit: int | None

    @property
    def free(self) -> int:
        """What is not reserved to leave it."""
        return self.posted - self.outgoing


def balances(merchant_id: UUID, currency: str) -> dict[AccountName, Balance]:
    """Every account that the book has, in the chart's order."""
    accounts = Account.objects.filter(merchant_id=merchant_id, currency=currency)
    found = {AccountName(account.name): _balance(account) for account in accounts}
    return {name: found[name] for name in CHART if name in found}


def currencies(merchant_id: UUID) -> list[str]:
    """The currencies in which the merchant has a book."""
    accounts = Account.objects.filter(merchant_id=merchant_id)
    return list(accounts.order_by("currency").values_list("currency", flat=True).distinct())


def history(
    merchant_id: UUID, currency: str, account: AccountName | None = None
) -> Iterator[TransferRow]:
    """The transfers of a book, or of one of its accounts, in the order of time, then of id."""
    rows = Transfer.objects.filter(merchant_id=merchant_id, currency=currency)
    if account is not None:
        rows = rows.filter(Q(debit=account) | Q(credit=account))
    return map(row_of, rows.order_by("at", "id").values_list(*COLUMNS).iterator())


def parts(merchant_id: UUID, ids: Iterable[UUID]) -> dict[UUID, list[TransferRow]]:
    """The transfers of each id that posted something: a waterfall's parts in their order."""
    places = {part_id(id_, place): (id_, place) for id_ in ids for place in range(PATHS_MAX)}
    rows = Transfer.objects.filter(merchant_id=merchant_id, id__in=places).values_list(*COLUMNS)
    found: dict[UUID, list[TransferRow]] = {}
    for row in sorted(map(row_of, rows), key=lambda row: places[row.id][1]):
        found.setdefault(places[row.id][0], []).append(row)
    return found


def free_fund(currency: str) -> int:
    """What the platform's guarantee fund has free over all books, in minor units.

    Fund and fees, less losses, costs and what is advanced (domain.md section 7). A sum over
    books is a soft limit: the hard one is the cap on each merchant's advance.
    """
    names = (
        AccountName.FUND,
        AccountName.FEES,
        AccountName.LOSS,
        AccountName.COSTS,
        AccountName.ADVANCE,
    )
    accounts = Account.objects.filter(currency=currency, name__in=names)
    total = accounts.aggregate(free=Sum(F("credits_posted") - F("debits_posted")))["free"]
    return int(total or 0)


def _balance(account: Account) -> Balance:
    debits = (account.debits_posted, account.debits_pending)
    credits_ = (account.credits_posted, account.credits_pending)
    own, other = (
        (debits, credits_)
        if CHART[AccountName(account.name)].side is Side.DEBIT
        else (credits_, debits)
    )
    return Balance(own[0] - other[0], outgoing=other[1], incoming=own[1], limit=account.limit_minor)
