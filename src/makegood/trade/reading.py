"""Reading a stream of facts batch by batch: the next one while PostgreSQL works on this one."""

import gc
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice

from msgspec import Struct

from makegood.trade.events import Arrival, Refusal, read_lines

_SWITCH_SECONDS = 0.0002


class Read(Struct):
    """One batch as it was read: how many lines and bytes it had, and what they say."""

    lines: int
    size: int
    arrivals: list[Arrival]
    refused: list[Refusal]


def read_ahead(lines: Iterable[bytes], batch: int) -> Iterator[Read]:
    """Read facts, `batch` lines at a time and one batch ahead; places count from 1."""
    iterator = iter(lines)
    place = 1

    def read() -> Read | None:
        nonlocal place
        some = list(islice(iterator, batch))
        if not some:
            return None
        arrivals, refused = read_lines(some, place)
        place += len(some)
        return Read(len(some), sum(map(len, some)), arrivals, refused)

    with _undisturbed(), ThreadPoolExecutor(1, "reading") as reader:
        coming = reader.submit(read)
        while (found := coming.result()) is not None:
            coming = reader.submit(read)
            yield found
            # What a batch made is gone by now, cycles or not; only what stays is looked at.
            del found
            gc.collect(0)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the collector from searching each batch's objects for cycles many times over.

    An answer of PostgreSQL is worked on as soon as it comes, not when the reader has had its
    usual turn.
    """
    collecting, switching = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(switching)
        if collecting:
            gc.enable()
