"""The words of a search: how a text is taken apart, which words there are, which are near to one."""

import csv
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

import tantivy

SAME_WORDS = Path(__file__).resolve().parent.parent / "data" / "same_words.csv"
LONGEST_QUERY = 200  # characters; what follows is not looked at
LONGEST_WORD = 60  # characters; a longer one is no word of ours
LETTERS_FOR_ONE_SLIP = 4
LETTERS_FOR_TWO_SLIPS = 6
LETTERS_OF_A_BEGINNING = 2
MOST_NEAR = 60
MOST_BEGINNINGS = 20
WRITER_BYTES = 20_000_000


def _analyzer(*filters: tantivy.Filter) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for one in (tantivy.Filter.ascii_fold(), tantivy.Filter.lowercase(), *filters):
        builder = builder.filter(one)
    return builder.build()


PLAIN = _analyzer()
STEMS = _analyzer(tantivy.Filter.stopword("english"), tantivy.Filter.stemmer("english"))


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters without accents; stop words are among them."""
    return [word for word in PLAIN.analyze(text) if len(word) <= LONGEST_WORD]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the inflected forms of a word have in common; "" for a stop word."""
    return next(iter(STEMS.analyze(word)), "")


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text's words, stop words left out."""
    return tuple(STEMS.analyze(text))


@cache
def same_words() -> dict[str, list[tuple[str, ...]]]:
    """What stands for what in the trade: the stems of each phrase that a word may mean."""
    found: dict[str, list[tuple[str, ...]]] = {}
    with SAME_WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["word"], []).append(stems_of(row["means"]))
    return found


def slips_forgiven(word: str) -> int:
    """How many wrong letters a word of this length is forgiven; a number is forgiven none."""
    if any(character.isdigit() for character in word):
        return 0
    return (len(word) >= LETTERS_FOR_ONE_SLIP) + (len(word) >= LETTERS_FOR_TWO_SLIPS)


def distance(one: str, other: str) -> int:
    """How many slips lie between two words; swapping two neighbours is one."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        row = [place]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, row[-1] + 1, last[column - 1] + (letter != against))
            swapped = (
                place > 1
                and column > 1
                and (letter, one[place - 2])
                == (
                    other[column - 2],
                    against,
                )
            )
            row.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, last = last, row
    return last[-1]


class Vocabulary:
    """All words of an index, with how often each occurs."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = Counter(word for text in texts for word in words_of(text))
        self._sorted = sorted(self._counts)
        self._stems = {stem(word) for word in self._sorted} - {""}
        self._index = _index_of(self._sorted)

    def knows(self, word_stem: str) -> bool:
        return word_stem in self._stems

    def beginning(self, letters: str) -> list[str]:
        """The stems of the commonest words that begin so, without those that are the same."""
        if len(letters) < LETTERS_OF_A_BEGINNING:
            return []
        words = sorted(self._beginning(letters), key=self._counts.__getitem__, reverse=True)
        return list(dict.fromkeys(filter(None, map(stem, words))))[:MOST_BEGINNINGS]

    def _beginning(self, letters: str) -> Iterator[str]:
        for place in range(bisect_left(self._sorted, letters), len(self._sorted)):
            if not self._sorted[place].startswith(letters):
                return
            yield self._sorted[place]

    def near(self, word: str, most_slips: int) -> list[tuple[str, int]]:
        """The words within so many slips of a word, nearest and then commonest first, each with
        its distance."""
        if not most_slips:
            return []
        query = tantivy.Query.fuzzy_term_query(
            self._index.schema, "word", word, distance=most_slips
        )
        searcher = self._index.searcher()
        addresses = [address for _, address in searcher.search(query, MOST_NEAR, count=False).hits]
        places = searcher.fast_field_values("place", addresses)
        found = [(self._sorted[place], distance(word, self._sorted[place])) for place in places]
        found = [(other, slips) for other, slips in found if other != word]
        return sorted(found, key=lambda one: (one[1], one[0][0] != word[0], -self._counts[one[0]]))

    def parts(self, word: str) -> tuple[str, str] | None:
        """The two known words that were written as one: `feedingtube`."""
        for place in range(3, len(word) - 2):
            head, tail = word[:place], word[place:]
            if head in self._counts and tail in self._counts:
                return stem(head), stem(tail)
        return None


def _index_of(words: list[str]) -> tantivy.Index:
    """Each word with its place in the list, to be asked for what is near."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("word", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("place", fast=True)
    index = tantivy.Index(builder.build())
    writer = index.writer(WRITER_BYTES, num_threads=1)
    for place, word in enumerate(words):
        writer.add_document(tantivy.Document(word=word, place=place))
    writer.commit()
    index.reload()
    return index
