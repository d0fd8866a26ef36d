"""One thing done to many at once: looked at first, done together as a batch, and undone together.

What an item may not have is said of that item; the rest is done. The rules are those of the single
actions. What a batch publishes is composed once, for all of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from codes import publication
from guidance import checks
from guidance.actions.audit import event
from guidance.actions.orders import LEFT, ORDERS, Order, Wish
from guidance.actions.publishing import publish_all, publish_entries
from guidance.actions.workflow import NotAllowed, roles_of
from guidance.actions.writing import whole_revisions
from guidance.checks.drafts import edition_of, findings_in
from guidance.checks.editions import codes_needed
from guidance.models import AuditEvent, Batch, BatchItem, Guidance, Revision
from guidance.models.revision import KEY_FIELD
from guidance.workflow import said

MOST = 500  # items of a batch
CHECKED = ("submit", "approve")  # orders that the checks may stand against
UNDO = "undo "  # before the order's name, in the batch that undoes another


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one item, or would come. `refused` says why nothing does.

    `edition` tells the state in which the item was looked at; `before` is what undoing puts back.
    """

    item: Any
    edition: str = ""
    refused: str = ""
    before: dict | None = None


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
    errors = _errors(items, wish.on) if wish.order in CHECKED else {}
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
    rows = model.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    return list(rows.with_subjects())


def _errors(revisions: list[Revision], on: date) -> dict[int, str]:
    """What the checks hold against each revision, where they find an error."""
    whole = list(whole_revisions([revision.pk for revision in revisions]))
    knowledge = checks.load(codes_needed(map(edition_of, whole)))
    found = {}
    for revision in whole:
        wrong = [
            finding.message
            for finding in findings_in(revision, on, knowledge)
            if finding.severity == checks.Severity.ERROR
        ]
        if wrong:
            found[revision.pk] = f"The checks find {len(wrong)}: {wrong[0]}"
    return found


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
        if last := who.get(item.guidance_id):
            found[item.pk] = f"{last.actor or 'The clock'} has worked on it since: {last.action}."
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
        event(
            undoing.action,
            item.guidance,
            undoing.by,
            number=item.revision.number if item.revision else None,
            batch=undoing.pk,
        )
        for item in undone
    )
