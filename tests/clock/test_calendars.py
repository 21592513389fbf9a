"""The Chinese calendar of working days, as the State Council published it."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from makegood.clock.calendars import calendar


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 2, 4), True),  # a Sunday, made up for the Spring Festival
        (date(2024, 2, 9), True),  # New Year's Eve: encouraged, not a day of rest by law
        (date(2024, 2, 12), False),  # a Monday of the Spring Festival
        (date(2024, 9, 14), True),  # a Saturday, made up for the Mid-Autumn Festival
        (date(2024, 9, 29), True),  # a Sunday, made up for National Day
        (date(2024, 10, 7), False),
        (date(2024, 10, 12), True),  # a Saturday, made up for National Day
        (date(2025, 1, 28), False),  # New Year's Eve is a day of rest by law since 2025
        (date(2025, 9, 26), True),  # a plain Friday
        (date(2025, 9, 27), False),  # a plain Saturday
        (date(2025, 9, 28), True),  # a Sunday, made up for National Day
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),  # the last day of National Day with Mid-Autumn
        (date(2025, 10, 11), True),  # a Saturday, made up for National Day
    ],
)
def test_days_of_work_and_rest_in_china(day: date, works: bool) -> None:
    assert calendar("cn").is_working(day) is works


def test_every_day_of_ten_years_is_as_the_library_tells_it() -> None:
    china = calendar("cn")
    for back in range(0, 3650, 3):
        day = china.last_known - timedelta(days=back)
        assert china.is_working(day) is chinese_calendar.is_workday(day)


def test_elsewhere_only_weekends_are_known_and_the_calendar_says_so() -> None:
    weekdays = calendar("weekdays")
    assert weekdays.is_working(date(2025, 10, 1))
    assert not weekdays.is_working(date(2025, 9, 28))
    assert weekdays.version == "Monday to Friday, public holidays not counted"
    assert weekdays.knows(date(2190, 1, 1))


def test_the_chinese_calendar_names_its_version_and_its_years() -> None:
    china = calendar("cn")
    assert china.version.startswith("chinesecalendar ")
    assert str(china.last_known.year) in china.version
    assert china.knows(china.last_known)


def test_past_its_last_year_the_chinese_calendar_knows_weekends_only() -> None:
    china = calendar("cn")
    next_year = china.last_known.year + 1
    national_days = [date(next_year, 10, day) for day in range(1, 8)]
    assert not any(china.knows(day) for day in national_days)
    assert [china.is_working(day) for day in national_days] == [
        day.weekday() < 5 for day in national_days
    ]
