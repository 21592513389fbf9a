"""Publishing a file of policies before what it judges is imported."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from makegood.cli.problems import Problem
from makegood.enrolment.actions import CapLowered, publish
from makegood.enrolment.policies import PolicyFileError, parse_policies
from makegood.enrolment.queries import is_published
from makegood.storage.cursors import begin


def publish_file(path: Path, actor: str) -> str:
    """Publish the file, unless the same bytes were published before; what was done, in a sentence.

    A file that cannot be used is a Problem, and nothing is published.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
    return publish_content(content, str(path), actor)


def publish_content(content: bytes, name: str, actor: str) -> str:
    """As `publish_file`, from the file's bytes and the name by which it is told."""
    at = datetime.now(UTC)
    with begin() as cursor:
        # The notice was given when the file was first published, so it is not asked for again.
        if is_published(cursor, sha256(content).hexdigest()):
            return f"{name} is published already."
        try:
            file = parse_policies(content, at)
        except PolicyFileError as error:
            raise Problem(f"{name}: {error}") from error
        try:
            number = publish(cursor, file, content, at=at, actor=actor)
        except CapLowered as error:
            raise Problem(f"{name}: {error}") from error
    if number is None:
        return f"{name} is published already."
    told = f"Published {name} as number {number}, in effect from {file.effective_from}."
    return f"{told} Notice waived: {file.notice_waived}" if file.notice_waived else told
