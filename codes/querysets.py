"""The questions that can be asked of the code tables. Every date is an argument."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q, Subquery, Sum


class ReleaseQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status="published")

    def in_history(self):
        """The releases that the history is computed from, in the order of their quarters.

        Of a quarter's re-issues the last one counts. An excerpt counts only while no real release
        is published.
        """
        published = self.published()
        real = published.filter(is_excerpt=False)
        return (real if real.exists() else published).order_by("quarter", "rank", "pk")

    def newest(self):
        """The release that is newest in time, without its records; None before the first one."""
        in_order = (
            self.published().defer("records").order_by("is_excerpt", "-quarter", "-rank", "-pk")
        )
        return in_order.first()


class CodeQuerySet(models.QuerySet):
    def listed(self):
        """Codes that an imported release describes."""
        return self.filter(last_release__isnull=False)


class ModifierQuerySet(models.QuerySet):
    def listed(self):
        return self.filter(last_release__isnull=False)


class VersionQuerySet(models.QuerySet):
    def read_on(self, on: date):
        """The one version of each code that answers for a date of service."""
        return self.filter(
            Q(reads_from__isnull=True) | Q(reads_from__lte=on),
            Q(reads_until__isnull=True) | Q(reads_until__gte=on),
        )

    def active(self, on: date):
        """Versions whose code may be used on the date; first and last day count."""
        return self.read_on(on).filter(
            Q(period__terminated__isnull=True) | Q(period__terminated__gte=on),
            period__added__lte=on,
        )

    def ended(self, on: date):
        return self.read_on(on).filter(period__terminated__lt=on)

    def future(self, on: date):
        return self.read_on(on).filter(period__added__gt=on)


class EntryQuerySet(models.QuerySet):
    def of(self, kind: str, keys):
        return self.filter(kind=kind, key__in=keys)

    def due(self, on: date):
        """Entries that may read differently by now."""
        return self.filter(until__lte=on)

    def beside(self, kind: str, key: str):
        """Those of a kind before and after one, in the order of keys, without their documents."""
        same = self.filter(kind=kind)
        before = same.filter(key__lt=key).order_by("-key").values("pk")[:1]
        after = same.filter(key__gt=key).order_by("key").values("pk")[:1]
        both = same.filter(Q(pk=Subquery(before)) | Q(pk=Subquery(after)))
        return both.defer("facts").order_by("key")

    def under(self, kind: str, slug: str):
        """Codes found under a specialty, denial category or trait."""
        return self.filter(kind="code", guidance__facets__kind=kind, guidance__facets__slug=slug)


class MonthlyCountQuerySet(models.QuerySet):
    def most(self, kinds, since: date):
        """What was asked for most from a month on: rows of `key` and `total`, most first."""
        counted = self.filter(kind__in=kinds, month__gte=since).order_by().values("key")
        return counted.annotate(total=Sum("count")).order_by("-total", "key")


class EntryFaqQuerySet(models.QuerySet):
    def containing(self, text: str):
        return self.filter(Q(question__icontains=text) | Q(answer__icontains=text))


class ContactRequestQuerySet(models.QuerySet):
    def new(self):
        """What nobody has taken up yet."""
        return self.filter(status="new")

    def to_be_mailed(self, *, since: datetime, tried_before: datetime):
        """New ones since a time that no mail told of, and that none was tried for lately."""
        untried = Q(mail_tried_at__isnull=True) | Q(mail_tried_at__lt=tried_before)
        return self.new().filter(untried, mailed_at__isnull=True, received_at__gte=since)

    def past_keeping(self, *, answered: datetime, spam: datetime, received: datetime):
        """Answered before the first time, spam that came before the second, any before the third."""
        return self.filter(
            Q(answered_at__lt=answered)
            | Q(status="spam", received_at__lt=spam)
            | Q(received_at__lt=received)
        )
