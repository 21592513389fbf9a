"""What can be asked of the ledger, and what it answers. Pure.

Ids are made by the caller from the cause, so that asking twice does nothing more.
"""

from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct

from makegood.clock.instants import Instant
from makegood.ledger.chart import AccountName
from makegood.ledger.events import Code
from makegood.ledger.lifecycle import Kind

AMOUNT_MAX = 2**53 - 1
"""The largest amount of one transfer: the largest integer that the record can hold."""
PATHS_MAX = 8


class Transfer(Struct, frozen=True, gc=False):
    """Move one amount (minor units) from the debit to the credit account, or reserve it."""

    merchant_id: UUID
    currency: str
    id: UUID
    debit: AccountName
    credit: AccountName
    amount: int
    code: Code
    cause_id: UUID
    at: Instant
    reserve: bool = False


class Settle(Struct, frozen=True, gc=False):
    """End a reserve: post, void or expire all of it; accounts, amount and code are its own."""

    merchant_id: UUID
    id: UUID
    reserves: UUID
    kind: Kind
    cause_id: UUID
    at: Instant


class Path(Struct, frozen=True, gc=False):
    """One way that money of a waterfall can take, for at most `at_most` minor units."""

    debit: AccountName
    credit: AccountName
    at_most: int | None = None


class Waterfall(Struct, frozen=True):
    """Move an amount (minor units) by the first path as far as its accounts allow, then the next.

    Serves both ways: sources in their order to one account, or one account to sinks in their
    order. With `whole`, nothing at all is moved when the paths do not suffice; without, what
    they cover is. The first part that moves something has the id `id`, the others ids made
    from it (`part_id`), so that a repeat meets the first part whatever the accounts hold by then.
    """

    merchant_id: UUID
    currency: str
    id: UUID
    paths: tuple[Path, ...]
    amount: int
    code: Code
    cause_id: UUID
    at: Instant
    reserve: bool = False
    whole: bool = True


Step = Transfer | Settle | Waterfall


class TransferRow(Struct, frozen=True, gc=False):
    """A transfer as it is stored; its fields are the columns, in the order of their names."""

    amount: int
    at: datetime
    cause_id: UUID
    code: str
    credit: str
    currency: str
    debit: str
    entry_id: UUID
    id: UUID
    kind: str
    merchant_id: UUID
    reserves: UUID | None


class Outcome(Struct, frozen=True):
    """What became of a step.

    `parts` are its transfers: new ones, or with `repeated` those that an earlier posting
    made. `uncovered` is what a waterfall's paths did not suffice for, in minor units.
    """

    parts: tuple[TransferRow, ...]
    uncovered: int = 0
    repeated: bool = False


def part_id(waterfall_id: UUID, place: int) -> UUID:
    """The id of the part of a waterfall at a place, counted from 0 over the parts that moved."""
    return uuid5(waterfall_id, str(place)) if place else waterfall_id
