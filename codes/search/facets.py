"""How many codes of a list fall under each section, family, trait … : sets of codes as bits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from codes.models import Code, Entry, EntryFacet
from codes.search.index import Row

KINDS = {
    Entry.Kind.TRAIT: "trait",
    Entry.Kind.SPECIALTY: "specialty",
    Entry.Kind.DENIAL_CATEGORY: "denial",
}


class Facets:
    """For each facet and value the codes under it, each code one bit of a number."""

    def __init__(self, rows: Sequence[Row], values: Mapping[str, Mapping[str, Iterable[str]]]):
        self._rows = [row for row in rows if row.kind == "code"]
        codes = sorted({row.code for row in self._rows})
        self._bit = {code: 1 << place for place, code in enumerate(codes)}
        self._all = (1 << len(codes)) - 1
        self._values = {
            facet: {value: self._bits(codes) for value, codes in found.items()}
            for facet, found in values.items()
        }
        self._status = lru_cache(maxsize=64)(self._status_on)

    def counts(
        self, found: Iterable[str] | None, chosen: Mapping[str, str], on: date
    ) -> dict[str, dict[str, int]]:
        """How many codes each value of each facet would leave, `{facet: {value: count}}`.

        `found` are the codes that the words mean (None: all), `chosen` the value of each facet
        that is chosen; a facet's own choice does not narrow its own counts. Values that would
        leave nothing are left out.
        """
        among = self._all if found is None else self._bits(found)
        values = self._values | {"status": self._status(on.toordinal())}
        kept = {facet: values[facet].get(value, 0) for facet, value in chosen.items()}
        counts = {}
        for facet, bits_of_value in values.items():
            left = among
            for other, bits in kept.items():
                left &= bits if other != facet else self._all
            found_counts = {
                value: (bits & left).bit_count() for value, bits in bits_of_value.items()
            }
            counts[facet] = {value: count for value, count in found_counts.items() if count}
        return counts

    def active_on(self, on: date, codes: Iterable[str]) -> set[str]:
        """Those of the codes that may be used on the date."""
        active = self._status(on.toordinal()).get("active", 0)
        return {code for code in codes if self._bit.get(code, 0) & active}

    def _bits(self, codes: Iterable[str]) -> int:
        total = 0
        for code in codes:
            total |= self._bit.get(code, 0)
        return total

    def _status_on(self, day: int) -> dict[str, int]:
        codes: dict[str, list[str]] = defaultdict(list)
        for row in self._rows:
            if row.reads_on(day):
                codes[row.status_on(day)].append(row.code)
        return {status: self._bits(found) for status, found in codes.items()}


def read_facets(rows: Sequence[Row]) -> Facets:
    """The facets of all codes. Traits, specialties and denial categories are today's."""
    values: dict[str, dict[str, list[str]]] = {
        facet: defaultdict(list) for facet in ("section", "family", *KINDS.values())
    }
    for code, letter, family in Code.objects.values_list("code", "section__letter", "family__slug"):
        values["section"][letter].append(code)
        if family:
            values["family"][family].append(code)
    codes_of = defaultdict(list)
    for code, guidance in Entry.objects.filter(kind="code").values_list("key", "guidance"):
        codes_of[guidance].append(code)
    for kind, slug, guidance in EntryFacet.objects.values_list("kind", "slug", "guidance"):
        values[KINDS[Entry.Kind(kind)]][slug] += codes_of.get(guidance, ())
    return Facets(rows, values)
