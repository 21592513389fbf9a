"""Every write of the record, in order of life. All of them run in the caller's transaction.

The cursor is psycopg's own: from Django, `connection.cursor().cursor`.
"""

from makegood.record.actions.appending import EntryIdUsed, append, append_all
from makegood.record.actions.personal import (
    PersonalNotFound,
    erase_personal,
    keep_personal,
    personal_digest,
    seal,
)
from makegood.record.actions.sealing import LogContradictsCheckpoint, checkpoint
from makegood.record.actions.sequencing import sequence

__all__ = [
    "EntryIdUsed",
    "LogContradictsCheckpoint",
    "PersonalNotFound",
    "append",
    "append_all",
    "checkpoint",
    "erase_personal",
    "keep_personal",
    "personal_digest",
    "seal",
    "sequence",
]
