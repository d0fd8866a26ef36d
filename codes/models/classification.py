"""How we sort codes: sections, families and traits. CMS's file has none of them; these are ours."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse


class Section(models.Model):
    """The first letter of a code, with our own title for it."""

    letter = models.CharField(max_length=1, unique=True)
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ["letter"]
        constraints = [
            models.CheckConstraint(
                name="section_letter_is_a_to_v", condition=Q(letter__regex=r"^[A-V]$")
            )
        ]

    def __str__(self) -> str:
        return f"Section {self.letter}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("codes:section", args=[self.letter])


class Family(models.Model):
    """Neighbouring codes that are billed alike. The most specific range wins a code."""

    slug = models.SlugField(max_length=40, unique=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="families")
    title = models.CharField(max_length=120)
    ranges = models.CharField(max_length=200, help_text="Such as A0021;A0225-A0999")

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("codes:family", args=[self.slug])


class Trait(models.Model):
    """What cuts across families: capped rental, biosimilar, paid by the quarter hour …

    `rule` is read by codes.classification; a trait without one has its members listed in
    TraitMembership. A lower rank is stronger.
    """

    slug = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    rank = models.PositiveSmallIntegerField(unique=True)
    rule = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("codes:trait", args=[self.slug])


class TraitMembership(models.Model):
    """A code that a published list gives a trait, for dates of service in `starts_on … ends_on`."""

    trait = models.ForeignKey(Trait, on_delete=models.CASCADE, related_name="memberships")
    code = models.ForeignKey("codes.Code", on_delete=models.CASCADE, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["trait", "code", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="trait_membership_starts_once_a_day", fields=["trait", "code", "starts_on"]
            ),
            models.CheckConstraint(
                name="trait_membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} in {self.trait_id} from {self.starts_on}"
