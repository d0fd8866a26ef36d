"""The questions that can be asked of the guidance tables. Every date is an argument."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from guidance.workflow import OPEN, WRITABLE, Status


class GuidanceQuerySet(models.QuerySet):
    def with_subjects(self):
        return self.select_related("section", "family", "trait", "code")

    def changed_by_cms(self):
        """Guidance of codes that CMS has changed since someone last said that it is right.

        Derived, never stored: whatever a release changes is here as soon as it is published.
        """
        quarter = "code__changes__release__quarter"
        reviewed = F("facts_reviewed__quarter")
        since = Q(**{f"{quarter}__gt": reviewed}) | Q(
            **{quarter: reviewed},
            code__changes__release__published_at__gt=F("facts_reviewed__published_at"),
        )
        return self.filter(since, published__isnull=False).distinct()

    def overdue(self, on: date):
        """Published guidance whose day of review has passed."""
        return self.filter(review_due__lt=on, published__isnull=False).distinct()


class RevisionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=OPEN)

    def drafts_of(self, user):
        return self.filter(status__in=WRITABLE).filter(Q(author=user) | Q(assigned_to=user))

    def returned_to(self, user):
        return self.filter(status=Status.RETURNED, author=user)

    def waiting_for(self, user):
        """In review, and not written by the one who asks: what they may approve or return."""
        return self.filter(status=Status.IN_REVIEW).exclude(author=user).exclude(written_by=user)

    def scheduled(self):
        return self.filter(status=Status.SCHEDULED).order_by("publish_on")

    def due(self, on: date):
        """Scheduled revisions whose day has come."""
        return self.filter(status=Status.SCHEDULED, publish_on__lte=on)

    def unsigned(self):
        """Published in an emergency, and not yet signed by a second person."""
        return self.filter(status=Status.PUBLISHED, reviewer__isnull=True).exclude(
            emergency_reason=""
        )

    def corrections(self):
        """Withdrawn as wrong: the public log."""
        return self.filter(status=Status.WITHDRAWN, withdrawn_as_wrong=True).order_by(
            "-withdrawn_at"
        )
