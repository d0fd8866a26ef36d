"""What editors say of guidance whose facts CMS has changed."""

from datetime import date
from typing import Any

from django.db import transaction

from codes import publication
from guidance.actions.audit import record
from guidance.actions.publishing import touched_by
from guidance.actions.workflow import NotAllowed, roles_of
from guidance.actions.writing import note_facts_reviewed
from guidance.models import Guidance
from guidance.workflow import writes


@transaction.atomic
def still_right(*, guidance: Guidance, by: Any, on: date) -> None:
    """Say that a guidance is right after what CMS changed; the public flag goes. `on` is today."""
    if not writes(roles_of(by)):
        raise NotAllowed(f"{by} may not say that guidance is right.")
    publication.wait_for_turn()
    note_facts_reviewed(Guidance.objects.filter(pk=guidance.pk))
    record("still right", guidance, by)
    publication.publish(touched_by(guidance), on=on, reason=f"{guidance} is still right")
