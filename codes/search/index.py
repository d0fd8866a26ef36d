"""The index of one state of the tables: each version of a code or modifier, found by its words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import tantivy
from tantivy import Occur, Query

from codes.search.words import STEMS, WRITER_BYTES, Vocabulary

NEVER = 0  # an open start
ALWAYS = date.max.toordinal()  # an open end

# Where a word stands tells how much it says. `thing` is what a text names before it says what for.
FIELDS = {"thing": 2.0, "short": 1.2, "terms": 1.6, "long": 1.0, "group": 0.25}
OTHER_FIELDS = 0.3  # how much the fields count that are not the best
MOST_HITS = 4_000


@dataclass(frozen=True, slots=True)
class Row:
    """A code or modifier as it reads between two days; days are ordinals.

    `terms` are what else it is called, `group` its family, and `weight` says how likely it is
    meant, where the words alone leave that open.
    """

    kind: str
    code: str
    short: str
    long: str
    terms: tuple[str, ...]
    group: str
    reads_from: int
    reads_until: int
    added: int
    terminated: int
    thing: str
    thing_stems: frozenset[str]
    weight: float
    stems: frozenset[str]

    def reads_on(self, day: int) -> bool:
        return self.reads_from <= day <= self.reads_until

    def status_on(self, day: int) -> str:
        if day < self.added:
            return "future"
        return "ended" if day > self.terminated else "active"


# A phrase that may stand for what was typed: its stems and how much it counts.
Phrase = tuple[tuple[str, ...], float]
# What may stand for one word of a search: one of these phrases.
Slot = tuple[Phrase, ...]
# A row that is found, after its score.
Hit = tuple[float, Row]


class TextIndex:
    """Rows, found by words."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        texts = (" ".join((row.short, row.long, row.group, *row.terms)) for row in rows)
        self.vocabulary = Vocabulary(dict.fromkeys(texts))
        self._tantivy = _filled(rows)

    def with_all(self, slots: Iterable[Slot]) -> list[Hit]:
        """The rows in which every slot is filled, each with its score, best first."""
        return self._hits(_all(self._slot(slot) for slot in slots))

    def with_any(self, slots: Iterable[Slot]) -> list[Hit]:
        return self._hits(Query.boolean_query([(Occur.Should, self._slot(slot)) for slot in slots]))

    def _hits(self, query: Query) -> list[Hit]:
        searcher = self._tantivy.searcher()
        hits = searcher.search(query, MOST_HITS, count=False).hits
        places = searcher.fast_field_values("place", [address for _, address in hits])
        return [(score, self.rows[place]) for (score, _), place in zip(hits, places, strict=True)]

    def _slot(self, slot: Slot) -> Query:
        phrases = [Query.boost_query(self._phrase(stems), weight) for stems, weight in slot]
        return phrases[0] if len(phrases) == 1 else Query.disjunction_max_query(phrases)

    def _phrase(self, stems: tuple[str, ...]) -> Query:
        words = [self._word(word) for word in stems]
        return words[0] if len(words) == 1 else _all(words)

    def _word(self, word: str) -> Query:
        schema = self._tantivy.schema
        return Query.disjunction_max_query(
            [
                Query.boost_query(Query.term_query(schema, field, word), weight)
                for field, weight in FIELDS.items()
            ],
            OTHER_FIELDS,
        )


def _all(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _filled(rows: Sequence[Row]) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="stems", index_option="freq")
    builder.add_integer_field("place", fast=True)
    index = tantivy.Index(builder.build())
    index.register_tokenizer("stems", STEMS)
    writer = index.writer(WRITER_BYTES, num_threads=1)
    for place, row in enumerate(rows):
        writer.add_document(
            tantivy.Document(
                thing=row.thing,
                short=row.short,
                long=row.long,
                terms=" ".join(row.terms),
                group=row.group,
                place=place,
            )
        )
    writer.commit()
    index.reload()
    return index
