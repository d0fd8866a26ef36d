"""Saving the form on which a revision is written: its texts, rows and citations at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from guidance.actions.audit import record
from guidance.actions.workflow import NotAllowed, locked_draft, note_writing, roles_of
from guidance.models import Guidance, Revision
from guidance.workflow import writes


@dataclass
class RowChanges:
    """What a form does to the rows of one table: `gone` are the keys of rows that go first, then the
    rows `written` are put in, whole and with their positions, over those of the same key."""

    model: Any
    written: list[Any] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


@transaction.atomic
def save_form(
    *,
    revision: Revision,
    edition: int,
    by: Any,
    values: dict[str, Any],
    specialties: Iterable[Any] | None,
    rows: Iterable[RowChanges],
) -> Revision:
    """Write a draft, complete or not. `edition` is the one that the writer had opened.

    `values` are columns of Revision; `specialties` None leaves them as they are. Raises StaleEdit,
    and writes nothing, if anyone saved in between.
    """
    locked = locked_draft(revision=revision, edition=edition, by=by)
    for name, value in values.items():
        setattr(locked, name, value)
    if specialties is not None:
        locked.specialties.set(specialties)
    for changes in rows:
        _write(changes, locked)
    note_writing(revision=locked, by=by)
    return locked


def _write(changes: RowChanges, revision: Revision) -> None:
    model = changes.model
    if changes.gone:
        model.objects.filter(revision=revision, pk__in=changes.gone).delete()
    columns = [column.name for column in model._meta.concrete_fields if not column.primary_key]
    if changes.written:
        model.objects.bulk_create(
            changes.written, update_conflicts=True, unique_fields=["id"], update_fields=columns
        )


@transaction.atomic
def set_review_due(*, guidance: Guidance, by: Any, due: date | None) -> None:
    """Say by when someone is to look at a subject again; None: no day is set."""
    if not writes(roles_of(by)):
        raise NotAllowed(f"{by} may not say when {guidance} is to be reviewed.")
    guidance.review_due = due
    guidance.save(update_fields=["review_due"])
    record("review-by", guidance, by, note=due.isoformat() if due else "None")
