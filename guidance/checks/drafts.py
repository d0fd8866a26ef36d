"""The checks over a revision as it stands in the editors' tables."""

from datetime import date, timedelta

from codes.models import Code
from guidance.checks import Finding, Knowledge, Severity, codes_named, findings, load
from guidance.content import frozen
from guidance.models import Guidance, Revision


def findings_in(revision: Revision, on: date, knowledge: Knowledge | None = None) -> list[Finding]:
    """What is wrong with a revision, the errors first, in a constant number of queries.

    The revision must have been read with its rows (guidance.actions.writing.whole_revisions). `on`
    is today. Who checks many gives the `knowledge` for all of them.
    """
    content, guidance = frozen(revision), revision.guidance
    known = knowledge or load(_codes_needed(guidance, content))
    subject = known.subject(
        guidance.scope,
        guidance.key,
        valid_from=revision.valid_from,
        on=_last_day(revision, on),
        review_due=guidance.review_due,
    )
    found = findings(content, subject, known)
    return sorted(found, key=lambda finding: finding.severity != Severity.ERROR)


def _codes_needed(guidance: Guidance, content: dict) -> set[str] | None:
    """The codes whose fields the checks read: the subject's own and those that the texts name.

    A trait's may be any: None.
    """
    scope = guidance.scope
    if scope == "trait":
        return None
    if scope == "code":
        return codes_named(content) | {guidance.key}
    own = Code.objects.filter(**{scope: guidance.subject}).values_list("code", flat=True)
    return codes_named(content) | set(own)


def _last_day(revision: Revision, on: date) -> date:
    """The last day that the revision speaks for, until today: the next one then takes over."""
    later = revision.guidance.published.filter(valid_from__gt=revision.valid_from)
    next_one = later.order_by("valid_from").values_list("valid_from", flat=True).first()
    last = on if next_one is None else min(on, next_one - timedelta(days=1))
    return max(last, revision.valid_from)
