"""The composer: CMS's facts and our published guidance become one document.

`compose` is the only tie between the two apps (settings.ENTRY_COMPOSER). It reads code tables,
PublishedGuidance and the vocabularies, and the setting CPT_DISPLAY; docs/entry.schema.json says
what it writes. A document holds no clock and no counter: composed twice for one date it is the same
to the byte.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import cache

from django.conf import settings

from codes import facts
from codes.models import Family, Section, Trait
from guidance.content import TOPICS
from guidance.inheritance import Voice, inherit
from guidance.library import SILENCE, Drafts, Library, Speech
from guidance.models import (
    CallToAction,
    Companion,
    ModifierRule,
    PayerClass,
    Remedy,
)

SCHEMA = 1
# Raised whenever the same facts and guidance are to give another document.
COMPOSER_VERSION = 3

PAYERS = dict(PayerClass.choices)
REMEDIES = dict(Remedy.choices)
MODIFIER_RELATIONS = dict(ModifierRule.Relation.choices)
COMPANION_RELATIONS = dict(Companion.Relation.choices)


# A document in two halves: the subject's own, and the guidance, shared by those who hear the same.
Halves = tuple[dict, dict | None]


def compose(
    kind: str, keys: Collection[str] | None, on: date, drafts: Drafts | None = None
) -> Iterator[Halves]:
    """The documents of the subjects of one kind, in the order of their keys.

    `keys` None asks for every subject; an unknown key gives nothing. `on` is the date of service.
    The own half has `schema, composer, kind, key, title, until` and what its kind adds; the other has
    traits, every topic, its sources and the state of review, or is None for a kind without topics.
    They share no key.
    `drafts` is for previews alone: contents that are put in the place of published ones.
    """
    for own, guidance in COMPOSERS[kind](keys, Library(on, keys if kind == "code" else (), drafts)):
        yield {"schema": SCHEMA, "composer": COMPOSER_VERSION} | own, guidance


def _codes(keys: Collection[str] | None, library: Library) -> Iterator[Halves]:
    names = _Names(library)

    # Most codes have no guidance of their own and share what they inherit with their neighbours.
    @cache
    def heard(subjects: tuple[tuple[str, str], ...]) -> tuple[dict, str | None]:
        speeches = [library.speech(*subject) for subject in subjects]
        traits = [
            {"slug": slug, "title": library.titles["trait", slug]}
            for scope, slug in subjects
            if scope == "trait"
        ]
        inherited = {"traits": traits} | _guidance(speeches, library, names)
        return inherited, _earliest(s.until for s in speeches)

    for code in facts.load(keys, library.on):
        guidance, until = heard(_subjects(code, library))
        guidance = _without_itself(code, guidance, library)
        guidance = _flagged(code, guidance, library)
        own = facts.document(code)
        own["until"] = min(filter(None, [_iso(code.until()), until]), default=None)
        yield own, guidance


def _without_itself(code: facts.CodeFacts, guidance: dict, library: Library) -> dict:
    """A family names its base codes as companions: on the base code's own page it is left out."""
    others = [row for row in guidance["companions"] if row["code"] != code.code.code]
    if len(others) == len(guidance["companions"]):
        return guidance
    left = guidance | {"companions": others}
    speeches = [library.speech(*subject) for subject in _subjects(code, library)]
    return left | {"review": _review(speeches, left)}


def _flagged(code: facts.CodeFacts, guidance: dict, library: Library) -> dict:
    """Says that CMS has changed the code since its own guidance was held against the facts."""
    subject = ("code", code.code.code)
    speech = library.speech(*subject)
    # Publishing a draft says that it was written beside the facts of today.
    if speech.voice is None or subject in library.drafts:
        return guidance
    releases = code.reference.releases
    seen = releases.get(speech.facts_reviewed)
    made = [releases[change.release_id] for change in code.changes]
    news = [release for release in made if release.is_news_after(seen)]
    if not news:
        return guidance
    review = guidance["review"]
    return guidance | {
        "review": review
        | {
            "flags": [*review["flags"], "changed_by_cms"],
            "changed_in": {"key": news[-1].key, "title": news[-1].title},
        }
    }


def _subjects(code: facts.CodeFacts, library: Library) -> tuple[tuple[str, str], ...]:
    """Whom a code hears, from the strongest to the weakest: itself if it has guidance, its traits by
    rank, family, section."""
    own = [("code", code.code.code)]
    return (
        *(own if library.speech(*own[0]) is not SILENCE else []),
        *(("trait", trait.slug) for trait in code.traits),
        ("family", code.family.slug if code.family else ""),
        ("section", code.section.letter),
    )


def _families(keys: Collection[str] | None, library: Library) -> Iterator[Halves]:
    families = Family.objects.select_related("section").order_by("slug")
    yield from _groups(
        "family",
        families if keys is None else families.filter(slug__in=keys),
        library,
        lambda family: {
            "key": family.slug,
            "section": {"letter": family.section.letter, "title": family.section.title},
            "ranges": family.ranges,
        },
    )


def _sections(keys: Collection[str] | None, library: Library) -> Iterator[Halves]:
    sections = Section.objects.order_by("letter")
    yield from _groups(
        "section",
        sections if keys is None else sections.filter(letter__in=keys),
        library,
        lambda section: {"key": section.letter, "letter": section.letter},
    )


def _traits(keys: Collection[str] | None, library: Library) -> Iterator[Halves]:
    traits = Trait.objects.order_by("slug")
    yield from _groups(
        "trait",
        traits if keys is None else traits.filter(slug__in=keys),
        library,
        lambda trait: {"key": trait.slug, "rank": trait.rank},
    )


def _groups(kind: str, subjects, library: Library, identity: Callable) -> Iterator[Halves]:
    """Documents of sections, families or traits; a family also hears its section."""
    names = _Names(library)
    for subject in subjects:
        own = {"kind": kind, "title": subject.title} | identity(subject)
        speeches = [library.speech(kind, own["key"])]
        if kind == "family":
            speeches.append(library.speech("section", subject.section.letter))
        own["until"] = _earliest(speech.until for speech in speeches)
        yield own, {"traits": []} | _guidance(speeches, library, names)


def _specialties(keys: Collection[str] | None, library: Library) -> Iterator[Halves]:
    for slug, specialty in sorted(library.specialties.items()):
        if keys is None or slug in keys:
            yield (
                {
                    "kind": "specialty",
                    "key": slug,
                    "title": specialty.name,
                    "slug": slug,
                    "name": specialty.name,
                    "cms_code": specialty.cms_code,
                    "until": None,
                },
                None,
            )


def _denial_categories(keys: Collection[str] | None, library: Library) -> Iterator[Halves]:
    for key, category in sorted(library.denials.items()):
        if keys is None or key in keys:
            yield (
                {
                    "kind": "denial_category",
                    "key": key,
                    **category,
                    "until": None,
                },
                None,
            )


def _call_to_action(keys: Collection[str] | None, library: Library) -> Iterator[Halves]:
    panels = CallToAction.objects.all()
    for panel in panels if keys is None or "default" in keys else ():
        yield (
            {
                "kind": "call_to_action",
                "key": "default",
                "title": panel.title,
                "text": panel.text,
                "button": panel.button,
                "points": panel.points,
                "email": panel.email,
                "phone": panel.phone,
                "until": None,
            },
            None,
        )


COMPOSERS: dict[str, Callable[[Collection[str] | None, Library], Iterator[Halves]]] = {
    "section": _sections,
    "family": _families,
    "trait": _traits,
    "specialty": _specialties,
    "denial_category": _denial_categories,
    "call_to_action": _call_to_action,
    "code": _codes,
}


class _Names:
    """Short official texts of the HCPCS codes and modifiers that guidance names."""

    def __init__(self, library: Library) -> None:
        self.codes, self.modifiers = facts.short_names(library.on, *library.named_codes())


def _guidance(speeches: list[Speech], library: Library, names: _Names) -> dict:
    """The guidance half of a document, every topic present, empty or not."""
    voices: list[Voice] = [speech.voice for speech in speeches if speech.voice]
    topics = inherit(voices)
    topics |= {
        "coverage": [_with_payer(row) for row in topics["coverage"]],
        "denials": [_denial(row, library) for row in topics["denials"]],
        "modifiers": [_modifier(row, names) for row in topics["modifiers"]],
        "companions": _companions(topics["companions"], library, names),
        "specialties": [
            {
                "slug": row["slug"],
                "name": library.specialties[row["slug"]].name,
                "from": row["from"],
            }
            for row in topics["specialties"]
        ],
    }
    return topics | {"sources": _sources(topics, library), "review": _review(speeches, topics)}


def _with_payer(row: dict) -> dict:
    return row | {"payer": PAYERS[row["payer_class"]]}


def _denial(row: dict, library: Library) -> dict:
    category = library.denials[row["category"]]
    named = {name: category[name] for name in ("title", "group", "group_meaning", "carc")}
    return _with_payer(row) | named | {"remedy_label": REMEDIES[row["remedy"]]}


def _modifier(row: dict, names: _Names) -> dict:
    return row | {
        "short": names.modifiers.get(row["code"], ""),
        "relation_label": MODIFIER_RELATIONS[row["relation"]],
    }


def _companions(rows: list[dict], library: Library, names: _Names) -> list[dict]:
    """Companions with labels. With CPT off, a number gives way to its group, named once."""
    companions = []
    groups = set()
    for row in rows:
        named = row | {"relation_label": COMPANION_RELATIONS[row["relation"]]}
        if row["system"] == "hcpcs":
            companions.append(named | {"label": names.codes.get(row["code"], "")})
            continue
        label, group = library.cpt[row["code"]]
        if settings.CPT_DISPLAY != "off":
            shown = label if settings.CPT_DISPLAY == "labels" else ""
            companions.append(named | {"label": shown})
        elif group not in groups:
            groups.add(group)
            companions.append(named | {"code": "", "label": group})
    return companions


def _sources(topics: dict, library: Library) -> list[dict]:
    """Every source that a topic cites, once, in the order of first mention."""
    blocks = [block for topic in topics.values() for block in _blocks(topic)]
    cited = [citation["source"] for block in blocks for citation in block.get("citations", ())]
    return [library.sources[slug] for slug in dict.fromkeys(cited)]


def _review(speeches: list[Speech], topics: dict) -> dict:
    """When the strongest guidance was reviewed here, and the topics in which something was not."""
    spoken = [speech for speech in speeches if speech.voice]
    reviewed_on = spoken[0].reviewed_on if spoken else None
    unseen = [speech.voice.origin for speech in spoken if speech.voice and not speech.reviewed_on]
    not_reviewed = [
        topic for topic in TOPICS if any(one["from"] in unseen for one in _blocks(topics[topic]))
    ]
    return {
        "reviewed_on": reviewed_on.isoformat() if reviewed_on else None,
        "due": None,
        "flags": ["not_reviewed_here"] if not_reviewed else [],
        "not_reviewed": not_reviewed,
        "changed_in": None,
    }


def _blocks(topic: dict | list[dict] | None) -> list[dict]:
    """What a topic says, as a list: of one block if it is a text."""
    return topic if isinstance(topic, list) else [topic] if topic else []


def _earliest(days) -> str | None:
    return _iso(min((day for day in days if day), default=None))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
