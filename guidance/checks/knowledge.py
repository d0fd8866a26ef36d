"""What the checks measure guidance against: vocabularies, codes and modifiers with their dates.

knowledge = load()                          read once, for any number of revisions
knowledge.subject("family", "e-bed", valid_from=…, on=…) -> Subject
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from codes.classification import Described, matches
from codes.models import CodePeriod, CodeVersion, ModifierPeriod, Release, Trait
from guidance.models import CptReference, Source, names_in

Dates = tuple[date, date | None]  # first and last day of a period of use; None: still in use


@dataclass(frozen=True, slots=True)
class SpokenCode:
    """A code as CMS describes it on a date. `traits` are our groups that it belongs to."""

    code: str
    text: str
    fields: dict
    traits: frozenset[str] = frozenset()

    @property
    def coverage(self) -> str:
        return self.fields.get("coverage", "")

    @property
    def prices(self) -> frozenset[str]:
        return frozenset(self.fields.get("price", ()))

    @property
    def services(self) -> frozenset[str]:
        """CMS's types of service."""
        return frozenset(self.fields.get("type_of_service", ()))


@dataclass(frozen=True)
class Subject:
    """Whom a revision speaks for: `codes` are those active on `on`, the last day it speaks for.

    Without codes, as before a full release is imported, nothing can contradict CMS's fields.
    """

    scope: str
    key: str
    valid_from: date
    on: date
    codes: tuple[SpokenCode, ...] = ()
    review_due: date | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(one.code for one in self.codes) | {self.key}

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


@dataclass(frozen=True, slots=True)
class KnownSource:
    name: str
    retired_on: date | None = None


@dataclass(frozen=True)
class KnownVersion:
    """One reading of a code, with where the code belongs."""

    spoken: SpokenCode
    section: str
    family: str | None
    reads_from: date | None
    reads_until: date | None
    known_from: date
    ended: date | None

    def reads_on(self, on: date) -> bool:
        after = self.reads_from is None or self.reads_from <= on
        return after and (self.reads_until is None or on <= self.reads_until)

    def is_known_on(self, on: date) -> bool:
        """Whether CMS's fields are known for the date: not before the first release that has them,
        unless the code had ended by then."""
        return self.known_from <= on or bool(self.ended and self.ended < self.known_from)


@dataclass(frozen=True)
class Knowledge:
    """`is_complete`: a whole release is known, so that what it lacks does not exist."""

    sources: dict[str, KnownSource]
    cpt: frozenset[str]
    codes: dict[str, tuple[Dates, ...]]
    modifiers: dict[str, tuple[Dates, ...]]
    is_complete: bool
    versions: dict[str, tuple[KnownVersion, ...]] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)
    memberships: dict[str, tuple[tuple[str, Dates], ...]] = field(default_factory=dict)
    modifier_texts: dict[str, str] = field(default_factory=dict)
    _known: dict = field(default_factory=dict, repr=False, compare=False)

    def subject(
        self, scope: str, key: str, *, valid_from: date, on: date, review_due: date | None = None
    ) -> Subject:
        """The subject of a revision that speaks for dates of service from `valid_from` to `on`."""
        codes: tuple[SpokenCode, ...] = ()
        if scope == "code":
            on = self._last_use(key, on)
            one = self.code(key, on)
            codes = (one,) if one else ()
        elif self.is_complete:
            codes = self._once((scope, key, on), self._group, scope, key, on)
        return Subject(scope, key, valid_from, on, codes, review_due)

    def code(self, code: str, on: date) -> SpokenCode | None:
        """The code as CMS describes it for the date, active or not; None where that is not known."""
        version = next((v for v in self.versions.get(code, ()) if v.reads_on(on)), None)
        if version is None or not version.is_known_on(on):
            return None
        return self._once(("code", code, on), self._with_traits, version, on)

    def is_active(self, code: str, on: date) -> bool:
        return _in_use(self.codes.get(code, ()), on)

    def _last_use(self, code: str, on: date) -> date:
        """`on`, or the last day of a code that has ended before it: its guidance speaks till then."""
        return min(on, max((last or on for _, last in self.codes.get(code, ())), default=on))

    def _group(self, scope: str, key: str, on: date) -> tuple[SpokenCode, ...]:
        belongs = _BELONGS[scope]
        members = (
            self.code(code, on)
            for code, versions in self.versions.items()
            if belongs(versions[-1], key) and self.is_active(code, on)
        )
        return tuple(one for one in members if one and (scope != "trait" or key in one.traits))

    def _once(self, name: tuple, work: Callable, *given):
        """The answer of `work`, worked out the first time that it is asked for under the name."""
        if name not in self._known:
            self._known[name] = work(*given)
        return self._known[name]

    def _with_traits(self, version: KnownVersion, on: date) -> SpokenCode:
        """The code with its traits: by rule for the version, by list for the date."""
        spoken, listings = version.spoken, self.memberships.get(version.spoken.code, ())
        listed = {slug for slug, dates in listings if _in_use((dates,), on)}
        ruled = self._once(("ruled", spoken.code, version.reads_from), self._ruled, spoken)
        return replace(spoken, traits=ruled | listed)

    def _ruled(self, spoken: SpokenCode) -> frozenset[str]:
        described = Described(spoken.code, spoken.text, spoken.fields)
        return frozenset(slug for slug, rule in self.traits.items() if matches(rule, described))


_BELONGS: dict[str, Callable[[KnownVersion, str], bool]] = {
    "section": lambda version, key: version.section == key,
    "family": lambda version, key: version.family == key,
    "trait": lambda version, key: True,
}


def load(codes: Collection[str] | None = None) -> Knowledge:
    """Everything that is known, in a constant number of queries.

    `codes` limits those whose fields are read; `editions.codes_needed` says which a text takes.
    """
    traits, memberships = _traits()
    modifiers = list(
        ModifierPeriod.objects.order_by("added", "versions__starts_on").values_list(
            "modifier__code", "added", "terminated", "versions__long"
        )
    )
    return Knowledge(
        sources={s.slug: KnownSource(str(s), s.retired_on) for s in Source.objects.all()},
        cpt=frozenset(names_in(CptReference)),
        codes=_periods(CodePeriod.objects.values_list("code__code", "added", "terminated")),
        modifiers=_periods(row[:3] for row in modifiers),
        is_complete=Release.objects.published().filter(is_excerpt=False).exists(),
        versions=_versions(codes),
        traits=traits,
        memberships=memberships,
        modifier_texts={code: text for code, *_, text in modifiers if text},
    )


def _traits() -> tuple[dict[str, str], dict[str, tuple[tuple[str, Dates], ...]]]:
    """Each trait's rule, and under each code the traits that list it, with the dates."""
    rules: dict[str, str] = {}
    listed = defaultdict(list)
    columns = (f"memberships__{name}" for name in ("code__code", "starts_on", "ends_on"))
    for slug, rule, code, *dates in Trait.objects.values_list("slug", "rule", *columns):
        rules[slug] = rule
        if code:
            first, last = dates
            listed[code].append((slug, (first, last)))
    return rules, {code: tuple(rows) for code, rows in listed.items()}


# As KnownVersion takes them, after what SpokenCode takes.
_COLUMNS = (
    "code__code",
    "long",
    "fields",
    "code__section__letter",
    "code__family__slug",
    "reads_from",
    "reads_until",
    "period__text_known_from",
    "period__terminated",
)


def _periods(rows: Iterable[tuple[str, date, date | None]]) -> dict[str, tuple[Dates, ...]]:
    found: dict[str, list[Dates]] = defaultdict(list)
    for name, added, terminated in rows:
        if (added, terminated) not in found[name]:
            found[name].append((added, terminated))
    return {name: tuple(dates) for name, dates in found.items()}


def _versions(codes: Collection[str] | None) -> dict[str, tuple[KnownVersion, ...]]:
    found = defaultdict(list)
    versions = CodeVersion.objects.order_by("code__code", "starts_on")
    wanted = versions if codes is None else versions.filter(code__code__in=codes)
    for code, long, fields, *where in wanted.values_list(*_COLUMNS):
        spoken = SpokenCode(code, " ".join(long.lower().split()), fields)
        found[code].append(KnownVersion(spoken, *where))
    return {code: tuple(versions) for code, versions in found.items()}


def _in_use(periods: Iterable[Dates], on: date) -> bool:
    """Whether a period holds the date; its first and last day count."""
    return any(first <= on and (last is None or on <= last) for first, last in periods)
