"""The ladder from what was typed to the codes that are meant.

The code itself in any spelling; codes that begin so; texts with all the words, each in any form,
under another name or as people call it; with words begun or misspelled; with most of the words.
The first rung that holds anything answers. On every rung active codes stand before the others.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from codes.converters import code_on_a_claim, folded
from codes.search.current import Current, current
from codes.search.index import Row, Slot
from codes.search.words import LONGEST_QUERY, same_words, slips_forgiven, stem, words_of

CODE_BEGINS = re.compile(r"[A-V][0-9]{1,4}")
A_CODE = re.compile(r"\b[A-V]-?[0-9]{4}\b", re.IGNORECASE)
MOST_WORDS = 12
MOST_MODIFIERS = 5
WEIGHT_OF_ANOTHER_NAME = 0.8
WEIGHT_OF_A_BEGINNING = 0.6
WEIGHT_OF_A_SLIP = 0.5  # for each wrong letter
FEWEST_WORDS_FOUND = 0.5  # of the weight of all words, on the last rung
# Said around what is meant, and never of it where other words are left.
ASIDE = frozenset(
    [
        "hcpcs",
        "code",
        "codes",
        "cpt",
        "bill",
        "billing",
        "what",
        "which",
        "how",
        "my",
        "need",
        "order",
        "patient",
    ]
)
THING_NAMED = 0.8  # how much better a text is that names just what was typed, and nothing else


@dataclass(frozen=True)
class Found:
    """What a search means, the likeliest first.

    `missing` are words that nothing has, or that nothing has together with the others: the codes
    were found without them. `instead` gives for a missing word the words that are near to it.
    """

    codes: list[str] = field(default_factory=list)
    modifiers: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    instead: dict[str, list[str]] = field(default_factory=dict)


def find(text: str, on: date, *, limit: int = 500, is_begun: bool = False) -> Found:
    """The codes and modifiers that a text means on a date of service.

    `is_begun`: its last word is still being typed. Any text has an answer; what follows its first
    200 characters is not looked at.
    """
    text = text[:LONGEST_QUERY].encode(errors="ignore").decode().replace("\0", " ")
    index = current()
    if codes := _named(text, index) or _begun(text, index):
        return Found(codes=_in_use_first(codes, index, on)[:limit])
    return _Words(text, index, on, is_begun).found(limit)


def search(text: str, on: date, limit: int = 500) -> list[str]:
    """The codes alone that a text means on a date of service."""
    return find(text, on, limit=limit).codes


def _named(text: str, index: Current) -> list[str]:
    """The listed codes that the text spells, as one code or among other words."""
    whole = code_on_a_claim(text)
    spelled = [whole] if whole else [folded(code) for code in A_CODE.findall(text)]
    return [code for code in dict.fromkeys(spelled) if _has(index.codes, code)]


def _has(codes: list[str], code: str) -> bool:
    place = bisect_left(codes, code)
    return codes[place : place + 1] == [code]


def _begun(text: str, index: Current) -> list[str]:
    begins = folded(text)
    if not CODE_BEGINS.fullmatch(begins):
        return []
    first = bisect_left(index.codes, begins)
    return index.codes[first : bisect_left(index.codes, f"{begins}~", lo=first)]


def _in_use_first(codes: list[str], index: Current, on: date) -> list[str]:
    """The codes in their order, those in use on the date before the others."""
    active = index.facets.active_on(on, codes)
    return [code for code in codes if code in active] + [
        code for code in codes if code not in active
    ]


class _Words:
    """A search by words: each word typed becomes a slot that one of several phrases fills."""

    def __init__(self, text: str, index: Current, on: date, is_begun: bool) -> None:
        self._index = index
        self._vocabulary = index.texts.vocabulary
        self._day = on.toordinal()
        self._is_begun = is_begun
        self._words = _without_asides(_trade_words(text))[:MOST_WORDS]

    def found(self, limit: int) -> Found:
        words = self._joined()
        slots = {word: self._slot(word, is_last=word == words[-1]) for word in words}
        unknown = [word for word, slot in slots.items() if not slot]
        slots = {word: slot for word, slot in slots.items() if slot}
        if not slots:
            return Found(missing=unknown, instead=self._instead(unknown))
        hits = [] if unknown else self._with_all(slots)
        if not hits and not unknown:
            hits = self._with_all({word: self._loose(word, slot) for word, slot in slots.items()})
        missing = unknown
        if not hits:
            hits, left_out = self._with_most(slots, len(slots) + len(unknown))
            missing = [word for word in words if word in (*unknown, *left_out)]
        typed = {word for slot in slots.values() for phrase, _ in slot for word in phrase}
        ranked = self._ranked(hits, typed)
        modifiers = [] if missing else [row.code for row in ranked if row.kind == "modifier"]
        return Found(
            codes=list(dict.fromkeys(row.code for row in ranked if row.kind == "code"))[:limit],
            modifiers=modifiers[:MOST_MODIFIERS],
            missing=missing,
            instead=self._instead(missing),
        )

    # What was typed

    def _joined(self) -> list[str]:
        """The words, two neighbours made one where only that is a word: `wheel chair`."""
        words: list[str] = []
        for word in self._words:
            both = f"{words[-1]}{word}" if words else ""
            if both and self._vocabulary.knows(stem(both)) and not both.isdigit():
                words[-1] = both
            else:
                words.append(word)
        return list(dict.fromkeys(words))

    def _slot(self, word: str, *, is_last: bool) -> Slot:
        """What may stand for a word: itself and its other names, else what it may be a slip of."""
        phrases = list(self._certain(word))
        if is_last and self._is_begun:
            phrases += self._beginnings(word)
        return _once(phrases) or self._uncertain(word)

    def _certain(self, word: str) -> Iterator[tuple[tuple[str, ...], float]]:
        if self._vocabulary.knows(stem(word)):
            yield (stem(word),), 1.0
        for phrase in same_words().get(word, ()):
            if all(map(self._vocabulary.knows, phrase)):
                yield phrase, WEIGHT_OF_ANOTHER_NAME

    def _uncertain(self, word: str) -> Slot:
        phrases = list(self._beginnings(word)) if len(word) > 2 else []
        if parts := self._vocabulary.parts(word):
            phrases.append((tuple(filter(None, parts)), WEIGHT_OF_ANOTHER_NAME))
        near = self._vocabulary.near(word, slips_forgiven(word))
        fewest = near[0][1] if near else 0
        for other, slips in near:
            if slips == fewest and stem(other):
                phrases.append(((stem(other),), WEIGHT_OF_A_SLIP**slips))
        return _once(phrases)

    def _beginnings(self, word: str) -> Iterator[tuple[tuple[str, ...], float]]:
        for begun in self._vocabulary.beginning(word):
            yield (begun,), WEIGHT_OF_A_BEGINNING

    def _loose(self, word: str, slot: Slot) -> Slot:
        """The slot of a known word, taken for a slip of another one."""
        near = self._vocabulary.near(word, min(1, slips_forgiven(word)))
        slips = [((stem(other),), WEIGHT_OF_A_SLIP) for other, _ in near if stem(other)]
        return _once([*slot, *self._beginnings(word), *slips])

    def _instead(self, words: Iterable[str]) -> dict[str, list[str]]:
        near = {word: self._vocabulary.near(word, 2 if len(word) > 3 else 0) for word in words}
        return {word: [other for other, _ in found[:3]] for word, found in near.items() if found}

    # What is found

    def _with_all(self, slots: dict[str, Slot]) -> list[tuple[float, Row]]:
        return self._of_the_day(self._index.texts.with_all(slots.values()))

    def _with_most(
        self, slots: dict[str, Slot], asked: int
    ) -> tuple[list[tuple[float, Row]], list[str]]:
        """The rows with most of the words, and the words that the first of them lacks."""
        hits = self._of_the_day(self._index.texts.with_any(slots.values()))
        filled = [(self._filled(row, slots), score, row) for score, row in hits]
        best = max((len(words) for words, _, _ in filled), default=0)
        if best < FEWEST_WORDS_FOUND * asked:
            return [], list(slots)
        kept = [(score, row) for words, score, row in filled if len(words) == best]
        kept.sort(key=lambda hit: -hit[0] * hit[1].weight)
        has = self._filled(kept[0][1], slots)
        return kept, [word for word in slots if word not in has]

    def _filled(self, row: Row, slots: dict[str, Slot]) -> set[str]:
        return {
            word
            for word, slot in slots.items()
            if any(row.stems.issuperset(phrase) for phrase, _ in slot)
        }

    def _of_the_day(self, hits: list[tuple[float, Row]]) -> list[tuple[float, Row]]:
        return [(score, row) for score, row in hits if row.reads_on(self._day)]

    def _meant(self) -> list[str]:
        """The codes that just these words are a name of."""
        stems = tuple(sorted(filter(None, map(stem, self._words))))
        return self._index.terms.meaning.get(stems, [])

    def _ranked(self, hits: list[tuple[float, Row]], typed: set[str]) -> list[Row]:
        """The rows, the likeliest first: those in use, those that the words are a name of, those
        whose text names just what was typed."""
        places = {code: place for place, code in enumerate(self._meant())}

        def rank(hit: tuple[float, Row]) -> tuple:
            score, row = hit
            return (
                row.status_on(self._day) != "active",
                places.get(row.code, len(places)),
                -score * row.weight * (1 + THING_NAMED * _is_named(row, typed)),
                row.code,
            )

        return [row for _, row in sorted(hits, key=rank)]


def _is_named(row: Row, typed: set[str]) -> float:
    """How much of what the row's text names was typed, from 0 to 1."""
    thing = row.thing_stems
    return len(thing & typed) / len(thing) if thing else 0.0


def _trade_words(text: str) -> list[str]:
    """The words of the text; `w/c` and the like stay whole where the trade knows them."""
    words: list[str] = []
    for piece in text.lower().split():
        words += [piece] if piece in same_words() else words_of(piece)
    return [word for word in words if word in same_words() or stem(word)]


def _without_asides(words: list[str]) -> list[str]:
    return [word for word in words if word not in ASIDE] or words


def _once(phrases: Iterable[tuple[tuple[str, ...], float]]) -> Slot:
    """Each phrase once, with the most that it counts."""
    best: dict[tuple[str, ...], float] = {}
    for phrase, weight in phrases:
        if phrase:
            best[phrase] = max(weight, best.get(phrase, 0.0))
    return tuple(best.items())
