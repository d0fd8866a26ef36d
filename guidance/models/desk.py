"""What the editors' desk keeps beside the guidance itself: typing, links to a draft, batches."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from guidance import querysets
from guidance.models.revision import Guidance, Revision


class Typing(models.Model):
    """What someone has on the form of a revision and has not saved: kept every few seconds.

    Nothing is read from `body` but into that person's own form. `seen_at` tells the others who else
    is at it.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="typing")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="typing"
    )
    seen_at = models.DateTimeField()
    edition = models.PositiveIntegerField(help_text="The revision's, when the form was opened")
    body = models.TextField(blank=True, help_text="The form as the browser sends it; empty: saved")

    class Meta:
        verbose_name_plural = "typing"
        constraints = [
            models.UniqueConstraint(
                name="typing_is_one_a_person_and_revision", fields=["revision", "user"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.revision}"


class PreviewLink(models.Model):
    """A signed address at which someone without an account may read a draft, until it ends."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="preview_links")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="preview_link_ends_after_it_is_made",
                condition=Q(ends_at__gt=models.F("made_at")),
            )
        ]

    def __str__(self) -> str:
        return f"Preview of {self.revision} until {self.ends_at:%Y-%m-%d}"


class Batch(models.Model):
    """What was done to many at once, so that it can be undone at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                name="batch_is_undone_by_someone_at_a_time",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.by} at {self.at:%Y-%m-%d %H:%M}"


class BatchItem(models.Model):
    """One subject of a batch, and what undoing puts back."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    guidance = models.ForeignKey(Guidance, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(default=dict, help_text="The columns as they were")

    class Meta:
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="batch_has_a_subject_once", fields=["batch", "guidance", "revision"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.guidance} in {self.batch_id}"
