"""What is on someone's form and not saved: kept for them alone, so that nothing typed is lost.

No audit rows: it says nothing to anyone else, and comes every few seconds.
"""

from datetime import datetime
from typing import Any

from guidance.actions.workflow import NotAllowed, roles_of
from guidance.models import Revision, Typing
from guidance.workflow import writes


def keep_typing(*, revision: Revision, by: Any, edition: int, body: str, at: datetime) -> None:
    """Keep the form as it stands, in the place of what was kept before; empty: it is as saved."""
    _see(revision, by, at, {"edition": edition, "body": body})


def note_presence(*, revision: Revision, by: Any, edition: int, at: datetime) -> None:
    """Someone has the form open, and has typed nothing new."""
    _see(revision, by, at, {}, edition)


def drop_typing(*, revision: Revision, by: Any) -> None:
    Typing.objects.filter(revision=revision, user=by).delete()


def _see(
    revision: Revision, by: Any, at: datetime, values: dict[str, Any], edition: int = 0
) -> None:
    if not writes(roles_of(by)):
        raise NotAllowed(f"{by} may not write in {revision}.")
    Typing.objects.update_or_create(
        revision=revision,
        user=by,
        defaults={"seen_at": at} | values,
        create_defaults={"seen_at": at, "edition": edition} | values,
    )
