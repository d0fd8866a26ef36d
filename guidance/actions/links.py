"""Links at which someone without an account may read a draft."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from guidance.actions.audit import record
from guidance.actions.workflow import NotAllowed, roles_of
from guidance.models import PreviewLink, Revision
from guidance.workflow import OPEN, writes

LIFE = timedelta(days=7)


@transaction.atomic
def make_link(*, revision: Revision, by: Any, at: datetime) -> PreviewLink:
    """A link to an open revision, for seven days from `at`, which is now."""
    _require_writer(by)
    locked = Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    if locked.status not in OPEN:
        raise NotAllowed("Only what is not yet published needs a link: send the public address.")
    link = PreviewLink.objects.create(revision=locked, made_by=by, made_at=at, ends_at=at + LIFE)
    _record("make preview link", link, by)
    return link


@transaction.atomic
def revoke_link(*, link: PreviewLink, by: Any, at: datetime) -> None:
    """End a link at once. One that has ended stays as it is."""
    _require_writer(by)
    if PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at):
        _record("revoke preview link", link, by)


def _require_writer(by: Any) -> None:
    if not writes(roles_of(by)):
        raise NotAllowed(f"{by} may not give drafts out.")


def _record(action: str, link: PreviewLink, by: Any) -> None:
    record(
        action,
        link.revision.guidance,
        by,
        number=link.revision.number,
        note=f"Link {link.pk}, to end at {link.ends_at:%Y-%m-%d %H:%M} UTC",
    )
