"""What is checked of published guidance: each edition for the dates of service it speaks for."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from guidance.checks.knowledge import Knowledge, Subject

Edition = tuple[str, str, date, dict]  # scope, key, first date of service, content


def subjects(
    editions: Iterable[Edition], knowledge: Knowledge, on: date
) -> Iterator[tuple[Subject, dict]]:
    """Each edition with its subject, until the day before the next one, or `on`, which is today.

    The editions come in the order of scope, key and first date.
    """
    for _, group in groupby(editions, key=lambda edition: edition[:2]):
        rows = list(group)
        for (scope, key, first, content), later in zip(rows, [*rows[1:], None], strict=True):
            last = _last_day(first, later[2] if later else None, on)
            yield knowledge.subject(scope, key, valid_from=first, on=last), content


def _last_day(first: date, next_one: date | None, on: date) -> date:
    last = on if next_one is None else min(on, next_one - timedelta(days=1))
    return max(first, last)
