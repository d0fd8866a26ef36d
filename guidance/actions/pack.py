"""Loading the starter pack."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from codes import publication
from codes.actions import (
    Relation,
    Term,
    load_classification,
    name_codes,
    publish_release,
    set_relations,
    set_search_terms,
    upload_release,
)
from codes.actions.classification import DATA
from codes.converters import canonical_code
from codes.models import Family, Release, Section, Trait
from guidance import entry
from guidance.actions.pack_offers import Offers, offer_differences
from guidance.actions.vocabulary import name_of
from guidance.actions.writing import (
    Writer,
    cited,
    note_facts_reviewed,
    publish_revision,
    whole_revisions,
)
from guidance.content import TEXTS
from guidance.models import (
    NAMED_BY,
    AuditEvent,
    CallToAction,
    CptReference,
    DenialCategory,
    Guidance,
    PackLoad,
    Revision,
    Source,
    Specialty,
    by_name,
    names_in,
)
from guidance.pack import (
    FOLDERS,
    STARTER,
    BadPack,
    Pack,
    PackGuidance,
    PackRevision,
    companions,
    pack_digest,
    read_pack,
)
from guidance.workflow import SYSTEM_ACCOUNT, Status


@dataclass
class PackOutcome:
    """What loading a pack did: subjects loaded, those withdrawn that the pack no longer has, those
    kept since editors have changed them, and what became of the pack's word on these."""

    loaded: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    kept: list[str] = field(default_factory=list)
    offers: Offers = field(default_factory=Offers)
    entries: int = 0


def load_starter(*, on: date, folder: Path = STARTER) -> PackOutcome:
    """Load the starter pack, all of it or nothing. `on` is today.

    Nothing happens where all that the stored entries are made of is as it was at the last load.
    Otherwise the pack replaces what the one before it wrote and withdraws what it no longer has.
    What editors have revised stays; what the pack now says otherwise of it is offered as drafts.
    Every entry is composed anew. Raises BadPack.
    """
    last = PackLoad.objects.order_by("pk").last()
    if last and last.digest == _load_digest(pack_digest(folder)):
        return PackOutcome()
    pack = read_pack(folder)
    with transaction.atomic():
        publication.wait_for_turn()
        load_classification()
        _load_vocabularies(pack)
        set_search_terms(glossary=SYSTEM_ACCOUNT, terms=_search_terms(pack))
        outcome = _load_guidance(pack)
        # The pack was written beside its own release; what later ones change is to be looked at.
        unread = Guidance.objects.filter(facts_reviewed__isnull=True)
        note_facts_reviewed(unread)
        outcome.entries = _publish_pack(pack, on)
        note_facts_reviewed(unread)  # once more: the pack may have brought the first release
        PackLoad.objects.create(digest=_load_digest(pack.digest))
    return outcome


def _load_digest(pack_files: str) -> str:
    """sha256 over all that an upgrade or the settings may change under the stored entries: the
    pack's files, our classification, the composer and how CPT numbers are shown."""
    parts = (pack_files, pack_digest(DATA), str(entry.COMPOSER_VERSION), settings.CPT_DISPLAY)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _load_vocabularies(pack: Pack) -> None:
    _upsert(Source, [_source(row) for row in pack.sources])
    _upsert(Specialty, [Specialty(**row) for row in pack.specialties])
    _upsert(CptReference, [CptReference(**row) for row in pack.cpt])
    written = _upsert(DenialCategory, [_denial_category(row) for row in pack.denials])
    sources = by_name(Source)
    categories = by_name(DenialCategory)
    for row in filter(lambda row: row["key"] in written, pack.denials):
        categories[row["key"]].sources.set(
            [sources[slug] for slug, _, _ in cited(row.get("sources", ()))]
        )
    if not CallToAction.objects.exists():
        CallToAction.objects.create(pk=1, **pack.call_to_action)
    set_relations(
        Relation(
            code=row["code"],
            kind=row["kind"],
            other=row["to"],
            from_date=date.fromisoformat(row["from"]),
            source=str(sources[row["source"]])[:200],
        )
        for row in pack.relations
    )


def _search_terms(pack: Pack) -> Iterator[Term]:
    for row in pack.search_terms:
        for place, target in enumerate(row["codes"], start=1):
            is_code = canonical_code(target) == target
            yield Term(
                term=row["term"],
                kind=row["kind"],
                code=target if is_code else "",
                family="" if is_code else target,
                place=place,
                source=row["source"],
            )


def _upsert(model: type[Any], rows: list) -> set[str]:
    """Insert the rows, or update those whose key is known; gives the keys written. What a person
    has saved since is left as it is, like guidance that editors have revised."""
    key, known = NAMED_BY[model], names_in(model)
    saved = set(AuditEvent.objects.filter(action="save").values_list("subject", flat=True))
    rows = [row for row in rows if getattr(row, key) not in known or name_of(row) not in saved]
    columns = [f.name for f in model._meta.concrete_fields if f.name not in {"id", key}]
    columns = [name for name in columns if name != "last_checked"]
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=columns
    )
    return {getattr(row, key) for row in rows}


def _source(row: dict) -> Source:
    return Source(
        slug=row["id"],
        issuer=row["issuer"],
        kind=row["kind"],
        document=row.get("document") or "",
        title=row["title"],
        version=row.get("version") or "",
        url=row.get("url") or "",
        effective_from=row.get("effective_from"),
        retired_on=row.get("retired_on"),
    )


def _denial_category(row: dict) -> DenialCategory:
    group, _, carc = row["key"].partition("-")
    return DenialCategory(
        key=row["key"],
        group=group,
        carc=carc,
        title=row["title"],
        gloss=row["gloss"],
        causes=row["causes"],
        remedy=row["remedy"],
        remedy_text=row["remedy_text"],
        deadline=row.get("deadline", ""),
    )


def _load_guidance(pack: Pack) -> PackOutcome:
    writer = _Writer(pack)
    outcome = PackOutcome()
    revised: list[tuple[Guidance, PackGuidance]] = []
    for item in pack.guidance:
        guidance = writer.guidance(item)
        if guidance.pack_digest == item.digest:
            outcome.unchanged += 1
        elif writer.was_revised(guidance):
            outcome.kept.append(str(guidance))
            revised.append((guidance, item))
        else:
            writer.replace(guidance, item)
            outcome.loaded += 1
    for guidance in writer.gone({(item.scope, item.key) for item in pack.guidance}):
        if writer.was_revised(guidance):
            outcome.kept.append(str(guidance))
        else:
            writer.withdraw(guidance)
            outcome.withdrawn += 1
    writer.publish()
    # Once an open revision is discarded, its subject may be the pack's alone again.
    waiting = set(Revision.objects.open().values_list("guidance", flat=True))
    outcome.offers = offer_differences(revised=revised, by=writer.author)
    for guidance, item in revised:
        if guidance.pk not in waiting:
            writer.set_aside(guidance, item)
    return outcome


class _Writer:
    """Writes a pack's guidance: the vocabularies are looked up once."""

    def __init__(self, pack: Pack) -> None:
        users = get_user_model().objects
        self.author, _ = users.get_or_create(
            username=SYSTEM_ACCOUNT, defaults={"is_active": False, "first_name": "Starter pack"}
        )
        self._subjects: dict[str, dict[str, Any]] = {
            "section": Section.objects.in_bulk(field_name="letter"),
            "family": Family.objects.in_bulk(field_name="slug"),
            "trait": Trait.objects.in_bulk(field_name="slug"),
            "code": name_codes(_codes_named(pack)),
        }
        self._rows = Writer(self._subjects["code"])
        self._known = {(g.scope, g.key): g for g in Guidance.objects.with_subjects()}
        self._written: list[int] = []

    def guidance(self, item: PackGuidance) -> Guidance:
        """The subject's guidance, made where there is none."""
        subject = self._subjects[item.scope].get(item.key)
        if subject is None:
            name = f"{FOLDERS[item.scope]}/{item.key}.yaml"
            raise BadPack(f"{name}, line 1: There is no {item.scope} {item.key}.")
        known = self._known.get((item.scope, item.key))
        return known or Guidance.objects.create(**{item.scope: subject})

    def was_revised(self, guidance: Guidance) -> bool:
        """Whether anyone but the pack has written in it, or taken back what the pack wrote."""
        theirs = ~Q(author=self.author) | Q(status=Status.WITHDRAWN)
        return guidance.revisions.filter(theirs).exists()

    def gone(self, present: set[tuple[str, str]]) -> list[Guidance]:
        """What an older pack wrote about subjects that are not present in this one."""
        return [g for subject, g in self._known.items() if g.pack_digest and subject not in present]

    def withdraw(self, guidance: Guidance) -> None:
        """Take away what an older pack wrote; its revisions stay on record."""
        guidance.published.all().delete()
        guidance.revisions.update(status=Status.SUPERSEDED)
        guidance.pack_digest = ""
        guidance.save(update_fields=["pack_digest"])

    def replace(self, guidance: Guidance, item: PackGuidance) -> None:
        """Put the file's revisions in the place of those an older pack wrote."""
        self.withdraw(guidance)
        self._written += self._write(guidance, item, Status.PUBLISHED)

    def set_aside(self, guidance: Guidance, item: PackGuidance) -> None:
        """Keep on record what the file says, beside what editors have."""
        self._write(guidance, item, Status.SUPERSEDED)

    def _write(self, guidance: Guidance, item: PackGuidance, status: Status) -> list[int]:
        """The file's revisions in this state."""
        newest = guidance.revisions.order_by("-number").first()
        written = []
        for number, edition in enumerate(item.revisions, start=newest.number + 1 if newest else 1):
            revision = self._revision(guidance, number, edition, status)
            self._rows.fill(revision, edition.topics)
            written.append(revision.pk)
        guidance.pack_digest = item.digest
        guidance.save(update_fields=["pack_digest"])
        return written

    def _revision(
        self, guidance: Guidance, number: int, edition: PackRevision, status: Status
    ) -> Revision:
        texts = {name: edition.topics[name]["text"] for name in TEXTS if name in edition.topics}
        return Revision.objects.create(
            guidance=guidance,
            number=number,
            status=status,
            is_from_pack=True,
            valid_from=edition.valid_from,
            note=edition.note,
            author=self.author,
            suppress=edition.topics.get("suppress", {}),
            **texts,
        )

    def publish(self) -> None:
        for revision in whole_revisions(self._written):
            publish_revision(revision)


def _codes_named(pack: Pack) -> set[str]:
    subjects = {item.key for item in pack.guidance if item.scope == "code"}
    editions = [edition for item in pack.guidance for edition in item.revisions]
    return subjects.union(*(companions(edition.topics) for edition in editions))


def _publish_pack(pack: Pack, on: date) -> int:
    """Publish every entry; with the pack's own facts where no real release has come yet."""
    if pack.facts and not Release.objects.published().filter(is_excerpt=False).exists():
        path = pack.facts[-1]
        release = upload_release(name=path.name, content=path.read_bytes(), is_excerpt=True)
        outcome = publish_release(release=release, on=on)
        if not outcome.was_published:
            return outcome.published.stored
    return publication.publish(publication.EVERYTHING, on=on, reason="Starter pack").stored
