"""What is checked of published guidance: each edition for the dates of service it speaks for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Q

from codes.models import Code
from guidance.checks.knowledge import Knowledge, Subject
from guidance.checks.reading import codes_named

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
            last = last_day(first, later[2] if later else None, on)
            yield knowledge.subject(scope, key, valid_from=first, on=last), content


def codes_needed(editions: Iterable[Edition]) -> set[str] | None:
    """The codes whose fields the checks read: the subjects' own and those that the texts name.

    A trait's may be any: None.
    """
    needed: set[str] = set()
    groups = defaultdict(set)
    for scope, key, _, content in editions:
        needed |= codes_named(content)
        groups[scope].add(key)
    if "trait" in groups:
        return None
    return needed | groups["code"] | _codes_under(groups["section"], groups["family"])


def _codes_under(sections: set[str], families: set[str]) -> set[str]:
    if not sections and not families:
        return set()
    under = Code.objects.filter(Q(section__letter__in=sections) | Q(family__slug__in=families))
    return set(under.values_list("code", flat=True))


def last_day(first: date, next_one: date | None, on: date) -> date:
    """The last day that an edition speaks for, until `on`: the next one then takes over."""
    last = on if next_one is None else min(on, next_one - timedelta(days=1))
    return max(first, last)
