"""What readers leave behind, counted without saying who, and what readers are told was wrong."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from codes.models.entry import Entry


class DailyCount(models.Model):
    """How often something was asked for on a day. No address, no account, no order in time."""

    class Kind(models.TextChoices):
        PAGE = "page", "page of a code read"
        API = "api", "entry of a code read through the API"
        NOTHING_FOUND = "nothing_found", "search that found nothing"

    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=60, help_text="The code, or the words that were searched for")
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-day", "kind", "-count"]
        constraints = [
            models.UniqueConstraint(name="daily_count_is_one_a_day", fields=["kind", "key", "day"])
        ]
        indexes = [models.Index(name="daily_counts_by_day", fields=["day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}: {self.count}"


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
