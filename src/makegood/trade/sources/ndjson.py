"""Facts as CloudEvents, one canonical JSON object per line."""

from collections.abc import Iterable, Iterator

from msgspec import json

from makegood.guarantees.facts.vocabulary import AnyFact

_ENCODER = json.Encoder(order="sorted")


def json_lines(facts: Iterable[AnyFact]) -> Iterator[bytes]:
    """Each fact as one line: keys sorted, no spaces, UTF-8, instants in UTC, a line feed."""
    encode = _ENCODER.encode
    for fact in facts:
        yield encode(fact) + b"\n"
