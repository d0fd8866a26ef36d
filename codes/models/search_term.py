"""What people call what a code stands for, in words that CMS's texts do not have."""

from django.db import models
from django.db.models import Q


class SearchTerm(models.Model):
    """A brand, a generic name or a word of everyday that leads to a code, or to a whole family.

    Code and family are texts, so that a term may wait for the release that brings its code.
    `place` orders the codes of one term: 1 is the likeliest.
    """

    class Kind(models.TextChoices):
        BRAND = "brand", "brand name"
        GENERIC = "generic", "generic name"
        LAY = "lay", "everyday words"

    term = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=5, blank=True)
    family = models.CharField(max_length=40, blank=True, help_text="The family's slug")
    place = models.PositiveSmallIntegerField(default=1)
    glossary = models.CharField(max_length=40, help_text="Loading a glossary replaces its terms")
    source = models.CharField(max_length=120, help_text="Where the term is from")

    class Meta:
        ordering = ["term", "place", "code", "family"]
        constraints = [
            models.UniqueConstraint(
                name="search_term_is_stated_once_a_glossary",
                fields=["glossary", "term", "code", "family"],
            ),
            models.CheckConstraint(name="search_term_says_something", condition=~Q(term="")),
            models.CheckConstraint(
                name="search_term_has_a_glossary_and_a_source",
                condition=~Q(glossary="") & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="search_term_leads_to_a_code_or_a_family",
                condition=Q(code__regex=r"^[A-V]\d{4}$", family="") | (Q(code="") & ~Q(family="")),
            ),
            models.CheckConstraint(
                name="search_term_kind_is_known", condition=Q(kind__in=["brand", "generic", "lay"])
            ),
            models.CheckConstraint(
                name="search_term_is_placed_from_one", condition=Q(place__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.code or self.family}"
