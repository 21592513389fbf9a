"""Reading a stream of facts batch by batch."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from msgspec import Struct

from makegood.trade.events import Arrival, Refusal, read_lines


class Read(Struct):
    """One batch as it was read: how many lines and bytes it had, and what they say."""

    lines: int
    size: int
    arrivals: list[Arrival]
    refused: list[Refusal]


def read_batches(lines: Iterable[bytes], batch: int) -> Iterator[Read]:
    """Read facts, `batch` lines at a time; places count from 1.

    Reading ahead in a thread was tried and gained nothing.
    """
    iterator = iter(lines)
    place = 1
    with _undisturbed():
        while some := list(islice(iterator, batch)):
            arrivals, refused = read_lines(some, place)
            yield Read(len(some), sum(map(len, some)), arrivals, refused)
            place += len(some)
            # What a batch made is gone by now, cycles or not; only what stays is looked at.
            del some, arrivals, refused
            gc.collect(0)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the collector from searching each batch's objects for cycles many times over."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
