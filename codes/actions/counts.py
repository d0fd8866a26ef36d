"""How often codes are read and what is searched for in vain: counts by the month, of no person."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import F

from codes.calendar import month_of
from codes.models import MonthlyCount

MOST_SEARCHES_A_MONTH = 20_000
MONTHS_KEPT = 13  # besides the one that is running


@transaction.atomic
def add_counts(*, counts: Mapping[tuple[date, str, str], int]) -> None:
    """Add to the counts, by month (its first day), kind and key, what a process has counted since
    the last time."""
    counts = _with_room(counts)
    MonthlyCount.objects.bulk_create(
        [MonthlyCount(month=month, kind=kind, key=key, count=0) for month, kind, key in counts],
        ignore_conflicts=True,
    )
    together = defaultdict(list)
    for (month, kind, key), count in counts.items():
        together[month, kind, count].append(key)
    for (month, kind, count), keys in together.items():
        rows = MonthlyCount.objects.filter(month=month, kind=kind, key__in=keys)
        rows.update(count=F("count") + count)


def _with_room(counts: Mapping[tuple[date, str, str], int]) -> dict[tuple[date, str, str], int]:
    """Without the searches of a month that has as many as editors could ever read: whoever sends
    nonsense does not fill the table with it."""
    searches = MonthlyCount.objects.filter(kind=MonthlyCount.Kind.NOTHING_FOUND)
    months = {month for month, kind, _ in counts if kind == MonthlyCount.Kind.NOTHING_FOUND}
    full = {m for m in months if searches.filter(month=m).count() >= MOST_SEARCHES_A_MONTH}
    return {
        (month, kind, key): count
        for (month, kind, key), count in counts.items()
        if kind != MonthlyCount.Kind.NOTHING_FOUND or month not in full
    }


def forget_old_counts(*, on: date) -> int:
    """Delete the counts of more than 13 months before that of a date, which is today; returns how
    many rows."""
    deleted, _ = MonthlyCount.objects.filter(month__lt=month_of(on, MONTHS_KEPT)).delete()
    return deleted
