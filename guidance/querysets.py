"""The questions that can be asked of the guidance tables. Every date is an argument."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from guidance.workflow import OPEN, SYSTEM_ACCOUNT, WRITABLE, Status

# The columns of Guidance that may name its subject.
SUBJECTS = ("section", "family", "trait", "code")
# The kinds of change that make a family's list of codes another one.
LISTS_CHANGE = ("added", "ended")


def _since_review(changes: str) -> Q:
    """A change, found under the path, of a release that is news after the facts that were reviewed:
    what Release.is_news_after says of two rows."""
    release = f"{changes}__release"
    quarter = F("facts_reviewed__quarter")
    reissued = {
        f"{release}__quarter": quarter,
        f"{release}__published_at__gt": F("facts_reviewed__published_at"),
    }
    return (
        Q(**{"facts_reviewed__isnull": True, f"{changes}__isnull": False})
        | Q(**{f"{release}__quarter__gt": quarter})
        | Q(**reissued, facts_reviewed__is_excerpt=False)
    )


class GuidanceQuerySet(models.QuerySet):
    def with_subjects(self):
        return self.select_related(*SUBJECTS)

    def changed_by_cms(self):
        """Guidance of codes that CMS has changed since someone last said that it is right.

        Derived, never stored: whatever a release changes is here as soon as it is published.
        """
        return self._once_each(_since_review("code__changes"))

    def with_new_or_ended_codes(self):
        """Guidance of families that got a code, or in which one ended, since someone last said that
        it is right."""
        changes = "family__codes__changes"
        kinds = Q(**{f"{changes}__kind__in": LISTS_CHANGE})
        return self._once_each(_since_review(changes) & kinds)

    def overdue(self, on: date):
        """Published guidance whose day of review has passed."""
        return self._once_each(Q(review_due__lt=on))

    def failing_checks(self):
        """Published guidance in which the checks last found something."""
        return self._once_each(~Q(findings=[]))

    def _once_each(self, condition: Q):
        """Published guidance of which the condition holds, each once however many rows it joins."""
        found = self.model._default_manager.filter(condition, published__isnull=False)
        return self.filter(pk__in=found.values("pk"))


class RevisionQuerySet(models.QuerySet):
    def with_subjects(self):
        return self.select_related(*(f"guidance__{scope}" for scope in SUBJECTS))

    def open(self):
        return self.filter(status__in=OPEN)

    def drafts_of(self, user):
        return self.filter(Q(author=user) | Q(assigned_to=user), status=Status.DRAFT)

    def returned_to(self, user):
        return self.filter(Q(author=user) | Q(assigned_to=user), status=Status.RETURNED)

    def waiting_for(self, user):
        """In review, and not written by the one who asks: what they may approve or return."""
        return self.filter(status=Status.IN_REVIEW).exclude(author=user).exclude(written_by=user)

    def offered(self):
        """Drafts that the starter pack offers, until they are assigned to someone."""
        unassigned = self.filter(status__in=WRITABLE, assigned_to=None)
        return unassigned.filter(author__username=SYSTEM_ACCOUNT)

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


class PreviewLinkQuerySet(models.QuerySet):
    def live(self, at: datetime):
        """Links that open a draft at a time: neither ended nor revoked, and the draft still one."""
        return self.filter(revoked_at=None, ends_at__gt=at, revision__status__in=OPEN)
