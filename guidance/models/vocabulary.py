"""The words that guidance is written in: sources, specialties, denial categories, CPT numbers."""

from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat


class PayerClass(models.TextChoices):
    ANY = "any", "Any payer"
    MEDICARE = "medicare", "Medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage"
    MEDICAID = "medicaid", "Medicaid"
    COMMERCIAL = "commercial", "Commercial"


class Remedy(models.TextChoices):
    RESUBMIT_NEW = "resubmit_new", "Correct and send as a new claim"
    CORRECTED_CLAIM = "corrected_claim", "Send a corrected claim"
    REOPENING = "reopening", "Ask for a reopening"
    APPEAL = "appeal", "Appeal"
    BILL_PATIENT = "bill_patient", "Bill the patient"
    WRITE_OFF = "write_off", "Write off"
    BILL_OTHER_PAYER = "bill_other_payer", "Bill the right payer"
    ATTACH_DOCS = "attach_docs", "Send the documents"


class Source(models.Model):
    """Something that may be cited, with the version or the date that makes it checkable."""

    class Kind(models.TextChoices):
        STATUTE = "statute", "Statute"
        REGULATION = "regulation", "Regulation"
        NCD = "ncd", "National coverage determination"
        MANUAL = "manual", "CMS manual"
        LCD = "lcd", "Local coverage determination"
        ARTICLE = "article", "Billing article"
        MAC_NOTE = "mac_note", "MAC web note"
        CMS_FILE = "cms_file", "CMS data file"
        CMS_NOTICE = "cms_notice", "CMS notice"
        OTHER = "other", "Other"

    slug = models.SlugField(max_length=80, unique=True)
    issuer = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    document = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=300)
    version = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=300, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    last_checked = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="source_has_a_version_or_a_date",
                condition=~Q(version="") | Q(effective_from__isnull=False),
            ),
            models.CheckConstraint(
                name="source_is_retired_after_it_takes_effect",
                condition=Q(effective_from__isnull=True)
                | Q(retired_on__isnull=True)
                | Q(retired_on__gte=F("effective_from")),
                violation_error_message="Retired before it took effect: check the two dates.",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.issuer, self.document, self.title]))


class Specialty(models.Model):
    """A specialty under the name CMS gives it."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120, unique=True)
    cms_code = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "specialties"

    def __str__(self) -> str:
        return self.name


class DenialCategory(models.Model):
    """A claim adjustment group and reason, as a number with our own gloss (never X12's text)."""

    class Group(models.TextChoices):
        CO = "CO", "Provider liable"
        PR = "PR", "Patient may be billed"
        OA = "OA", "Neither"
        PI = "PI", "Payer's own decision, without a contract"

    key = models.CharField(max_length=10, unique=True)
    group = models.CharField(max_length=2, choices=Group)
    carc = models.CharField(max_length=4)
    title = models.CharField(max_length=120)
    gloss = models.TextField()
    causes = models.TextField()
    remedy = models.CharField(max_length=20, choices=Remedy)
    remedy_text = models.TextField()
    deadline = models.CharField(max_length=300, blank=True)
    sources = models.ManyToManyField(Source, blank=True)

    class Meta:
        ordering = ["key"]
        verbose_name_plural = "denial categories"
        constraints = [
            models.CheckConstraint(
                name="denial_category_key_is_its_group_and_carc",
                condition=Q(key=Concat("group", Value("-"), "carc")),
                violation_error_message="The key is the group and the reason, such as CO-16.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"


class CptReference(models.Model):
    """A CPT number with our own words for it (never the AMA's)."""

    number = models.CharField(max_length=5, unique=True)
    label = models.CharField(max_length=120)
    group = models.CharField(max_length=120, help_text="Said instead where CPT is switched off")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="cpt_number_is_five_characters",
                condition=Q(number__regex=r"^\d{4}[0-9A-Z]$"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class CallToAction(models.Model):
    """The panel that leads to a revenue-cycle team. One row."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    button = models.CharField(max_length=40)
    points = models.JSONField(default=list, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "call to action"
        constraints = [models.CheckConstraint(name="call_to_action_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.title


# The column by which texts and files name a row.
NAMED_BY: dict[type[models.Model], str] = {
    Source: "slug",
    Specialty: "slug",
    DenialCategory: "key",
    CptReference: "number",
}


def by_name(vocabulary: type[models.Model]) -> dict[str, Any]:
    """Every row of a vocabulary by the name that texts call it."""
    return vocabulary._default_manager.in_bulk(field_name=NAMED_BY[vocabulary])


def names_in(vocabulary: type[models.Model]) -> set[str]:
    """What texts may name of a vocabulary."""
    return set(vocabulary._default_manager.values_list(NAMED_BY[vocabulary], flat=True))
