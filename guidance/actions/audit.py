"""Who did what: an audit row for each write, in the write's own transaction."""

from typing import Any, TypedDict, Unpack
from uuid import UUID

from guidance.models import AuditEvent, Guidance


class About(TypedDict, total=False):
    """What may be said of a write to guidance: its revision, why, and within which batch."""

    number: int | None
    note: str
    batch: UUID | None


def record(action: str, guidance: Guidance, by: Any, **about: Unpack[About]) -> None:
    """Of a subject, or of its revision of that number. `by` None is the clock."""
    event(action, guidance, by, **about).save()


def event(action: str, guidance: Guidance, by: Any, **about: Unpack[About]) -> AuditEvent:
    """The row of `record`, not yet saved, for those who save many."""
    return AuditEvent(
        actor=by,
        action=action,
        guidance=guidance,
        subject=str(guidance),
        revision_number=about.get("number"),
        note=about.get("note", ""),
        batch=about.get("batch"),
    )


def record_shared(action: str, subject: str, by: Any, *, note: str = "") -> None:
    """Of what is no guidance: an account, a vocabulary entry, the call to action."""
    AuditEvent.objects.create(actor=by, action=action, subject=subject, note=note)
