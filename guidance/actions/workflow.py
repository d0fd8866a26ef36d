"""A revision on its way: draft, review, publication, withdrawal. guidance.workflow says who may.

Each function locks the revision, asks the table, writes, and leaves an audit row; publishing brings
the entries it touches up to date in the same transaction.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from codes import publication
from codes.models import Code, Family, Section, Trait
from guidance.actions.publishing import (
    AS_SCHEDULED,
    publish_all,
    publish_correction,
    publish_entries,
)
from guidance.actions.writing import TOPIC_OF, Writer, clear_rows, copy_rows
from guidance.models import AuditEvent, Guidance, PublishedGuidance, Revision
from guidance.models.revision import Row
from guidance.workflow import STEPS, Role, Status, may

Subject = Section | Family | Trait | Code


class NotAllowed(ValueError):
    """A step that this person may not take now; str() says why."""


class StaleEdit(ValueError):
    """A save over somebody else's newer one. `current` is the revision as it now stands."""

    def __init__(self, current: Revision) -> None:
        super().__init__(
            "Someone saved this revision after you opened it. Both texts are shown; nothing of "
            "yours is lost until you leave this page."
        )
        self.current = current


def roles_of(user: Any) -> frozenset[str]:
    """The roles of an account: its groups; a superuser's is Administrator."""
    if not user.is_active:
        return frozenset()
    groups = frozenset(user.groups.values_list("name", flat=True))
    return groups | {Role.ADMINISTRATOR} if user.is_superuser else groups


@transaction.atomic
def start_draft(*, subject: Subject, by: Any, valid_from: date) -> Revision:
    """The open revision of a subject; where there is none, a new draft of what is published.

    The draft begins as a copy of the newest published revision.
    """
    _require_role("write", Status.DRAFT, by)
    named: dict[str, Any] = {str(subject._meta.model_name): subject}
    guidance, _ = Guidance.objects.get_or_create(**named)
    guidance = Guidance.objects.select_for_update(of=("self",)).get(pk=guidance.pk)
    if open_one := guidance.revisions.open().first():
        return open_one
    published = guidance.revisions.filter(status=Status.PUBLISHED).order_by("valid_from").last()
    draft = _new_draft(guidance, by, valid_from, copied_from=published)
    _record("start", draft, by)
    return draft


@transaction.atomic
def save_draft(
    *,
    revision: Revision,
    values: dict[str, Any],
    topics: dict[str, Any],
    edition: int,
    by: Any,
    writer: Writer | None = None,
) -> Revision:
    """Write a draft, complete or not. `edition` is the one that the writer had opened.

    `values` are columns of Revision; `topics` is what a pack file holds. Who saves many gives a
    `writer` that knows the codes of all of them. Raises StaleEdit.
    """
    locked = _begin("write", revision, by)
    if locked.edition != edition:
        raise StaleEdit(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    clear_rows(locked)
    (writer or Writer.for_topics(topics)).fill(locked, topics)
    note_writing(revision=locked, by=by)
    return locked


def note_writing(*, revision: Revision, by: Any) -> None:
    """Record that someone has written in a draft: it counts as theirs, and as newer."""
    revision.edition += 1
    revision.status = Status.DRAFT
    revision.save()
    revision.written_by.add(by)
    _record("write", revision, by)


def save_rows(*, revision: Revision, formset: Any) -> None:
    """Write the rows of a draft that a form gives. New ones are numbered after the last, since
    citations name rows by number; a row that goes takes its citations along."""
    rows = formset.save(commit=False)
    for row in formset.deleted_objects:
        if topic := TOPIC_OF.get(type(row)):
            revision.citations.filter(topic=topic, row=row.position).delete()
        row.delete()
    for row in rows:
        if isinstance(row, Row) and row.position is None:
            last = type(row).objects.filter(revision=revision).aggregate(last=Max("position"))
            row.position = 0 if last["last"] is None else last["last"] + 1
        row.save()


@transaction.atomic
def submit(*, revision: Revision, by: Any, batch: UUID | None = None) -> Revision:
    return _move("submit", revision, by, batch=batch)


@transaction.atomic
def recall(*, revision: Revision, by: Any) -> Revision:
    """Take a submitted revision back to go on writing."""
    return _move("recall", revision, by)


@transaction.atomic
def discard(*, revision: Revision, by: Any) -> None:
    """Delete a draft. Its audit rows stay."""
    locked = _begin("discard", revision, by)
    _record("discard", locked, by)
    clear_rows(locked)
    locked.delete()


@transaction.atomic
def return_to_author(*, revision: Revision, by: Any, note: str) -> Revision:
    """Send a revision back with what is to be put right."""
    return _move("return", revision, by, note=note, return_note=note)


@transaction.atomic
def approve(*, revision: Revision, by: Any, on: date, batch: UUID | None = None) -> Revision:
    """Sign a revision that someone else wrote, and publish it. `on` is today.

    Within a `batch` the caller publishes, once for all: `publish_all`.
    """
    publication.wait_for_turn()
    signed = _signed("approve", revision, by, batch=batch)
    return signed if batch else _publish(signed, on)


@transaction.atomic
def schedule(*, revision: Revision, by: Any, publish_on: date) -> Revision:
    """Sign a revision that someone else wrote, to be published on a day to come."""
    return _signed("schedule", revision, by, publish_on=publish_on)


@transaction.atomic
def unschedule(*, revision: Revision, by: Any) -> Revision:
    return _move("unschedule", revision, by, publish_on=None, reviewer=None, reviewed_at=None)


@transaction.atomic
def publish_scheduled(*, on: date) -> int:
    """Publish what is due by today; returns how many."""
    publication.wait_for_turn()
    due = list(Revision.objects.select_for_update(of=("self",)).due(on))
    for revision in due:
        revision.status = Status.PUBLISHED
        revision.save(update_fields=["status"])
        _record(AS_SCHEDULED, revision, None)
        _publish(revision, on)
    return len(due)


@transaction.atomic
def publish_at_once(*, revision: Revision, by: Any, on: date, reason: str) -> Revision:
    """Publish before anyone else has signed. It is flagged until a second person does."""
    publication.wait_for_turn()
    moved = _move("publish-at-once", revision, by, note=reason, emergency_reason=reason)
    return _publish(moved, on)


@transaction.atomic
def countersign(*, revision: Revision, by: Any, on: date) -> Revision:
    """The second signature under what was published at once."""
    publication.wait_for_turn()
    if not Revision.objects.unsigned().filter(pk=revision.pk).exists():
        raise NotAllowed("This revision has its two signatures.")
    signed = _signed("countersign", revision, by)
    PublishedGuidance.objects.filter(revision=signed).update(reviewed_on=on)
    _publish_entries(signed.guidance, on, reason="Countersigned")
    return signed


@transaction.atomic
def withdraw(
    *,
    revision: Revision,
    by: Any,
    on: date,
    note: str,
    as_wrong: bool,
    batch: UUID | None = None,
) -> Revision:
    """Take a published revision back. As wrong, it no longer speaks for any date, and the note is
    public; else it only ends. Within a `batch` the caller publishes: `publish_entries`."""
    publication.wait_for_turn()
    moved = _move(
        "withdraw",
        revision,
        by,
        batch=batch,
        note=note,
        withdrawn_note=note,
        withdrawn_as_wrong=as_wrong,
        withdrawn_at=timezone.now(),
    )
    PublishedGuidance.objects.filter(revision=moved).delete()
    if as_wrong:
        publish_correction(moved, on)
    if not batch:
        _publish_entries(moved.guidance, on, reason="Withdrawn")
    return moved


@transaction.atomic
def restore(*, revision: Revision, by: Any) -> Revision:
    """A new draft with what an older revision said."""
    _require_role("write", Status.DRAFT, by)
    guidance = Guidance.objects.select_for_update(of=("self",)).get(pk=revision.guidance_id)
    if guidance.revisions.open().exists():
        raise NotAllowed("Another revision of this subject is open; finish or discard it first.")
    draft = _new_draft(guidance, by, revision.valid_from, copied_from=revision)
    _record("restore", draft, by, note=f"From revision {revision.number}")
    return draft


def said(step: str) -> str:
    """A step's name in a sentence."""
    return step.replace("-", " ")


def _require_role(step: str, status: str, by: Any) -> None:
    if not may(step, status, roles_of(by)):
        raise NotAllowed(
            f"{by} may not {said(step)} a revision that is {Status(status).label.lower()}."
        )


def _begin(step: str, revision: Revision, by: Any) -> Revision:
    """The revision, locked, if the table lets this person take the step now."""
    locked = (
        Revision.objects.select_for_update(of=("self",))
        .select_related("guidance")
        .filter(pk=revision.pk)
        .first()
    )
    if locked is None:
        raise NotAllowed("This revision is no longer there.")
    _require_role(step, locked.status, by)
    wrote = locked.author_id == by.pk or locked.written_by.filter(pk=by.pk).exists()
    if STEPS[step].by_another and wrote:
        raise NotAllowed(f"To {said(step)} a revision takes someone who has not written in it.")
    return locked


def _move(
    step: str,
    revision: Revision,
    by: Any,
    note: str = "",
    batch: UUID | None = None,
    **values: Any,
) -> Revision:
    if STEPS[step].needs_note and not note.strip():
        raise NotAllowed(f"To {said(step)} a revision takes a note that says why.")
    locked = _begin(step, revision, by)
    locked.status = STEPS[step].after  # type: ignore[assignment]
    locked.edition += 1
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save()
    _record(step, locked, by, note=note, batch=batch)
    return locked


def _signed(
    step: str, revision: Revision, by: Any, batch: UUID | None = None, **values: Any
) -> Revision:
    return _move(step, revision, by, batch=batch, reviewer=by, reviewed_at=timezone.now(), **values)


def _publish(revision: Revision, on: date) -> Revision:
    """Freeze it, and end the revision that spoke from the same day."""
    publish_all([revision], on, reason=f"{revision.guidance} revision {revision.number}")
    return revision


def _publish_entries(guidance: Guidance, on: date, reason: str) -> None:
    publish_entries([guidance], on, reason)


def _new_draft(
    guidance: Guidance, by: Any, valid_from: date, copied_from: Revision | None
) -> Revision:
    newest = guidance.revisions.aggregate(number=Max("number"))["number"] or 0
    draft = Revision.objects.create(
        guidance=guidance,
        number=newest + 1,
        valid_from=valid_from,
        author=by,
        **({name: getattr(copied_from, name) for name in COPIED} if copied_from else {}),
    )
    if copied_from:
        copy_rows(copied_from, draft)
    return draft


COPIED = ("summary", "documentation", "unit", "claim_to", "suppress")


def _record(
    step: str, revision: Revision, by: Any, note: str = "", batch: UUID | None = None
) -> None:
    AuditEvent.objects.create(
        actor=by,
        action=step,
        guidance=revision.guidance,
        revision_number=revision.number,
        subject=str(revision.guidance),
        note=note,
        batch=batch,
    )
