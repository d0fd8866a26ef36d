"""Finding codes by what they are called: an in-process tantivy index.

One document a code version, so that a search for a date of service finds the wording of that date.
The index is derived from the code tables: each process builds its own, and builds it anew when
something has been published since. Nothing of it is stored.
"""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import tantivy
from tantivy import FieldType, Occur, Query

from codes.converters import canonical_code, folded
from codes.models import Code, CodeVersion, Publication

CODE_BEGINS = re.compile(r"[A-V][0-9]{1,4}")
LONGEST_QUERY = 200  # characters; what follows is not looked at
MOST_WORDS = 12
SECONDS_BETWEEN_LOOKS = 0.5  # at the newest publication
NEVER = 0  # an open start
ALWAYS = date.max.toordinal()  # an open end
SHORT_TEXT_WEIGHT = 2.0
LETTERS_FOR_ONE_SLIP = 4
LETTERS_FOR_TWO_SLIPS = 8


def search(text: str, on: date, limit: int = 500) -> list[str]:
    """The codes that a query means on a date of service, the likeliest first.

    A ladder: the code itself in any spelling, codes that begin so, texts with all the words, texts
    with all the words within a slip. The first rung that holds anything answers; on every rung
    active codes stand before the others.
    """
    text = text[:LONGEST_QUERY].encode(errors="ignore").decode()
    index = _current_index()
    begins = folded(text) if CODE_BEGINS.fullmatch(folded(text)) else ""
    words = index.words(text)
    rungs = [index.code(begins), index.prefix(begins)] if begins else []
    rungs += [index.all_words(words), index.all_slips(words)] if words else []
    for rung in rungs:
        if found := index.find(rung, on, limit):
            return found
    return []


def nearest(code: str, limit: int = 5) -> list[str]:
    """Listed codes that are one slip away from a code that is not: one character wrong, two
    swapped, one missing or one too many."""
    return list(
        Code.objects.listed()
        .filter(code__in=_one_slip_away(folded(code)))
        .values_list("code", flat=True)[:limit]
    )


def _one_slip_away(code: str) -> set[str]:
    """Everything of a code's shape that one slip makes of `code`."""
    code = code[:8]
    characters = "ABCDEFGHIJKLMNOPQRSTUV0123456789"
    cuts = [(code[:place], code[place:]) for place in range(len(code) + 1)]
    spelled = {head + tail[1:] for head, tail in cuts if tail}
    spelled |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    spelled |= {head + c + tail[1:] for head, tail in cuts if tail for c in characters}
    spelled |= {head + c + tail for head, tail in cuts for c in characters}
    return {one for one in spelled if canonical_code(one) == one and one != code}


@dataclass(frozen=True)
class _Index:
    """The built index, and the publication that it was built after."""

    built_after: tuple | None
    tantivy: tantivy.Index
    analyzer: tantivy.TextAnalyzer

    def words(self, text: str) -> list[str]:
        return self.analyzer.analyze(text)[:MOST_WORDS]

    def code(self, code: str) -> Query:
        return Query.term_query(self.tantivy.schema, "code", code)

    def prefix(self, code: str) -> Query:
        return Query.regex_query(self.tantivy.schema, "code", f"{code}.*")

    def all_words(self, words: list[str]) -> Query:
        return Query.boolean_query([(Occur.Must, self._either_text(word, 0)) for word in words])

    def all_slips(self, words: list[str]) -> Query:
        return Query.boolean_query(
            [(Occur.Must, self._either_text(word, _slips(word))) for word in words]
        )

    def find(self, query: Query, on: date, limit: int) -> list[str]:
        """Codes whose version of the date matches: the active ones, then the others."""
        day = on.toordinal()
        read = [
            (Occur.Must, self._until("reads_from", day)),
            (Occur.Must, self._from("reads_until", day)),
        ]
        active = [
            (Occur.Must, self._until("added", day)),
            (Occur.Must, self._from("terminated", day)),
        ]
        of_the_day = Query.boolean_query([(Occur.Must, query), *read])
        first = self._codes(Query.boolean_query([(Occur.Must, of_the_day), *active]), limit)
        if len(first) >= limit:
            return first
        listed = self._codes(of_the_day, limit)
        return list(dict.fromkeys(first + listed))[:limit]

    def _either_text(self, word: str, slips: int) -> Query:
        """The word in the short or the long text; the short one weighs more."""
        short, long = (self._word(field, word, slips) for field in ("short", "long"))
        return Query.disjunction_max_query([Query.boost_query(short, SHORT_TEXT_WEIGHT), long], 0.1)

    def _word(self, field: str, word: str, slips: int) -> Query:
        schema = self.tantivy.schema
        if slips:
            return Query.fuzzy_term_query(schema, field, word, distance=slips)
        return Query.term_query(schema, field, word)

    def _until(self, field: str, day: int) -> Query:
        return Query.range_query(self.tantivy.schema, field, FieldType.Integer, upper_bound=day)

    def _from(self, field: str, day: int) -> Query:
        return Query.range_query(self.tantivy.schema, field, FieldType.Integer, lower_bound=day)

    def _codes(self, query: Query, limit: int) -> list[str]:
        searcher = self.tantivy.searcher()
        hits = searcher.search(query, limit, count=False).hits
        return [searcher.doc(address)["code"][0] for _, address in hits]


_lock = threading.Lock()
_index: _Index | None = None
_looked_at = 0.0


def _current_index() -> _Index:
    """The index of what is published now; at most two looks a second at whether that moved."""
    global _index, _looked_at
    with _lock:
        now = time.monotonic()
        if _index is None or now - _looked_at >= SECONDS_BETWEEN_LOOKS:
            _looked_at = now
            newest = Publication.objects.order_by("pk").values_list("pk", "published_at").last()
            if _index is None or _index.built_after != newest:
                _index = _build(newest)
        return _index


def forget_index() -> None:
    """Look at the tables again at the next search."""
    global _index
    with _lock:
        _index = None


def _build(newest: tuple | None) -> _Index:
    analyzer = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
    index = tantivy.Index(_schema())
    index.register_tokenizer("stems", analyzer)
    writer = index.writer(num_threads=1)
    for document in _documents():
        writer.add_document(document)
    writer.commit()
    index.reload()
    return _Index(built_after=newest, tantivy=index, analyzer=analyzer)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("code", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("short", tokenizer_name="stems")
    builder.add_text_field("long", tokenizer_name="stems")
    for field in ("reads_from", "reads_until", "added", "terminated"):
        builder.add_integer_field(field, fast=True)
    return builder.build()


def _documents() -> Iterator[tantivy.Document]:
    versions = CodeVersion.objects.values_list(
        "code__code",
        "short",
        "long",
        "reads_from",
        "reads_until",
        "period__added",
        "period__terminated",
    )
    for code, short, long, reads_from, reads_until, added, terminated in versions.iterator():
        yield tantivy.Document(
            code=code,
            short=short,
            long=long,
            reads_from=reads_from.toordinal() if reads_from else NEVER,
            reads_until=reads_until.toordinal() if reads_until else ALWAYS,
            added=added.toordinal(),
            terminated=terminated.toordinal() if terminated else ALWAYS,
        )


def _slips(word: str) -> int:
    """How many wrong letters a word of this length is forgiven."""
    return (len(word) >= LETTERS_FOR_ONE_SLIP) + (len(word) >= LETTERS_FOR_TWO_SLIPS)
