"""The log: its leaves, their entries, the tree over them, and the checkpoints."""

from collections.abc import Iterable, Iterator
from typing import Any

from psycopg import Cursor

from makegood.clock.instants import moment
from makegood.record.check.findings import Progress, Verification, streamed
from makegood.record.entries import COLUMNS, entry_of
from makegood.record.merkle import GrowingTree, Node, leaf_hash
from makegood.record.notes import Checkpoint, NoteRefused, VerifierKey, open_checkpoint

_ENTRY = ", ".join(f"entry.{column.strip()}" for column in COLUMNS.split(","))
_LEAVES = f"""
SELECT leaf.number, leaf.merchant_id, leaf.entry_id, leaf.hash, {_ENTRY}
FROM record_leaf AS leaf LEFT JOIN record_entry AS entry
  ON entry.merchant_id = leaf.merchant_id AND entry.id = leaf.entry_id
ORDER BY leaf.number
"""
# A node is complete with its last leaf: in that order a growing tree tells its nodes.
_NODES = """
SELECT (index + 1) << level, level, index, hash FROM record_node ORDER BY 1, 2
"""
_PENDING = f"""
SELECT pending.merchant_id, pending.id, pending.digest, {_ENTRY}
FROM record_pending AS pending LEFT JOIN record_entry AS entry
  ON entry.merchant_id = pending.merchant_id AND entry.id = pending.id
"""
_MISPLACED = """
SELECT entry.id, leaf.number
FROM record_entry AS entry
LEFT JOIN record_leaf AS leaf
  ON leaf.merchant_id = entry.merchant_id AND leaf.entry_id = entry.id
LEFT JOIN record_pending AS pending
  ON pending.merchant_id = entry.merchant_id AND pending.id = entry.id
WHERE (leaf.number IS NULL) = (pending.id IS NULL)
"""


def check_log(
    cursor: Cursor[Any],
    found: Verification,
    key: VerifierKey,
    published: Iterable[str],
    progress: Progress,
) -> None:
    """Recompute every leaf, node and checkpoint from the entries; note what differs.

    `published` are checkpoints kept elsewhere, which the log must continue.
    """
    stored = _StoredNodes(cursor, found)
    sealed = _Sealed(cursor, found, key, published)
    tree = GrowingTree()
    sealed.compare(tree)
    for number, merchant_id, entry_id, digest, *row in streamed(cursor, "leaves", _LEAVES):
        if number != tree.size:
            found.differs("record_leaf", number, f"stands where number {tree.size} belongs")
        if row[1] is None:
            found.differs("record_leaf", number, f"its entry {merchant_id}/{entry_id} is missing")
        elif leaf_hash(entry_of(row).leaf_data(number)) != digest:
            found.differs("record_entry", entry_id, f"is not what was numbered {number}")
        stored.compare(tree.size + 1, tree.add(digest))
        sealed.compare(tree)
        found.leaves += 1
        progress("leaves", found.leaves)
    stored.rest()
    sealed.rest(tree)


class _StoredNodes:
    """The stored nodes, walked beside a growing tree."""

    def __init__(self, cursor: Cursor[Any], found: Verification) -> None:
        self._rows = streamed(cursor, "nodes", _NODES)
        self._found = found
        self._next = next(self._rows, None)

    def compare(self, size: int, completed: Iterable[tuple[Node, bytes]]) -> None:
        """Compare what the tree completed on reaching this size with what is stored."""
        for (level, index), digest in completed:
            self._extra_before((size, level))
            if self._next is None or self._next[:3] != (size, level, index):
                self._found.differs("record_node", f"{level}/{index}", "is missing")
                continue
            if self._next[3] != digest:
                self._found.differs("record_node", f"{level}/{index}", "is not its leaves' root")
            self._found.nodes += 1
            self._next = next(self._rows, None)

    def rest(self) -> None:
        """What is stored beyond the tree."""
        self._extra_before(None)

    def _extra_before(self, place: tuple[int, int] | None) -> None:
        while self._next is not None and (place is None or self._next[:2] < place):
            _, level, index, _ = self._next
            self._found.differs("record_node", f"{level}/{index}", "belongs to no tree of this log")
            self._next = next(self._rows, None)


class _Sealed:
    """The checkpoints in order of size, walked beside a growing tree."""

    def __init__(
        self, cursor: Cursor[Any], found: Verification, key: VerifierKey, published: Iterable[str]
    ) -> None:
        self._found = found
        self._waiting = sorted(
            [*_stored_checkpoints(cursor, found, key), *_published(published, found, key)],
            key=lambda place: place[1].size,
            reverse=True,
        )

    def compare(self, tree: GrowingTree) -> None:
        """Compare the checkpoints of exactly this size with the tree's root."""
        while self._waiting and self._waiting[-1][1].size == tree.size:
            table, checkpoint = self._waiting.pop()
            if checkpoint.root != tree.root():
                self._found.differs(table, checkpoint.size, "its root is not that of the log")
            self._found.checkpoints += 1

    def rest(self, tree: GrowingTree) -> None:
        """The checkpoints that seal more than there is."""
        for table, checkpoint in reversed(self._waiting):
            self._found.differs(
                table, checkpoint.size, f"seals more than the {tree.size} entries of the log"
            )


def _stored_checkpoints(
    cursor: Cursor[Any], found: Verification, key: VerifierKey
) -> Iterator[tuple[str, Checkpoint]]:
    cursor.execute("SELECT size, root, at, note FROM record_checkpoint ORDER BY size")
    for size, root, at, note in cursor.fetchall():
        try:
            checkpoint = open_checkpoint(note, key)
        except NoteRefused as error:
            found.differs("record_checkpoint", size, str(error))
            continue
        said = (checkpoint.size, checkpoint.root, moment(checkpoint.at * 1_000_000))
        if said != (size, bytes(root), at):
            found.differs("record_checkpoint", size, "its columns are not what its note says")
        yield "record_checkpoint", checkpoint


def _published(
    notes: Iterable[str], found: Verification, key: VerifierKey
) -> Iterator[tuple[str, Checkpoint]]:
    for place, note in enumerate(notes, start=1):
        try:
            yield "published checkpoint", open_checkpoint(note, key)
        except NoteRefused as error:
            found.differs("published checkpoint", f"no. {place}", str(error))


def check_pending(cursor: Cursor[Any], found: Verification) -> None:
    """Every entry is either numbered or pending, and what is pending is what was appended."""
    for merchant_id, id, digest, *row in streamed(cursor, "pending", _PENDING):
        if row[1] is None:
            found.differs("record_pending", id, f"its entry {merchant_id}/{id} is missing")
        elif entry_of(row).content_hash() != digest:
            found.differs("record_entry", id, "is not what was appended")
        found.pending += 1
    for id, number in streamed(cursor, "misplaced", _MISPLACED):
        what = "is neither numbered nor pending" if number is None else "is numbered and pending"
        found.differs("record_entry", id, what)
    found.entries = found.leaves + found.pending
