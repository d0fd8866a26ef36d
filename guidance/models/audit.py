"""Who did what, when and why: a row for every write, in the write's own transaction."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """One write. Never changed, never deleted."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty for the clock and for commands",
    )
    action = models.CharField(max_length=40)
    guidance = models.ForeignKey(
        "guidance.Guidance", null=True, on_delete=models.PROTECT, related_name="events"
    )
    revision_number = models.PositiveIntegerField(null=True)
    subject = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    batch = models.UUIDField(null=True, help_text="One for all that was done at once")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="audit_events_of_guidance", fields=["guidance", "-id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
