"""The inbox: who reads what visitors wrote, and the steps of answering them.

Each write leaves an audit row whose subject is `contact request N`; it holds nothing that was typed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet

from codes.models import ContactNote, ContactRequest
from guidance.actions.audit import record_shared
from guidance.actions.workflow import NotAllowed, roles_of
from guidance.workflow import Role

Kind, State = ContactRequest.Kind, ContactRequest.Status

# Who reads messages of which kind. Reviewers mend what a correction is about; partners and clients
# are not their business.
READERS: dict[str, frozenset[Role]] = {
    kind: frozenset({Role.PARTNER_MANAGER, Role.ADMINISTRATOR}) for kind in Kind.values
}
READERS[Kind.CORRECTION] |= {Role.REVIEWER}


@dataclass(frozen=True, slots=True)
class Step:
    """From which states it is taken, and where it leads."""

    before: frozenset[str]
    after: str


OPEN = frozenset({State.NEW.value, State.IN_WORK.value})
STEPS = {
    "take": Step(OPEN, State.IN_WORK),
    "answered": Step(OPEN, State.ANSWERED),
    "spam": Step(OPEN, State.SPAM),
    "reopen": Step(frozenset({State.ANSWERED.value, State.SPAM.value}), State.IN_WORK),
}


def kinds_read_by(roles: Collection[str]) -> list[str]:
    """The kinds of message that someone with these roles reads."""
    return [kind for kind, readers in READERS.items() if not readers.isdisjoint(roles)]


def readers_of(request: ContactRequest) -> QuerySet:
    """The accounts that a message can be given to."""
    has_role = Q(groups__name__in=READERS[request.kind]) | Q(is_superuser=True)
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    return staff.filter(has_role).distinct().order_by("username")


def steps_open_to(request: ContactRequest) -> list[str]:
    return [name for name, step in STEPS.items() if request.status in step.before]


@transaction.atomic
def take_contact_step(*, request: ContactRequest, step: str, by: Any, at: datetime) -> None:
    """Take one of STEPS. Whoever takes or reopens a message has it."""
    locked = _begin(request, by)
    if locked.status not in STEPS[step].before:
        raise NotAllowed(f"This message is {locked.get_status_display().lower()} by now.")
    locked.status = STEPS[step].after
    locked.answered_at = at if locked.status == State.ANSWERED else None
    if locked.status == State.IN_WORK:
        locked.assigned_to = by
    locked.save(update_fields=["status", "answered_at", "assigned_to"])
    record_shared(f"contact: {step}", str(locked), by)


@transaction.atomic
def assign_contact(*, request: ContactRequest, to: Any, by: Any) -> None:
    """Give an open message to someone who may read it."""
    locked = _begin(request, by)
    if locked.status not in OPEN:
        raise NotAllowed("This message is closed: reopen it first.")
    if not readers_of(locked).filter(pk=to.pk).exists():
        raise NotAllowed(f"{to} does not read messages of this kind.")
    locked.status, locked.assigned_to = State.IN_WORK, to
    locked.save(update_fields=["status", "assigned_to"])
    record_shared("contact: assign", str(locked), by, note=f"to {to}")


@transaction.atomic
def note_on_contact(*, request: ContactRequest, text: str, by: Any, at: datetime) -> None:
    """Write something beside a message; it is deleted with it, so the audit row does not hold it."""
    locked = _begin(request, by)
    ContactNote.objects.create(request=locked, author=by, at=at, text=text)
    record_shared("contact: note", str(locked), by)


@transaction.atomic
def erase_contact(*, request: ContactRequest, by: Any) -> None:
    """Delete a message before its time, such as when its writer asks for that."""
    locked = _begin(request, by)
    name = str(locked)
    locked.delete()
    record_shared("contact: erase", name, by)


def _begin(request: ContactRequest, by: Any) -> ContactRequest:
    """The message, locked, if this person reads its kind now."""
    locked = ContactRequest.objects.select_for_update().filter(pk=request.pk).first()
    if locked is None:
        raise NotAllowed("This message has been deleted: it was kept for its time.")
    if locked.kind not in kinds_read_by(roles_of(by)):
        raise NotAllowed(f"{by} does not read messages of this kind.")
    return locked
