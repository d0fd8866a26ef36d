"""The admin's home: what waits for whoever looks at it."""

from typing import Any

from django import template

from codes.calendar import today
from guidance.models import Guidance, Revision
from guidance.models.revision import KEY_FIELD

register = template.Library()
SHOWN = 20  # of each queue


@register.inclusion_tag("admin/guidance/workbench.html")
def workbench(user: Any) -> dict:
    """The queues of an account, the most pressing first: `(title, revisions)` and `(…, guidance)`."""
    revisions = Revision.objects.select_related(*(f"guidance__{scope}" for scope in KEY_FIELD))
    guidance = Guidance.objects.with_subjects()
    return {
        "revision_queues": [
            ("Returned to me", revisions.returned_to(user)[:SHOWN]),
            ("Waiting for me", revisions.waiting_for(user)[:SHOWN]),
            ("My drafts", revisions.drafts_of(user)[:SHOWN]),
            ("Published at once, to be signed", revisions.unsigned()[:SHOWN]),
            ("Scheduled", revisions.scheduled()[:SHOWN]),
        ],
        "guidance_queues": [
            ("Changed by CMS", guidance.changed_by_cms()[:SHOWN]),
            ("Overdue for review", guidance.overdue(today())[:SHOWN]),
        ],
    }
