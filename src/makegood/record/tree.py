"""The stored tree: leaf hashes stand in `leaf`, the complete subtrees above them in `node`."""

from collections.abc import Collection, Iterator
from typing import Any

from psycopg import Cursor

from makegood.record.merkle import Lookup, Node, node_hash, root_at, subtrees


class LogDamaged(Exception):
    """A part of the tree is not stored, so that nothing can be proved or added."""


def log_size(cursor: Cursor[Any]) -> int:
    """The number of leaves."""
    cursor.execute("SELECT coalesce(max(number) + 1, 0) FROM record_leaf")
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def stored(cursor: Cursor[Any], wanted: Collection[Node]) -> Lookup:
    """A look-up of these complete subtrees; one that is not stored is `LogDamaged`."""
    inner = [node for node in wanted if node[0]]
    cursor.execute(
        "SELECT 0, number, hash FROM record_leaf WHERE number = ANY(%s::bigint[]) UNION ALL "
        "SELECT node.level, node.index, node.hash FROM record_node AS node "
        "JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (level, index) "
        "ON node.level = wanted.level AND node.index = wanted.index",
        (
            [index for level, index in wanted if not level],
            [level for level, _ in inner],
            [index for _, index in inner],
        ),
    )
    hashes = {(level, index): bytes(digest) for level, index, digest in cursor.fetchall()}
    for level, index in wanted:
        if (level, index) not in hashes:
            raise LogDamaged(f"the tree lacks its node {index} at level {level}")
    return hashes.__getitem__


def stored_root(cursor: Cursor[Any], size: int) -> bytes:
    """The root of the log's first `size` leaves."""
    return root_at(size, stored(cursor, subtrees(0, size)))


def grown(cursor: Cursor[Any], size: int, leaves: list[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """The nodes (level, index, hash) that leaf hashes complete when added to `size` leaves."""
    edge = subtrees(0, size)
    edge_hash = stored(cursor, edge)
    siblings = {level: edge_hash((level, index)) for level, index in edge}
    level, start, hashes = 0, size, leaves
    while hashes and (start + len(hashes) > 1 or start & 1):
        if start & 1:
            start, hashes = start - 1, [siblings[level], *hashes]
        pairs = iter(hashes)
        hashes = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=False)]
        level, start = level + 1, start >> 1
        for offset, digest in enumerate(hashes):
            yield level, start + offset, digest
