"""Saving a vocabulary entry publishes what uses it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from codes import publication
from guidance.actions.audit import record_shared
from guidance.actions.publishing import Touched, touched_by_any
from guidance.actions.workflow import NotAllowed, roles_of
from guidance.content import TEXTS
from guidance.models import (
    NAMED_BY,
    CallToAction,
    Companion,
    CoverageSignal,
    CptReference,
    DenialAdvice,
    DenialCategory,
    Faq,
    Guidance,
    ModifierRule,
    PublishedGuidance,
    Revision,
    Source,
    Specialty,
)
from guidance.workflow import approves

Vocabulary = Source | Specialty | DenialCategory | CptReference

# Where a text may hold `{cpt:…}`: columns of a denial category, of a revision, and of its rows.
CATEGORY_TEXTS = ("gloss", "causes", "remedy_text")
ROW_TEXTS: dict[type[Any], tuple[str, ...]] = {
    CoverageSignal: ("text",),
    DenialAdvice: ("causes", "text"),
    ModifierRule: ("context", "text"),
    Companion: ("context",),
    Faq: ("question", "answer"),
}


@transaction.atomic
def save_call_to_action(*, panel: CallToAction, by: Any, on: date) -> None:
    """Keep the panel, of which there is one, and publish it. `on` is today."""
    _require_approver(by)
    publication.wait_for_turn()
    panel.pk = 1
    panel.save()
    record_shared("save", "call to action", by)
    publication.publish({"call_to_action": None}, on=on, reason="Call to action saved")


@transaction.atomic
def save_vocabulary(*, form: Any, by: Any, on: date) -> Vocabulary:
    """Keep what a valid form says of one vocabulary entry, and publish what uses it."""
    _require_approver(by)
    publication.wait_for_turn()
    row: Vocabulary = form.save()
    changed = ", ".join(form.changed_data)
    record_shared("save", name_of(row), by, note=f"Changed: {changed}" if changed else "")
    publication.publish(touched_by_vocabulary(row), on=on, reason=f"{name_of(row)} saved"[:200])
    return row


@transaction.atomic
def preview_vocabulary(*, form: Any, on: date) -> list[str]:
    """The entries that saving a valid form would change, as `code J3490`. Nothing is kept."""
    row: Vocabulary = form.save()
    changed = list(publication.would_change(touched_by_vocabulary(row), on=on))
    transaction.set_rollback(True)
    return changed


@transaction.atomic
def delete_vocabulary(*, row: Vocabulary, by: Any, on: date) -> None:
    """Take out what nothing uses; a specialty's or a denial category's page goes with it."""
    _require_approver(by)
    publication.wait_for_turn()
    require_unused(row)
    touched, name = touched_by_vocabulary(row), name_of(row)
    row.delete()
    record_shared("delete", name, by)
    publication.publish(touched, on=on, reason=f"{name} deleted"[:200])


def name_of(row: Vocabulary) -> str:
    """What an audit row calls a vocabulary entry, such as `denial category CO-16`."""
    return f"{row._meta.verbose_name} {_key(row)}"[:120]


def require_unused(row: Vocabulary) -> None:
    """Raises NotAllowed where a revision, public or not, or a denial category uses the entry."""
    categories = DenialCategory.objects.filter(_categories_with(row)).count()
    revisions = Revision.objects.filter(_revisions_with(row)).distinct().count()
    if categories or revisions:
        raise NotAllowed(
            f"{row} stays: {revisions} revisions (older ones too) and {categories} denial "
            "categories use it. Take it out of them first."
        )


def touched_by_vocabulary(row: Vocabulary) -> Touched:
    """The entries that may show the vocabulary entry: perhaps too many, never too few."""
    categories = set(
        DenialCategory.objects.filter(_categories_with(row)).values_list("key", flat=True)
    )
    touched: Touched = {"denial_category": categories} if categories else {}
    if isinstance(row, Specialty):
        touched["specialty"] = {row.slug}
    if isinstance(row, DenialCategory):
        touched["denial_category"] = {row.key}
    return touched | touched_by_any(_guidance_naming(row))


def _guidance_naming(row: Vocabulary) -> list[Guidance]:
    """Guidance whose published content holds the entry's key as a text of its own."""
    in_prose = Q(text__contains=f"{{cpt:{_key(row)}}}")
    as_key = Q(text__contains=f'"{_key(row)}"')
    named = PublishedGuidance.objects.annotate(text=Cast("content", TextField())).filter(
        as_key | in_prose if isinstance(row, CptReference) else as_key
    )
    return list(Guidance.objects.with_subjects().filter(pk__in=named.values("guidance")))


def _categories_with(row: Vocabulary) -> Q:
    if isinstance(row, Source):
        return Q(sources=row)
    if isinstance(row, CptReference):
        return _mentions(row, CATEGORY_TEXTS)
    return Q(pk__in=[])


def _revisions_with(row: Vocabulary) -> Q:
    if isinstance(row, Source):
        return Q(citations__source=row)
    if isinstance(row, Specialty):
        return Q(specialties=row)
    if isinstance(row, DenialCategory):
        return Q(denials__category=row)
    found = Q(companions__cpt=row) | _mentions(row, TEXTS)
    for model, columns in ROW_TEXTS.items():
        rows = model.objects.filter(_mentions(row, columns))
        found |= Q(pk__in=rows.values("revision"))
    return found


def _mentions(row: CptReference, columns: Collection[str]) -> Q:
    found = Q(pk__in=[])
    for column in columns:
        found |= Q(**{f"{column}__contains": f"{{cpt:{row.number}}}"})
    return found


def _key(row: Vocabulary) -> str:
    return str(getattr(row, NAMED_BY[type(row)]))


def _require_approver(by: Any) -> None:
    if not approves(roles_of(by)):
        raise NotAllowed("Only reviewers and administrators change what all texts share.")
