"""Swedish calendar days: which day an instant falls on, and when a day ends.

Guarantees that a date is a day in Sweden whatever the server's clock is set to. Instants are UTC.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MICROSECOND = timedelta(microseconds=1)


def day_of(instant: datetime) -> date:
    """The calendar day in Sweden of an instant."""
    return instant.astimezone(STOCKHOLM).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of the day in Sweden, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)
    return midnight.astimezone(UTC) - MICROSECOND


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day where it has none.

    The calendar's last day for what would lie beyond it.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
