"""What editors write: one Guidance a subject, revised; each revision whole in itself.

The public never reads these tables: publishing freezes a revision into PublishedGuidance.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from codes.models import Code, Family, Release, Section, Trait
from guidance import querysets
from guidance.models.vocabulary import (
    CptReference,
    DenialCategory,
    PayerClass,
    Remedy,
    Source,
    Specialty,
)
from guidance.querysets import SUBJECTS
from guidance.workflow import OPEN, Status

# Each kind of subject, and the field that names one of them.
KEY_FIELD = {"section": "letter", "family": "slug", "trait": "slug", "code": "code"}


def subject_model(scope: str) -> Any:
    """The table of all that a scope may speak of."""
    return Guidance._meta.get_field(scope).related_model


def one_subject() -> Q:
    """Exactly one of the four subject columns is set."""
    found = Q()
    for chosen in SUBJECTS:
        found |= Q(**{f"{name}__isnull": name != chosen for name in SUBJECTS})
    return found


class Guidance(models.Model):
    """What we say about one section, family, trait or code."""

    section = models.OneToOneField(Section, null=True, blank=True, on_delete=models.PROTECT)
    family = models.OneToOneField(Family, null=True, blank=True, on_delete=models.PROTECT)
    trait = models.OneToOneField(Trait, null=True, blank=True, on_delete=models.PROTECT)
    code = models.OneToOneField(Code, null=True, blank=True, on_delete=models.PROTECT)
    review_due = models.DateField(
        null=True, blank=True, help_text="By when someone looks at it again"
    )
    facts_reviewed = models.ForeignKey(
        Release,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The newest release when someone last said that the guidance is right",
    )
    findings = models.JSONField(
        default=list,
        blank=True,
        help_text="What the checks last found in what is published: [severity, rule, message]",
    )
    pack_digest = models.CharField(
        max_length=64, blank=True, help_text="sha256 of the starter pack's file it came from"
    )

    objects = querysets.GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "guidance"
        constraints = [
            models.CheckConstraint(name="guidance_has_one_subject", condition=one_subject())
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"

    @property
    def scope(self) -> str:
        return next(name for name in SUBJECTS if getattr(self, f"{name}_id"))

    @property
    def subject(self) -> Section | Family | Trait | Code:
        return getattr(self, self.scope)

    @property
    def key(self) -> str:
        """The subject's key in the entry store: J, j-noc, capped-rental, J3490."""
        return getattr(self.subject, KEY_FIELD[self.scope])


class Revision(models.Model):
    """One edition of a guidance, for dates of service from `valid_from`."""

    Status = Status

    guidance = models.ForeignKey(Guidance, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    valid_from = models.DateField()
    summary = models.TextField(blank=True)
    documentation = models.TextField(blank=True)
    unit = models.TextField("billing unit", blank=True)
    claim_to = models.TextField("who gets the claim", blank=True)
    specialties = models.ManyToManyField(Specialty, blank=True)
    suppress = models.JSONField(
        default=dict, blank=True, help_text="Keys of inherited rows that do not apply, by topic"
    )
    note = models.CharField(max_length=300, blank=True, help_text="Why this revision exists")
    edition = models.PositiveIntegerField(
        default=1, help_text="Raised by each save, so that a save over a newer one is refused"
    )
    is_from_pack = models.BooleanField(default=False, help_text="Came with the starter pack")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authored_revisions"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewed_revisions",
    )
    written_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="written_revisions"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_revisions",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    publish_on = models.DateField(null=True, blank=True, help_text="The day to publish it")
    return_note = models.TextField(blank=True, help_text="What the reviewer asks for")
    emergency_reason = models.CharField(
        max_length=300, blank=True, help_text="Why it was published before anyone else signed"
    )
    withdrawn_note = models.TextField(blank=True)
    withdrawn_as_wrong = models.BooleanField(
        default=False, help_text="The note is then public, in the corrections"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["guidance", "number"]
        constraints = [
            models.UniqueConstraint(
                name="revision_number_is_unique_in_its_guidance", fields=["guidance", "number"]
            ),
            models.CheckConstraint(
                name="revision_reviewer_is_not_its_author",
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")),
            ),
            models.UniqueConstraint(
                name="guidance_has_one_open_revision",
                fields=["guidance"],
                condition=Q(status__in=OPEN),
            ),
            models.CheckConstraint(
                name="revision_waits_for_a_day_if_scheduled",
                condition=~Q(status=Status.SCHEDULED) | Q(publish_on__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_is_withdrawn_with_a_note",
                condition=~Q(status=Status.WITHDRAWN)
                | (~Q(withdrawn_note="") & Q(withdrawn_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="revision_is_signed_or_an_emergency_to_be_published",
                condition=~Q(status=Status.PUBLISHED)
                | Q(reviewer__isnull=False)
                | ~Q(emergency_reason="")
                | Q(is_from_pack=True),
            ),
            models.CheckConstraint(
                name="revision_is_reviewed_by_someone_at_a_time",
                condition=Q(reviewer__isnull=True, reviewed_at__isnull=True)
                | Q(reviewer__isnull=False, reviewed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guidance} revision {self.number}"


class Row(models.Model):
    """One row of a list topic, in the editors' order.

    A draft may be incomplete: what names a row must be there, what it says may come later. It is
    asked for when the draft is submitted.
    """

    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_position_is_unique_in_its_revision",
                fields=["revision", "position"],
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.position} of revision {self.revision_id}"


class CoverageSignal(Row):
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="coverage")
    payer_class = models.CharField(max_length=20, choices=PayerClass)
    text = models.TextField(blank=True)

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                name="coverage_is_said_once_a_payer_class", fields=["revision", "payer_class"]
            ),
        ]


class DenialAdvice(Row):
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="denials")
    category = models.ForeignKey(DenialCategory, on_delete=models.PROTECT, related_name="advice")
    payer_class = models.CharField(max_length=20, choices=PayerClass, default=PayerClass.ANY)
    rarcs = models.JSONField(default=list, blank=True)
    causes = models.TextField(blank=True)
    remedy = models.CharField(max_length=20, choices=Remedy, blank=True)
    deadline = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                name="denial_is_advised_once_a_category_and_payer_class",
                fields=["revision", "category", "payer_class"],
            ),
        ]


class ModifierRule(Row):
    class Relation(models.TextChoices):
        REQUIRED = "required", "Required"
        ALLOWED = "allowed", "May be used"
        FORBIDDEN = "forbidden", "Not to be used"
        ONE_OF = "one_of", "One of"
        ALL_OF = "all_of", "All of"
        FIRST_POSITION = "first_position", "Must stand first"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="modifiers")
    # A modifier's two characters rather than a row: ambulance pairs are built from letters.
    code = models.CharField(max_length=2)
    relation = models.CharField(max_length=20, choices=Relation)
    context = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    from_date = models.DateField(null=True, blank=True)
    until_date = models.DateField(null=True, blank=True)

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                name="modifier_rule_is_stated_once_a_context",
                fields=["revision", "code", "relation", "context"],
            ),
            models.CheckConstraint(
                name="modifier_rule_names_two_characters",
                condition=Q(code__regex=r"^[A-Z0-9]{2}$"),
                violation_error_message="A modifier is two capitals or digits, such as KX.",
            ),
            models.CheckConstraint(
                name="modifier_rule_ends_after_it_begins",
                condition=Q(from_date__isnull=True)
                | Q(until_date__isnull=True)
                | Q(until_date__gte=F("from_date")),
                violation_error_message="The rule ends before it begins: check its two dates.",
            ),
        ]


class Companion(Row):
    class Relation(models.TextChoices):
        ADMINISTERED_BY = "administered_by", "Given by"
        REQUIRES_BASE = "requires_base", "Needs the base item"
        ACCESSORY_OF = "accessory_of", "Accessory of"
        MILEAGE_OF = "mileage_of", "Mileage"
        REPLACES = "replaces", "Replaces"
        ALTERNATIVE_OF = "alternative_of", "Instead of"
        ESRD_TWIN_OF = "esrd_twin_of", "Twin for patients on dialysis"
        ADD_ON_TO = "add_on_to", "Added to"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="companions")
    cpt = models.ForeignKey(CptReference, null=True, blank=True, on_delete=models.PROTECT)
    code = models.ForeignKey(
        Code, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    relation = models.CharField(max_length=20, choices=Relation)
    context = models.CharField(max_length=200, blank=True)

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                name="companion_is_a_cpt_number_or_a_code",
                condition=Q(cpt__isnull=True, code__isnull=False)
                | Q(cpt__isnull=False, code__isnull=True),
            ),
            models.UniqueConstraint(name="companion_cpt_is_named_once", fields=["revision", "cpt"]),
            models.UniqueConstraint(
                name="companion_code_is_named_once", fields=["revision", "code"]
            ),
        ]


class Faq(Row):
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="faqs")
    question = models.CharField(max_length=300)
    answer = models.TextField(blank=True)

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(name="faq_is_asked_once", fields=["revision", "question"]),
        ]


class Citation(models.Model):
    """A source for one statement: of a topic, and of one row where the topic is a list."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    topic = models.CharField(max_length=20)
    row = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Position of the row that it supports, in a list topic"
    )
    locator = models.CharField(max_length=200, blank=True)
    quote = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["revision", "topic", "row", "pk"]

    def __str__(self) -> str:
        return f"{self.source} for {self.topic}"
