"""The entry store: one finished document a subject, and the record of its changes.

Only codes.publication writes here.
"""

import json
from functools import cached_property

from django.db import models
from django.db.models import Q

from codes import querysets

# Which page shows an entry of each kind.
PAGES = {
    "code": "codes:code",
    "section": "codes:section",
    "family": "codes:family",
    "trait": "codes:trait",
    "specialty": "codes:specialty",
    "denial_category": "codes:denial_category",
}


class LongText(models.TextField):
    """A text that is sent to PostgreSQL as a value of its own.

    Of plain columns Django sends the values of many rows as one array; the quoting of every quote
    of a document within it took a fifth of an import.
    """

    def get_placeholder(self, value, compiler, connection) -> str:
        return "%s"

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs  # the same column


class EntryGuidance(models.Model):
    """The inherited half of entry documents, shared by all subjects that inherit the same."""

    document = LongText(help_text="JSON: traits, topics, their sources, state of review")
    digest = models.CharField(max_length=64, unique=True, help_text="sha256 of the document")

    class Meta:
        verbose_name_plural = "entry guidance"

    def __str__(self) -> str:
        return self.digest[:12]


class Entry(models.Model):
    """One subject's document, as every face shows it today."""

    class Kind(models.TextChoices):
        CODE = "code", "code"
        FAMILY = "family", "family"
        SECTION = "section", "section"
        TRAIT = "trait", "trait"
        SPECIALTY = "specialty", "specialty"
        DENIAL_CATEGORY = "denial_category", "denial category"
        CALL_TO_ACTION = "call_to_action", "call to action"

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    facts = LongText(help_text="JSON: the subject's own half of the document")
    guidance = models.ForeignKey(
        EntryGuidance, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    digest = models.CharField(max_length=64, help_text="sha256 that stands for both halves")
    until = models.DateField(null=True, help_text="The first day on which it may read differently")

    objects = querysets.EntryQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "key"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(name="entry_is_one_a_subject", fields=["kind", "key"])
        ]
        indexes = [models.Index(name="entries_due", fields=["until"])]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    @property
    def document(self) -> str:
        """The entry document as JSON; docs/entry.schema.json says what it holds."""
        if self.guidance is None:
            return self.facts
        # Spliced, so that readers get the bytes that are stored: nothing is decoded and encoded again.
        return f"{self.facts[:-1]},{self.guidance.document[1:]}"

    @cached_property
    def data(self) -> dict:
        return json.loads(self.document)


class EntryFacet(models.Model):
    """What the entries with this half are found under: a trait, a specialty, a denial category."""

    guidance = models.ForeignKey(EntryGuidance, on_delete=models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=20, choices=Entry.Kind)
    slug = models.CharField(max_length=40)

    class Meta:
        ordering = ["guidance", "kind", "slug"]
        constraints = [
            models.UniqueConstraint(
                name="entry_facet_is_stated_once", fields=["kind", "slug", "guidance"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class EntryFaq(models.Model):
    """A question that the entry's own guidance answers (an inherited one stands with its owner)."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="faqs")
    position = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=300)
    answer = models.TextField()
    html = models.TextField(help_text="The answer, sanitised")

    objects = querysets.EntryFaqQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(
                name="entry_faq_position_is_unique_in_its_entry", fields=["entry", "position"]
            )
        ]

    def __str__(self) -> str:
        return self.question


class ChangeNumber(models.Model):
    """The number of the newest EntryChange. One row: locking it puts publications in a row."""

    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="change_number_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.last)


class Publication(models.Model):
    """One transaction that changed what the public sees."""

    reason = models.CharField(max_length=200)
    published_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.published_at:%Y-%m-%d %H:%M}: {self.reason}"


class EntryChange(models.Model):
    """One change of one entry, in a gapless numbering. Append-only."""

    class Kind(models.TextChoices):
        STORED = "stored", "stored"
        REMOVED = "removed", "removed"

    number = models.PositiveBigIntegerField(unique=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="changes")
    entry_kind = models.CharField(max_length=20, choices=Entry.Kind)
    entry_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="entry_change_is_numbered_from_one",
                condition=Q(number__gte=1),
            ),
            models.CheckConstraint(
                name="entry_change_has_a_digest_unless_removed",
                condition=Q(kind="removed", digest="") | (Q(kind="stored") & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.entry_key} {self.kind}"
