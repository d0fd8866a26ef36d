"""Codes and modifiers as CMS describes them, by date of service.

The tables are computed from the releases (codes.importer.history); nothing here is edited by hand
but CodeRelation.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from codes import querysets
from codes.models.classification import Family, Section
from codes.models.release import Release


class Code(models.Model):
    """The identity of a code. What it means on a date is its version on that date.

    A code without versions is one that guidance speaks of and no imported release lists.
    """

    code = models.CharField(max_length=5, unique=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="codes")
    family = models.ForeignKey(Family, null=True, on_delete=models.SET_NULL, related_name="codes")
    last_release = models.ForeignKey(
        Release,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The newest release that lists the code",
    )

    objects = querysets.CodeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="code_is_a_letter_and_four_digits", condition=Q(code__regex=r"^[A-V]\d{4}$")
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("codes:code", args=[self.code])


class Modifier(models.Model):
    """The identity of a two-character modifier."""

    code = models.CharField(max_length=2, unique=True)
    last_release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")

    objects = querysets.ModifierQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="modifier_is_two_characters", condition=Q(code__regex=r"^[A-Z0-9]{2}$")
            )
        ]

    def __str__(self) -> str:
        return self.code


class Period(models.Model):
    """A stretch of use. CMS re-uses ended codes: each use is a period of its own."""

    added = models.DateField()
    terminated = models.DateField(null=True, help_text="The last day on which it may be used")
    text_known_from = models.DateField(help_text="The release from which its wording is known")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_is_added",
                condition=Q(terminated__isnull=True) | Q(terminated__gte=F("added")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.added} to {self.terminated or 'now'}"

    def status_on(self, on: date) -> str:
        """active, ended or future on the date; the first and the last day are active."""
        if on < self.added:
            return "future"
        return "ended" if self.terminated and on > self.terminated else "active"


class Version(models.Model):
    """All that CMS says, unchanged from `starts_on`.

    `reads_from … reads_until` are the dates for which a reader is shown this version: the first
    one also answers for the days before it, the last one for the days after an end, so that
    every date has just one.
    """

    starts_on = models.DateField()
    reads_from = models.DateField(null=True)
    reads_until = models.DateField(null=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    short = models.CharField(max_length=40)
    long = models.TextField()
    fields = models.JSONField(default=dict, help_text="CMS's other fields that are not empty")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_reads_forward",
                condition=Q(reads_from__isnull=True)
                | Q(reads_until__isnull=True)
                | Q(reads_until__gte=F("reads_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.short} from {self.starts_on}"


class Change(models.Model):
    """What a release changed against the release before it in time."""

    class Kind(models.TextChoices):
        ADDED = "added", "new in this release"
        CHANGED = "changed", "changed"
        ENDED = "ended", "ended"
        MISSING = "missing", "no longer in the file, without an end"
        RETURNED = "returned", "back in the file"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="%(class)ss")
    kind = models.CharField(max_length=10, choices=Kind)
    field = models.CharField(max_length=30, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.field}".strip()


class CodePeriod(Period):
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="periods")

    class Meta(Period.Meta):
        ordering = ["code", "added"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(name="code_is_added_once_a_day", fields=["code", "added"]),
        ]


class CodeVersion(Version):
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="versions")
    period = models.ForeignKey(CodePeriod, on_delete=models.CASCADE, related_name="versions")

    objects = querysets.VersionQuerySet.as_manager()

    class Meta(Version.Meta):
        ordering = ["code", "starts_on"]
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(name="code_changes_once_a_day", fields=["code", "starts_on"]),
        ]


class CodeChange(Change):
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="changes")

    class Meta:
        ordering = ["release", "code", "field"]
        indexes = [models.Index(name="code_changes_of_a_release", fields=["release", "kind"])]


class ModifierPeriod(Period):
    modifier = models.ForeignKey(Modifier, on_delete=models.CASCADE, related_name="periods")

    class Meta(Period.Meta):
        ordering = ["modifier", "added"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                name="modifier_is_added_once_a_day", fields=["modifier", "added"]
            ),
        ]


class ModifierVersion(Version):
    modifier = models.ForeignKey(Modifier, on_delete=models.CASCADE, related_name="versions")
    period = models.ForeignKey(ModifierPeriod, on_delete=models.CASCADE, related_name="versions")

    objects = querysets.VersionQuerySet.as_manager()

    class Meta(Version.Meta):
        ordering = ["modifier", "starts_on"]
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="modifier_changes_once_a_day", fields=["modifier", "starts_on"]
            ),
        ]


class ModifierChange(Change):
    modifier = models.ForeignKey(Modifier, on_delete=models.CASCADE, related_name="changes")

    class Meta:
        ordering = ["release", "modifier", "field"]


class WrittenHistory(models.Model):
    """What the rows of a code or modifier were last written from, to write only what differs."""

    subject = models.CharField(max_length=5, unique=True)
    digest = models.CharField(max_length=64, help_text="sha256 of the computed history")

    class Meta:
        verbose_name_plural = "written histories"

    def __str__(self) -> str:
        return self.subject


class CodeRelation(models.Model):
    """A tie between two codes that CMS's file does not give: curated, dated, sourced."""

    class Kind(models.TextChoices):
        REPLACED_BY = "replaced_by", "replaced by"
        ALTERNATIVE_OF = "alternative_of", "alternative to"
        ESRD_TWIN_OF = "esrd_twin_of", "twin for patients on dialysis"
        BIOSIMILAR_OF = "biosimilar_of", "biosimilar of"
        FABRICATION_PAIR_OF = "fabrication_pair_of", "same device, made or fitted differently"

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=Kind)
    other = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="+")
    from_date = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["code", "kind", "other"]
        constraints = [
            models.UniqueConstraint(
                name="code_relation_is_stated_once", fields=["code", "kind", "other"]
            ),
            models.CheckConstraint(
                name="code_relation_is_to_another_code", condition=~Q(code=F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.kind} {self.other_id}"
