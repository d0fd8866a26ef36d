"""What the clock asks of guidance."""

from celery import shared_task

from codes.calendar import today
from guidance import actions


@shared_task
def publish_scheduled_guidance(**_) -> int:
    """Publish the revisions that are scheduled for today or before; returns how many."""
    return actions.publish_scheduled(on=today())
