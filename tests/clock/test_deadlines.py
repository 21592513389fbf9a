"""Deadlines on every clock, with pauses, days of rest and restarts."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.clock.calendars import calendar
from makegood.clock.deadlines import Restart, deadline, lapses_at, restarted
from makegood.clock.durations import Duration, Unit, hours
from makegood.clock.instants import DAY, HOUR, Instant
from makegood.clock.intervals import Pause
from tests.clock.stamps import SHANGHAI, stamp, told

quick = settings(max_examples=50, derandomize=True, database=None, deadline=None)


def days(amount: int, *, rolls: bool = False) -> Duration:
    return Duration(amount, "calendar_days", SHANGHAI, "cn", rolls)


def working(amount: int) -> Duration:
    return Duration(amount, "working_days", SHANGHAI, "cn")


def months(amount: int) -> Duration:
    return Duration(amount, "months", SHANGHAI)


def pause(starts: str, ends: str) -> Pause:
    return Pause(stamp(starts), stamp(ends), "flood")


@pytest.mark.parametrize(
    ("started", "duration", "ends"),
    [
        ("2025-09-26 10:00", hours(48), "2025-09-28 10:00:00"),
        ("2025-09-26 10:00", hours(72), "2025-09-29 10:00:00"),
        ("2025-09-26 10:00", Duration(90, "elapsed_minutes"), "2025-09-26 11:30:00"),
        # The day of the start is not counted, however early it was.
        ("2025-09-26 00:00", days(7), "2025-10-03 23:59:59"),
        ("2025-09-26 23:59", days(7), "2025-10-03 23:59:59"),
        ("2025-09-26 10:00", days(15), "2025-10-11 23:59:59"),
        ("2025-09-26 10:00", days(0), "2025-09-26 23:59:59"),
        # The last day is a day of rest: the next working day holds.
        ("2025-09-26 10:00", days(7, rolls=True), "2025-10-09 23:59:59"),
        ("2025-09-13 10:00", days(7, rolls=True), "2025-09-22 23:59:59"),
        # A Sunday that is made up for is no day of rest.
        ("2025-09-21 10:00", days(7, rolls=True), "2025-09-28 23:59:59"),
        # Working days: the made-up Sunday counts, National Day does not.
        ("2025-09-26 10:00", working(1), "2025-09-28 23:59:59"),
        ("2025-09-26 10:00", working(5), "2025-10-10 23:59:59"),
        ("2025-09-26 10:00", working(6), "2025-10-11 23:59:59"),
        ("2024-09-27 10:00", working(5), "2024-10-10 23:59:59"),
        # Months and years end on the same number, or on the month's last day.
        ("2025-01-15 10:00", months(1), "2025-02-15 23:59:59"),
        ("2025-01-31 10:00", months(1), "2025-02-28 23:59:59"),
        ("2024-01-31 10:00", months(1), "2024-02-29 23:59:59"),
        ("2025-08-31 10:00", months(6), "2026-02-28 23:59:59"),
        ("2025-12-31 10:00", months(12), "2026-12-31 23:59:59"),
        ("2024-02-29 10:00", Duration(2, "years", SHANGHAI), "2026-02-28 23:59:59"),
        ("2025-06-30 10:00", Duration(3, "years", SHANGHAI), "2028-06-30 23:59:59"),
    ],
)
def test_a_deadline_on_its_clock(started: str, duration: Duration, ends: str) -> None:
    at = deadline(stamp(started), duration).at
    assert told(at) == ends
    assert at == lapses_at(stamp(started), duration)


def test_the_last_instant_of_the_last_day_is_in_time() -> None:
    assert deadline(stamp("2025-09-26 10:00"), days(7)).at == stamp("2025-10-04 00:00") - 1


def test_the_same_instant_is_another_day_in_another_zone() -> None:
    started = stamp("2025-09-26 20:00", "UTC")
    there = Duration(7, "calendar_days", SHANGHAI)
    assert told(lapses_at(started, there)) == "2025-10-04 23:59:59"
    here = Duration(7, "calendar_days", "UTC")
    assert told(lapses_at(started, here), "UTC") == "2025-10-03 23:59:59"


@pytest.mark.parametrize(
    ("duration", "pauses", "ends", "paused"),
    [
        (hours(48), [("2025-09-27 00:00", "2025-09-27 12:00")], "2025-09-28 22:00:00", 12 * HOUR),
        (hours(48), [("2025-09-20 00:00", "2025-09-21 00:00")], "2025-09-28 10:00:00", 0),
        (hours(48), [("2025-09-20 00:00", "2025-09-26 11:00")], "2025-09-28 11:00:00", HOUR),
        (hours(48), [("2025-09-28 10:00", "2025-09-29 10:00")], "2025-09-28 10:00:00", 0),
        (hours(48), [("2025-09-28 09:00", "2025-09-29 09:00")], "2025-09-29 10:00:00", DAY),
        # What a pause adds can reach into the next pause; what overlaps counts once.
        (
            hours(48),
            [("2025-09-27 00:00", "2025-09-28 00:00"), ("2025-09-29 00:00", "2025-09-29 02:00")],
            "2025-09-29 12:00:00",
            26 * HOUR,
        ),
        (
            hours(48),
            [("2025-09-27 00:00", "2025-09-27 12:00"), ("2025-09-27 06:00", "2025-09-27 18:00")],
            "2025-09-29 04:00:00",
            18 * HOUR,
        ),
        (days(7), [("2025-09-28 08:00", "2025-09-29 20:00")], "2025-10-05 23:59:59", 2),
        (days(7), [("2025-09-28 00:00", "2025-09-29 00:00")], "2025-10-04 23:59:59", 1),
        (days(7), [("2025-09-26 00:00", "2025-09-26 20:00")], "2025-10-03 23:59:59", 0),
        (days(7), [("2025-10-03 23:00", "2025-10-05 01:00")], "2025-10-06 23:59:59", 3),
        (days(7), [("2025-10-04 00:00", "2025-10-05 01:00")], "2025-10-03 23:59:59", 0),
        (days(0), [("2025-09-26 00:00", "2025-09-29 00:00")], "2025-09-26 23:59:59", 0),
        (working(5), [("2025-09-29 08:00", "2025-09-29 20:00")], "2025-10-11 23:59:59", 1),
        (working(5), [("2025-10-01 08:00", "2025-10-08 20:00")], "2025-10-10 23:59:59", 0),
        (months(6), [("2025-12-01 00:00", "2025-12-11 00:00")], "2026-04-05 23:59:59", 10),
    ],
)
def test_pauses_stretch_a_deadline(
    duration: Duration, pauses: list[tuple[str, str]], ends: str, paused: int
) -> None:
    found = deadline(stamp("2025-09-26 10:00"), duration, pauses=[pause(*one) for one in pauses])
    assert told(found.at) == ends
    assert found.paused == paused


def test_a_last_day_does_not_roll_onto_a_paused_one() -> None:
    flood = pause("2025-10-09 06:00", "2025-10-09 18:00")
    found = deadline(stamp("2025-09-26 10:00"), days(7, rolls=True), pauses=[flood])
    assert (told(found.at), found.nominal) == ("2025-10-10 23:59:59", date(2025, 10, 3))


def test_past_the_calendars_last_year_a_deadline_is_provisional() -> None:
    last = calendar("cn").last_known
    near, over = stamp(f"{last.year}-11-02 10:00"), stamp(f"{last.year}-12-30 10:00")
    assert not deadline(near, working(5)).provisional
    assert deadline(over, working(5)).provisional
    assert deadline(over, days(7, rolls=True)).provisional
    assert not deadline(over, days(7)).provisional  # no day of rest changes it
    assert not deadline(over, hours(480)).provisional
    assert not deadline(over, Duration(5, "working_days", "UTC")).provisional


def test_a_deadline_names_the_version_of_its_calendar() -> None:
    started = stamp("2025-09-26 10:00")
    assert deadline(started, working(5)).calendar == calendar("cn").version
    assert deadline(started, days(7)).calendar == ""


@pytest.mark.parametrize(
    ("restarts", "began"),
    [
        ([], "2025-01-10 00:00"),
        ([("2025-01-20 00:00", "2025-01-25 00:00")], "2025-01-25 00:00"),
        # Asked for in time, arrived after the first warranty would have ended.
        ([("2025-02-08 00:00", "2025-02-20 00:00")], "2025-02-20 00:00"),
        ([("2025-02-10 00:00", "2025-02-20 00:00")], "2025-01-10 00:00"),
        (
            [("2025-02-20 00:00", "2025-02-28 00:00"), ("2025-02-08 00:00", "2025-02-18 00:00")],
            "2025-02-28 00:00",
        ),
    ],
)
def test_a_replacement_asked_for_in_time_restarts_the_clock(
    restarts: list[tuple[str, str]], began: str
) -> None:
    asked = [Restart(stamp(first), stamp(second)) for first, second in restarts]
    assert restarted(stamp("2025-01-10 00:00"), days(30), asked) == stamp(began)


starts = st.integers(1_735_689_600_000_000, 1_798_761_600_000_000)  # 2025 and 2026
units: st.SearchStrategy[Unit] = st.sampled_from(
    ["elapsed_minutes", "elapsed_hours", "calendar_days", "working_days", "months"]
)
pauses = st.lists(
    st.builds(lambda at, length: Pause(at, at + length), starts, st.integers(0, 40 * DAY)),
    max_size=4,
)


@quick
@given(starts, units, st.integers(0, 40), st.integers(0, 20), pauses, st.booleans())
def test_a_longer_duration_never_ends_earlier(
    started: Instant, unit: Unit, amount: int, more: int, paused: list[Pause], rolls: bool
) -> None:
    rolls = rolls and not unit.startswith("elapsed")
    shorter = Duration(amount, unit, SHANGHAI, "cn", rolls)
    longer = Duration(amount + more, unit, SHANGHAI, "cn", rolls)
    assert started <= lapses_at(started, shorter, paused) <= lapses_at(started, longer, paused)


@quick
@given(starts, units, st.integers(0, 40), pauses, pauses, st.booleans())
def test_more_pauses_never_end_a_deadline_earlier(
    started: Instant, unit: Unit, amount: int, few: list[Pause], more: list[Pause], rolls: bool
) -> None:
    duration = Duration(amount, unit, SHANGHAI, "cn", rolls and not unit.startswith("elapsed"))
    stretched = deadline(started, duration, pauses=[*few, *more])
    assert stretched.at >= lapses_at(started, duration, few)
    assert stretched.at == lapses_at(started, duration, [*more, *few])
    assert stretched.paused >= 0


@pytest.mark.parametrize(
    ("started", "duration", "ends"),
    [
        # Summer time begins on 2026-03-29 and ends on 2026-10-25: such days are not 24 hours.
        ("2026-03-28 10:00", Duration(1, "calendar_days", "Europe/Berlin"), "2026-03-29 23:59:59"),
        ("2026-03-28 10:00", Duration(24, "elapsed_hours", "Europe/Berlin"), "2026-03-29 11:00:00"),
        ("2026-10-24 10:00", Duration(1, "calendar_days", "Europe/Berlin"), "2026-10-25 23:59:59"),
        ("2026-10-24 10:00", Duration(24, "elapsed_hours", "Europe/Berlin"), "2026-10-25 09:00:00"),
        # A month from the last day of January ends on the last of February, leap day included.
        ("2028-01-31 10:00", Duration(1, "months", "Europe/Berlin"), "2028-02-29 23:59:59"),
        ("2027-01-31 10:00", Duration(1, "months", "Europe/Berlin"), "2027-02-28 23:59:59"),
    ],
)
def test_summer_time_and_leap_days(started: str, duration: Duration, ends: str) -> None:
    berlin = "Europe/Berlin"
    assert told(lapses_at(stamp(started, berlin), duration), berlin) == ends
