"""Calendars of working days, each with its version and the days for which it is known."""

from datetime import date
from typing import Literal, NamedTuple

import chinese_calendar

CalendarName = Literal["cn", "weekdays"]


class Calendar(NamedTuple):
    """A calendar of working days.

    `version` names its data. Outside `first_known` to `last_known` it falls back on Monday to
    Friday, and what was worked out there is provisional.
    """

    name: CalendarName
    version: str
    first_known: date
    last_known: date

    def knows(self, day: date) -> bool:
        """Whether the days of rest around `day` have been published."""
        return self.first_known <= day <= self.last_known

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day; Monday to Friday where the calendar is not known."""
        if self.name == "cn" and self.knows(day):
            # The library's own test searches all its years for the first and the last.
            if day.weekday() < 5:
                return day not in chinese_calendar.holidays
            return day in chinese_calendar.workdays
        return day.weekday() < 5


_CN_YEARS = sorted({day.year for day in chinese_calendar.holidays})
_CALENDARS: dict[CalendarName, Calendar] = {
    # The State Council publishes the days of rest and the make-up days of one year at a time.
    "cn": Calendar(
        name="cn",
        version=f"chinesecalendar {chinese_calendar.__version__} ({_CN_YEARS[0]}-{_CN_YEARS[-1]})",
        first_known=date(_CN_YEARS[0], 1, 1),
        last_known=date(_CN_YEARS[-1], 12, 31),
    ),
    "weekdays": Calendar(
        name="weekdays",
        version="Monday to Friday, public holidays not counted",
        first_known=date.min,
        last_known=date.max,
    ),
}


def calendar(name: CalendarName) -> Calendar:
    """The calendar of that name: `cn` with its make-up days, or plain `weekdays`."""
    return _CALENDARS[name]
