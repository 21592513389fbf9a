"""The sequencer: gives pending entries their numbers and grows the tree over them."""

from typing import Any

from psycopg import Cursor

from makegood.record.entries import COLUMNS, entry_of
from makegood.record.merkle import leaf_hash
from makegood.record.models import Leaf, Node
from makegood.record.tree import grown, log_size
from makegood.storage.bulk import copy_rows

_AT_ONCE = 10_000
# SHARE ROW EXCLUSIVE lets others read but admits one sequencer at a time.
_ONE_SEQUENCER = "LOCK TABLE record_leaf IN SHARE ROW EXCLUSIVE MODE"
_SELECT_PENDING = f"""
SELECT {COLUMNS} FROM record_entry JOIN record_pending USING (merchant_id, id)
ORDER BY at, merchant_id, id LIMIT {_AT_ONCE}
"""
_CLEAR = """
DELETE FROM record_pending AS pending
USING unnest(%s::uuid[], %s::uuid[]) AS numbered (merchant_id, id)
WHERE pending.merchant_id = numbered.merchant_id AND pending.id = numbered.id
"""


def sequence(cursor: Cursor[Any]) -> int:
    """Number what is pending, in order of time, and tell how many leaves the log has.

    One sequencer works at a time; others wait for its transaction to end. Needs READ
    COMMITTED, so that what the last one wrote is seen once the lock is held.
    """
    cursor.execute(_ONE_SEQUENCER)
    size = log_size(cursor)
    while True:
        cursor.execute(_SELECT_PENDING)
        entries = [entry_of(row) for row in cursor.fetchall()]
        if not entries:
            return size
        hashes = [
            leaf_hash(entry.leaf_data(number)) for number, entry in enumerate(entries, start=size)
        ]
        nodes = list(grown(cursor, size, hashes))
        copy_rows(
            cursor,
            Leaf,
            (
                (number, entry.merchant_id, entry.id, digest)
                for number, (entry, digest) in enumerate(
                    zip(entries, hashes, strict=True), start=size
                )
            ),
        )
        copy_rows(cursor, Node, nodes)
        cursor.execute(
            _CLEAR, ([entry.merchant_id for entry in entries], [entry.id for entry in entries])
        )
        size += len(entries)
