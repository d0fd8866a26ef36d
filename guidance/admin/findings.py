"""What the checks find, as the form and the desk show it: each with the way to its field."""

from collections.abc import Iterable

from django.urls import reverse

from codes.calendar import today
from guidance import models
from guidance.checks import Finding
from guidance.checks.drafts import findings_in
from guidance.content import TEXTS

# The field of a row that is looked at first.
MAIN_FIELD = {
    "coverage": "text",
    "denials": "text",
    "modifiers": "text",
    "companions": "context",
    "faqs": "answer",
}


def shown_findings(revision: models.Revision) -> list[dict]:
    """`severity`, `place`, `message` and `href` of each, errors first. The revision comes whole."""
    form = reverse("admin:guidance_revision_change", args=[revision.pk])
    return list(_shown(findings_in(revision, today()), form))


def _shown(findings: Iterable[Finding], form: str) -> Iterable[dict]:
    for finding in findings:
        yield {
            "severity": str(finding.severity),
            "place": finding.place,
            "message": finding.message,
            "href": f"{form}#{_field_of(finding)}",
        }


def _field_of(finding: Finding) -> str:
    if finding.row is not None:
        return f"id_{finding.topic}-{finding.row}-{MAIN_FIELD[finding.topic]}"
    return f"id_{finding.topic}" if finding.topic in (*TEXTS, "specialties") else "id_review_due"
