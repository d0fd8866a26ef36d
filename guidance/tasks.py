"""What the clock asks of guidance."""

from celery import shared_task

from codes.calendar import today
from guidance import actions


@shared_task
def publish_scheduled_guidance(**_) -> int:
    """Publish the revisions that are scheduled for today or before; returns how many."""
    return actions.publish_scheduled(on=today())


@shared_task
def refresh_findings(**_) -> int:
    """Run the checks over all that is published, since a source may have been retired or a code have
    ended overnight; returns how many subjects have findings."""
    return actions.refresh_findings(on=today())
