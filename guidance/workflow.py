"""Who may do what with a revision, in which state: one table, walked whole by a test."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import TextChoices


class Status(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    RETURNED = "returned", "Returned"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Role(TextChoices):
    """The groups that a migration makes. A superuser acts as an Administrator."""

    EDITOR = "Editor"
    REVIEWER = "Reviewer"
    DATA_STEWARD = "Data steward"
    PARTNER_MANAGER = "Partner manager"
    ADMINISTRATOR = "Administrator"


# A revision that is being worked on; a guidance has one of these at the most.
OPEN = (Status.DRAFT, Status.IN_REVIEW, Status.RETURNED, Status.SCHEDULED)
# What may be written into.
WRITABLE = (Status.DRAFT, Status.RETURNED)

# The account of the starter pack: nobody signs in to it, and it writes drafts as an editor does.
SYSTEM_ACCOUNT = "starter-pack"

WRITERS = frozenset({Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR})
APPROVERS = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done: from which states, by which roles, and where it leads.

    `after` None deletes the revision. `by_another` wants someone who has not written in it.
    `needs_note` wants a reason that is kept.
    """

    before: frozenset[Status]
    roles: frozenset[Role]
    after: Status | None
    by_another: bool = False
    needs_note: bool = False


def _step(*before: Status, by: frozenset[Role], to: Status | None, **wants: bool) -> Step:
    return Step(before=frozenset(before), roles=by, after=to, **wants)


STEPS: dict[str, Step] = {
    "write": _step(*WRITABLE, by=WRITERS, to=Status.DRAFT),
    "submit": _step(*WRITABLE, by=WRITERS, to=Status.IN_REVIEW),
    "recall": _step(Status.IN_REVIEW, by=WRITERS, to=Status.DRAFT),
    "discard": _step(*WRITABLE, by=WRITERS, to=None),
    "return": _step(
        Status.IN_REVIEW, by=APPROVERS, to=Status.RETURNED, by_another=True, needs_note=True
    ),
    "approve": _step(Status.IN_REVIEW, by=APPROVERS, to=Status.PUBLISHED, by_another=True),
    "schedule": _step(Status.IN_REVIEW, by=APPROVERS, to=Status.SCHEDULED, by_another=True),
    "unschedule": _step(Status.SCHEDULED, by=APPROVERS, to=Status.IN_REVIEW),
    "publish-at-once": _step(
        *WRITABLE, Status.IN_REVIEW, by=APPROVERS, to=Status.PUBLISHED, needs_note=True
    ),
    "countersign": _step(Status.PUBLISHED, by=APPROVERS, to=Status.PUBLISHED, by_another=True),
    "withdraw": _step(Status.PUBLISHED, by=APPROVERS, to=Status.WITHDRAWN, needs_note=True),
}


def may(step: str, status: str, roles: Collection[str]) -> bool:
    """Whether the table lets someone with these roles take the step from this state."""
    rule = STEPS[step]
    return status in rule.before and not rule.roles.isdisjoint(roles)


def said(step: str) -> str:
    """A step's name in a sentence."""
    return step.replace("-", " ")


def writes(roles: Collection[str]) -> bool:
    """Whether someone with these roles writes guidance; in which revision now, `may` says."""
    return not WRITERS.isdisjoint(roles)


def approves(roles: Collection[str]) -> bool:
    """Whether someone with these roles signs what others wrote, and keeps the vocabularies."""
    return not APPROVERS.isdisjoint(roles)


def steps_open_to(status: str, roles: Collection[str]) -> list[str]:
    """The steps that someone with these roles may take from this state, in the table's order."""
    return [step for step in STEPS if may(step, status, roles)]
