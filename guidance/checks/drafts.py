"""The checks over a revision as it stands in the editors' tables."""

from datetime import date

from guidance.checks import Finding, Knowledge, Severity, findings, load
from guidance.checks.editions import Edition, codes_needed, last_day
from guidance.content import frozen
from guidance.models import Revision


def findings_in(revision: Revision, on: date, knowledge: Knowledge | None = None) -> list[Finding]:
    """What is wrong with a revision, the errors first, in a constant number of queries.

    The revision must have been read with its rows (guidance.actions.writing.whole_revisions). `on`
    is today. Who checks many gives the `knowledge` for all of them.
    """
    edition = edition_of(revision)
    scope, key, first, content = edition
    known = knowledge or load(codes_needed([edition]))
    last = last_day(first, revision.followed_on, on)  # type: ignore[attr-defined]
    subject = known.subject(
        scope, key, valid_from=first, on=last, review_due=revision.guidance.review_due
    )
    found = findings(content, subject, known)
    return sorted(found, key=lambda finding: finding.severity != Severity.ERROR)


def edition_of(revision: Revision) -> Edition:
    """The revision as the checks read an edition; it comes with its rows."""
    guidance = revision.guidance
    return guidance.scope, guidance.key, revision.valid_from, frozen(revision)
