"""The one door to what the public sees.

Whoever changes facts or guidance calls `publish` in the same transaction, for the subjects that
the change may touch. What reads the same as before is left alone, so a caller may well name too
many subjects, and must never name too few.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from codes.calendar import today
from codes.models import (
    ChangeNumber,
    Entry,
    EntryChange,
    EntryFacet,
    EntryFaq,
    EntryGuidance,
    Publication,
)

BATCH = 500
EVERYTHING: Mapping[str, None] = dict.fromkeys(Entry.Kind.values)


@dataclass(frozen=True, slots=True)
class Published:
    """How many entries a publication stored and removed."""

    stored: int
    removed: int


def publish(touched: Mapping[str, Collection[str] | None], *, on: date, reason: str) -> Published:
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
    """The entry of one subject for a date of service; None where there is no such subject."""
    return read_entries(kind, [key], on).get(key)


def read_entries(kind: str, keys: Collection[str], on: date) -> dict[str, Entry]:
    """The entries of the subjects for a date of service, by key; without those that do not exist.

    Today's are the stored rows. For any other date, and past the day until which a row holds, they
    are composed on the spot and not stored.
    """
    stored = Entry.objects.select_related("guidance").of(kind, keys)
    found = {entry.key: entry for entry in stored}
    is_today = on == today()
    others = [
        key
        for key, entry in found.items()
        if not (is_today and (entry.until is None or on < entry.until))
    ]
    composed = {entry.key: entry for entry in _compose(kind, others, on)} if others else {}
    return {key: entry for key, entry in found.items() if key not in others} | composed


def would_change(touched: Mapping[str, Collection[str] | None], *, on: date) -> Iterator[str]:
    """The subjects, as `kind key`, whose entry `publish` would store or remove. Stores nothing."""
    for kind, keys in touched.items():
        stored = dict(_entries(kind, keys).values_list("key", "digest"))
        for entry in _compose(kind, keys, on):
            if stored.pop(entry.key, None) != entry.digest:
                yield f"{kind} {entry.key}"
        yield from (f"{kind} {key}" for key in stored)


def stale_entries(on: date) -> Iterator[str]:
    """The subjects whose stored entry is not what would be composed: there should be none."""
    return would_change(EVERYTHING, on=on)


def _entries(kind: str, keys: Collection[str] | None) -> QuerySet[Entry]:
    """The stored entries of the subjects; of all of a kind without keys."""
    entries = Entry.objects.filter(kind=kind)
    return entries if keys is None else entries.filter(key__in=keys)


def _compose(kind: str, keys: Collection[str] | None, on: date) -> Iterator[Entry]:
    """Unsaved entries of the subjects, as settings.ENTRY_COMPOSER composes them.

    The composer is named by a setting since this app knows nothing of guidance. It yields each
    document in two halves: the subject's own, and the guidance, one object for all that share it.
    """
    composer = import_string(settings.ENTRY_COMPOSER)
    shared: dict[int, tuple[dict, EntryGuidance]] = {}
    for facts, guidance in composer(kind, keys, on):
        if guidance is None:
            yield _entry(facts, None)
            continue
        if id(guidance) not in shared:
            text = _json(guidance)
            shared[id(guidance)] = guidance, EntryGuidance(document=text, digest=_sha256(text))
        entry = _entry(facts, shared[id(guidance)][1])
        entry.data = facts | guidance
        yield entry


def unsaved_entry(facts: dict, inherited: dict) -> Entry:
    """An entry that is only to be looked at: a draft's preview."""
    text = _json(inherited)
    entry = _entry(facts, EntryGuidance(document=text, digest=_sha256(text)))
    entry.data = facts | inherited
    return entry


def _entry(facts: dict, guidance: EntryGuidance | None) -> Entry:
    text = _json(facts)
    until = facts["until"]
    return Entry(
        kind=facts["kind"],
        key=facts["key"],
        title=facts["title"],
        facts=text,
        guidance=guidance,
        digest=_sha256(text + guidance.digest if guidance else text),
        until=date.fromisoformat(until) if until else None,
    )


def _json(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
        EntryGuidance.objects.filter(entries__isnull=True).delete()


def _publish_kind(kind: str, keys: Collection[str] | None, on: date, ledger: _Ledger) -> None:
    entries = _entries(kind, keys)
    stored = dict(entries.values_list("key", "digest"))
    composed = _compose(kind, keys, on)
    while batch := list(islice(composed, BATCH)):
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
    _store_guidance([entry.guidance for entry in entries if entry.guidance])
    Entry.objects.bulk_create(entries)
    EntryFaq.objects.bulk_create(faq for entry in entries for faq in _faqs(entry))


def _store_guidance(halves: list[EntryGuidance]) -> None:
    """Give each half the row that holds its text: the known one, or a new one with its facets."""
    by_digest = {half.digest: half for half in halves if half.pk is None}
    rows = EntryGuidance.objects.filter(digest__in=by_digest)
    known = dict(rows.values_list("digest", "pk"))
    new = [half for digest, half in by_digest.items() if digest not in known]
    EntryGuidance.objects.bulk_create(new)
    EntryFacet.objects.bulk_create(facet for half in new for facet in _facets(half))
    known |= {half.digest: half.pk for half in new}
    for half in halves:
        half.pk = half.pk or known[half.digest]


def _facets(half: EntryGuidance) -> Iterator[EntryFacet]:
    inherited = json.loads(half.document)
    found = [(Entry.Kind.TRAIT, trait["slug"]) for trait in inherited["traits"]]
    found += [(Entry.Kind.SPECIALTY, row["slug"]) for row in inherited["specialties"]]
    found += [(Entry.Kind.DENIAL_CATEGORY, row["category"]) for row in inherited["denials"]]
    for kind, slug in dict.fromkeys(found):
        yield EntryFacet(guidance=half, kind=kind, slug=slug)


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
