"""Moments as a person types them."""

from datetime import UTC, datetime

from makegood.cli.problems import Problem


def read_moment(text: str, option: str) -> datetime:
    """The moment that an option names; one without a zone is UTC. Another text is a Problem."""
    try:
        stamp = datetime.fromisoformat(text)
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        sentence = f"{option} is {text!r}, not a moment such as 2018-05-21T18:22:18."
        raise Problem(sentence) from error
