"""Batches: one entry stands for many rows by the Merkle root over them, table by table.

The rows of a table in a batch are a set: their leaf hashes are taken in ascending order,
so that neither the writer nor the check depends on an order of rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from makegood.record.canonical import Leaf
from makegood.record.merkle import leaf_hash, root

ROWS = "rows"


@dataclass(frozen=True)
class CoveredTable:
    """A table whose rows name, in `entry_id`, the entry whose payload holds their root.

    `columns` are what `leaf` reads, in its order: every column that never changes.
    `digest_column` names the column, if any, that holds the salted digest of the personal
    row with the same merchant and id.
    """

    table: str
    columns: tuple[str, ...]
    leaf: Leaf
    digest_column: str | None = None


def ordered_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """The leaf hashes of a batch's rows in the order in which the tree takes them."""
    return sorted(map(leaf_hash, leaves))


def batch_root(leaves: Iterable[bytes]) -> str:
    """The Merkle root, in hex, over the canonical bytes of a batch's rows of one table."""
    return root(ordered_hashes(leaves)).hex()


def covered_rows(leaves: Mapping[str, Iterable[bytes]]) -> dict[str, dict[str, int | str]]:
    """What an entry's payload holds, under the key `rows`, for the rows it stands for.

    Keyed by table, each with the number of its rows and their root; a table without rows
    is left out.
    """
    covered: dict[str, dict[str, int | str]] = {}
    for table, rows in leaves.items():
        if hashes := ordered_hashes(rows):
            covered[table] = {"count": len(hashes), "root": root(hashes).hex()}
    return covered
