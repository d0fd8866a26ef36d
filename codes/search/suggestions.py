"""What may be meant while someone types."""

from dataclasses import dataclass
from datetime import date

from codes.search.current import current
from codes.search.ladder import find
from codes.search.words import stems_of

SHORTEST = 2  # characters of a text that has suggestions


@dataclass(frozen=True)
class Suggestion:
    """A code, its short text and status on the date; `called` is the name that was being typed,
    where that is not in the text."""

    code: str
    text: str
    status: str
    called: str


def suggest(text: str, on: date, limit: int = 8) -> list[Suggestion]:
    """The likeliest codes for a text whose last word may be unfinished. Asks no table."""
    if len(text.strip()) < SHORTEST:
        return []
    typed = stems_of(text[:100])
    day = on.toordinal()
    rows = current().rows_on(day)
    return [
        Suggestion(code, row.short, row.status_on(day), _called(row.terms, row.short, typed))
        for code in find(text, on, limit=limit, is_begun=True).codes
        if (row := rows.get(code))
    ]


def _called(terms: tuple[str, ...], short: str, typed: tuple[str, ...]) -> str:
    """The term with all that was typed, where the text itself has not all of it."""
    if _has(short, typed):
        return ""
    return next((term for term in terms if _has(term, typed)), "")


def _has(text: str, typed: tuple[str, ...]) -> bool:
    stems = stems_of(text)
    return all(any(stem.startswith(begun) for stem in stems) for begun in typed)
