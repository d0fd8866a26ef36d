"""Dates. Faces, tasks and commands ask for today; everything else is told its date.

The exceptions stand, with their reasons, in tests/test_architecture.py.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

# CMS's dates follow the civil calendar; its offices keep Eastern time.
EASTERN = ZoneInfo("America/New_York")


def today() -> date:
    """The date in America/New_York."""
    return datetime.now(EASTERN).date()
