"""What the clock asks of guidance, and what is done off the request path."""

import logging
from typing import Any

from celery import Task, shared_task
from django.contrib.auth import get_user_model
from kombu.exceptions import OperationalError

from codes.calendar import today
from guidance import actions

log = logging.getLogger(__name__)


@shared_task
def publish_scheduled_guidance(**_) -> int:
    """Publish the revisions that are scheduled for today or before; returns how many."""
    return actions.publish_scheduled(on=today())


@shared_task
def refresh_findings(**_) -> int:
    """Run the checks over all that is published, since a source may have been retired or a code have
    ended overnight; returns how many subjects have findings."""
    return actions.refresh_findings(on=today())


@shared_task
def mail_link(*, account_id: int, site: str, **_) -> None:
    """Mail an account the link that sets its password. The link is made here, so that no queue
    holds it."""
    actions.mail_link(account=get_user_model().objects.get(pk=account_id), site=site)


@shared_task
def mail_reset_links(*, email: str, site: str, **_) -> None:
    """Mail links to whatever accounts have the address. To look them up takes a time that tells
    whether there is one, so it is not done while someone waits for the answer."""
    actions.mail_reset_links(email=email, site=site)


def hand_over(task: Task, **said: Any) -> None:
    """Leave a task to the worker; where the queue cannot be reached, do it now."""
    try:
        task.delay(**said)
    except OperationalError as error:
        log.warning("The queue cannot be reached: %s is done at once. %s", task.name, error)
        task(**said)
