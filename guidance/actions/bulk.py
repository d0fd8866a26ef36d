"""One thing done to many at once: looked at first, done together as a batch, and undone together.

What an item may not have is said of that item; the rest is done. The rules are those of the single
actions. What a batch publishes is composed once, for all of it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone

from codes import publication
from guidance import checks
from guidance.actions.publishing import publish_all, publish_entries, superseded_by
from guidance.actions.workflow import NotAllowed, approve, roles_of, said, submit, withdraw
from guidance.actions.writing import whole_revisions
from guidance.content import frozen
from guidance.models import AuditEvent, Batch, BatchItem, Guidance, PublishedGuidance, Revision
from guidance.models.revision import KEY_FIELD
from guidance.workflow import OPEN, STEPS, Status

MOST = 500  # items of a batch
UNDO = "undo "  # before the order's name, in the batch that undoes another


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
class Outcome:
    """What came of one item, or would come. `refused` says why nothing does.

    `edition` tells the state in which the item was looked at; `before` is what undoing puts back.
    """

    item: Any
    edition: str = ""
    refused: str = ""
    before: dict | None = None


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


def preview_batch(*, wish: Wish, ids: Collection[int]) -> list[Outcome]:
    """What would come of it, item by item: tried in earnest, and taken back at once."""
    with transaction.atomic():
        publication.wait_for_turn()
        outcomes = _try(wish, dict.fromkeys(ids), Batch().pk)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def run_batch(*, wish: Wish, editions: dict[int, str]) -> tuple[Batch | None, list[Outcome]]:
    """Do it to every item that still has the edition given; no batch where none could be done."""
    publication.wait_for_turn()
    batch = Batch(action=wish.order, by=wish.by)
    outcomes = _try(wish, editions, batch.pk)
    done = [outcome for outcome in outcomes if outcome.before is not None]
    if not done:
        return None, outcomes
    batch.save()
    BatchItem.objects.bulk_create(_batch_item(batch, outcome) for outcome in done)
    if wish.order == "approve":
        publish_all([outcome.item for outcome in done], wish.on, reason=str(batch))
    elif wish.order == "withdraw":
        publish_entries([outcome.item.guidance for outcome in done], wish.on, reason=str(batch))
    return batch, outcomes


@transaction.atomic
def undo_batch(*, batch: Batch, by: Any, on: date) -> list[Outcome]:
    """Put back what a batch changed, as a batch of its own; what someone has worked on since stays
    as it is. Raises NotAllowed."""
    publication.wait_for_turn()
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    order = _undoable(batch, by)
    _lock(Revision, batch.items.values_list("revision", flat=True))
    items = items_of(batch)
    touched = _touched_since(batch, items)
    outcomes = [Outcome(item, refused=touched.get(item.pk, "")) for item in items]
    undone = [outcome.item for outcome in outcomes if not outcome.refused]
    if not undone:
        return outcomes
    for item in undone:
        order.take_back(item)
    undoing = Batch.objects.create(action=f"{UNDO}{batch.action}", by=by)
    _keep_undone(undoing, undone)
    Batch.objects.filter(pk=batch.pk).update(undone_at=timezone.now(), undone_by=by)
    if order.publishes:
        publish_entries([item.guidance for item in undone], on, reason=str(undoing))
    return outcomes


def items_of(batch: Batch) -> list[BatchItem]:
    """The items of a batch with their subjects and revisions."""
    subjects = (f"guidance__{scope}" for scope in KEY_FIELD)
    return list(batch.items.select_related("revision", *subjects).order_by("pk"))


def may_undo(batch: Batch, by: Any) -> bool:
    """Whether there is something to undo, and by whom."""
    order = ORDERS.get(batch.action)
    return bool(order and not batch.undone_at and order.is_for(roles_of(by)))


def _undoable(batch: Batch, by: Any) -> Order:
    if batch.undone_at or batch.action not in ORDERS:
        raise NotAllowed("This batch is undone, or undoes another: there is nothing to undo in it.")
    if not may_undo(batch, by):
        raise NotAllowed(f"{by} may not undo this: it takes someone who may do it.")
    return ORDERS[batch.action]


def _try(wish: Wish, editions: Mapping[int, str | None], batch: UUID) -> list[Outcome]:
    """Do it to each item, or say why not. An edition of None is any."""
    order = ORDERS[wish.order]
    if len(editions) > MOST:
        raise NotAllowed(f"These are {len(editions)}; choose {MOST} at the most.")
    items = _lock(order.of, editions)
    errors = _errors(items, wish.on) if wish.order == "approve" else {}
    is_theirs = order.is_for(roles_of(wish.by))
    outcomes = []
    for item in items:
        edition, asked = order.edition(item), editions[item.pk]
        try:
            if asked not in (None, edition):
                raise NotAllowed("It has changed since you looked at it. Look again.")
            if not is_theirs:
                raise NotAllowed(f"{wish.by} may not {said(wish.order)}.")
            if item.pk in errors:
                raise NotAllowed(errors[item.pk])
            outcomes.append(Outcome(item, edition, before=order.take(wish, item, batch)))
        except NotAllowed as refused:
            outcomes.append(Outcome(item, edition, refused=str(refused)))
    return outcomes


def _lock(model: type[Any], ids: Collection[int]) -> list[Any]:
    """The rows with their subjects, in one order, so that no two batches wait for each other."""
    at = "" if model is Guidance else "guidance__"
    rows = model.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    return list(rows.select_related(*(f"{at}{scope}" for scope in KEY_FIELD)))


def _errors(revisions: list[Revision], on: date) -> dict[int, str]:
    """What the checks hold against each revision, where they find an error."""
    contents = {r.pk: frozen(r) for r in whole_revisions([r.pk for r in revisions])}
    knowledge = checks.load(_codes_to_know(revisions, contents))
    found = {}
    for revision in revisions:
        scope, key = revision.guidance.scope, revision.guidance.key
        subject = knowledge.subject(scope, key, valid_from=revision.valid_from, on=on)
        wrong = [
            finding.message
            for finding in checks.findings(contents[revision.pk], subject, knowledge)
            if finding.severity == checks.Severity.ERROR
        ]
        if wrong:
            found[revision.pk] = f"The checks find {len(wrong)}: {wrong[0]}"
    return found


def _codes_to_know(revisions: list[Revision], contents: dict[int, dict]) -> set[str] | None:
    """The codes that checking these takes; None: all, since one speaks for a group of codes."""
    if any(revision.guidance.scope != "code" for revision in revisions):
        return None
    named = (checks.codes_named(content) for content in contents.values())
    return {revision.guidance.key for revision in revisions}.union(*named)


# The orders: how each is done to one item, and taken back


def _assign(wish: Wish, revision: Revision, batch: UUID) -> dict:
    if revision.status not in OPEN:
        raise NotAllowed("There is nothing left to do in it: it is not open.")
    before = {"assigned_to_id": revision.assigned_to_id}
    Revision.objects.filter(pk=revision.pk).update(assigned_to=wish.person)
    _record(wish, revision.guidance, batch, revision.number, note=f"To {wish.person or 'nobody'}")
    return before


def _assign_back(item: BatchItem) -> None:
    _revision_of(item).update(**item.before)


def _review_by(wish: Wish, guidance: Guidance, batch: UUID) -> dict:
    before = {"review_due": guidance.review_due and guidance.review_due.isoformat()}
    Guidance.objects.filter(pk=guidance.pk).update(review_due=wish.day)
    _record(wish, guidance, batch, note=f"By {wish.day or 'no day'}")
    return before


def _review_by_back(item: BatchItem) -> None:
    Guidance.objects.filter(pk=item.guidance_id).update(**item.before)


def _submit(wish: Wish, revision: Revision, batch: UUID) -> dict:
    submit(revision=revision, by=wish.by, batch=batch)
    return {"status": revision.status}


def _approve(wish: Wish, revision: Revision, batch: UUID) -> dict:
    superseded = list(superseded_by(revision).values_list("pk", flat=True))
    facts_reviewed = revision.guidance.facts_reviewed_id
    approve(revision=revision, by=wish.by, on=wish.on, batch=batch)
    return {"superseded": superseded, "facts_reviewed_id": facts_reviewed}


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
    reviewed = item.before["facts_reviewed_id"]
    Guidance.objects.filter(pk=item.guidance_id).update(facts_reviewed=reviewed)


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


def _batch_item(batch: Batch, outcome: Outcome) -> BatchItem:
    item = outcome.item
    if isinstance(item, Guidance):
        return BatchItem(batch=batch, guidance=item, before=outcome.before)
    return BatchItem(batch=batch, guidance=item.guidance, revision=item, before=outcome.before)


def _touched_since(batch: Batch, items: list[BatchItem]) -> dict[int, str]:
    """Why an item is not put back, by the item's id. A day of review and a text do not touch."""
    own = AuditEvent.objects.filter(batch=batch.pk).aggregate(first=Min("pk"))
    later = AuditEvent.objects.filter(
        pk__gt=own["first"] or 0, guidance__in=[item.guidance_id for item in items]
    ).exclude(batch=batch.pk)
    if ORDERS[batch.action].of is Guidance:
        later = later.filter(revision_number__isnull=True)
    else:
        later = later.exclude(action__in=["review-by", f"{UNDO}review-by"])
    who = {e.guidance_id: e for e in later.select_related("actor").order_by("-pk")}
    found = {}
    for item in items:
        if event := who.get(item.guidance_id):
            found[item.pk] = f"{event.actor or 'The clock'} has worked on it since: {event.action}."
        elif batch.action in LEFT and not _is_as_left(batch, item):
            found[item.pk] = "It is no longer as the batch left it."
    return found


def _is_as_left(batch: Batch, item: BatchItem) -> bool:
    return item.revision is not None and item.revision.status == LEFT[batch.action]


def _keep_undone(undoing: Batch, undone: list[BatchItem]) -> None:
    BatchItem.objects.bulk_create(
        BatchItem(batch=undoing, guidance=item.guidance, revision=item.revision) for item in undone
    )
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor=undoing.by,
            action=undoing.action,
            guidance=item.guidance,
            revision_number=item.revision.number if item.revision else None,
            subject=str(item.guidance),
            batch=undoing.pk,
        )
        for item in undone
    )


def _record(
    wish: Wish, guidance: Guidance, batch: UUID, number: int | None = None, note: str = ""
) -> None:
    AuditEvent.objects.create(
        actor=wish.by,
        action=wish.order,
        guidance=guidance,
        revision_number=number,
        subject=str(guidance),
        note=note,
        batch=batch,
    )
