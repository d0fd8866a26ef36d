"""What publishing a revision does to the public: it is frozen, and what hears it is composed."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from codes import publication
from codes.actions import record_correction
from codes.calendar import day_of
from codes.models import Code, Entry, Family
from guidance.actions.findings import refresh_findings
from guidance.actions.writing import note_facts_reviewed, publish_revision, whole_revisions
from guidance.checks import Knowledge
from guidance.models import Guidance, Revision
from guidance.workflow import Status

# Entries by kind and key; None stands for all of a kind.
Touched = dict[str, Collection[str] | None]

AS_SCHEDULED = "publish as scheduled"
# The steps, as the audit rows name them, by which a revision became public.
PUBLISHING_STEPS = ("approve", "publish-at-once", AS_SCHEDULED)


def publish_all(
    revisions: list[Revision], on: date, reason: str, knowledge: Knowledge | None = None
) -> None:
    """Freeze the revisions, of one subject each, and publish what they touch, once for all.

    Who has checked them gives the `knowledge`.
    """
    for revision in whole_revisions([revision.pk for revision in revisions]):
        superseded_by(revision).update(status=Status.SUPERSEDED)
        publish_revision(revision)
    subjects = [revision.guidance for revision in revisions]
    note_facts_reviewed(Guidance.objects.filter(pk__in=[guidance.pk for guidance in subjects]))
    publish_entries(subjects, on, reason, knowledge)


def superseded_by(revision: Revision) -> QuerySet[Revision]:
    """What is published of the same subject from the same day."""
    published = Revision.objects.filter(guidance=revision.guidance_id, status=Status.PUBLISHED)
    return published.filter(valid_from=revision.valid_from).exclude(pk=revision.pk)


def publish_entries(
    subjects: Collection[Guidance], on: date, reason: str, knowledge: Knowledge | None = None
) -> None:
    """Bring the entries that hear any of these up to date, and what the checks find in these."""
    refresh_findings(on=on, subjects=subjects, knowledge=knowledge)
    publication.publish(touched_by_any(subjects), on=on, reason=reason[:200])


def publish_correction(withdrawn: Revision, on: date) -> None:
    """Say in public what was wrong with a revision that is withdrawn as wrong, today."""
    guidance = withdrawn.guidance
    titles = Entry.objects.of(guidance.scope, [guidance.key]).values_list("title", flat=True)
    record_correction(
        kind=guidance.scope,
        key=guidance.key,
        title=titles.first() or guidance.key,
        note=withdrawn.withdrawn_note,
        published_on=_public_since(withdrawn),
        withdrawn_on=on,
    )


def _public_since(revision: Revision) -> date:
    """The day on which a revision was published; the starter pack's are as soon as they are made."""
    steps = revision.guidance.events.filter(
        revision_number=revision.number, action__in=PUBLISHING_STEPS
    )
    published = steps.order_by("pk").values_list("at", flat=True).first()
    return day_of(published or revision.created_at)


def touched_by_any(subjects: Collection[Guidance]) -> Touched:
    """The entries that hear any of these."""
    touched: Touched = {}
    for guidance in subjects:
        for kind, keys in touched_by(guidance).items():
            known = touched.get(kind, ())
            touched[kind] = None if keys is None or known is None else {*known, *keys}
    return touched


def touched_by(guidance: Guidance) -> Touched:
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
