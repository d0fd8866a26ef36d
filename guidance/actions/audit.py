"""Who did what: an audit row for each write, in the write's own transaction."""

from typing import Any
from uuid import UUID

from guidance.models import AuditEvent, Guidance


def record(
    action: str,
    guidance: Guidance,
    by: Any,
    *,
    number: int | None = None,
    note: str = "",
    batch: UUID | None = None,
) -> None:
    """Of a subject, or of its revision of that number. `by` None is the clock."""
    event(action, guidance, by, number=number, note=note, batch=batch).save()


def event(
    action: str,
    guidance: Guidance,
    by: Any,
    *,
    number: int | None = None,
    note: str = "",
    batch: UUID | None = None,
) -> AuditEvent:
    """The row of `record`, not yet saved, for those who save many."""
    return AuditEvent(
        actor=by,
        action=action,
        guidance=guidance,
        revision_number=number,
        subject=str(guidance),
        note=note,
        batch=batch,
    )


def record_shared(action: str, subject: str, by: Any, *, note: str = "") -> None:
    """Of what is no guidance: an account, a vocabulary entry, the call to action."""
    AuditEvent.objects.create(actor=by, action=action, subject=subject, note=note)
