"""What publishing a revision does to the public: it is frozen, and what hears it is composed."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from codes import publication
from codes.models import Code, Family, Release
from guidance.actions.writing import publish_revision, whole_revisions
from guidance.models import Guidance, Revision
from guidance.workflow import Status


def publish_all(revisions: list[Revision], on: date, reason: str) -> None:
    """Freeze the revisions, of one subject each, and publish what they touch, once for all."""
    newest = Release.objects.newest()
    for revision in whole_revisions([revision.pk for revision in revisions]):
        superseded_by(revision).update(status=Status.SUPERSEDED)
        publish_revision(revision)
    subjects = [revision.guidance for revision in revisions]
    for guidance in subjects:
        guidance.facts_reviewed = newest
    Guidance.objects.bulk_update(subjects, ["facts_reviewed"])
    publish_entries(subjects, on, reason)


def superseded_by(revision: Revision) -> QuerySet[Revision]:
    """What is published of the same subject from the same day."""
    published = Revision.objects.filter(guidance=revision.guidance_id, status=Status.PUBLISHED)
    return published.filter(valid_from=revision.valid_from).exclude(pk=revision.pk)


def publish_entries(subjects: Iterable[Guidance], on: date, reason: str) -> None:
    """Bring the entries that hear any of these up to date."""
    touched: dict[str, Collection[str] | None] = {}
    for guidance in subjects:
        for kind, keys in touched_by(guidance).items():
            known = touched.get(kind, ())
            touched[kind] = None if keys is None or known is None else {*known, *keys}
    publication.publish(touched, on=on, reason=reason[:200])


def touched_by(guidance: Guidance) -> dict[str, Collection[str] | None]:
    """The entries that hear this guidance."""
    scope, key = guidance.scope, guidance.key
    codes = Code.objects.listed().values_list("code", flat=True)
    if scope == "code":
        return {"code": [key]}
    if scope == "family":
        return {"family": [key], "code": list(codes.filter(family__slug=key))}
    if scope == "section":
        families = Family.objects.filter(section__letter=key).values_list("slug", flat=True)
        return {
            "section": [key],
            "family": list(families),
            "code": list(codes.filter(section__letter=key)),
        }
    return {"trait": [key], "code": None}
