"""Dates. Faces, tasks and commands ask for today; everything else is told its date.

The exceptions stand, with their reasons, in tests/test_architecture.py.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

# CMS's dates follow the civil calendar; its offices keep Eastern time.
EASTERN = ZoneInfo("America/New_York")


def today() -> date:
    """The date in America/New_York."""
    return day_of(datetime.now(EASTERN))


def day_of(moment: datetime) -> date:
    """The date in America/New_York at that moment."""
    return moment.astimezone(EASTERN).date()


def month_of(on: date, before: int = 0) -> date:
    """The first day of the date's month, or of the month so many before it."""
    months = on.year * 12 + on.month - 1 - before
    return date(months // 12, months % 12 + 1, 1)


def working_days(first: date, last: date) -> int:
    """How many days from Monday to Friday lie after the first date, up to and with the last."""
    after = (first + timedelta(days=day) for day in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 for day in after)
