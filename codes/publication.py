"""The one door to what the public sees.

Whoever changes facts or guidance calls `publish` in the same transaction, for the subjects that
the change may touch. What reads the same as before is left alone, so a caller may well name too
many subjects, and must never name too few.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from codes.calendar import today
from codes.models import ChangeNumber, Entry, EntryChange, EntryFacet, EntryFaq, Publication

BATCH = 500
EVERYTHING: dict[str, None] = dict.fromkeys(Entry.Kind.values)


@dataclass(frozen=True, slots=True)
class Published:
    """How many entries a publication stored and removed."""

    stored: int
    removed: int


def publish(touched: dict[str, Collection[str] | None], *, on: date, reason: str) -> Published:
    """Bring the entries of the touched subjects up to date, in the caller's transaction.

    `touched` gives keys for each kind of subject; None means all of that kind. `on` is today.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("publish() belongs in a transaction.")
    ledger = _Ledger(reason)
    for kind, keys in touched.items():
        _publish_kind(kind, keys, on, ledger)
    ledger.close()
    return Published(stored=ledger.stored, removed=ledger.removed)


def wait_for_turn() -> ChangeNumber:
    """Wait until no other transaction publishes; the others then wait for this one."""
    counter, _ = ChangeNumber.objects.select_for_update().get_or_create(pk=1)
    return counter


def read_entry(kind: str, key: str, on: date) -> Entry | None:
    """The entry of one subject for a date of service; None where there is no such subject.

    Today's is the stored row. For any other date, and past the day until which the row holds, it
    is composed on the spot and not stored.
    """
    stored = Entry.objects.filter(kind=kind, key=key).first()
    if stored and on == today() and (stored.until is None or on < stored.until):
        return stored
    return next((as_entry(document) for document in composer()(kind, [key], on)), None)


def stale_entries(on: date) -> Iterator[str]:
    """The subjects whose stored entry is not what would be composed: there should be none."""
    for kind in Entry.Kind.values:
        stored = dict(Entry.objects.filter(kind=kind).values_list("key", "digest"))
        for document in composer()(kind, None, on):
            entry = as_entry(document)
            if stored.pop(entry.key, None) != entry.digest:
                yield f"{kind} {entry.key}"
        yield from (f"{kind} {key}" for key in stored)


def composer() -> Callable[[str, Collection[str] | None, date], Iterator[dict]]:
    """guidance.entry.compose: named by a setting, since this app knows nothing of guidance."""
    return import_string(settings.ENTRY_COMPOSER)


def as_entry(document: dict) -> Entry:
    """An unsaved entry of a document."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    until = document["until"]
    entry = Entry(
        kind=document["kind"],
        key=document["key"],
        title=document["title"],
        document=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        until=date.fromisoformat(until) if until else None,
    )
    entry.data = document
    return entry


class _Ledger:
    """The numbered record of one publication. Opening it waits for any other publication."""

    def __init__(self, reason: str) -> None:
        self._reason = reason
        self._counter = wait_for_turn()
        self._publication: Publication | None = None
        self.stored = self.removed = 0

    def record(self, entries: list[Entry], kind: str) -> None:
        if not entries:
            return
        if self._publication is None:
            self._publication = Publication.objects.create(reason=self._reason)
        changes = [
            EntryChange(
                number=self._counter.last + place,
                publication=self._publication,
                entry_kind=entry.kind,
                entry_key=entry.key,
                kind=kind,
                digest=entry.digest if kind == EntryChange.Kind.STORED else "",
            )
            for place, entry in enumerate(entries, start=1)
        ]
        EntryChange.objects.bulk_create(changes)
        self._counter.last += len(changes)
        self.stored += len(changes) if kind == EntryChange.Kind.STORED else 0
        self.removed += len(changes) if kind == EntryChange.Kind.REMOVED else 0

    def close(self) -> None:
        self._counter.save(update_fields=["last"])


def _publish_kind(kind: str, keys: Collection[str] | None, on: date, ledger: _Ledger) -> None:
    entries = Entry.objects.filter(kind=kind)
    if keys is not None:
        entries = entries.filter(key__in=keys)
    stored = dict(entries.values_list("key", "digest"))
    documents = composer()(kind, keys, on)
    while batch := [as_entry(document) for document in islice(documents, BATCH)]:
        known = {entry.key: stored.pop(entry.key, "") for entry in batch}
        changed = [entry for entry in batch if entry.digest != known[entry.key]]
        _store(kind, changed)
        ledger.record(changed, EntryChange.Kind.STORED)
    if stored:
        ledger.record(
            [Entry(kind=kind, key=key) for key in sorted(stored)], EntryChange.Kind.REMOVED
        )
        entries.filter(key__in=stored).delete()


def _store(kind: str, entries: list[Entry]) -> None:
    """Put the entries in the place of those they follow. New rows: an update of as many long
    texts takes several times as long."""
    Entry.objects.of(kind, [entry.key for entry in entries]).delete()
    Entry.objects.bulk_create(entries)
    EntryFacet.objects.bulk_create(facet for entry in entries for facet in _facets(entry))
    EntryFaq.objects.bulk_create(faq for entry in entries for faq in _faqs(entry))


def _facets(entry: Entry) -> Iterator[EntryFacet]:
    """What a code is found under; the other kinds are not looked up by facet."""
    if entry.kind != Entry.Kind.CODE:
        return
    found = [("trait", trait["slug"]) for trait in entry.data["traits"]]
    found += [("specialty", row["slug"]) for row in entry.data["specialties"]]
    found += [("denial_category", row["category"]) for row in entry.data["denials"]]
    for kind, slug in dict.fromkeys(found):
        yield EntryFacet(entry_id=entry.pk, kind=kind, slug=slug)


def _faqs(entry: Entry) -> Iterator[EntryFaq]:
    """The questions that the subject's own guidance answers."""
    own = [
        faq
        for faq in entry.data.get("faqs", ())
        if (faq["from"]["scope"], faq["from"]["key"]) == (entry.kind, entry.key)
    ]
    for position, faq in enumerate(own):
        yield EntryFaq(
            entry=entry,
            position=position,
            question=faq["question"],
            answer=faq["answer"],
            html=faq["html"],
        )
