"""What has been published for a date of service, ready to be composed from.

Read once for any number of entries: PublishedGuidance and the vocabularies, never a draft.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from html import escape

from django.conf import settings
from django.db.models import Q

from codes.models import Family, Section, Trait
from guidance.inheritance import Voice
from guidance.models import (
    CptReference,
    DenialCategory,
    PublishedGuidance,
    Source,
    Specialty,
)
from guidance.prose import name_cpt


@dataclass(frozen=True, slots=True)
class Speech:
    """What one subject's guidance says on the date, and when it may say something else.

    `facts_reviewed` is the id of the release that it was last held against.
    """

    voice: Voice | None
    reviewed_on: date | None
    until: date | None
    facts_reviewed: int | None = None


# Contents to compose with in the place of published ones, by scope and key: for previews.
Drafts = dict[tuple[str, str], dict]
SILENCE = Speech(voice=None, reviewed_on=None, until=None)


class Library:
    """Published guidance of all sections, families and traits, and of the codes asked for.

    The vocabularies are by key: `sources` and `denials` as an entry document writes them.
    """

    def __init__(
        self, on: date, codes: Collection[str] | None = (), drafts: Drafts | None = None
    ) -> None:
        self.on = on
        self.drafts = drafts or {}
        self.sources = {source.slug: _source(source) for source in Source.objects.all()}
        self.specialties = {s.slug: s for s in Specialty.objects.all()}
        self.cpt = {c.number: (c.label, c.group) for c in CptReference.objects.all()}
        categories = DenialCategory.objects.prefetch_related("sources")
        self.denials = {category.key: self._denial_category(category) for category in categories}
        self._html_cpt = {
            number: (escape(label), escape(group)) for number, (label, group) in self.cpt.items()
        }
        self.titles = _titles()
        self._speeches = self._read(codes)
        for (scope, key), content in self.drafts.items():
            self._speeches[scope, key] = self._draft(scope, key, content)

    def speech(self, scope: str, key: str) -> Speech:
        return self._speeches.get((scope, key), SILENCE)

    def named_codes(self) -> tuple[set[str], set[str]]:
        """The HCPCS codes and the modifiers that the guidance read here names in its lists."""
        contents = [speech.voice.content for speech in self._speeches.values() if speech.voice]
        companions = [row for content in contents for row in content.get("companions", ())]
        return (
            {row["code"] for row in companions if row["system"] == "hcpcs"},
            {row["code"] for content in contents for row in content["modifiers"]},
        )

    def named(self, text: str) -> str:
        """The text with its CPT numbers as CPT_DISPLAY wants them."""
        return name_cpt(text, self.cpt, settings.CPT_DISPLAY)

    def _denial_category(self, category: DenialCategory) -> dict:
        return {
            "title": category.title,
            "group": category.group,
            "group_meaning": category.get_group_display(),
            "carc": category.carc,
            "gloss": self.named(category.gloss),
            "causes": self.named(category.causes),
            "remedy": category.remedy,
            "remedy_label": category.get_remedy_display(),
            "remedy_text": self.named(category.remedy_text),
            "deadline": category.deadline,
            "sources": [self.sources[source.slug] for source in category.sources.all()],
        }

    def _read(self, codes: Collection[str] | None) -> dict[tuple[str, str], Speech]:
        wanted = ~Q(scope="code") if codes is not None else Q()
        if codes:
            wanted |= Q(scope="code", key__in=codes)
        editions = defaultdict(list)
        for row in PublishedGuidance.objects.filter(wanted).order_by("valid_from", "number"):
            editions[row.scope, row.key].append(row)
        return {subject: self._speech(rows) for subject, rows in editions.items()}

    def _speech(self, rows: list[PublishedGuidance]) -> Speech:
        past = [row for row in rows if row.valid_from <= self.on]
        later = [row.valid_from for row in rows if row.valid_from > self.on]
        if not past:
            return Speech(voice=None, reviewed_on=None, until=min(later))
        row = past[-1]
        content = self._spoken(row.content)
        changes = later + _modifier_dates(content, self.on)
        content["modifiers"] = [m for m in content.get("modifiers", ()) if _holds(m, self.on)]
        return Speech(
            voice=Voice(origin=self._origin(row), content=content),
            reviewed_on=row.reviewed_on,
            until=min(changes, default=None),
            facts_reviewed=row.facts_reviewed_id,
        )

    def _draft(self, scope: str, key: str, content: dict) -> Speech:
        """A draft's content as if it were signed and published, for dates of service from today."""
        said = {"valid_from": self.on, "reviewed_on": self.on, "content": content}
        row = PublishedGuidance(scope=scope, key=key, number=0, **said)
        return self._speech([row])

    def _origin(self, row: PublishedGuidance) -> dict:
        return {
            "scope": row.scope,
            "key": row.key,
            "title": self.titles.get((row.scope, row.key), row.key),
            "revision": row.number,
            "valid_from": row.valid_from.isoformat(),
        }

    def _spoken(self, value, labels=None):
        """A copy of frozen content with every CPT number in words; escaped within HTML."""
        labels = labels or self.cpt
        if isinstance(value, str):
            return name_cpt(value, labels, settings.CPT_DISPLAY) if "{cpt:" in value else value
        if isinstance(value, list):
            return [self._spoken(item, labels) for item in value]
        if isinstance(value, dict):
            return {
                key: self._spoken(item, self._html_cpt if key == "html" else labels)
                for key, item in value.items()
            }
        return value


def _source(source: Source) -> dict:
    return {
        "id": source.slug,
        "issuer": source.issuer,
        "kind": source.kind,
        "kind_label": source.get_kind_display(),
        "title": source.title,
        "url": source.url,
        "document": source.document,
        "version": source.version,
        "effective_from": source.effective_from and source.effective_from.isoformat(),
        "retired_on": source.retired_on and source.retired_on.isoformat(),
    }


def _titles() -> dict[tuple[str, str], str]:
    titles = {("section", s.letter): s.title for s in Section.objects.all()}
    titles |= {("family", f.slug): f.title for f in Family.objects.all()}
    titles |= {("trait", t.slug): t.title for t in Trait.objects.all()}
    return titles


def _holds(modifier: dict, on: date) -> bool:
    """Whether the rule is in force; ISO dates sort as dates do."""
    day = on.isoformat()
    starts, ends = modifier["from_date"], modifier["until_date"]
    return (not starts or starts <= day) and (not ends or day <= ends)


def _modifier_dates(content: dict, on: date) -> list[date]:
    """The later days on which a modifier rule begins, or no longer holds."""
    rules = content.get("modifiers", ())
    begins = [date.fromisoformat(rule["from_date"]) for rule in rules if rule["from_date"]]
    ends = [date.fromisoformat(rule["until_date"]) for rule in rules if rule["until_date"]]
    over = [date.fromordinal(day.toordinal() + 1) for day in ends]
    return [day for day in begins + over if day > on]
