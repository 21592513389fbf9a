"""Instants: exact round trips, and days that begin and end where their zone says."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.clock.instants import (
    DAY,
    HOUR,
    MINUTE,
    end_of_day,
    instant,
    local_day,
    moment,
    start_of_day,
)
from tests.clock.stamps import SHANGHAI, stamp

quick = settings(max_examples=60, derandomize=True, database=None, deadline=None)
ZONES = ["UTC", SHANGHAI, "America/Sao_Paulo", "Europe/Brussels", "Asia/Kolkata"]


def test_an_instant_is_microseconds_since_the_epoch() -> None:
    assert instant(datetime(1970, 1, 2, tzinfo=UTC)) == DAY == 24 * HOUR == 1440 * MINUTE


def test_a_time_without_a_zone_names_no_moment() -> None:
    with pytest.raises(ValueError, match="names no time zone"):
        instant(datetime(2025, 1, 1))  # noqa: DTZ001 (the refusal is what is tested)


@quick
@given(st.integers(-2_000_000_000_000_000, 4_000_000_000_000_000))
def test_an_instant_goes_to_a_moment_and_back(at: int) -> None:
    assert instant(moment(at)) == at


@pytest.mark.parametrize(
    ("at", "zone", "starts", "ends"),
    [
        ("2025-09-26 10:00", "UTC", "2025-09-26 00:00", "2025-09-26 23:59:59.999999"),
        ("2025-09-26 00:00", "UTC", "2025-09-26 00:00", "2025-09-26 23:59:59.999999"),
        ("2025-09-26 23:59:59.999999", "UTC", "2025-09-26 00:00", "2025-09-26 23:59:59.999999"),
        ("1969-12-31 10:00", "UTC", "1969-12-31 00:00", "1969-12-31 23:59:59.999999"),
        ("2025-09-26 10:00", SHANGHAI, "2025-09-26 00:00", "2025-09-26 23:59:59.999999"),
        ("2025-09-26 00:00", SHANGHAI, "2025-09-26 00:00", "2025-09-26 23:59:59.999999"),
        # Clocks went from 00:00 to 01:00: that day has no midnight and 23 hours.
        ("2017-10-15 12:00", "America/Sao_Paulo", "2017-10-15 01:00", "2017-10-15 23:59:59.999999"),
        # Clocks went back: a day of 25 hours.
        ("2025-10-26 12:00", "Europe/Brussels", "2025-10-26 00:00", "2025-10-26 23:59:59.999999"),
    ],
)
def test_a_day_begins_and_ends_in_its_zone(at: str, zone: str, starts: str, ends: str) -> None:
    assert start_of_day(stamp(at, zone), zone) == stamp(starts, zone)
    assert end_of_day(stamp(at, zone), zone) == stamp(ends, zone)


@quick
@given(st.integers(1_000_000_000_000_000, 2_000_000_000_000_000), st.sampled_from(ZONES))
def test_an_instant_lies_within_its_day_and_days_meet(at: int, zone: str) -> None:
    starts, ends = start_of_day(at, zone), end_of_day(at, zone)
    assert starts <= at <= ends
    assert local_day(starts, zone) == local_day(at, zone) == local_day(ends, zone)
    assert start_of_day(ends + 1, zone) == ends + 1
