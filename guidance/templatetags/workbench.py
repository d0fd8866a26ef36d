"""The admin's home: what waits for whoever looks at it."""

from typing import Any

from django import template
from django.utils import timezone

from codes.calendar import today
from codes.models import ContactRequest
from guidance.actions import roles_of
from guidance.actions.contact import kinds_read_by
from guidance.queues import queues

register = template.Library()
SHOWN = 20  # of each queue


@register.inclusion_tag("admin/guidance/workbench.html")
def workbench(user: Any) -> dict:
    """The queues of an account that hold anything, each with its first rows."""
    roles = roles_of(user)
    mine = queues(user, roles, on=today(), now=timezone.now())
    found = [(queue, queue.first(SHOWN)) for queue in mine]
    return {
        "queues": [(queue, rows) for queue, rows in found if rows],
        "new_messages": _new_messages(kinds_read_by(roles)),
    }


def _new_messages(kinds: list[str]) -> int | None:
    """How many messages of these kinds nobody has taken up; None for those who read no kind."""
    return ContactRequest.objects.new().filter(kind__in=kinds).count() if kinds else None
