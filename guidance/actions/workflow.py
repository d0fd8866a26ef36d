"""A revision on its way: draft, review, publication, withdrawal. guidance.workflow says who may.

Each function locks the revision, asks the table, writes, and leaves an audit row; publishing brings
the entries it touches up to date in the same transaction.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils import timezone

from codes import publication
from codes.models import Code, Family, Section, Trait
from guidance.actions.audit import record
from guidance.actions.findings import knowledge_for
from guidance.actions.publishing import (
    AS_SCHEDULED,
    publish_all,
    publish_correction,
    publish_entries,
)
from guidance.actions.writing import Writer, clear_rows, copy_rows, whole_revisions
from guidance.checks import Finding, Knowledge, Severity
from guidance.checks.drafts import findings_in
from guidance.models import Guidance, PublishedGuidance, Revision, Typing
from guidance.workflow import STEPS, SYSTEM_ACCOUNT, Role, Status, may, said

Subject = Section | Family | Trait | Code


class NotAllowed(ValueError):
    """A step that this person may not take now; str() says why."""


class Unsound(NotAllowed):
    """A revision that the checks find wrong; str() is the plain list of what is to be put right."""

    def __init__(self, revision: Revision, errors: list[Finding]) -> None:
        lines = [f"{error.place}: {error.message}" for error in errors]
        super().__init__("\n".join([f"{revision} is not ready. Put right:", *lines]))
        self.errors = errors


class StaleEdit(ValueError):
    """A save over somebody else's newer one. `current` is the revision as it now stands."""

    def __init__(self, current: Revision) -> None:
        super().__init__(
            "Someone saved this revision after you opened it. Both texts are shown; nothing of "
            "yours is lost until you leave this page."
        )
        self.current = current


def roles_of(user: Any) -> frozenset[str]:
    """The roles of an account: its groups; a superuser's is Administrator, the starter pack's Editor."""
    if user.get_username() == SYSTEM_ACCOUNT:
        return frozenset({Role.EDITOR})
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
    record("start", draft.guidance, by, number=draft.number)
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
    locked = locked_draft(revision=revision, edition=edition, by=by)
    for name, value in values.items():
        setattr(locked, name, value)
    clear_rows(locked)
    (writer or Writer.for_topics(topics)).fill(locked, topics)
    note_writing(revision=locked, by=by)
    return locked


def locked_draft(*, revision: Revision, edition: int, by: Any) -> Revision:
    """The draft, locked, if it still is the edition that the writer had opened. Raises StaleEdit."""
    locked = _begin("write", revision, by)
    if locked.edition != edition:
        raise StaleEdit(locked)
    return locked


def note_writing(*, revision: Revision, by: Any) -> None:
    """Record that someone has written in a draft: it counts as theirs, as newer, and as saved."""
    revision.edition += 1
    revision.status = Status.DRAFT
    revision.save()
    revision.written_by.add(by)
    Typing.objects.filter(revision=revision, user=by).update(body="")
    record("write", revision.guidance, by, number=revision.number)


@transaction.atomic
def submit(*, revision: Revision, by: Any, on: date, batch: UUID | None = None) -> Revision:
    """Ask for a review of what the checks find sound. `on` is today.

    Within a `batch` the caller has checked, once for all.
    """
    moved = _move("submit", revision, by, batch=batch)
    if not batch:
        _require_sound(moved, on)
    return moved


@transaction.atomic
def recall(*, revision: Revision, by: Any) -> Revision:
    """Take a submitted revision back to go on writing."""
    return _move("recall", revision, by)


@transaction.atomic
def discard(*, revision: Revision, by: Any) -> None:
    """Delete a draft. Its audit rows stay."""
    locked = _begin("discard", revision, by)
    record("discard", locked.guidance, by, number=locked.number)
    clear_rows(locked)
    locked.delete()


@transaction.atomic
def return_to_author(*, revision: Revision, by: Any, note: str) -> Revision:
    """Send a revision back with what is to be put right."""
    return _move("return", revision, by, note=note, return_note=note)


@transaction.atomic
def approve(*, revision: Revision, by: Any, on: date, batch: UUID | None = None) -> Revision:
    """Sign a revision that someone else wrote, and publish it. `on` is today.

    Within a `batch` the caller has checked and publishes, once for all: `publish_all`.
    """
    publication.wait_for_turn()
    signed = _signed("approve", revision, by, batch=batch)
    return signed if batch else _publish(signed, on)


@transaction.atomic
def schedule(*, revision: Revision, by: Any, publish_on: date, on: date) -> Revision:
    """Sign a revision that someone else wrote, to be published on a day to come, or still today."""
    if publish_on < on:
        raise NotAllowed(f"{publish_on} is past. Choose today or a later day.")
    signed = _signed("schedule", revision, by, publish_on=publish_on)
    _require_sound(signed, publish_on)
    return signed


@transaction.atomic
def unschedule(*, revision: Revision, by: Any) -> Revision:
    return _move("unschedule", revision, by, publish_on=None, reviewer=None, reviewed_at=None)


def publish_scheduled(*, on: date) -> int:
    """Publish what is due by today, each in a transaction of its own; returns how many.

    What the checks by now find wrong stays scheduled, with a row in its timeline that says why.
    """
    due = list(Revision.objects.due(on).select_related("guidance"))
    return sum(_published_as_scheduled(revision, on) for revision in due)


def _published_as_scheduled(due: Revision, on: date) -> bool:
    try:
        with transaction.atomic():
            publication.wait_for_turn()
            revision = Revision.objects.select_for_update(of=("self",)).due(on).get(pk=due.pk)
            revision.status = Status.PUBLISHED
            revision.save(update_fields=["status"])
            record(AS_SCHEDULED, revision.guidance, None, number=revision.number)
            _publish(revision, on)
    except Revision.DoesNotExist:
        return False  # taken back, or published by another process, in between
    except (NotAllowed, DatabaseError) as error:
        _note_held_back(due, str(error))
        return False
    return True


def _note_held_back(revision: Revision, why: str) -> None:
    """Say so once: the clock tries again every minute."""
    events = revision.guidance.events.filter(revision_number=revision.number)
    newest = events.values_list("action", "note").first()
    if newest != (HELD_BACK, why):
        record(HELD_BACK, revision.guidance, None, number=revision.number, note=why)


HELD_BACK = "not published as scheduled"


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
    publish_entries([signed.guidance], on, reason="Countersigned")
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
        publish_entries([moved.guidance], on, reason="Withdrawn")
    return moved


@transaction.atomic
def restore(*, revision: Revision, by: Any) -> Revision:
    """A new draft with what an older revision said."""
    _require_role("write", Status.DRAFT, by)
    guidance = Guidance.objects.select_for_update(of=("self",)).get(pk=revision.guidance_id)
    if guidance.revisions.open().exists():
        raise NotAllowed("Another revision of this subject is open; finish or discard it first.")
    draft = _new_draft(guidance, by, revision.valid_from, copied_from=revision)
    record(
        "restore", draft.guidance, by, number=draft.number, note=f"From revision {revision.number}"
    )
    return draft


def _require_role(step: str, status: str, by: Any) -> None:
    if not may(step, status, roles_of(by)):
        raise NotAllowed(
            f"{by} may not {said(step)} a revision that is {Status(status).label.lower()}."
        )


def _begin(step: str, revision: Revision, by: Any) -> Revision:
    """The revision, locked, if the table lets this person take the step now."""
    locked = (
        Revision.objects.select_for_update(of=("self",))
        .with_subjects()
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
    record(step, locked.guidance, by, number=locked.number, note=note, batch=batch)
    return locked


def _signed(
    step: str, revision: Revision, by: Any, batch: UUID | None = None, **values: Any
) -> Revision:
    return _move(step, revision, by, batch=batch, reviewer=by, reviewed_at=timezone.now(), **values)


def _require_sound(revision: Revision, on: date) -> Knowledge:
    """What the checks know of the revision, if they find no error; warnings are the reviewer's to
    weigh. Raises Unsound."""
    whole = whole_revisions([revision.pk]).get()
    knowledge = knowledge_for(whole)
    found = findings_in(whole, on, knowledge)
    if errors := [finding for finding in found if finding.severity == Severity.ERROR]:
        raise Unsound(revision, errors)
    return knowledge


def _publish(revision: Revision, on: date) -> Revision:
    """Freeze it if it is sound, and end the revision that spoke from the same day."""
    knowledge = _require_sound(revision, on)
    publish_all([revision], on, f"{revision.guidance} revision {revision.number}", knowledge)
    return revision


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
