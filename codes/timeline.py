"""A code's life as a picture: where on a line of 100 its periods, changes and dates stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LENGTH = 100.0
LEAST_WIDTH = 0.5  # of a period, so that a short one is seen
ROOM = 0.02  # of the whole, after the last day


@dataclass(frozen=True)
class Timeline:
    """`bars` are (begin, width) of the periods of use, `marks` the days on which the text changed,
    `at` the date that the page speaks for; `first` and `last` are the ends of the line."""

    first: date
    last: date
    bars: list[tuple[float, float]]
    marks: list[float]
    at: float


def timeline(periods: Iterable[Mapping], versions: Iterable[Mapping], on: date) -> Timeline:
    """The picture of an entry document's `periods` and `versions`, for the date `on`.

    A period without an end runs to the end of the line.
    """
    spans = [(_day(p["added"]), _day(p["terminated"])) for p in periods]
    changes = [_day(version["starts_on"]) for version in versions][1:]
    known = [day for day in (*(day for span in spans for day in span), *changes, on) if day]
    first, last = min(known), max(known)
    days = max((last - first).days, 1) * (1 + ROOM)

    def place(day: date | None) -> float:
        return round(LENGTH * (day - first).days / days, 2) if day else LENGTH

    bars = [
        (place(begin), round(max(place(end) - place(begin), LEAST_WIDTH), 2))
        for begin, end in spans
    ]
    return Timeline(first, last, bars, [place(day) for day in changes if day], place(on))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
