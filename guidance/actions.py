"""Every write to the guidance tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from codes import publication
from codes.actions import (
    Relation,
    load_classification,
    name_codes,
    publish_release,
    set_relations,
    upload_release,
)
from codes.models import Family, Release, Section, Trait
from guidance.content import TEXTS, frozen
from guidance.models import (
    CallToAction,
    Citation,
    Companion,
    CoverageSignal,
    CptReference,
    DenialAdvice,
    DenialCategory,
    Faq,
    Guidance,
    ModifierRule,
    PackLoad,
    PayerClass,
    PublishedGuidance,
    Revision,
    Source,
    Specialty,
)
from guidance.models.revision import KEY_FIELD
from guidance.pack import STARTER, BadPack, Pack, PackGuidance, PackRevision, pack_digest, read_pack

SYSTEM_ACCOUNT = "starter-pack"


@dataclass
class PackOutcome:
    """What loading a pack did: subjects loaded, and those kept since editors have changed them."""

    loaded: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    entries: int = 0


def load_starter(*, on: date, folder=STARTER) -> PackOutcome:
    """Load the starter pack, all of it or nothing. `on` is today.

    A pack that was loaded before changes nothing; a newer one replaces what the older one wrote
    and leaves alone what editors have revised. Raises BadPack.
    """
    if PackLoad.objects.filter(digest=pack_digest(folder)).exists():
        return PackOutcome()
    pack = read_pack(folder)
    with transaction.atomic():
        publication.wait_for_turn()
        load_classification()
        _load_vocabularies(pack)
        outcome = _load_guidance(pack)
        outcome.entries = _publish_pack(pack, on)
        PackLoad.objects.create(digest=pack.digest)
    return outcome


def publish_revision(revision: Revision) -> None:
    """Freeze a revision for the public. The caller publishes the entries it touches."""
    guidance = revision.guidance
    PublishedGuidance.objects.create(
        guidance=guidance,
        revision=revision,
        number=revision.number,
        scope=guidance.scope,
        key=guidance.key,
        valid_from=revision.valid_from,
        reviewed_on=revision.reviewed_at and revision.reviewed_at.date(),
        content=frozen(revision),
    )


def _load_vocabularies(pack: Pack) -> None:
    _upsert(Source, "slug", [_source(row) for row in pack.sources])
    _upsert(Specialty, "slug", [Specialty(**row) for row in pack.specialties])
    _upsert(CptReference, "number", [CptReference(**row) for row in pack.cpt])
    _upsert(DenialCategory, "key", [_denial_category(row) for row in pack.denials])
    sources = Source.objects.in_bulk(field_name="slug")
    categories = DenialCategory.objects.in_bulk(field_name="key")
    for row in pack.denials:
        categories[row["key"]].sources.set(
            [sources[slug] for slug, _, _ in _cited(row.get("sources", ()))]
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


def _upsert(model, key: str, rows: list) -> None:
    """Insert the rows, or update those whose key is known."""
    columns = [f.name for f in model._meta.concrete_fields if f.name not in {"id", key}]
    columns = [name for name in columns if name != "last_checked"]
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=columns
    )


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
    for item in pack.guidance:
        guidance = writer.guidance(item)
        if guidance.pack_digest == item.digest:
            outcome.unchanged += 1
        elif guidance.revisions.exclude(author=writer.author).exists():
            outcome.kept.append(str(guidance))
        else:
            writer.replace(guidance, item)
            outcome.loaded += 1
    writer.publish()
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
        self._sources = Source.objects.in_bulk(field_name="slug")
        self._categories = DenialCategory.objects.in_bulk(field_name="key")
        self._specialties = Specialty.objects.in_bulk(field_name="slug")
        self._cpt = CptReference.objects.in_bulk(field_name="number")
        self._known = {(g.scope, g.key): g for g in _all_guidance()}
        self._written: list[int] = []

    def guidance(self, item: PackGuidance) -> Guidance:
        """The subject's guidance, made where there is none."""
        subject = self._subjects[item.scope].get(item.key)
        if subject is None:
            raise BadPack(f"There is no {item.scope} {item.key} for the pack's file of that name.")
        known = self._known.get((item.scope, item.key))
        return known or Guidance.objects.create(**{item.scope: subject})

    def replace(self, guidance: Guidance, item: PackGuidance) -> None:
        """Put the file's revisions in the place of those an older pack wrote."""
        guidance.published.all().delete()
        guidance.revisions.update(status=Revision.Status.SUPERSEDED)
        newest = guidance.revisions.order_by("-number").first()
        for number, edition in enumerate(item.revisions, start=newest.number + 1 if newest else 1):
            self._written.append(self._write(guidance, number, edition).pk)
        guidance.pack_digest = item.digest
        guidance.save(update_fields=["pack_digest"])

    def publish(self) -> None:
        for revision in _whole_revisions(self._written):
            publish_revision(revision)

    def _write(self, guidance: Guidance, number: int, edition: PackRevision) -> Revision:
        topics = edition.topics
        revision = Revision.objects.create(
            guidance=guidance,
            number=number,
            status=Revision.Status.PUBLISHED,
            valid_from=edition.valid_from,
            note=edition.note,
            author=self.author,
            suppress=topics.get("suppress", {}),
            **{name: topics[name]["text"] for name in TEXTS if name in topics},
        )
        revision.specialties.set(self._specialties[s] for s in topics.get("specialties", ()))
        for topic, (model, shape) in ROWS.items():
            model.objects.bulk_create(
                model(revision=revision, position=place, **shape(self, row))
                for place, row in enumerate(topics.get(topic, ()))
            )
        Citation.objects.bulk_create(self._citations(revision, topics))
        return revision

    def _citations(self, revision: Revision, topics: dict) -> list[Citation]:
        return [
            Citation(
                revision=revision,
                source=self._sources[slug],
                topic=topic,
                row=place,
                locator=locator,
                quote=quote,
            )
            for topic, place, sources in _cited_places(topics)
            for slug, locator, quote in _cited(sources)
        ]

    def coverage(self, row: dict) -> dict:
        return {"payer_class": row["payer_class"], "text": row["text"]}

    def denial(self, row: dict) -> dict:
        return {
            "category": self._categories[row["category"]],
            "payer_class": row.get("payer_class", PayerClass.ANY),
            "rarcs": row.get("rarcs", []),
            "causes": row["causes"],
            "remedy": row["remedy"],
            "deadline": row.get("deadline", ""),
            "text": row["text"],
        }

    def modifier(self, row: dict) -> dict:
        return {
            "code": row["code"],
            "relation": row["relation"],
            "context": row.get("context", ""),
            "text": row.get("text", ""),
            "from_date": row.get("from"),
            "until_date": row.get("until"),
        }

    def companion(self, row: dict) -> dict:
        return {
            "cpt": self._cpt[row["cpt"]] if "cpt" in row else None,
            "code": self._subjects["code"][row["code"]] if "code" in row else None,
            "relation": row["relation"],
            "context": row.get("context", ""),
        }

    def faq(self, row: dict) -> dict:
        return {"question": row["question"], "answer": row["answer"]}


ROWS: dict[str, tuple[Any, Callable[[_Writer, dict], dict]]] = {
    "coverage": (CoverageSignal, _Writer.coverage),
    "denials": (DenialAdvice, _Writer.denial),
    "modifiers": (ModifierRule, _Writer.modifier),
    "companions": (Companion, _Writer.companion),
    "faqs": (Faq, _Writer.faq),
}


def _codes_named(pack: Pack) -> set[str]:
    subjects = {item.key for item in pack.guidance if item.scope == "code"}
    editions = [edition for item in pack.guidance for edition in item.revisions]
    companions = [row for e in editions for row in e.topics.get("companions", ())]
    return subjects | {row["code"] for row in companions if "code" in row}


def _all_guidance():
    return Guidance.objects.select_related(*KEY_FIELD)


def _whole_revisions(ids: list[int]):
    """The revisions with all that `frozen` reads, in a constant number of queries."""
    return (
        Revision.objects.filter(pk__in=ids)
        .select_related(*(f"guidance__{scope}" for scope in KEY_FIELD))
        .prefetch_related(
            "coverage",
            "denials__category",
            "modifiers",
            "companions__cpt",
            "companions__code",
            "faqs",
            "specialties",
            "citations__source",
        )
    )


def _cited_places(topics: dict):
    """Topic, row (None for a single text) and its sources, wherever something is cited."""
    for topic, value in topics.items():
        if topic in TEXTS:
            yield topic, None, value.get("sources", ())
        elif topic in ROWS:
            for place, row in enumerate(value):
                yield topic, place, row.get("sources", ())


def _cited(sources) -> list[tuple[str, str, str]]:
    """Source, locator and quote of each citation; a plain id has neither of the last two."""
    return [
        (cited, "", "")
        if isinstance(cited, str)
        else (cited["id"], cited.get("locator", ""), cited.get("quote", ""))
        for cited in sources
    ]


def _publish_pack(pack: Pack, on: date) -> int:
    """Publish every entry; with the pack's own facts where no real release has come yet."""
    if pack.facts and not Release.objects.published().filter(is_excerpt=False).exists():
        path = pack.facts[-1]
        release = upload_release(name=path.name, content=path.read_bytes(), is_excerpt=True)
        outcome = publish_release(release=release, on=on)
        if not outcome.was_published:
            return outcome.published.stored
    return publication.publish(publication.EVERYTHING, on=on, reason="Starter pack").stored


@transaction.atomic
def save_call_to_action(*, panel: CallToAction, on: date) -> None:
    """Keep the panel, of which there is one, and publish it. `on` is today."""
    publication.wait_for_turn()
    panel.pk = 1
    panel.save()
    publication.publish({"call_to_action": None}, on=on, reason="Call to action saved")
