"""The form of a revision as a browser sends it, and the addresses around it."""

from typing import Any

from django.urls import reverse

from codes.models import Code
from guidance.models import Revision
from guidance.workflow import Status

LISTS = ("coverage", "denials", "modifiers", "companions", "faqs", "citations")


def change_url(revision: Revision) -> str:
    return reverse("admin:guidance_revision_change", args=[revision.pk])


def keep_url(revision: Revision) -> str:
    return reverse("admin:guidance_typing", args=[revision.pk])


def start(client: Any, key: str = "J3490") -> Revision:
    """A draft for a code, started from its desk."""
    client.post(reverse("admin:guidance_start", args=["code", key]))
    return Revision.objects.get(guidance__code=Code.objects.get(code=key), status=Status.DRAFT)


def form_of(revision: Revision, **values: Any) -> dict[str, Any]:
    """What is sent for a draft without rows."""
    sent: dict[str, Any] = dict.fromkeys(
        ("note", "summary", "documentation", "unit", "claim_to", "specialties", "suppress"), ""
    )
    sent |= {"valid_from": "2024-01-01", "review_due": "", "edition": revision.edition}
    for prefix in LISTS:
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return sent | values


def rows_of(prefix: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """New rows of one list."""
    sent = {
        f"{prefix}-{place}-{name}": value
        for place, row in enumerate(rows)
        for name, value in row.items()
    }
    return sent | {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}


def filled_form(page: Any) -> dict[str, Any]:
    """What a browser would send of the form on a page, as it stands there."""
    fields = list(page.context["adminform"].form)
    for group in page.context["inline_admin_formsets"]:
        fields += list(group.formset.management_form)
        fields += [field for row in group.formset.forms for field in row]
    values = {field.html_name: field.value() for field in fields}
    return {
        name: "" if value is None else str(value)
        for name, value in values.items()
        if value is not False
    }


def opened(client: Any, revision: Revision) -> dict[str, Any]:
    """What a browser would send of a draft's form if nothing were changed."""
    return filled_form(client.get(change_url(revision)))
