"""Whether covered promises are kept or open: every line judged, streaming, in bounded memory."""

from collections.abc import Callable, Sequence
from typing import Any

from psycopg import Cursor

from makegood.clock.instants import Instant
from makegood.enrolment.queries import coverages
from makegood.guarantees.entitlement import Covered, judge_line
from makegood.guarantees.guarantee import NO_SILENCE
from makegood.guarantees.verdict import Broken, Kept, Pending
from makegood.trade import exemptions
from makegood.trade.lines import TrackedLine, stream_lines
from makegood.trade.watermarks import NO_END, Horizon, horizon
from makegood.watch.reporting.figures import Figures, Reports, add_found, report_of

LINES_AT_ONCE = 2_000
Progress = Callable[[int], None]
"""Told, now and then, how many more lines were judged."""


def reports(cursor: Cursor[Any], progress: Progress | None = None) -> Reports:
    """The report of each currency in which lines were bought, as it stands now.

    Runs in one transaction; REPEATABLE READ gives one picture of a busy database.
    """
    found: Reports = {}
    cursor.execute("SELECT DISTINCT currency FROM enrolment_platformrules ORDER BY currency")
    for (currency,) in cursor.fetchall():
        report_of(found, currency)
    add_found(cursor, found)
    told = horizon(cursor, NO_END)
    for lines in stream_lines(cursor, LINES_AT_ONCE):
        _add_lines(cursor, lines, told, found)
        if progress is not None:
            progress(len(lines))
    return dict(sorted(found.items()))


def _add_lines(
    cursor: Cursor[Any], lines: Sequence[TrackedLine], told: Horizon | None, found: Reports
) -> None:
    keys = {(one.merchant_id, id) for one in lines if (id := one.coverage_id) is not None}
    covers = coverages(cursor, keys)
    exemptions.attach(cursor, lines)
    for tracked in lines:
        bought, coverage_id = tracked.line.purchase, tracked.coverage_id
        if bought is not None and coverage_id is not None and tracked.line.number:
            covered = covers[tracked.merchant_id, coverage_id]
            _add(tracked, covered, told, report_of(found, bought.currency).guarantees)


def _add(
    tracked: TrackedLine,
    covered: Sequence[Covered],
    told: Horizon | None,
    guarantees: dict[str, Figures],
) -> None:
    """A promise that silence has broken stays open until the sweep has judged it."""
    for code, verdict in judge_line(tracked.line, covered, None, judged_at(tracked, told)).items():
        figures = guarantees[code]
        figures.covered += 1
        kind = verdict.__class__
        if kind is Kept:
            figures.kept += 1
        elif kind is Pending or (kind is Broken and not _was_found(tracked, covered, code)):
            figures.open += 1


def judged_at(tracked: TrackedLine, told: Horizon | None) -> Instant:
    """Up to when silence on the line can be judged: what was swept, or what all have told."""
    swept = NO_SILENCE if tracked.swept_at is None else tracked.swept_at
    bought = tracked.line.purchase
    if told is None or bought is None or bought.source not in told.sources:
        return swept
    return max(swept, told.until)


def _was_found(tracked: TrackedLine, covered: Sequence[Covered], code: str) -> bool:
    swept = NO_SILENCE if tracked.swept_at is None else tracked.swept_at
    return isinstance(judge_line(tracked.line, covered, None, swept)[code], Broken)
