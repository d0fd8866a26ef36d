"""The files that CMS publishes, as they were imported."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse

from codes import querysets
from codes.calendar import month_of


class Release(models.Model):
    """One file of CMS for one quarter. A re-issue of a quarter is another row of that quarter.

    `records` holds what the importer read, as `codes.importer.records.dump_records` writes it: the
    history of every code is computed from the records of all published releases.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "uploaded, not yet published"
        PUBLISHED = "published", "published"

    quarter = models.DateField(help_text="The first day on which the release is in force")
    label = models.CharField(max_length=20, blank=True, help_text="Such as v3, for a re-issue")
    rank = models.CharField(max_length=100, help_text="Orders the re-issues of a quarter")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    is_excerpt = models.BooleanField(
        default=False, help_text="A few rows of a release, that stand in until a real one comes"
    )
    records = models.BinaryField()
    record_count = models.PositiveIntegerField()
    code_count = models.PositiveIntegerField()
    modifier_count = models.PositiveIntegerField()
    ended_count = models.PositiveIntegerField(help_text="Codes with a termination date")
    unknown_values = models.JSONField(default=list, blank=True)
    notes = models.JSONField(
        default=list, blank=True, help_text="Sentences: what was mended or left out on reading"
    )
    accepted_missing = models.CharField(
        max_length=300, blank=True, help_text="Why a file with many codes missing was accepted"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-quarter", "-rank"]
        constraints = [
            models.CheckConstraint(
                name="release_is_published_at_a_time",
                condition=Q(status="draft", published_at__isnull=True)
                | Q(status="published", published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="release_is_in_force_from_a_quarters_first_day",
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
            ),
            models.UniqueConstraint(
                name="release_rank_is_unique_in_its_quarter",
                fields=["quarter", "rank"],
                condition=Q(status="published", is_excerpt=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.file_name})"

    def get_absolute_url(self) -> str:
        return reverse("codes:release", args=[self.quarter])

    def is_news_after(self, seen: "Release | None") -> bool:
        """Whether whoever saw the other release has yet to see this one: it is of a later quarter,
        or a re-issue published after that. The release that an excerpt was taken from is no news."""
        if seen is None:
            return True
        if self.quarter != seen.quarter:
            return self.quarter > seen.quarter
        return not seen.is_excerpt and self.published_at > seen.published_at

    def reaches(self, on: date) -> bool:
        """Whether no later quarter's release could say otherwise of a date: it lies before the
        quarter after this one."""
        return on < month_of(self.quarter, before=-3)

    @property
    def key(self) -> str:
        """The quarter as in addresses: 2025-10."""
        return f"{self.quarter:%Y-%m}"

    @property
    def title(self) -> str:
        return " ".join(filter(None, [f"{self.quarter:%B %Y}", self.label]))
