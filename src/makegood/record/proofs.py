"""Proofs as plain data, which anyone can check offline with the log's public key alone."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from makegood.record.batches import CoveredTable, ordered_hashes
from makegood.record.entries import Entry
from makegood.record.merkle import (
    consistency_holds,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    lookup_in,
    path,
    path_holds,
    span_nodes,
)
from makegood.record.notes import VerifierKey, open_checkpoint
from makegood.record.queries import entry_by_id
from makegood.record.tree import stored


class NotProvable(LookupError):
    """There is nothing to prove from: no such entry, row or checkpoint, or not sealed yet."""


class ProofRefused(ValueError):
    """A proof that does not hold; the message says where it breaks."""


class EntryProof(msgspec.Struct, frozen=True):
    """An entry with its number, the path from it to a checkpoint's root in hex, and the note."""

    entry: Entry
    number: int
    path: tuple[str, ...]
    checkpoint: str


class RowProof(msgspec.Struct, frozen=True):
    """The canonical text of a row, its path in the batch, and the proof of the batch's entry."""

    table: str
    row: str
    place: int
    path: tuple[str, ...]
    batch: EntryProof


class ConsistencyProof(msgspec.Struct, frozen=True):
    """Two checkpoints, the older first, and the path that leads from one to the other, in hex."""

    older: str
    newer: str
    path: tuple[str, ...]


def prove_entry(cursor: Cursor[Any], merchant_id: UUID, id: UUID, key: VerifierKey) -> EntryProof:
    """Prove that an entry stands in the log, by the first checkpoint that seals it."""
    found = entry_by_id(cursor, merchant_id, id)
    if found is None or found.number is None:
        raise NotProvable(f"the entry {id} is not there, or has no number yet")
    cursor.execute(
        "SELECT note FROM record_checkpoint WHERE size > %s ORDER BY size LIMIT 1", (found.number,)
    )
    row = cursor.fetchone()
    if row is None:
        raise NotProvable(f"no checkpoint seals the entry {id} yet")
    spans = inclusion_spans(found.number, open_checkpoint(row[0], key).size)
    steps = path(spans, stored(cursor, list(span_nodes(spans))))
    return EntryProof(found.entry, found.number, _hex(steps), row[0])


def prove_row(
    cursor: Cursor[Any],
    table: CoveredTable,
    row: bytes,
    entry: tuple[UUID, UUID],
    key: VerifierKey,
) -> RowProof:
    """Prove that a row, by its canonical bytes, is in the batch of an entry (merchant, id).

    Reads all rows of that batch.
    """
    merchant_id, entry_id = entry
    columns = ", ".join(f'"{column}"' for column in table.columns)
    cursor.execute(f'SELECT {columns} FROM "{table.table}" WHERE entry_id = %s', (entry_id,))
    hashes = ordered_hashes(map(table.leaf, cursor.fetchall()))
    digest = leaf_hash(row)
    if digest not in hashes:
        raise NotProvable(f"the batch of the entry {entry_id} does not hold the row")
    place = hashes.index(digest)
    steps = path(inclusion_spans(place, len(hashes)), lookup_in(hashes))
    batch = prove_entry(cursor, merchant_id, entry_id, key)
    return RowProof(table.table, row.decode(), place, _hex(steps), batch)


def prove_consistency(
    cursor: Cursor[Any], older: int, newer: int, key: VerifierKey
) -> ConsistencyProof:
    """Prove that the checkpoint of one size continues that of a smaller one."""
    cursor.execute(
        "SELECT note FROM record_checkpoint WHERE size IN (%s, %s) ORDER BY size", (older, newer)
    )
    notes = [note for (note,) in cursor.fetchall()]
    if older >= newer or len(notes) != 2:
        raise NotProvable(f"there are no checkpoints of {older} and, after it, of {newer} entries")
    spans = consistency_spans(*(open_checkpoint(note, key).size for note in notes))
    steps = path(spans, stored(cursor, list(span_nodes(spans))))
    return ConsistencyProof(notes[0], notes[1], _hex(steps))


def verify_entry(proof: EntryProof, key: VerifierKey) -> None:
    """Whether the entry stands in the sealed log; if not, `ProofRefused` or `NoteRefused`."""
    sealed = open_checkpoint(proof.checkpoint, key)
    leaf = leaf_hash(proof.entry.leaf_data(proof.number))
    if not path_holds(leaf, proof.number, sealed.size, _bytes(proof.path), sealed.root):
        raise ProofRefused("the entry does not stand in the checkpoint's log at this number")


def verify_row(proof: RowProof, key: VerifierKey) -> None:
    """Whether the row is in the batch and the batch in the sealed log; if not, as above."""
    verify_entry(proof.batch, key)
    try:
        rows = msgspec.json.decode(proof.batch.entry.payload)["rows"][proof.table]
        count, root = int(rows["count"]), bytes.fromhex(rows["root"])
    except (msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
        raise ProofRefused(f"the entry stands for no rows of {proof.table}") from error
    leaf = leaf_hash(proof.row.encode())
    if not path_holds(leaf, proof.place, count, _bytes(proof.path), root):
        raise ProofRefused("the row is not in the batch that the entry stands for")


def verify_consistency(proof: ConsistencyProof, key: VerifierKey) -> None:
    """Whether the newer checkpoint continues the older one; if not, as above."""
    older, newer = open_checkpoint(proof.older, key), open_checkpoint(proof.newer, key)
    steps = _bytes(proof.path)
    if not consistency_holds(older.size, newer.size, older.root, newer.root, steps):
        raise ProofRefused("the newer checkpoint does not continue the older one")


def _hex(steps: list[bytes]) -> tuple[str, ...]:
    return tuple(step.hex() for step in steps)


def _bytes(steps: tuple[str, ...]) -> list[bytes]:
    try:
        return [bytes.fromhex(step) for step in steps]
    except ValueError as error:
        raise ProofRefused("a step of the path is not hex") from error
