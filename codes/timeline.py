"""A code's life: how its wording went on, and where on a line its periods, changes and dates stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from codes.importer.diff import folded

LENGTH = 100.0  # of the line, in percent
LEAST_WIDTH = 0.5  # of a period, so that a short one is seen
ROOM = 0.02  # of the whole, after the last day
MOST_YEARS = 5  # named below the line
STEPS = (1, 2, 5, 10, 20, 50)  # years from one named year to the next
TEXTS = ("short", "long")


class Wording(NamedTuple):
    """The texts from a day on. `before` are those until then: None where a use of the code begins."""

    starts_on: str
    short: str
    long: str
    before: Mapping | None


@dataclass(frozen=True)
class Timeline:
    """`bars` are (begin, width) of the periods of use, `marks` the days on which the text changed,
    `years` are (place, year), `at` is the date that the page speaks for; `first` and `last` are the
    ends of the line. Places are in percent of its length."""

    first: date
    last: date
    bars: list[tuple[float, float]]
    marks: list[float]
    years: list[tuple[float, int]]
    at: float


def wordings(periods: Iterable[Mapping], versions: Sequence[Mapping]) -> list[Wording]:
    """Of an entry document's `versions` those whose texts differ from the ones before."""
    begins = {period["added"] for period in periods}
    found = []
    for before, version in zip([None, *versions], versions, strict=False):
        is_new = before is None or version["starts_on"] in begins
        if is_new or any(folded(before[name]) != folded(version[name]) for name in TEXTS):
            texts = {name: version[name] for name in TEXTS}
            found.append(Wording(version["starts_on"], **texts, before=None if is_new else before))
    return found


def timeline(periods: Sequence[Mapping], versions: Sequence[Mapping], on: date) -> Timeline:
    """The picture of an entry document's `periods` and `versions`, for the date `on`.

    A period without an end runs to the end of the line.
    """
    spans = [(_day(p["added"]), _day(p["terminated"])) for p in periods]
    changes = [_day(one.starts_on) for one in wordings(periods, versions) if one.before]
    known = [day for day in (*(day for span in spans for day in span), *changes, on) if day]
    first, last = min(known), max(known)
    days = max((last - first).days, 1) * (1 + ROOM)

    def place(day: date | None) -> float:
        return round(LENGTH * (day - first).days / days, 2) if day else LENGTH

    bars = [
        (place(begin), round(max(place(end) - place(begin), LEAST_WIDTH), 2))
        for begin, end in spans
    ]
    marks = [place(day) for day in changes if day]
    years = [(place(date(year, 1, 1)), year) for year in _named_years(first, last)]
    return Timeline(first, last, bars, marks, years, place(on))


def _named_years(first: date, last: date) -> list[int]:
    """The years that begin on the line, in the smallest step that leaves few enough of them."""
    for step in STEPS:
        years = [year for year in range(first.year + 1, last.year + 1) if year % step == 0]
        if len(years) <= MOST_YEARS:
            return years
    return []


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
