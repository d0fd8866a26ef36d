"""What the checks find in published guidance, kept with each subject for the editors' queue."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db import transaction

from guidance import checks
from guidance.checks import editions
from guidance.checks.drafts import edition_of
from guidance.checks.finding import Finding, Severity
from guidance.models import Guidance, PublishedGuidance, Revision


def knowledge_for(revision: Revision) -> checks.Knowledge:
    """What checking a revision takes, and then what is published of its subject. It comes whole."""
    published = revision.guidance.published.values_list("scope", "key", "valid_from", "content")
    return checks.load(editions.codes_needed([edition_of(revision), *published]))


@transaction.atomic
def refresh_findings(
    *,
    on: date,
    subjects: Collection[Guidance] | None = None,
    knowledge: checks.Knowledge | None = None,
) -> int:
    """Check what is published of the subjects, of all for None; `on` is today.

    Returns how many subjects now have findings. Who has loaded `knowledge` of their codes gives it.
    """
    published = PublishedGuidance.objects.order_by("scope", "key", "valid_from", "number")
    guidance = Guidance.objects.with_subjects()
    if subjects is not None:
        ids = [one.pk for one in subjects]
        published, guidance = published.filter(guidance__in=ids), guidance.filter(pk__in=ids)
    rows = list(published.values_list("scope", "key", "valid_from", "content"))
    known = knowledge or checks.load(editions.codes_needed(rows))
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for subject, content in editions.subjects(rows, known, on):
        found[subject.scope, subject.key] += checks.findings(content, subject, known)
    changed = []
    for one in guidance:
        before, one.findings = one.findings, _kept(found[one.scope, one.key])
        changed += [one] if one.findings != before else []
    Guidance.objects.bulk_update(changed, ["findings"], batch_size=500)
    return sum(bool(findings) for findings in found.values())


def _kept(findings: list[Finding]) -> list[list[str]]:
    """As Guidance.findings has them: each once, the errors first."""
    rows = dict.fromkeys((one.severity.value, one.rule, one.message) for one in findings)
    return sorted(map(list, rows), key=lambda row: row[0] != Severity.ERROR)
