"""How often codes are read and what is searched for in vain: counts by the day, and of no person."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from codes.models import DailyCount

KEPT = timedelta(days=400)


@transaction.atomic
def add_counts(*, counts: Mapping[tuple[date, str, str], int]) -> None:
    """Add to the counts, by day, kind and key, what a process has counted since the last time."""
    DailyCount.objects.bulk_create(
        [DailyCount(day=day, kind=kind, key=key, count=0) for day, kind, key in counts],
        ignore_conflicts=True,
    )
    together = defaultdict(list)
    for (day, kind, key), count in counts.items():
        together[day, kind, count].append(key)
    for (day, kind, count), keys in together.items():
        rows = DailyCount.objects.filter(day=day, kind=kind, key__in=keys)
        rows.update(count=F("count") + count)


def forget_old_counts(*, on: date) -> int:
    """Delete what is older than 400 days on a date, which is today; returns how many rows."""
    deleted, _ = DailyCount.objects.filter(day__lt=on - KEPT).delete()
    return deleted
