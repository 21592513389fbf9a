"""What can be wrong with a step by itself, whatever the books hold. Pure and cheap."""

from collections.abc import Iterator, Sequence

from makegood.ledger.chart import CHART, AccountName
from makegood.ledger.decisions import BookKey
from makegood.ledger.events import EVENTS, Code
from makegood.ledger.lifecycle import SETTLING, Kind
from makegood.ledger.refusals import PostingRefused, Reason
from makegood.ledger.steps import AMOUNT_MAX, PATHS_MAX, Settle, Step, Transfer, Waterfall

_ALLOWED: frozenset[tuple[Code, AccountName, AccountName, bool]] = frozenset(
    (code, debit, credit, kind is Kind.RESERVE)
    for code, rule in EVENTS.items()
    for debit, credit in rule.moves
    for kind in rule.kinds
    if kind not in SETTLING
)


def touched(steps: Sequence[Step]) -> dict[BookKey, set[str]]:
    """The accounts that the steps name, by book; a step that can never be is refused here.

    A step that settles names none: its accounts are its reserve's.
    """
    books: dict[BookKey, set[str]] = {}
    for index, step in enumerate(steps):
        if isinstance(step, Settle):
            if step.kind not in SETTLING:
                raise PostingRefused(Reason.RESERVE_IS_ENDED_BY_POST_VOID_OR_EXPIRE, index, step)
            continue
        if reason := _fault(step):
            raise PostingRefused(reason, index, step)
        key = (step.merchant_id, step.currency)
        if (accounts := books.get(key)) is None:
            if not _is_currency(step.currency):
                raise PostingRefused(Reason.CURRENCY_MUST_BE_THREE_CAPITALS, index, step)
            accounts = books[key] = set()
        if isinstance(step, Transfer):
            accounts.add(step.debit)
            accounts.add(step.credit)
        else:
            for path in step.paths:
                accounts.add(path.debit)
                accounts.add(path.credit)
    return books


def _fault(step: Transfer | Waterfall) -> Reason | None:
    if not 0 < step.amount <= AMOUNT_MAX:
        too_small = step.amount <= 0
        return Reason.AMOUNT_MUST_BE_POSITIVE if too_small else Reason.AMOUNT_IS_TOO_LARGE
    if isinstance(step, Transfer):
        if (step.code, step.debit, step.credit, step.reserve) in _ALLOWED:
            return None
        return _why_not(step.code, step.debit, step.credit, reserve=step.reserve)
    if not 0 < len(step.paths) <= PATHS_MAX:
        return Reason.WATERFALL_NEEDS_ONE_TO_EIGHT_PATHS
    return next(_faults_of_paths(step), None)


def _faults_of_paths(step: Waterfall) -> Iterator[Reason]:
    for path in step.paths:
        if path.at_most is not None and path.at_most < 0:
            yield Reason.PATH_MUST_NOT_TAKE_LESS_THAN_NOTHING
        if (step.code, path.debit, path.credit, step.reserve) not in _ALLOWED:
            yield _why_not(step.code, path.debit, path.credit, reserve=step.reserve)


def _why_not(code: Code, debit: str, credit: str, *, reserve: bool) -> Reason:
    if debit not in CHART or credit not in CHART:
        return Reason.UNKNOWN_ACCOUNT
    if (code, debit, credit, not reserve) not in _ALLOWED:
        return Reason.EVENT_DOES_NOT_MOVE_MONEY_SO
    return Reason.EVENT_CANNOT_BE_RESERVED if reserve else Reason.EVENT_MUST_BE_RESERVED_FIRST


def _is_currency(currency: str) -> bool:
    return len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
