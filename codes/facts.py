"""What CMS says of codes on a date of service, as the first half of an entry document.

Codes are loaded in batches: a constant number of queries for one code or for five hundred.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from codes.classification import Described, matches
from codes.decoding import decoded
from codes.models import (
    Code,
    CodeChange,
    CodePeriod,
    CodeRelation,
    CodeVersion,
    Correction,
    Family,
    ModifierVersion,
    Release,
    Section,
    Trait,
    TraitMembership,
)

SYSTEM = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CMS_RELEASES = (
    "https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/"
    "quarterly-update"
)
NEIGHBOURS = 4  # on either side of a code in its family
LONGEST_TITLE = 90  # characters; a longer official text gives way to the short one
ONE_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)  # for which an entry names a correction


@dataclass(frozen=True)
class Reference:
    """The small tables that every code refers to, by their ids."""

    newest: Release
    releases: dict[int, Release]
    sections: dict[int, Section]
    families: dict[int, Family]
    traits: list[Trait]


@dataclass
class CodeFacts:
    """One code on one date, with everything the code tables hold about it."""

    code: Code
    reference: Reference
    on: date
    versions: list[CodeVersion]
    periods: list[CodePeriod]
    changes: list[CodeChange]
    relations: list[CodeRelation]
    memberships: list[TraitMembership]
    corrections: list[Correction]
    neighbours: list[tuple[str, str]]
    shorts: dict[str, str]

    @property
    def section(self) -> Section:
        return self.reference.sections[self.code.section_id]

    @property
    def family(self) -> Family | None:
        return self.reference.families.get(self.code.family_id)

    @cached_property
    def version(self) -> CodeVersion:
        """The version that answers for the date: see Version.reads_from."""
        return next(
            v for v in reversed(self.versions) if not v.reads_from or v.reads_from <= self.on
        )

    @cached_property
    def period(self) -> CodePeriod:
        return next(p for p in self.periods if p.pk == self.version.period_id)

    @cached_property
    def traits(self) -> list[Trait]:
        """The code's traits on the date, the strongest first."""
        described = Described(
            self.code.code, " ".join(self.version.long.lower().split()), self.version.fields
        )
        listed = {
            m.trait_id
            for m in self.memberships
            if m.starts_on <= self.on and (m.ends_on is None or self.on <= m.ends_on)
        }
        return [t for t in self.reference.traits if t.pk in listed or matches(t.rule, described)]

    def until(self) -> date | None:
        """The first later day on which any of this may read differently."""
        days = [v.reads_from for v in self.versions if v.reads_from]
        days += [p.added for p in self.periods]
        days += [p.terminated + ONE_DAY for p in self.periods if p.terminated]
        days += [m.starts_on for m in self.memberships]
        days += [m.ends_on + ONE_DAY for m in self.memberships if m.ends_on]
        days += [r.from_date for r in self.relations]
        days += [c.withdrawn_on + A_YEAR + ONE_DAY for c in self.corrections]
        return min((day for day in days if day > self.on), default=None)


def title(short: str, long: str) -> str:
    """What a page calls the code: the official text, or the short one where that is too long."""
    return long if long and len(long) <= LONGEST_TITLE else short or long[:LONGEST_TITLE]


def document(facts: CodeFacts) -> dict:
    """The code tables' half of the entry document: everything but the guidance."""
    code, version, period = facts.code, facts.version, facts.period
    releases = facts.reference.releases
    return {
        "kind": "code",
        "key": code.code,
        "title": title(version.short, version.long),
        "code": code.code,
        "system": SYSTEM,
        "status": period.status_on(facts.on),
        "until": None,
        "facts_release": _release(releases[version.release_id]),
        "last_listed": _last_listed(facts),
        "text_known_from": period.text_known_from.isoformat(),
        "section": {"letter": facts.section.letter, "title": facts.section.title},
        "family": _family(facts.family),
        "descriptors": {"short": version.short, "long": version.long},
        "dates": {
            "added": period.added.isoformat(),
            "effective": version.starts_on.isoformat(),
            "terminated": _iso(period.terminated),
        },
        "periods": [_period(period, facts.versions) for period in facts.periods],
        "versions": [_version(version, releases) for version in facts.versions],
        "history": [_change(change, releases) for change in facts.changes],
        "cms": decoded(version.fields),
        "related": [{"code": code, "short": short} for code, short in facts.neighbours],
        "relations": [_relation(r, facts) for r in facts.relations if r.from_date <= facts.on],
        "corrections": [
            {"withdrawn_on": c.withdrawn_on.isoformat(), "note": c.note}
            for c in facts.corrections
            if facts.on <= c.withdrawn_on + A_YEAR
        ],
    }


def load(keys: Iterable[str] | None, on: date, batch: int = 500) -> Iterator[CodeFacts]:
    """Facts of the listed codes among `keys` (all of them for None), in the order of the codes."""
    reference = _reference()
    listed = Code.objects.listed()
    codes = list(listed if keys is None else listed.filter(code__in=keys))
    for start in range(0, len(codes), batch):
        rows = _Rows(codes[start : start + batch], on)
        for code in codes[start : start + batch]:
            yield CodeFacts(
                code=code,
                reference=reference,
                on=on,
                versions=rows.versions[code.pk],
                periods=rows.periods[code.pk],
                changes=rows.changes[code.pk],
                relations=rows.relations[code.pk],
                memberships=rows.memberships[code.pk],
                corrections=rows.corrections[code.code],
                neighbours=rows.neighbours(code),
                shorts=rows.shorts,
            )


def _reference() -> Reference:
    return Reference(
        newest=Release.objects.newest(),
        releases=Release.objects.defer("records").in_bulk(),
        sections=Section.objects.in_bulk(),
        families=Family.objects.in_bulk(),
        traits=list(Trait.objects.all()),
    )


class _Rows:
    """The rows of a batch of codes, each table read once."""

    def __init__(self, codes: list[Code], on: date) -> None:
        ids = [code.pk for code in codes]
        self.versions = _grouped(CodeVersion.objects.filter(code__in=ids))
        self.periods = _grouped(CodePeriod.objects.filter(code__in=ids))
        self.changes = _grouped(
            CodeChange.objects.filter(code__in=ids).order_by("release__quarter", "field"),
        )
        self.memberships = _grouped(TraitMembership.objects.filter(code__in=ids))
        self.relations = _grouped(
            CodeRelation.objects.filter(code__in=ids).select_related("other"),
        )
        self.corrections = defaultdict(list)
        names = [code.code for code in codes]
        for correction in Correction.objects.filter(kind="code", key__in=names):
            self.corrections[correction.key].append(correction)
        others = {r.other.code for rows in self.relations.values() for r in rows}
        self.shorts, _ = short_names(on, others, set())
        self._families = self._family_members({code.family_id for code in codes}, on)

    def _family_members(self, families: set[int | None], on: date) -> dict[int, list]:
        members = (
            CodeVersion.objects.active(on)
            .filter(code__family__in=families - {None})
            .order_by("code__code")
            .values_list("code__family_id", "code__code", "short")
        )
        found = defaultdict(list)
        for family, code, short in members:
            found[family].append((code, short))
        return found

    def neighbours(self, code: Code) -> list[tuple[str, str]]:
        """The active codes next to this one in its family."""
        members = self._families.get(code.family_id, [])
        place = bisect_left(members, (code.code, ""))
        after = [m for m in members[place : place + NEIGHBOURS + 1] if m[0] != code.code]
        return members[max(0, place - NEIGHBOURS) : place] + after[:NEIGHBOURS]


def _grouped(rows: Iterable) -> defaultdict:
    """The rows of each code, by its id."""
    found = defaultdict(list)
    for row in rows:
        found[row.code_id].append(row)
    return found


def _release(release: Release) -> dict:
    return {
        "key": release.key,
        "title": release.title,
        "is_excerpt": release.is_excerpt,
        "file_name": release.file_name,
        "url": CMS_RELEASES,
    }


def _last_listed(facts: CodeFacts) -> str | None:
    """The newest release that lists the code, where that is not the newest of all."""
    last, reference = facts.code.last_release_id, facts.reference
    return None if last == reference.newest.pk else reference.releases[last].key


def _family(family: Family | None) -> dict | None:
    return {"slug": family.slug, "title": family.title} if family else None


def _period(period: CodePeriod, versions: list[CodeVersion]) -> dict:
    last = next(v for v in reversed(versions) if v.period_id == period.pk)
    return {
        "added": period.added.isoformat(),
        "terminated": _iso(period.terminated),
        "short": last.short,
    }


def _version(version: CodeVersion, releases: dict[int, Release]) -> dict:
    return {
        "starts_on": version.starts_on.isoformat(),
        "release": releases[version.release_id].key,
        "short": version.short,
        "long": version.long,
    }


def _change(change: CodeChange, releases: dict[int, Release]) -> dict:
    return {
        "release": releases[change.release_id].key,
        "kind": change.kind,
        "field": change.field,
        "before": change.before,
        "after": change.after,
    }


def _relation(relation: CodeRelation, facts: CodeFacts) -> dict:
    return {
        "kind": relation.kind,
        "label": relation.get_kind_display(),
        "code": relation.other.code,
        "short": facts.shorts.get(relation.other.code, ""),
        "from_date": relation.from_date.isoformat(),
        "source": relation.source,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def short_names(on: date, codes: set[str], modifiers: set[str]) -> tuple[dict, dict]:
    """CMS's short texts, on the date, of codes and of modifiers: two mappings."""
    return (
        dict(
            CodeVersion.objects.read_on(on)
            .filter(code__code__in=codes)
            .values_list("code__code", "short")
        ),
        dict(
            ModifierVersion.objects.read_on(on)
            .filter(modifier__code__in=modifiers)
            .values_list("modifier__code", "short")
        ),
    )
