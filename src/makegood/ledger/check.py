"""The ledger's self-check: every book is re-added from its transfers, and compared.

What a transfer says is held by the record, whose check recomputes it (`transfers.COVERED`);
here the accounts, and what no transfer can be, are found.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import Cursor

from makegood.ledger.chart import CAPPED, Side, names
from makegood.ledger.decisions import BookKey
from makegood.ledger.events import EVENTS
from makegood.ledger.lifecycle import EFFECTS, SETTLING, Kind
from makegood.record.check.findings import Difference

_TOTALS = """
    WITH effect (kind, pending, posted) AS (VALUES {effects}),
    moved AS (
        SELECT merchant_id, currency, debit, credit, kind, sum(amount) AS amount
        FROM ledger_transfer GROUP BY 1, 2, 3, 4, 5
    ),
    side AS (
        SELECT merchant_id, currency, debit AS name, kind, amount AS debits, 0 AS credits
        FROM moved
        UNION ALL
        SELECT merchant_id, currency, credit, kind, 0, amount FROM moved
    ),
    added AS (
        SELECT merchant_id, currency, name,
               sum(debits * pending) AS debits_pending, sum(debits * posted) AS debits_posted,
               sum(credits * pending) AS credits_pending, sum(credits * posted) AS credits_posted
        FROM side LEFT JOIN effect USING (kind) GROUP BY 1, 2, 3
    )
    SELECT merchant_id, currency, name, kept_as, total.held, total.added
    FROM ledger_account AS held FULL JOIN added USING (merchant_id, currency, name),
    LATERAL (VALUES
        ('debits_pending', held.debits_pending, added.debits_pending),
        ('debits_posted', held.debits_posted, added.debits_posted),
        ('credits_pending', held.credits_pending, added.credits_pending),
        ('credits_posted', held.credits_posted, added.credits_posted)
    ) AS total (kept_as, held, added)
    WHERE coalesce(total.held, 0) <> coalesce(total.added, 0)
""".format(
    effects=", ".join(
        f"('{kind}', {effect.pending}, {effect.posted})" for kind, effect in EFFECTS.items()
    )
)
_INCOMPLETE = """
    SELECT merchant_id, currency FROM ledger_account
    GROUP BY 1, 2 HAVING count(*) FILTER (WHERE name = ANY (%s)) <> %s
"""
_UNBALANCED = """
    SELECT merchant_id, currency, sum(debits_posted), sum(credits_posted),
           sum(debits_pending), sum(credits_pending)
    FROM ledger_account GROUP BY 1, 2
    HAVING sum(debits_posted) <> sum(credits_posted)
        OR sum(debits_pending) <> sum(credits_pending)
"""
_NEGATIVE = """
    SELECT merchant_id, currency, name FROM ledger_account
    WHERE (name = ANY (%s) AND credits_posted < debits_posted + debits_pending)
       OR (name = ANY (%s) AND debits_posted < credits_posted + credits_pending)
       OR least(debits_pending, debits_posted, credits_pending, credits_posted) < 0
"""
_CAPS = """
    SELECT merchant_id, currency, name, limit_minor,
           debits_posted + debits_pending - credits_posted
    FROM ledger_account WHERE name = ANY (%s) OR limit_minor IS NOT NULL
"""
_SETTLED_TWICE = """
    SELECT merchant_id, reserves, count(*) FROM ledger_transfer
    WHERE reserves IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
"""
_SETTLES_ANOTHER = """
    SELECT settling.merchant_id, settling.id FROM ledger_transfer AS settling
    LEFT JOIN ledger_transfer AS reserve
      ON reserve.merchant_id = settling.merchant_id AND reserve.id = settling.reserves
    WHERE settling.reserves IS NOT NULL
      AND (reserve.kind, reserve.currency, reserve.debit, reserve.credit, reserve.amount,
           reserve.code)
          IS DISTINCT FROM ('reserve', settling.currency, settling.debit, settling.credit,
                            settling.amount, settling.code)
"""
_IMPOSSIBLE = """
    SELECT merchant_id, id FROM ledger_transfer
    WHERE amount <= 0
       OR (reserves IS NOT NULL) <> (kind = ANY (%s))
       OR NOT concat_ws(' ', code, debit, credit, kind) = ANY (%s)
"""


def differences(cursor: Cursor[Any], caps: Mapping[BookKey, int]) -> Iterator[Difference]:
    """Everything in which the ledger is not what its transfers and rules make it.

    `caps` is how much may be advanced in each book, as the caller's own rows say; a book
    that is not named has a cap of 0. Each comparison reads one snapshot, so it may run
    while others post.
    """
    yield from _totals(cursor)
    yield from _accounts(cursor)
    yield from _caps(cursor, caps)
    yield from _transfers(cursor)


def _totals(cursor: Cursor[Any]) -> Iterator[Difference]:
    for merchant_id, currency, name, column, held, added in cursor.execute(_TOTALS).fetchall():
        row = f"{merchant_id} {currency} {name}"
        yield Difference(
            "ledger_account", row, f"{column} is {held}, and its transfers add up to {added}"
        )


def _accounts(cursor: Cursor[Any]) -> Iterator[Difference]:
    chart = names()
    for merchant_id, currency in cursor.execute(_INCOMPLETE, [chart, len(chart)]).fetchall():
        yield Difference(
            "ledger_account", f"{merchant_id} {currency}", "is a book that lacks an account"
        )
    for merchant_id, currency, *sums in cursor.execute(_UNBALANCED).fetchall():
        yield Difference(
            "ledger_account",
            f"{merchant_id} {currency}",
            "posted debits {} and credits {}, pending debits {} and credits {}".format(*sums),
        )
    bounded = [names(side, never_negative=True) for side in (Side.CREDIT, Side.DEBIT)]
    for merchant_id, currency, name in cursor.execute(_NEGATIVE, bounded).fetchall():
        yield Difference("ledger_account", f"{merchant_id} {currency} {name}", "is below zero")


def _caps(cursor: Cursor[Any], caps: Mapping[BookKey, int]) -> Iterator[Difference]:
    rows = cursor.execute(_CAPS, [CAPPED]).fetchall()
    for merchant_id, currency, name, limit, at_stake in rows:
        row = f"{merchant_id} {currency} {name}"
        cap = caps.get((merchant_id, currency), 0) if name in CAPPED else None
        if limit != cap:
            yield Difference("ledger_account", row, f"limit_minor is {limit}, and the cap is {cap}")
        elif limit is not None and at_stake > limit:
            yield Difference("ledger_account", row, f"holds {at_stake} above its cap of {limit}")
    held = {(merchant_id, currency) for merchant_id, currency, *_ in rows}
    for merchant_id, currency in caps.keys() - held:
        if caps[merchant_id, currency]:
            row = f"{merchant_id} {currency} {CAPPED[0]}"
            yield Difference("ledger_account", row, "is missing, and has a cap")


def _transfers(cursor: Cursor[Any]) -> Iterator[Difference]:
    for merchant_id, reserve, times in cursor.execute(_SETTLED_TWICE).fetchall():
        yield Difference("ledger_transfer", f"{merchant_id} {reserve}", f"is settled {times} times")
    for merchant_id, id_ in cursor.execute(_SETTLES_ANOTHER).fetchall():
        yield Difference(
            "ledger_transfer", f"{merchant_id} {id_}", "settles what is no such reserve"
        )
    settling = [kind.value for kind in SETTLING]
    for merchant_id, id_ in cursor.execute(_IMPOSSIBLE, [settling, _possible()]).fetchall():
        yield Difference("ledger_transfer", f"{merchant_id} {id_}", "moves as no event does")


def _possible() -> list[str]:
    """Every move that an event allows, with the kind in which it allows it."""
    return [
        f"{code} {debit} {credit} {kind}"
        for code, rule in EVENTS.items()
        for debit, credit in rule.moves
        for kind in Kind
        if kind in rule.kinds
    ]
