"""What is wrong with a revision, as the form and the desk show it: each with the way to its field."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseFormSet, Form
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from codes.calendar import today
from guidance import models
from guidance.checks import TOPIC_NAMES, Finding
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
    """`severity`, `place`, `message`, `href` of each and the topic and row that it is `at`, errors
    first. The revision comes whole."""
    form = reverse("admin:guidance_revision_change", args=[revision.pk])
    return list(_shown(findings_in(revision, today()), form))


def _shown(findings: Iterable[Finding], form: str) -> Iterable[dict]:
    for finding in findings:
        yield {
            "severity": str(finding.severity),
            "place": finding.place,
            "message": finding.message,
            "href": f"{form}#{_field_of(finding)}",
            "at": (finding.topic, finding.row),
        }


def found_here(findings: Iterable[dict], topic: str, row: int | None = None) -> SafeString:
    """Those of a text, or of a row, to stand at it."""
    here = [finding for finding in findings if finding["at"] == (topic, row)]
    if not here:
        return SafeString()
    return render_to_string("admin/guidance/revision/found_here.html", {"findings": here})


def refusals(form: Form, lists: Iterable[BaseFormSet]) -> list[dict]:
    """What a form that was sent is not saved for: `place`, `message` and `href` of each."""
    found = [refusal for name in form.errors for refusal in _refused(form, name, "")]
    for formset in lists:
        topic = TOPIC_NAMES.get(str(formset.prefix), "Citations")
        for number, row in enumerate(formset.forms, start=1):
            for name in row.errors:
                found += _refused(row, name, f"{topic}, row {number}")
    return found


def _refused(form: Form, name: str, row: str) -> Iterable[dict]:
    """Each thing wrong with a field; what is wrong with a row as a whole leads to the row."""
    if name == NON_FIELD_ERRORS and not row:
        return  # it stands over the form
    is_whole = name == NON_FIELD_ERRORS
    field = "" if is_whole else str(form[name].label)
    place = ", ".join(filter(None, (row, field)))
    href = f"#{form.prefix}" if is_whole else f"#{form[name].id_for_label}"
    for message in form.errors[name]:
        yield {"place": place, "message": message, "href": href}


def _field_of(finding: Finding) -> str:
    if finding.row is not None:
        return f"id_{finding.topic}-{finding.row}-{MAIN_FIELD[finding.topic]}"
    return f"id_{finding.topic}" if finding.topic in (*TEXTS, "specialties") else "id_review_due"
