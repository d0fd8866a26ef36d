"""What every code has been, computed from all releases: a pure function of their set.

The releases are told in the order of their quarters, one in memory at a time; in each quarter the
highest-ranked re-issue speaks alone. The rules:

- A code first seen starts on its add date, with the wording of that release from then on
  (`text_known_from` says since when the wording is known rather than presumed). Without an add
  date it starts on the day of the first release that lists it, or on its end if that is earlier.
- A later change of a field starts on CMS's action date where that lies after the release before
  and not after this one, else on this release's day; never outside its period. Of two changes
  that start on one day the newer stands. An end or another date opens no version.
- A period's dates are those of the newest release that speaks of it, so an end can be taken back
  and an add date corrected. An add date after the end opens another period: CMS re-uses codes. One
  before an earlier end closes the two into one again. An end before the add date, which can only
  be a mistake, leaves the code its first day.
- A code that is no longer listed is reported once, and again when it is back; it is not ended.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from codes.importer.diff import COMPARED, as_text, field_changes
from codes.importer.records import Record

# What Change.field says beside the names of the fields.
MISSING, RETURNED = "missing", "returned"

_VERSION_FIELDS = frozenset(COMPARED) - {"added", "terminated"}


class Release(Protocol):
    """What history needs of a release. `records` may be read anew at each use; it is used once."""

    @property
    def id(self) -> Any: ...
    @property
    def quarter(self) -> date: ...
    @property
    def rank(self) -> str: ...
    @property
    def records(self) -> list[Record]: ...


class Period(NamedTuple):
    """A span of use, both days included; `terminated` is None while there is no end."""

    number: int
    added: date
    terminated: date | None
    text_known_from: date


class Version(NamedTuple):
    """What the code says from a day on, until the next version or the end of its period.

    `period` is the number of its period, `release` the id of the release that says so.
    """

    starts_on: date
    period: int
    record: Record
    release: Any


class Change(NamedTuple):
    """What one release (by id) says otherwise than the releases before it.

    `field` names a field of the record, or is "missing" or "returned". A code new to the file
    has its add date as a change of `added` from "".
    """

    release: Any
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class CodeHistory:
    """One code or modifier: periods and versions by date, changes by release."""

    code: str
    is_modifier: bool
    last_release: Any
    periods: tuple[Period, ...]
    versions: tuple[Version, ...]
    changes: tuple[Change, ...]


class _Wording(NamedTuple):
    starts_on: date
    record: Record
    release: Any


@dataclass(slots=True)
class _Span:
    """A period being told: its dates as last heard, its wordings by release."""

    added: date | None
    terminated: date | None
    known_from: date
    wordings: list[_Wording]


@dataclass(slots=True)
class _Story:
    """A code being told: the record as last heard, and in which release (by place)."""

    record: Record
    last_release: Any
    last_place: int
    spans: list[_Span]
    changes: list[Change]


class _Telling(NamedTuple):
    """One release as it is told: its place among the releases, the quarter told before it."""

    place: int
    release: Any
    quarter: date
    quarter_before: date | None


def history(releases: Iterable[Release]) -> dict[str, CodeHistory]:
    """Every code and modifier any release lists, codes first; the same for any order of releases."""
    stories: dict[str, _Story] = {}
    quarter_before = None
    for place, release in enumerate(speaking(releases)):
        telling = _Telling(place, release.id, release.quarter, quarter_before)
        for record in release.records:
            _tell(stories, record, telling)
        _tell_missing(stories, telling)
        quarter_before = release.quarter
    told = sorted(stories, key=lambda code: (stories[code].record.is_modifier, code))
    return {code: _told(stories[code]) for code in told}


def speaking(releases: Iterable[Release]) -> list[Release]:
    """The releases that count, by quarter: the highest-ranked re-issue of each."""
    by_quarter = {
        release.quarter: release
        for release in sorted(releases, key=lambda release: (release.quarter, release.rank))
    }
    return list(by_quarter.values())


def _tell(stories: dict[str, _Story], record: Record, telling: _Telling) -> None:
    story = stories.get(record.code)
    if story is None:
        stories[record.code] = _first_told(record, telling)
        return
    if story.last_place < telling.place - 1:
        story.changes.append(Change(telling.release, RETURNED, "", ""))
    _retell(story, record, telling)
    story.last_release, story.last_place = telling.release, telling.place


def _first_told(record: Record, telling: _Telling) -> _Story:
    story = _Story(record, telling.release, telling.place, [], [])
    story.spans.append(_span(record, telling))
    if telling.quarter_before:
        story.changes.append(Change(telling.release, "added", "", as_text(record.added)))
    return story


def _span(record: Record, telling: _Telling) -> _Span:
    wording = _Wording(telling.quarter, record, telling.release)
    return _Span(record.added, _end(record, record.added), telling.quarter, [wording])


def _end(record: Record, added: date | None) -> date | None:
    """The last day of use; not before the first, whatever the record says."""
    return max(record.terminated, added or record.terminated) if record.terminated else None


def _retell(story: _Story, record: Record, telling: _Telling) -> None:
    """What this release says otherwise of a code already told."""
    changes = list(field_changes(story.record, record))
    if not changes:
        return
    story.record = record
    story.changes += [
        Change(telling.release, change.field, change.before, change.after) for change in changes
    ]
    if _reused(story.spans[-1], record):
        story.spans.append(_span(record, telling))
        return
    _redate(story.spans, record)
    if any(change.field in _VERSION_FIELDS for change in changes):
        wording = _Wording(_starts_on(record, telling), record, telling.release)
        story.spans[-1].wordings.append(wording)


def _reused(span: _Span, record: Record) -> bool:
    return bool(span.terminated and record.added and record.added > span.terminated)


def _redate(spans: list[_Span], record: Record) -> None:
    """The newest dates of the period; a blank add date says nothing, a blank end says none."""
    if record.added:
        while len(spans) > 1 and record.added <= (spans[-2].terminated or date.max):
            revoked = spans.pop()
            spans[-1].wordings += revoked.wordings
        spans[-1].added = record.added
    spans[-1].terminated = _end(record, spans[-1].added)


def _starts_on(record: Record, telling: _Telling) -> date:
    acted, before = record.action_date, telling.quarter_before
    if acted and before and before < acted <= telling.quarter:
        return acted
    return telling.quarter


def _tell_missing(stories: dict[str, _Story], telling: _Telling) -> None:
    for story in stories.values():
        if story.last_place == telling.place - 1:
            story.changes.append(Change(telling.release, MISSING, "", ""))


def _told(story: _Story) -> CodeHistory:
    periods = tuple(_period(number, span) for number, span in enumerate(story.spans))
    return CodeHistory(
        code=story.record.code,
        is_modifier=story.record.is_modifier,
        last_release=story.last_release,
        periods=periods,
        versions=tuple(
            version
            for period, span in zip(periods, story.spans, strict=True)
            for version in _versions(period, span.wordings)
        ),
        changes=tuple(story.changes),
    )


def _period(number: int, span: _Span) -> Period:
    added = span.added or min(span.known_from, span.terminated or span.known_from)
    return Period(number, added, span.terminated, span.known_from)


def _versions(period: Period, wordings: list[_Wording]) -> Iterator[Version]:
    """The wordings by the day they start, within the period; the newest of one day stands."""
    by_day = {}
    for place, wording in enumerate(wordings):
        starts_on = period.added if place == 0 else _within(period, wording.starts_on)
        by_day[starts_on] = Version(starts_on, period.number, wording.record, wording.release)
    yield from by_day.values()


def _within(period: Period, day: date) -> date:
    return max(period.added, min(day, period.terminated or day))
