"""Work off the request path. A task carries ids to one action; running it twice does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from codes import actions, publication
from codes.calendar import today
from codes.models import Release

NAMED = 20  # stale entries in one line of the log

log = logging.getLogger(__name__)


@shared_task
def publish_release(*, release_id: int, accept_missing: str = "", **_) -> int:
    """Publish an uploaded release; returns how many entries were stored."""
    release = Release.objects.get(pk=release_id)
    outcome = actions.publish_release(release=release, on=today(), accept_missing=accept_missing)
    return outcome.published.stored


@shared_task
def publish_due_entries(**_) -> int:
    """Store anew the entries that read differently from today on."""
    return actions.publish_due_entries(on=today())


@shared_task
def forget_old_counts(**_) -> int:
    """Delete readers' counts of more than 13 months ago; returns how many rows."""
    return actions.forget_old_counts(on=today())


@shared_task
def mail_requests(**_) -> int:
    """Tell of the contact requests that no mail has told of; returns of how many."""
    return actions.mail_requests(at=timezone.now())


@shared_task
def forget_old_requests(**_) -> int:
    """Delete the contact requests that have been kept for their time; returns how many."""
    return actions.forget_old_requests(at=timezone.now())


@shared_task
def report_stale_entries(**_) -> int:
    """Log an error naming the entries that are not what would be composed; returns how many."""
    stale = list(publication.stale_entries(today()))
    if stale:
        log.error(
            "%s stored entries are not what is composed today: %s. Run rebuild_entries.",
            len(stale),
            ", ".join(stale[:NAMED]),
        )
    return len(stale)
