"""Durations name their clock, and refuse what has no meaning."""

import msgspec
import pytest

from makegood.clock.durations import Duration, Unit, hours, microseconds
from makegood.clock.instants import HOUR, MINUTE


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"amount": 48, "unit": "elapsed_hours"}, hours(48)),
        (
            {"amount": 5, "unit": "working_days", "zone": "Asia/Shanghai", "calendar": "cn"},
            Duration(5, "working_days", "Asia/Shanghai", "cn"),
        ),
        (
            {"amount": 7, "unit": "calendar_days", "zone": "Asia/Shanghai", "rolls": True},
            Duration(7, "calendar_days", "Asia/Shanghai", rolls=True),
        ),
    ],
)
def test_a_duration_is_read_from_plain_data(given: dict[str, object], expected: Duration) -> None:
    assert msgspec.convert(given, Duration) == expected


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"amount": -1, "unit": "elapsed_hours"}, ">= 0"),
        ({"amount": 101, "unit": "years"}, "not between 0 and a century"),
        ({"amount": 7, "unit": "days"}, "Invalid enum value"),
        ({"amount": 7, "unit": "calendar_days", "zone": "Mars/Olympus"}, "not a time zone"),
        ({"amount": 7, "unit": "calendar_days", "zone": "../etc/passwd"}, "not a time zone"),
        ({"amount": 7, "unit": "calendar_days", "calendar": "mars"}, "Invalid enum value"),
        ({"amount": 7, "unit": "elapsed_hours", "rolls": True}, "no last day"),
        ({"amount": 7, "unit": "calendar_days", "roll": True}, "unknown field"),
        ({"amount": 1.5, "unit": "elapsed_hours"}, "Expected `int`"),
    ],
)
def test_a_duration_without_a_meaning_is_refused(given: dict[str, object], reason: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=reason):
        msgspec.convert(given, Duration)


def test_elapsed_time_has_a_fixed_length() -> None:
    assert microseconds(hours(48)) == 48 * HOUR
    assert microseconds(Duration(90, "elapsed_minutes")) == 90 * MINUTE


@pytest.mark.parametrize("unit", ["calendar_days", "working_days", "months", "years"])
def test_days_months_and_years_have_none(unit: Unit) -> None:
    with pytest.raises(ValueError, match="have no fixed length"):
        microseconds(Duration(1, unit))
