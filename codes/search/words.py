"""The words of a search: how a text is taken apart, which words there are, which are near to one."""

import csv
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from math import log
from pathlib import Path

import tantivy

SAME_WORDS = Path(__file__).resolve().parent.parent / "data" / "same_words.csv"
LONGEST_QUERY = 200  # characters; what follows is not looked at
LONGEST_WORD = 60  # characters; a longer one is no word of ours
LETTERS_FOR_ONE_SLIP = 4
LETTERS_FOR_TWO_SLIPS = 8
MOST_NEAR = 100
MOST_MEANT = 6  # words that one misspelled word may be
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


class Vocabulary:
    """All words of an index, with how often each occurs."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = Counter(word for text in texts for word in words_of(text))
        self._total = self._counts.total()
        self._sorted = sorted(self._counts)
        self._stems: Counter[str] = Counter()
        for word, count in self._counts.items():
            self._stems[stem(word)] += count
        del self._stems[""]
        self._index = _index_of(self._sorted)

    def knows(self, word_stem: str) -> bool:
        return word_stem in self._stems

    def rarity(self, word_stem: str) -> float:
        """How much a word tells: more, the fewer texts have it."""
        return log(1 + self._total / (1 + self._stems[word_stem]))

    def beginning(self, letters: str) -> list[str]:
        """The stems of the commonest words that begin so, without those that are the same."""
        words = sorted(self._beginning(letters), key=self._counts.__getitem__, reverse=True)
        return list(dict.fromkeys(filter(None, map(stem, words))))[:MOST_BEGINNINGS]

    def _beginning(self, letters: str) -> Iterator[str]:
        for place in range(bisect_left(self._sorted, letters), len(self._sorted)):
            if not self._sorted[place].startswith(letters):
                return
            yield self._sorted[place]

    def near(self, word: str, most_slips: int) -> tuple[list[str], int]:
        """The words within the fewest slips of a word, commonest first, and how many slips."""
        for slips in range(1, most_slips + 1):
            if found := self._within(word, slips):
                return found, slips
        return [], 0

    def _within(self, word: str, slips: int) -> list[str]:
        query = tantivy.Query.fuzzy_term_query(self._index.schema, "word", word, distance=slips)
        searcher = self._index.searcher()
        hits = searcher.search(query, MOST_NEAR, count=False).hits
        places = searcher.fast_field_values("place", [address for _, address in hits])
        found = {self._sorted[place] for place in places} - {word}
        # A letter too few or too many of the same is the commonest slip: `rolator`, `annkle`.
        found = {near for near in found if _undoubled(near) == _undoubled(word)} or found
        likely = sorted(found, key=lambda near: (near[0] != word[0], -self._counts[near]))
        return likely[:MOST_MEANT]

    def parts(self, word: str) -> tuple[str, str] | None:
        """The two known words that were written as one: `feedingtube`."""
        for place in range(3, len(word) - 2):
            head, tail = word[:place], word[place:]
            if head in self._counts and tail in self._counts:
                return stem(head), stem(tail)
        return None


def _undoubled(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


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
