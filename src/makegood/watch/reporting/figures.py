"""The figures of a report, and those that come from what was found: breaches, awards, holds."""

from typing import Any

from msgspec import Struct, field
from psycopg import Cursor

from makegood.guarantees.catalogue import CATALOGUE


class Figures(Struct):
    """What one guarantee has come to; sums in minor units of the report's currency.

    `covered`, `kept`, `open` and `lines` count lines that were bought (never number 0, which
    stands for an order without lines); `breaches` and `orders` count that one too. A covered
    line is kept, open, held, or one of `lines`, the lines with a breach that stands, unless its
    breach is only watched (shadow). `awards` are those that stand: posted, held or unfunded.
    An order counts once, however many sellers it has.
    """

    covered: int = 0
    kept: int = 0
    open: int = 0
    breaches: int = 0
    awards: int = 0
    orders: int = 0
    lines: int = 0
    refund: int = 0
    compensation: int = 0


class Held(Struct):
    """Orders with a hold that no person has ended, and what was paid for the held lines."""

    orders: int = 0
    paid: int = 0


class Shadowed(Struct):
    """What a guarantee in shadow mode would have cost: found and shown, but never paid."""

    breaches: int = 0
    refund: int = 0
    compensation: int = 0


class Report(Struct):
    """All guarantees of the catalogue in one currency."""

    currency: str
    guarantees: dict[str, Figures] = field(
        default_factory=lambda: {code: Figures() for code in CATALOGUE}
    )
    held: Held = field(default_factory=Held)
    shadow: dict[str, Shadowed] = field(default_factory=dict)


Reports = dict[str, Report]
"""The reports by currency."""

LATEST = """
SELECT DISTINCT ON (merchant_id, id) merchant_id, line_id, guarantee, currency, refund_minor,
    compensation_minor, stands, shadow
FROM watch_breach ORDER BY merchant_id, id, revision DESC
"""
"""The latest revision of every breach: the one that stands, unless it says that it fell."""

_BREACHES = f"""
SELECT b.currency, b.guarantee, b.shadow, count(*), count(DISTINCT l.order_ref),
    count(DISTINCT (l.merchant_id, l.id)) FILTER (WHERE l.number > 0),
    sum(b.refund_minor)::bigint, sum(b.compensation_minor)::bigint
FROM ({LATEST}) b
JOIN trade_line l ON l.merchant_id = b.merchant_id AND l.id = b.line_id
WHERE b.stands
GROUP BY b.currency, b.guarantee, b.shadow
"""

_AWARDS = """
SELECT currency, guarantee, count(*) FROM (
    SELECT a.currency, a.guarantee
    FROM compensation_award a
    LEFT JOIN compensation_hold h ON h.merchant_id = a.merchant_id AND h.id = a.id
    WHERE coalesce(h.outcome, '') <> 'dropped'
    GROUP BY a.merchant_id, a.cause_id, a.kind, a.currency, a.guarantee
    HAVING sum(a.amount_minor) > 0
) standing GROUP BY currency, guarantee
"""

_HELD = """
SELECT currency, count(DISTINCT order_ref), sum(paid_minor)::bigint FROM (
    SELECT DISTINCT l.merchant_id, l.id, l.currency, l.order_ref, l.paid_minor
    FROM compensation_hold h
    JOIN trade_line l ON l.merchant_id = h.merchant_id AND l.id = h.line_id
    WHERE h.ended_at IS NULL
) lines GROUP BY currency
"""


def report_of(reports: Reports, currency: str) -> Report:
    """The report in this currency, begun if there is none."""
    report = reports.get(currency)
    if report is None:
        report = reports[currency] = Report(currency)
    return report


def add_found(cursor: Cursor[Any], reports: Reports) -> None:
    """Add breaches, awards and holds to the reports, as they stand."""
    cursor.execute(_BREACHES)
    for currency, code, shadow, breaches, orders, lines, refund, compensation in cursor:
        report = report_of(reports, currency)
        if shadow:
            report.shadow[code] = Shadowed(breaches, refund, compensation)
            continue
        figures = report.guarantees[code]
        figures.breaches, figures.orders, figures.lines = breaches, orders, lines
        figures.refund, figures.compensation = refund, compensation
    cursor.execute(_AWARDS)
    for currency, code, awards in cursor:
        report_of(reports, currency).guarantees[code].awards = awards
    cursor.execute(_HELD)
    for currency, orders, paid in cursor:
        report_of(reports, currency).held = Held(orders, paid)
