"""Lines: folded anew from all their facts and judged anew, which must change nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from makegood.clock.instants import instant, moment
from makegood.compensation.actions.awards import differences
from makegood.compensation.actions.history import load_history, paid_by_line
from makegood.enrolment.queries import coverages
from makegood.guarantees.facts.fold import fold_order
from makegood.guarantees.facts.line import Line as Folded
from makegood.record.check import Findings, Progress
from makegood.storage.bulk import columns_of
from makegood.storage.keys import last_of, order_key, order_of
from makegood.trade import exemptions, prices
from makegood.trade.lines import OrderKey, TrackedLine, facts_of_orders, stored_fold, stored_row
from makegood.trade.models import Line
from makegood.watch.actions.judging import Covers, judge
from makegood.watch.actions.taking import PLAN, price_closes
from makegood.watch.checking.payments import check_payments

AT_ONCE = 1_000
NOBODY = UUID(int=0)
Key = tuple[UUID, UUID]

_COLUMNS = columns_of(Line)
_AT = {column: place for place, column in enumerate(_COLUMNS)}
_KEYS = """
SELECT merchant_id, id FROM trade_line WHERE (merchant_id, id) > (%s, %s)
ORDER BY merchant_id, id LIMIT %s
"""
_ROWS = f"""
SELECT {", ".join(f"l.{column}" for column in _COLUMNS)}
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS o (merchant_id, first_id, last_id)
JOIN trade_line l ON l.merchant_id = o.merchant_id AND l.id BETWEEN o.first_id AND o.last_id
ORDER BY l.merchant_id, l.id
"""
_FOUND = """
SELECT k.merchant_id, k.id,
    (SELECT count(*) FROM watch_breach b
     WHERE b.merchant_id = k.merchant_id AND b.line_id = k.id)
    + (SELECT count(*) FROM compensation_hold h
       WHERE h.merchant_id = k.merchant_id AND h.line_id = k.id AND h.cause = 'contradiction')
FROM unnest(%s::uuid[], %s::uuid[]) AS k (merchant_id, id)
"""
_OPEN = """
SELECT o.merchant_id, o.line_id, o.guarantee, o.due_at
FROM unnest(%s::uuid[], %s::uuid[]) AS k (merchant_id, id)
JOIN watch_openpromise o ON o.merchant_id = k.merchant_id AND o.line_id = k.id
"""
_PAID_ORDERS = """
SELECT count(DISTINCT (f.merchant_id, f.about_id)) FROM trade_fact f
WHERE f.type = 'order.paid' AND NOT EXISTS (
    SELECT FROM trade_retraction r WHERE r.merchant_id = f.merchant_id AND r.id = f.id)
"""


class LineCheck:
    """One walk over all lines, some orders at a time, so that memory stays bounded."""

    def __init__(self, cursor: Cursor[Any], found: Findings, progress: Progress) -> None:
        self._cursor = cursor
        self._found = found
        self._progress = progress
        self._waiting = _waiting_exemptions(cursor)
        self.lines = 0
        self.orders_paid = 0
        self.payments = 0
        self.promises = 0

    def run(self) -> None:
        """Compare every line, and then what belongs to no line."""
        self._cursor.execute(PLAN)
        for orders in self._pages():
            self._check(orders)
            self._progress("lines", self.lines)
        # What a page reads by keys is planned by keys; the rest is not.
        self._cursor.execute("RESET jit; RESET enable_hashjoin; RESET enable_mergejoin")
        for table, counted, query in (
            ("order.paid facts", self.orders_paid, _PAID_ORDERS),
            ("trade_payment", self.payments, "SELECT count(*) FROM trade_payment"),
            ("watch_openpromise", self.promises, "SELECT count(*) FROM watch_openpromise"),
        ):
            self._cursor.execute(query)
            row = self._cursor.fetchone()
            if row is not None and row[0] != counted:
                self._found.differs(table, "all", f"are {row[0]}, and lines account for {counted}")

    def _pages(self) -> Iterator[list[OrderKey]]:
        merchant_id, after = NOBODY, NOBODY
        while True:
            self._cursor.execute(_KEYS, (merchant_id, after, AT_ONCE), binary=True)
            keys = self._cursor.fetchall()
            if not keys:
                return
            orders = list(dict.fromkeys((merchant, order_of(id)) for merchant, id in keys))
            yield orders
            merchant_id, after = orders[-1][0], last_of(orders[-1][1])

    def _check(self, orders: Sequence[OrderKey]) -> None:
        tracked, rows = self._rebuilt(orders)
        covers = self._covers(tracked)
        _find_prices(self._cursor, tracked, covers)
        for one, row in zip(tracked, rows, strict=True):
            self._compare_row(one, row)
        self._compare_found(tracked)
        self._compare_promises(tracked)
        self.lines += len(tracked)
        self.payments += check_payments(self._cursor, orders, tracked, self._found)
        exemptions.attach(self._cursor, tracked)
        self._compare_judgement([one for one in tracked if self._settled(one)], covers)

    def _rebuilt(
        self, orders: Sequence[OrderKey]
    ) -> tuple[list[TrackedLine], list[tuple[Any, ...]]]:
        """The lines of these orders, folded from all their facts, beside their stored rows."""
        merchants, firsts = [order[0] for order in orders], [order[1] for order in orders]
        keys = (merchants, firsts, list(map(last_of, firsts)))
        rows = self._cursor.execute(_ROWS, keys, binary=True).fetchall()
        facts = facts_of_orders(self._cursor, orders)
        refs = {(row[0], order_of(row[1])): row[_AT["order_ref"]] for row in rows}
        folded = {order: fold_order(refs[order], facts.get(order, [])) for order in orders}
        self.orders_paid += sum(bool(lines) for lines in folded.values())
        tracked = []
        for row in rows:
            order = (row[0], order_of(row[1]))
            number = row[1].int - order[1].int
            line = folded[order].pop(number, None) or Folded(refs[order], number)
            tracked.append(_tracked(row, line))
        for (_, order_id), missing in folded.items():
            for number in missing:
                self._found.differs("trade_line", f"{number} of order {order_id}", "is missing")
        return tracked, rows

    def _compare_row(self, tracked: TrackedLine, row: tuple[Any, ...]) -> None:
        """Whether the row stores what its facts tell; an order not paid leaves only the fold."""
        if order_key(tracked.line.order) != tracked.order_id:
            self._found.differs("trade_line", tracked.id, "its order_ref is of another order")
        expected = _expected(tracked, row)
        for column, before, now in zip(_COLUMNS, row, expected, strict=True):
            if before != now:
                told = f"{column} is {before!r}, and its facts tell {now!r}"
                self._found.differs("trade_line", tracked.id, told)

    def _compare_found(self, tracked: Sequence[TrackedLine]) -> None:
        self._cursor.execute(_FOUND, _line_keys(tracked), binary=True)
        found = {(merchant, id): number for merchant, id, number in self._cursor.fetchall()}
        for one in tracked:
            number = found[one.merchant_id, one.id]
            if one.found != number:
                told = f"found is {one.found}, and {number} were found"
                self._found.differs("trade_line", one.id, told)

    def _compare_promises(self, tracked: Sequence[TrackedLine]) -> None:
        """The rows of open promises are those that the line says it is watching."""
        self._cursor.execute(_OPEN, _line_keys(tracked), binary=True)
        rows: dict[Key, set[str]] = {}
        for merchant_id, line_id, code, due_at in self._cursor.fetchall():
            rows.setdefault((merchant_id, line_id), set()).add(f"{code}={instant(due_at)}")
            self.promises += 1
        for one in tracked:
            if rows.get((one.merchant_id, one.id), set()) != set(one.watching.split()):
                self._found.differs("watch_openpromise", f"of {one.id}", "are not its line's")

    def _covers(self, tracked: Sequence[TrackedLine]) -> Covers:
        keys = {
            (one.merchant_id, one.coverage_id) for one in tracked if one.coverage_id is not None
        }
        try:
            return coverages(self._cursor, keys)
        except KeyError:
            known = {}  # One that is missing is told elsewhere, and must not hide the others.
        for key in keys:
            try:
                known.update(coverages(self._cursor, [key]))
            except KeyError:
                known[key] = ()
        return known

    def _settled(self, tracked: TrackedLine) -> bool:
        """Whether no exemption still waits for the sweep to be applied to the line."""
        bought = tracked.line.purchase
        placed = moment(bought.placed_at) if bought is not None else None
        return placed is None or not any(placed <= until for until in self._waiting)

    def _compare_judgement(self, tracked: Sequence[TrackedLine], covers: Covers) -> None:
        """Judge the lines anew, as far as they were swept: nothing may be left to write."""
        watched = {(one.merchant_id, one.id): one.watching for one in tracked}
        for one in tracked:
            one.found = 1
        judged = judge(self._cursor, tracked, covers, 0, NOBODY)
        differs = self._found.differs
        for one in tracked:
            before = watched[one.merchant_id, one.id]
            if before != one.watching:
                told = f"watches {before!r}, and is to watch {one.watching!r}"
                differs("trade_line", one.id, told)
        for row in judged.breaches:
            differs("watch_breach", row[1], f"{row[4]} of line {row[3]} is judged otherwise now")
        for hold in judged.holds:
            what = f"is missing: {hold.at_most} must be held"
            differs("compensation_hold", f"of {hold.tracked.id}", what)
        for _, id in judged.unheld:
            differs("compensation_hold", id, "is open, and the facts no longer contradict")
        met = {(one.merchant_id, one.order_id) for one in judged.claims if one.paid_elsewhere}
        paid = paid_by_line(load_history(self._cursor, met))
        for change in differences(self._cursor, judged.claims, paid):
            told = f"{change.kind} of {change.claim.cause_id} differs by {change.difference}"
            differs("compensation_award", f"of line {change.line.line_id}", told)


def _tracked(row: tuple[Any, ...], line: Folded) -> TrackedLine:
    """The rebuilt line with what the watch pinned to it, as stored."""
    swept_at = row[_AT["swept_at"]]
    return TrackedLine(
        row[0],
        row[1],
        line,
        row[_AT["coverage_id"]],
        None if swept_at is None else instant(swept_at),
        row[_AT["watching"]],
        row[_AT["found"]],
    )


def _expected(tracked: TrackedLine, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row that the rebuilt line should have; what only a purchase tells stays without one."""
    if tracked.line.purchase is not None:
        return stored_row(tracked)
    bare = {"paid_minor": 0, "folded": stored_fold(tracked.line)}
    return tuple(bare.get(column, value) for column, value in zip(_COLUMNS, row, strict=True))


def _find_prices(cursor: Cursor[Any], tracked: Sequence[TrackedLine], covers: Covers) -> None:
    protected = [
        (one, closes) for one in tracked if (closes := price_closes(one, covers)) is not None
    ]
    prices.find_lowest(cursor, protected)


def _line_keys(tracked: Sequence[TrackedLine]) -> tuple[list[UUID], list[UUID]]:
    return [one.merchant_id for one in tracked], [one.id for one in tracked]


def _waiting_exemptions(cursor: Cursor[Any]) -> list[datetime]:
    """Until when the lines were bought to which the sweep has still to apply an exemption."""
    cursor.execute("SELECT ends_at FROM trade_exemption WHERE applied_at IS NULL")
    return [until for (until,) in cursor.fetchall()]
