"""What can be ordered to be done to many: how each order is done to one item, and taken back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from guidance.actions.audit import record
from guidance.actions.publishing import superseded_by
from guidance.actions.workflow import NotAllowed, approve, submit, withdraw
from guidance.models import BatchItem, Guidance, PublishedGuidance, Revision
from guidance.workflow import OPEN, STEPS, Status


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone wants done to many: an order (a key of ORDERS), and what it takes.

    `on` is today. `person` is for assign (None: nobody), `day` for review-by (None: no day), `note`
    for withdraw.
    """

    order: str
    by: Any
    on: date
    person: Any = None
    day: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One kind of bulk work, on revisions or on guidance itself. Who may take `step` may give it.

    `edition` names the state of an item that the work builds on. `take` does it to one item, and
    returns what `take_back` then puts back.
    """

    label: str
    step: str
    edition: Callable[[Any], str]
    take: Callable[[Wish, Any, UUID], dict]
    take_back: Callable[[BatchItem], None]
    of: type[Revision] | type[Guidance] = Revision
    publishes: bool = False

    def is_for(self, roles: Collection[str]) -> bool:
        """Whether someone with these roles may give it."""
        return not STEPS[self.step].roles.isdisjoint(roles)


def _assign(wish: Wish, revision: Revision, batch: UUID) -> dict:
    if revision.status not in OPEN:
        raise NotAllowed("There is nothing left to do in it: it is not open.")
    before = {"assigned_to_id": revision.assigned_to_id}
    Revision.objects.filter(pk=revision.pk).update(assigned_to=wish.person)
    record(
        wish.order,
        revision.guidance,
        wish.by,
        number=revision.number,
        note=f"To {wish.person or 'nobody'}",
        batch=batch,
    )
    return before


def _assign_back(item: BatchItem) -> None:
    _revision_of(item).update(**item.before)


def _review_by(wish: Wish, guidance: Guidance, batch: UUID) -> dict:
    before = {"review_due": guidance.review_due and guidance.review_due.isoformat()}
    Guidance.objects.filter(pk=guidance.pk).update(review_due=wish.day)
    record(wish.order, guidance, wish.by, note=f"By {wish.day or 'no day'}", batch=batch)
    return before


def _review_by_back(item: BatchItem) -> None:
    Guidance.objects.filter(pk=item.guidance_id).update(**item.before)


def _submit(wish: Wish, revision: Revision, batch: UUID) -> dict:
    submit(revision=revision, by=wish.by, on=wish.on, batch=batch)
    return {"status": revision.status}


def _approve(wish: Wish, revision: Revision, batch: UUID) -> dict:
    superseded = list(superseded_by(revision).values_list("pk", flat=True))
    published = PublishedGuidance.objects.filter(guidance=revision.guidance)
    before = {
        "superseded": superseded,
        "facts_reviewed": revision.guidance.facts_reviewed_id,
        "facts_reviewed_of_published": published.values_list("facts_reviewed", flat=True).first(),
    }
    approve(revision=revision, by=wish.by, on=wish.on, batch=batch)
    return before


def _approve_back(item: BatchItem) -> None:
    """Withdraw it; what it superseded speaks again."""
    _step_back(
        item,
        status=Status.WITHDRAWN,
        withdrawn_note="Its approval was undone, with the batch that it was approved in.",
        withdrawn_at=timezone.now(),
    )
    PublishedGuidance.objects.filter(revision=item.revision_id).delete()
    superseded = Revision.objects.filter(pk__in=item.before["superseded"])
    superseded.filter(status=Status.SUPERSEDED).update(status=Status.PUBLISHED)
    reviewed = item.before["facts_reviewed"]
    Guidance.objects.filter(pk=item.guidance_id).update(facts_reviewed=reviewed)
    published = PublishedGuidance.objects.filter(guidance=item.guidance)
    published.update(facts_reviewed=item.before["facts_reviewed_of_published"])


def _withdraw(wish: Wish, revision: Revision, batch: UUID) -> dict:
    row = PublishedGuidance.objects.filter(revision=revision).values().first()
    withdraw(revision=revision, by=wish.by, on=wish.on, note=wish.note, as_wrong=False, batch=batch)
    return {"published": row and {name: _plain(value) for name, value in row.items()}}


def _withdraw_back(item: BatchItem) -> None:
    _step_back(item, status=Status.PUBLISHED, withdrawn_note="", withdrawn_at=None)
    if item.before["published"]:
        PublishedGuidance.objects.create(**item.before["published"])


def _submit_back(item: BatchItem) -> None:
    _step_back(item, status=item.before["status"])


def _step_back(item: BatchItem, **values: Any) -> None:
    _revision_of(item).update(edition=F("edition") + 1, saved_at=timezone.now(), **values)


def _revision_of(item: BatchItem) -> QuerySet[Revision]:
    return Revision.objects.filter(pk__in=[item.revision_id])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _text_edition(revision: Revision) -> str:
    return str(revision.edition)


ORDERS: dict[str, Order] = {
    "assign": Order(
        "Assign to a person",
        "write",
        lambda revision: f"{revision.edition}, {revision.assigned_to_id}",
        _assign,
        _assign_back,
    ),
    "review-by": Order(
        "Set the day of review",
        "write",
        lambda guidance: str(guidance.review_due or "none"),
        _review_by,
        _review_by_back,
        of=Guidance,
    ),
    "submit": Order("Submit for review", "submit", _text_edition, _submit, _submit_back),
    "approve": Order(
        "Approve and publish", "approve", _text_edition, _approve, _approve_back, publishes=True
    ),
    "withdraw": Order(
        "Withdraw", "withdraw", _text_edition, _withdraw, _withdraw_back, publishes=True
    ),
}
# The state in which a batch leaves a revision; in any other someone has been at it.
LEFT = {name: STEPS[name].after for name in ("submit", "approve", "withdraw")}
