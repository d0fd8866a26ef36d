"""What readers leave behind, counted without saying who, and what readers are told was wrong."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from codes import querysets
from codes.models.entry import Entry


class MonthlyCount(models.Model):
    """How often something was asked for in a month. No address, no account, no order in time."""

    class Kind(models.TextChoices):
        PAGE = "page", "page of a code read"
        API = "api", "entry of a code read through the API"
        NOTHING_FOUND = "nothing_found", "search that found nothing"

    month = models.DateField(help_text="Its first day")
    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=60, help_text="The code, or the words that were searched for")
    count = models.PositiveIntegerField()

    objects = querysets.MonthlyCountQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "kind", "-count"]
        constraints = [
            models.UniqueConstraint(
                name="monthly_count_is_one_a_month", fields=["kind", "key", "month"]
            ),
            models.CheckConstraint(
                name="monthly_count_is_of_a_months_first_day", condition=Q(month__day=1)
            ),
        ]
        # With the key and the count in it, a sum over months reads the index alone.
        indexes = [
            models.Index(name="monthly_counts_by_month", fields=["kind", "month", "key", "count"])
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind} {self.key}: {self.count}"


class Correction(models.Model):
    """Guidance that was public and wrong: what it was about, and what was wrong with it."""

    kind = models.CharField(max_length=20, choices=Entry.Kind)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    note = models.TextField(help_text="What was wrong, for the public")
    published_on = models.DateField(null=True, help_text="Since when it had been public")
    withdrawn_on = models.DateField()

    class Meta:
        ordering = ["-withdrawn_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="correction_says_what_was_wrong", condition=~Q(note=""))
        ]

    def __str__(self) -> str:
        return f"{self.key} on {self.withdrawn_on}"

    def get_absolute_url(self) -> str:
        return reverse(f"codes:{self.kind}", args=[self.key])
