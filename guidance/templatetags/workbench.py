"""The admin's home: what waits for whoever looks at it."""

from typing import Any

from django import template
from django.utils import timezone

from codes.calendar import today
from guidance.actions import roles_of
from guidance.queues import queues

register = template.Library()
SHOWN = 20  # of each queue


@register.inclusion_tag("admin/guidance/workbench.html")
def workbench(user: Any) -> dict:
    """The queues of an account that hold anything, each with its first rows."""
    mine = queues(user, roles_of(user), on=today(), now=timezone.now())
    found = [(queue, queue.first(SHOWN)) for queue in mine]
    return {"queues": [(queue, rows) for queue, rows in found if rows]}
