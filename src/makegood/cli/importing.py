"""Taking a stream of facts in, batch by batch, and judging silence at its end."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from msgspec import Struct

from makegood.clock.instants import instant, moment
from makegood.guarantees.facts.vocabulary import PLATFORM, CompleteData, FactsComplete
from makegood.storage.cursors import open_cursor
from makegood.trade.events import Arrival, Refusal, arrival
from makegood.trade.reading import Read
from makegood.trade.watermarks import NO_END, horizon
from makegood.watch.actions.sweeping import Progress, sweep
from makegood.watch.actions.taking import take

ACTOR = "import"
NAMED_AT_MOST = 20
LONGEST_LINE = 8 * 2**20
"""Bytes; a longer line is no fact, and is refused without being read into memory whole."""


class Imported(Struct):
    """What became of a stream of facts; places in it count from 1.

    `refusals` names the first of the `refused`. `until` tells for each source until when it
    told all, and `judged_until` how far silence has been judged.
    """

    taken: int = 0
    repeated: int = 0
    refused: int = 0
    breaches: int = 0
    awards: int = 0
    refusals: list[Refusal] = []
    until: dict[str, datetime] = {}
    judged_until: datetime | None = None


class Import:
    """One import: give it the batches in order, then end it."""

    def __init__(self, as_of: datetime | None) -> None:
        self.done = Imported()
        self._as_of = as_of
        self._latest: dict[str, datetime] = {}
        self._told: dict[str, datetime] = {}

    def batch(self, read: Read) -> None:
        """Take one batch, in one transaction; what is wrong in it costs nothing else."""
        self._take(read.arrivals, read.refused)
        self._note_sources(read.arrivals)

    def _take(self, arrivals: list[Arrival], refused: list[Refusal]) -> None:
        done = self.done
        result = take(arrivals, at=datetime.now(UTC), actor=ACTOR)
        refused = sorted([*refused, *result.refused], key=lambda one: one.place)
        done.taken += len(result.taken)
        done.repeated += len(result.repeated)
        done.refused += len(refused)
        done.breaches += result.breaches
        done.awards += result.awards
        done.refusals += refused[: NAMED_AT_MOST - len(done.refusals)]

    def _note_sources(self, arrivals: list[Arrival]) -> None:
        latest, told = self._latest, self._told
        for one in arrivals:
            fact = one.fact
            source = fact.source
            if isinstance(fact, FactsComplete):
                told[source] = max(fact.data.until, told.get(source, fact.data.until))
            if source not in latest or latest[source] < fact.time:
                latest[source] = fact.time

    def end(self, progress: Progress | None = None) -> Imported:
        """Note until when each source told all, then judge silence as far as all have told.

        A source's own `facts.complete` holds, unless the import was told `as_of`; a source
        without either has told all until its latest fact.
        """
        ends = [arrival(0, complete(*end)) for end in sorted(self._ends().items())]
        if ends:
            take(ends, at=datetime.now(UTC), actor=ACTOR)
        self.done.judged_until, found = sweep_silence(ACTOR, progress=progress)
        self.done.breaches += found
        return self.done

    def _ends(self) -> dict[str, datetime]:
        ends: dict[str, datetime] = {}
        for source, latest in self._latest.items():
            told = self._told.get(source)
            end = self._as_of or told or latest
            self.done.until[source] = end if told is None else max(end, told)
            if told is None or end > told:
                ends[source] = end
        return ends


def sweep_silence(
    actor: str, at_most: datetime | None = None, progress: Progress | None = None
) -> tuple[datetime | None, int]:
    """Judge silence as far as all sources have told: until when, and how many breaches changed.

    Until None when no source has told anything. `at_most` judges less than has been told.
    """
    at = datetime.now(UTC)
    with open_cursor() as cursor:
        told = horizon(cursor, NO_END if at_most is None else instant(at_most))
    until = None if told is None else moment(told.until)
    return until, sweep(until=until or at, at=at, actor=actor, progress=progress)


def complete(source: str, until: datetime) -> FactsComplete:
    """That a source has told all until a moment; the same moment again is a repeat."""
    return FactsComplete(
        id=f"import/complete/{until.isoformat()}",
        source=source,
        time=until,
        merchant=PLATFORM,
        data=CompleteData(until=until),
    )


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long only the beginning, which is no fact.

    A byte order mark, which some systems put before a text, is no part of the first line.
    """
    mark = BOM_UTF8
    while line := stream.readline(LONGEST_LINE):
        yield line.removeprefix(mark)
        mark = b""
        while not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            line = stream.readline(LONGEST_LINE)
