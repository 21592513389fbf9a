"""Why the ledger refuses to post."""

from enum import StrEnum


class Reason(StrEnum):
    """The reasons for which a set is refused; nothing of it is posted then."""

    AMOUNT_MUST_BE_POSITIVE = "amount_must_be_positive"
    AMOUNT_IS_TOO_LARGE = "amount_is_too_large"
    CURRENCY_MUST_BE_THREE_CAPITALS = "currency_must_be_three_capitals"
    UNKNOWN_ACCOUNT = "unknown_account"
    EVENT_DOES_NOT_MOVE_MONEY_SO = "event_does_not_move_money_so"
    EVENT_MUST_BE_RESERVED_FIRST = "event_must_be_reserved_first"
    EVENT_CANNOT_BE_RESERVED = "event_cannot_be_reserved"
    WATERFALL_NEEDS_ONE_TO_EIGHT_PATHS = "waterfall_needs_one_to_eight_paths"
    PATH_MUST_NOT_TAKE_LESS_THAN_NOTHING = "path_must_not_take_less_than_nothing"
    TRANSFER_ID_USED_WITH_OTHER_FIELDS = "transfer_id_used_with_other_fields"
    ACCOUNT_WOULD_BE_OVERDRAWN = "account_would_be_overdrawn"
    ADVANCE_CAP_EXCEEDED = "advance_cap_exceeded"
    RESERVE_IS_ENDED_BY_POST_VOID_OR_EXPIRE = "reserve_is_ended_by_post_void_or_expire"
    RESERVE_NOT_FOUND = "reserve_not_found"
    RESERVE_ALREADY_SETTLED = "reserve_already_settled"
    CAP_MUST_NOT_BE_NEGATIVE = "cap_must_not_be_negative"
    CAP_IS_BELOW_WHAT_IS_ADVANCED = "cap_is_below_what_is_advanced"


class PostingRefused(Exception):
    """Nothing was written; `index` is the place of the first offender in the set."""

    def __init__(self, reason: Reason, index: int, step: object) -> None:
        """Keep what was refused, so that the caller can hold, correct or report it."""
        super().__init__(f"step {index}: {reason.replace('_', ' ')}: {step!r}")
        self.reason = reason
        self.index = index
        self.step = step
