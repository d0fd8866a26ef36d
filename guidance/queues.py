"""The queues of the workbench: what waits, for whom, since when.

    queues(account, roles, on=…, now=…) -> [Queue(name, title, …)]
    queue.first(20) -> [Waiting(…)], each with how many there are and since when the oldest waits

Each queue is one query, whatever it holds.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Window

from codes.calendar import EASTERN, day_of, working_days
from guidance.models import Guidance, Revision
from guidance.workflow import approves, writes

# The clock publishes every minute; what is later than this did not go out as it should.
LATE = timedelta(minutes=2)
DAYS_TO_SIGN = 2  # working days

Since = date | datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row: what waits, since (or until) when, and in a few words what is wrong with that."""

    guidance: Guidance
    revision: Revision | None
    since: Since
    mark: str
    total: int
    oldest: Since


@dataclass(frozen=True)
class Queue:
    """`since` is the column that tells how long a row has waited; `verb` says what it did then,
    or is empty where that tells nothing."""

    name: str
    title: str
    rows: QuerySet
    since: str
    verb: str
    mark: Callable[[Any], str] = lambda row: ""
    page: str = ""  # the name of a page of its own, where there is one

    def waiting(self) -> QuerySet:
        """The rows, the longest waiting first, each with `since`, `total` and `oldest`."""
        return self.rows.annotate(
            since=F(self.since), total=Window(Count("pk")), oldest=Window(Min(self.since))
        ).order_by(F("since").asc(nulls_first=True), "pk")

    def first(self, most: int) -> list[Waiting]:
        return [self.shown(row) for row in self.waiting()[:most]]

    def shown(self, row: Any) -> Waiting:
        revision = row if isinstance(row, Revision) else None
        guidance = revision.guidance if revision else row
        return Waiting(guidance, revision, row.since, self.mark(row), row.total, row.oldest)


def queues(account: Any, roles: Collection[str], *, on: date, now: datetime) -> list[Queue]:
    """The queues of an account, the most pressing first. `on` is today."""
    revisions = Revision.objects.with_subjects()
    guidance = Guidance.objects.with_subjects()
    to_approve = revisions.waiting_for(account) if approves(roles) else revisions.none()
    offered = revisions.offered() if writes(roles) else revisions.none()
    return [
        Queue("returned", "Returned to me", revisions.returned_to(account), "saved_at", "returned"),
        Queue("waiting", "Waiting for me", to_approve, "saved_at", "submitted"),
        Queue("drafts", "My drafts", revisions.drafts_of(account), "saved_at", "last saved"),
        Queue("offered", "Offered by the starter pack", offered, "saved_at", "offered"),
        Queue(
            "unsigned",
            "Published at once, to be signed",
            revisions.unsigned(),
            "saved_at",
            "published",
            mark=lambda revision: _unsigned_mark(revision, on),
        ),
        Queue(
            "scheduled",
            "Scheduled",
            revisions.scheduled(),
            "publish_on",
            "for",
            mark=lambda revision: _late_mark(revision, now),
        ),
        Queue(
            "changed",
            "Changed by CMS",
            guidance.changed_by_cms(),
            "facts_reviewed__quarter",
            "held against the facts of",
            page="admin:guidance_changed",
        ),
        Queue(
            "lists",
            "Families with new or ended codes",
            guidance.with_new_or_ended_codes(),
            "facts_reviewed__quarter",
            "held against the facts of",
            page="admin:guidance_changed_lists",
        ),
        Queue("overdue", "Overdue for review", guidance.overdue(on), "review_due", "due"),
        Queue(
            "failing",
            "Failing checks",
            guidance.failing_checks(),
            "review_due",
            "",
            mark=lambda one: f"{one.findings[0][0]}: {one.findings[0][2]}",
        ),
    ]


def _unsigned_mark(revision: Revision, on: date) -> str:
    published = day_of(revision.saved_at)
    waited = working_days(published, on)
    return f"unsigned for {waited} working days" if waited > DAYS_TO_SIGN else ""


def _late_mark(revision: Revision, now: datetime) -> str:
    """It was due as its day began, or when it was scheduled for a day that had begun."""
    day = datetime.combine(revision.publish_on or date.max, time.min, EASTERN)
    due = max(day, revision.reviewed_at) if revision.reviewed_at else day
    return "late: it should be public by now" if now > due + LATE else ""
