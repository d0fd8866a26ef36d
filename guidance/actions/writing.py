"""Topics, as a pack file writes them, become a revision's rows."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from codes.actions import name_codes
from codes.calendar import day_of
from codes.models import Release
from guidance.content import TEXTS, frozen
from guidance.models import (
    Citation,
    Companion,
    CoverageSignal,
    CptReference,
    DenialAdvice,
    DenialCategory,
    Faq,
    Guidance,
    ModifierRule,
    PayerClass,
    PublishedGuidance,
    Revision,
    Source,
    Specialty,
    by_name,
)
from guidance.pack import companions


class Writer:
    """Fills revisions. The vocabularies are looked up once; `codes` gives the identities named."""

    def __init__(self, codes: dict[str, Any]) -> None:
        self._codes = codes
        self._sources = by_name(Source)
        self._categories = by_name(DenialCategory)
        self._specialties = by_name(Specialty)
        self._cpt = by_name(CptReference)

    @classmethod
    def for_topics(cls, topics: dict[str, Any]) -> Self:
        """A writer that knows the HCPCS codes which the topics name as companions."""
        return cls(name_codes(companions(topics)))

    def fill(self, revision: Revision, topics: dict[str, Any]) -> None:
        """Write the list topics, specialties and citations of a revision that has none yet."""
        revision.specialties.set(self._specialties[s] for s in topics.get("specialties", ()))
        for topic, (model, shape) in ROWS.items():
            model.objects.bulk_create(
                model(revision=revision, position=place, **shape(self, row))
                for place, row in enumerate(topics.get(topic, ()))
            )
        Citation.objects.bulk_create(self._citations(revision, topics))

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
            for slug, locator, quote in cited(sources)
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
            "code": self._codes[row["code"]] if "code" in row else None,
            "relation": row["relation"],
            "context": row.get("context", ""),
        }

    def faq(self, row: dict) -> dict:
        return {"question": row["question"], "answer": row["answer"]}


ROWS: dict[str, tuple[Any, Callable[[Writer, dict], dict]]] = {
    "coverage": (CoverageSignal, Writer.coverage),
    "denials": (DenialAdvice, Writer.denial),
    "modifiers": (ModifierRule, Writer.modifier),
    "companions": (Companion, Writer.companion),
    "faqs": (Faq, Writer.faq),
}


def clear_rows(revision: Revision) -> None:
    """Empty the list topics and citations of a draft."""
    for topic in (*ROWS, "citations"):
        getattr(revision, topic).all().delete()
    revision.specialties.clear()


def copy_rows(source: Revision, target: Revision) -> None:
    """Give an empty draft the rows and citations of another revision."""
    target.specialties.set(source.specialties.all())
    for topic in (*ROWS, "citations"):
        rows = list(getattr(source, topic).all())
        for row in rows:
            row.pk = None
            row.revision = target
        if rows:
            type(rows[0]).objects.bulk_create(rows)


def whole_revisions(ids: list[int]) -> Any:
    """The revisions with all that `frozen` and the checks read, in a constant number of queries."""
    revisions = Revision.objects.filter(pk__in=ids).with_subjects()
    return with_next_edition(revisions).prefetch_related(*_rows_read())


def with_next_edition(revisions: QuerySet[Revision]) -> Any:
    """Each with `followed_on`, the first date of service of the edition published to come after it."""
    later = PublishedGuidance.objects.filter(
        guidance=OuterRef("guidance"), valid_from__gt=OuterRef("valid_from")
    )
    following = later.order_by("valid_from").values("valid_from")[:1]
    return revisions.annotate(followed_on=Subquery(following))


def read_rows(revision: Revision) -> None:
    """Read the rows of a revision that was read without them."""
    prefetch_related_objects([revision], *_rows_read())


def _rows_read() -> list[str | Prefetch]:
    return [
        "coverage",
        Prefetch("denials", DenialAdvice.objects.select_related("category")),
        "modifiers",
        Prefetch("companions", Companion.objects.select_related("cpt", "code")),
        "faqs",
        "specialties",
        Prefetch("citations", Citation.objects.select_related("source")),
    ]


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
        reviewed_on=revision.reviewed_at and day_of(revision.reviewed_at),
        facts_reviewed_id=guidance.facts_reviewed_id,
        content=frozen(revision),
    )


def note_facts_reviewed(subjects: QuerySet[Guidance]) -> None:
    """Record that these were held against the newest release: they leave the editors' queue of
    what CMS changed, and lose the public flag with the next publication of their entries."""
    newest = Release.objects.newest()
    ids = list(subjects.values_list("pk", flat=True))
    Guidance.objects.filter(pk__in=ids).update(facts_reviewed=newest)
    PublishedGuidance.objects.filter(guidance__in=ids).update(facts_reviewed=newest)


def _cited_places(topics: dict) -> Iterator[tuple[str, int | None, list]]:
    """Topic, row (None for a single text) and its sources, wherever something is cited."""
    for topic, value in topics.items():
        if topic in TEXTS:
            yield topic, None, value.get("sources", ())
        elif topic in ROWS:
            for place, row in enumerate(value):
                yield topic, place, row.get("sources", ())


def cited(sources: Iterable[str | dict]) -> list[tuple[str, str, str]]:
    """Source, locator and quote of each citation; a plain id has neither of the last two."""
    return [
        (cited, "", "")
        if isinstance(cited, str)
        else (cited["id"], cited.get("locator", ""), cited.get("quote", ""))
        for cited in sources
    ]
