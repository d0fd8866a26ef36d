"""Which index is the current one: derived from the tables, kept by each process for itself."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db import connection
from django.db.models import Count, Max

from codes.models import Publication, SearchTerm
from codes.search.facets import Facets, read_facets
from codes.search.index import Row, TextIndex
from codes.search.rows import Terms, read_rows

SECONDS_BETWEEN_LOOKS = 0.5  # at whether the tables have moved on


@dataclass(frozen=True)
class Current:
    """All that searches are answered from, and the state of the tables that it was built from."""

    state: Hashable
    texts: TextIndex
    terms: Terms
    facets: Facets
    codes: list[str]  # all of them, in order
    modifiers: frozenset[str]

    def rows_on(self, day: int) -> dict[str, Row]:
        """Each code's row for a day (an ordinal)."""
        return self._rows_on(day)

    @cached_property
    def _rows_on(self) -> Callable[[int], dict[str, Row]]:
        rows = [row for row in self.texts.rows if row.kind == "code"]
        return lru_cache(maxsize=4)(
            lambda day: {row.code: row for row in rows if row.reads_on(day)}
        )


class _Keeper:
    """Holds the current index and has it built anew, off the way of readers, when tables move."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: Current | None = None
        self._looked_at = 0.0
        self.refreshing: threading.Thread | None = None

    def current(self) -> Current:
        with self._lock:
            if self._current is None:
                self._current = build()
                self._looked_at = time.monotonic()
            elif time.monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS:
                self._looked_at = time.monotonic()
                self._refresh(self._current)
            return self._current

    def forget(self) -> None:
        with self._lock:
            self._current = None

    def _refresh(self, old: Current) -> None:
        if old.state == state_of_tables():
            return
        if connection.in_atomic_block:
            # Only this connection sees what its transaction has written.
            self._current = build()
        elif self.refreshing is None or not self.refreshing.is_alive():
            self.refreshing = threading.Thread(target=self._replace, args=(old,), daemon=True)
            self.refreshing.start()

    def _replace(self, old: Current) -> None:
        try:
            new = build()
        finally:
            connection.close()
        with self._lock:
            if self._current is old:  # it was not forgotten meanwhile
                self._current = new


_keeper = _Keeper()
current = _keeper.current
forget_index = _keeper.forget


def wait_for_index() -> None:
    """Wait until an index that is being built stands."""
    if _keeper.refreshing:
        _keeper.refreshing.join()


def state_of_tables() -> Hashable:
    """Something that differs whenever a publication or a load of terms has changed the tables.

    Terms are only added and deleted, never changed in place, and numbers are not given twice.
    """
    newest = Publication.objects.order_by("pk").values_list("pk", "published_at").last()
    terms = SearchTerm.objects.aggregate(newest=Max("pk"), count=Count("pk"))
    return newest, terms["newest"], terms["count"]


def build() -> Current:
    """The index of the tables as they are."""
    state = state_of_tables()
    rows, terms = read_rows()
    codes = sorted({row.code for row in rows if row.kind == "code"})
    modifiers = frozenset(row.code for row in rows if row.kind == "modifier")
    return Current(state, TextIndex(rows), terms, read_facets(rows), codes, modifiers)
