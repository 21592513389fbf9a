"""Sealing the log: a signed checkpoint of its size and root."""

from typing import Any

from psycopg import Cursor

from makegood.clock.instants import Instant, moment
from makegood.record.actions.sequencing import sequence
from makegood.record.notes import (
    Checkpoint,
    NoteRefused,
    SigningKey,
    open_checkpoint,
    sign_checkpoint,
)
from makegood.record.tree import stored_root

_SECOND = 1_000_000


class LogContradictsCheckpoint(Exception):
    """The log no longer continues its last checkpoint, so a further one would be a lie."""


def checkpoint(cursor: Cursor[Any], *, key: SigningKey, at: Instant) -> str:
    """Number what is pending and seal the log as it stands; tell the signed note.

    A log that has not grown keeps its last checkpoint. One that contradicts its last
    checkpoint is not signed: `LogContradictsCheckpoint`.
    """
    size = sequence(cursor)
    cursor.execute("SELECT size, note FROM record_checkpoint ORDER BY size DESC LIMIT 1")
    last = cursor.fetchone()
    if last is not None:
        _must_continue(cursor, size, last[1], key)
        if last[0] == size:
            return str(last[1])
    sealed = Checkpoint(key.name, size, stored_root(cursor, size), at // _SECOND)
    note = sign_checkpoint(sealed, key)
    cursor.execute(
        "INSERT INTO record_checkpoint (size, root, at, note) VALUES (%s, %s, %s, %s)",
        (size, sealed.root, moment(sealed.at * _SECOND), note),
    )
    return note


def _must_continue(cursor: Cursor[Any], size: int, note: str, key: SigningKey) -> None:
    try:
        last = open_checkpoint(note, key.verifier)
    except NoteRefused as error:
        raise LogContradictsCheckpoint(f"the last checkpoint cannot be trusted: {error}") from error
    if last.size > size or stored_root(cursor, last.size) != last.root:
        raise LogContradictsCheckpoint(
            f"the log of {size} entries does not continue its checkpoint of {last.size}"
        )
