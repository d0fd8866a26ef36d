"""What has been published: the only table of guidance that entries are composed from."""

from django.db import models

from codes.models import Release
from guidance.models.revision import Guidance, Revision


class PublishedGuidance(models.Model):
    """A revision frozen as it was published, for dates of service from `valid_from`.

    `content` is what guidance.content describes. Of a guidance's rows the one with the latest
    `valid_from` on or before the date of service speaks; of two from one day, the newer revision.
    """

    guidance = models.ForeignKey(Guidance, on_delete=models.PROTECT, related_name="published")
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="published")
    number = models.PositiveIntegerField()
    scope = models.CharField(max_length=10)
    key = models.CharField(max_length=40)
    valid_from = models.DateField()
    reviewed_on = models.DateField(null=True, help_text="Empty: not yet reviewed here")
    facts_reviewed = models.ForeignKey(
        Release,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The newest release when someone last said that the guidance is right",
    )
    content = models.JSONField()

    class Meta:
        ordering = ["scope", "key", "valid_from", "number"]
        verbose_name_plural = "published guidance"
        constraints = [
            models.UniqueConstraint(
                name="published_guidance_number_is_unique", fields=["guidance", "number"]
            )
        ]
        indexes = [models.Index(name="published_guidance_of", fields=["scope", "key"])]

    def __str__(self) -> str:
        return f"{self.scope} {self.key} from {self.valid_from}"


class PackLoad(models.Model):
    """A load of a starter pack; the newest tells whether a start has anything to load."""

    digest = models.CharField(
        max_length=64, help_text="sha256 of all that the stored entries were made of"
    )
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Load {self.digest[:12]}"
