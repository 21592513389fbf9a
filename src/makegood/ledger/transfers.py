"""The rows of transfers: written in bulk, read back by their ids, and their canonical bytes."""

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from msgspec import structs
from psycopg import ClientCursor

from makegood.ledger.decisions import TransferKey
from makegood.ledger.models import Transfer
from makegood.ledger.steps import Outcome, TransferRow
from makegood.record.batches import CoveredTable
from makegood.record.canonical import row_leaf
from makegood.storage.bulk import columns_of, copy_rows

TABLE = "ledger_transfer"
COLUMNS: tuple[str, ...] = tuple(sorted(columns_of(Transfer)))
_leaf = row_leaf(COLUMNS)
FEW = 8
"""Up to so many transfers an INSERT is quicker than a COPY."""

COVERED = CoveredTable(TABLE, COLUMNS, _leaf)
"""How the record covers transfers: every column of each, under the entry that it names."""

_IN_ORDER = [COLUMNS.index(column) for column in columns_of(Transfer)]
_FIND = f"""
    SELECT {", ".join(f"transfer.{column}" for column in COLUMNS)}
    FROM {TABLE} AS transfer
    JOIN unnest(%s::uuid[], %s::uuid[]) AS wanted (merchant_id, key)
      ON transfer.merchant_id = wanted.merchant_id AND transfer.{{key}} = wanted.key
"""
_INSERT = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES "
_PLACES = f"({', '.join(['%s'] * len(COLUMNS))})"
_FIND_BY_ID = _FIND.format(key="id")
_FIND_BY_RESERVE = _FIND.format(key="reserves")


def canonical_row(row: TransferRow) -> bytes:
    """The bytes under which the record holds a transfer: the same for a new and a stored row."""
    return _leaf(_values(row))


def leaves(outcomes: Iterable[Outcome]) -> list[bytes]:
    """The canonical bytes of every transfer that is new in the outcomes, for the record's entry."""
    return [
        _leaf(_values(row)) for outcome in outcomes if not outcome.repeated for row in outcome.parts
    ]


def write(cursor: ClientCursor[Any], rows: Sequence[TransferRow]) -> tuple[str, list[Any]]:
    """Write many new transfers; of few, the statement that does, to be sent with the next one.

    Either way an id or a settled reserve that is met again raises `UniqueViolation`.
    """
    if not rows:
        return "", []
    if len(rows) <= FEW:
        places = ", ".join([_PLACES] * len(rows))
        return f"{_INSERT}{places};", [value for row in rows for value in _values(row)]
    arranged = ([values[place] for place in _IN_ORDER] for values in map(_values, rows))
    copy_rows(cursor, Transfer, arranged)
    return "", []


def by_id(cursor: ClientCursor[Any], keys: Sequence[TransferKey]) -> list[TransferRow]:
    """The stored transfers among those that the keys (merchant, id) name."""
    return _found(cursor, _FIND_BY_ID, keys)


def by_reserve(cursor: ClientCursor[Any], keys: Sequence[TransferKey]) -> list[TransferRow]:
    """The stored transfers that settled the reserves that the keys (merchant, reserve) name."""
    return _found(cursor, _FIND_BY_RESERVE, keys)


def _found(
    cursor: ClientCursor[Any], statement: str, keys: Sequence[TransferKey]
) -> list[TransferRow]:
    if not keys:
        return []
    merchants, wanted = zip(*keys, strict=True)
    cursor.execute(statement, [list(merchants), list(wanted)])
    return [row_of(values) for values in cursor]


def row_of(values: Sequence[Any]) -> TransferRow:
    """The transfer of a stored row's values in the order of `COLUMNS`."""
    row = TransferRow(*values)
    return structs.replace(row, at=row.at.astimezone(UTC))


def _values(row: TransferRow) -> tuple[Any, ...]:
    return structs.astuple(row)
