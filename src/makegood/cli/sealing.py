"""The record's key as commands use it, and the seal that long work ends with."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from psycopg import Cursor

from makegood.cli.problems import Problem
from makegood.clock.instants import instant
from makegood.record.actions import LogContradictsCheckpoint, checkpoint
from makegood.record.keys import SigningKeyUnusable, log_key
from makegood.record.notes import SigningKey
from makegood.record.tree import LogDamaged
from makegood.storage.cursors import begin


def record_key(cursor: Cursor[Any]) -> SigningKey:
    """The key that signs the record, made at its first use; a lost or broken one is a Problem."""
    try:
        return log_key(cursor, settings.SIGNING_KEY_FILE, settings.RECORD_ORIGIN)
    except SigningKeyUnusable as error:
        text = str(error)
        raise Problem(f"{text[:1].upper()}{text[1:]}.") from error


def seal_record() -> str:
    """Number what is pending and seal the log as it stands; the signed checkpoint.

    Taking facts never waits for this: an import does it once, at its end.
    """
    with begin() as cursor:
        try:
            return checkpoint(cursor, key=record_key(cursor), at=instant(datetime.now(UTC)))
        except (LogContradictsCheckpoint, LogDamaged) as error:
            raise Problem(f"The log is not sealed: {error}.") from error
