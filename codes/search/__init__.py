"""Finding codes by what they are called: an in-process tantivy index.

One document a version of a code or modifier, so that a search for a date of service finds the
wording of that date. The index is derived from the tables: each process builds its own, and builds
it anew in the background when something has been published since. Nothing of it is stored.

`find` answers a search, `search` gives its codes alone, `suggest` answers while someone types,
`counts` gives the facets of a list, `nearest` the codes within a slip of one.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from codes.search.current import current as _current
from codes.search.current import forget_index, wait_for_index
from codes.search.ladder import Found, find, search
from codes.search.slips import nearest
from codes.search.suggestions import Suggestion, suggest

__all__ = [
    "Found",
    "Suggestion",
    "counts",
    "find",
    "forget_index",
    "nearest",
    "search",
    "suggest",
    "wait_for_index",
]


def counts(
    found: Iterable[str] | None, chosen: Mapping[str, str], on: date
) -> dict[str, dict[str, int]]:
    """How many codes each value of each facet would leave; `found` None stands for all codes."""
    return _current().facets.counts(found, chosen, on)
