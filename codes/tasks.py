"""Work off the request path. A task carries ids to one action; running it twice does no harm."""

from celery import shared_task

from codes import actions
from codes.calendar import today
from codes.models import Release


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
