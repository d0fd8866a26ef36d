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

from codes.converters import canonical_modifier, code_on_a_claim, folded
from codes.search.current import Current, current
from codes.search.index import Hit, Phrase, Row, Slot
from codes.search.words import LONGEST_QUERY, same_words, slips_forgiven, stem, words_of

CODE_BEGINS = re.compile(r"[A-V][0-9]{1,4}")
A_CODE = re.compile(r"\b[A-V]-?[0-9]{4}\b", re.IGNORECASE)
MOST_WORDS = 12
MOST_WEIGHED = 600  # rows with some of the words: those with most of them come first
MOST_MODIFIERS = 5
WEIGHT_OF_ANOTHER_NAME = 0.8
WEIGHT_OF_A_BEGINNING = 0.6
WEIGHT_OF_A_SLIP = 0.5  # for each wrong letter
WEIGHT_OF_A_NUMBER = 0.2  # of what it would tell as a word
LETTERS_OF_A_BEGINNING = 3
LETTERS_OF_A_SLIP = 5  # of a word that stands in some text, and is taken for another all the same
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

    `unknown` are words that no text has; `left_out` those that no text has together with the
    others: the codes were found without them. `instead` gives for a word that no text has the words
    near to it, for which it was taken where it is not unknown.
    """

    codes: list[str] = field(default_factory=list)
    modifiers: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    instead: dict[str, list[str]] = field(default_factory=dict)


def find(text: str, on: date, *, limit: int = 500, is_begun: bool = False) -> Found:
    """The codes and modifiers that a text means on a date of service.

    `is_begun`: its last word is still being typed. Any text has an answer; what follows its first
    200 characters is not looked at.
    """
    text = text[:LONGEST_QUERY].encode(errors="ignore").decode().replace("\0", " ")
    index = current()
    if codes := _named(text, index) or _begun(text, index):
        found = Found(codes=_in_use_first(codes, index, on)[:limit])
    else:
        found = _Words(text, index, on, is_begun).found(limit)
    modifier = canonical_modifier(text)
    if modifier not in index.modifiers:
        return found
    codes = [] if found.unknown or found.instead else found.codes
    return Found(codes=codes, modifiers=list(dict.fromkeys([modifier, *found.modifiers])))


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


@dataclass(frozen=True)
class _Asked:
    """A word as it was typed (or two that are one), and what may stand for it."""

    typed: str
    slot: Slot
    weight: float
    near: tuple[str, ...] = ()  # words of the texts, where it is none of them itself


class _Words:
    """A search by words: each word typed becomes a slot that one of several phrases fills."""

    def __init__(self, text: str, index: Current, on: date, is_begun: bool) -> None:
        self._index = index
        self._vocabulary = index.texts.vocabulary
        self._day = on.toordinal()
        self._is_begun = is_begun
        words = _without_asides(_trade_words(text))[:MOST_WORDS]
        self._asked = list(self._read(list(dict.fromkeys(words))))

    def found(self, limit: int) -> Found:
        known = [asked for asked in self._asked if asked.slot]
        if not known:
            return self._answer([], [], limit)
        if len(known) == len(self._asked) and (hits := self._with_all(known)):
            return self._answer(hits, [], limit)
        return self._answer(*self._with_most(known), limit)

    def _answer(self, hits: list[Hit], left_out: list[_Asked], limit: int) -> Found:
        ranked = self._ranked(hits)
        modifiers = [] if left_out else [row.code for row in ranked if row.kind == "modifier"]
        return Found(
            codes=list(dict.fromkeys(row.code for row in ranked if row.kind == "code"))[:limit],
            modifiers=list(dict.fromkeys(modifiers))[:MOST_MODIFIERS],
            unknown=[asked.typed for asked in self._asked if not asked.slot],
            left_out=[asked.typed for asked in left_out if asked.slot],
            instead={asked.typed: list(asked.near[:3]) for asked in self._asked if asked.near},
        )

    # What was typed

    def _read(self, words: list[str]) -> Iterator[_Asked]:
        """The words with what may stand for each; two neighbours together where they are one word
        elsewhere: `wheel chair`."""
        place = 0
        while place < len(words):
            pair = words[place : place + 2]
            both = "".join(pair)
            is_one = len(pair) == 2 and self._knows(both) and not both.isdigit()
            if is_one:
                yield self._pair(pair)
            else:
                yield self._word(words[place], self._is_begun and place == len(words) - 1)
            place += 1 + is_one

    def _knows(self, word: str) -> bool:
        return self._vocabulary.knows(stem(word))

    def _tells(self, slot: Slot) -> float:
        """How much a word of the search tells; a number tells little."""
        tells = max((min(map(self._vocabulary.rarity, phrase)) for phrase, _ in slot), default=1.0)
        is_number = any(phrase[0][:1].isdigit() for phrase, _ in slot)
        return tells * (WEIGHT_OF_A_NUMBER if is_number else 1)

    def _pair(self, pair: list[str]) -> _Asked:
        phrases = [((stem("".join(pair)),), 1.0)]
        if all(map(self._knows, pair)):
            phrases.append((tuple(map(stem, pair)), 1.0))
        slot = _once(phrases)
        return _Asked(" ".join(pair), slot, self._tells(slot))

    def _word(self, word: str, is_begun: bool) -> _Asked:
        """The word itself and its other names; where no text has it, what it may be a slip of."""
        phrases = list(self._certain(word))
        if is_begun:
            phrases += self._beginnings(word)
        if slot := _once(phrases):
            return _Asked(word, slot, self._tells(slot))
        near, slips = self._vocabulary.near(word, slips_forgiven(word))
        slot = _once([*_meant_by(near, slips), *self._parts(word), *self._beginnings(word)])
        return _Asked(word, slot, self._tells(slot), near=tuple(near))

    def _certain(self, word: str) -> Iterator[Phrase]:
        if self._knows(word):
            yield (stem(word),), 1.0
        for phrase in same_words().get(word, ()):
            if all(map(self._vocabulary.knows, phrase)):
                yield phrase, WEIGHT_OF_ANOTHER_NAME * self._no_rarer(word, phrase)

    def _no_rarer(self, word: str, phrase: tuple[str, ...]) -> float:
        """What keeps another name from counting more than the word itself, only as it is rarer."""
        if not self._knows(word):
            return 1.0
        rarest = max(map(self._vocabulary.rarity, phrase))
        return min(1.0, self._vocabulary.rarity(stem(word)) / rarest)

    def _parts(self, word: str) -> Iterator[Phrase]:
        parts = self._vocabulary.parts(word) or ()
        yield tuple(filter(None, parts)), WEIGHT_OF_ANOTHER_NAME

    def _beginnings(self, word: str) -> Iterator[Phrase]:
        if len(word) >= LETTERS_OF_A_BEGINNING:
            for begun in self._vocabulary.beginning(word):
                yield (begun,), WEIGHT_OF_A_BEGINNING

    # What is found

    def _with_all(self, known: list[_Asked]) -> list[Hit]:
        """The rows with all the words; if there are none, with each taken for a slip as well."""
        hits = self._of_the_day(self._index.texts.with_all(asked.slot for asked in known))
        return hits or self._of_the_day(self._index.texts.with_all(map(self._loose, known)))

    def _loose(self, asked: _Asked) -> Slot:
        is_long = len(asked.typed) >= LETTERS_OF_A_SLIP
        return _once([*asked.slot, *_meant_by(*self._vocabulary.near(asked.typed, int(is_long)))])

    def _with_most(self, known: list[_Asked]) -> tuple[list[Hit], list[_Asked]]:
        """The rows with the words that tell most, and the words that the first of them lacks."""
        hits = self._of_the_day(self._index.texts.with_any(asked.slot for asked in known))
        hits = hits[:MOST_WEIGHED]
        if not hits:
            return [], []
        filled = [sum(asked.weight for asked in known if _fills(hit[1], asked)) for hit in hits]
        best = max(filled)
        if best < FEWEST_WORDS_FOUND * sum(asked.weight for asked in self._asked):
            return [], []
        kept = [hit for hit, weight in zip(hits, filled, strict=True) if weight == best]
        return kept, [asked for asked in self._asked if not _fills(kept[0][1], asked)]

    def _of_the_day(self, hits: list[Hit]) -> list[Hit]:
        return [hit for hit in hits if hit[1].reads_on(self._day)]

    def _meant(self) -> list[str]:
        """The codes that just these words are a name of, once their slips are mended."""
        likely = [stem for asked in self._asked if asked.slot for stem in asked.slot[0][0]]
        return self._index.terms.meaning.get(tuple(sorted(likely)), [])

    def _ranked(self, hits: list[Hit]) -> list[Row]:
        """The rows, the likeliest first: those in use, those that the words are a name of, those
        whose text names just what was typed."""
        places = {code: place for place, code in enumerate(self._meant())}
        typed = {stem for asked in self._asked for phrase, _ in asked.slot for stem in phrase}

        def rank(hit: Hit) -> tuple:
            score, row = hit
            return (
                row.status_on(self._day) != "active",
                places.get(row.code, len(places)),
                -score * row.weight * (1 + THING_NAMED * _is_named(row, typed)),
                row.code,
            )

        return [row for _, row in sorted(hits, key=rank)]


def _meant_by(near: Iterable[str], slips: int) -> Iterator[Phrase]:
    """The words near to one that was typed, each counting less for each slip."""
    for word in filter(stem, near):
        yield (stem(word),), WEIGHT_OF_A_SLIP**slips


def _fills(row: Row, asked: _Asked) -> bool:
    return any(row.stems.issuperset(phrase) for phrase, _ in asked.slot)


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


def _once(phrases: Iterable[Phrase]) -> Slot:
    """Each phrase once, with the most that it counts."""
    best: dict[tuple[str, ...], float] = {}
    for phrase, weight in phrases:
        if phrase:
            best[phrase] = max(weight, best.get(phrase, 0.0))
    return tuple(best.items())
