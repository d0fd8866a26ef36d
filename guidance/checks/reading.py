"""A revision's content as an editor reads it: passages, and their sentences.

    passages(content) -> [Passage]

A passage is one text with its place. A modifier rule is read as the sentence that it stands for, so
that every check sees "Report KX" whether it is a row or prose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guidance.content import TEXTS

SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"')*]*\s+(?=[\"'(*{]*[A-Z0-9{])|\n\s*\n|\n\s*(?=[-*] |\d+[.)] )"
)
HCPCS = re.compile(r"(?<![\w-])([A-CE-Va-ce-v])-?(\d{4})(?![\w]|-\d)")

_NO = (
    r"not|no(?!\.)|never|neither|nor|none|nothing|nobody|without|cannot|hardly|seldom|\w+n['’]t|"
    r"unlike"
    r"|instead of|rather than|other than|except|excludes?|refus\w+|wrong(?:ly)?"
    r"|is no longer|free of|lacks?"
)
_DENIED_BEFORE = re.compile(rf"\b(?:{_NO})\b", re.I)
_DENIED_AFTER = re.compile(
    r"^(?:[\s,/()-]*(?!when\b|if\b|unless\b|that\b|which\b|once\b|after\b)[\w'’%.-]+){0,4}?\s"
    r"(?:(?:do|does|did|is|are|was|were|has|have|can|may|must|will|would|should) (?:not|never|"
    r"no longer)"
    r"|\w+n['’]t|cannot|(?:is|are) (?:wrong|invalid))\b"
    r"|^\s(?:none|nothing|little|neither|no)\b|\bdo(?:es)? not (?:apply|belong|count|fit|go)\b",
    re.I,
)
_DENIED_WITHIN = re.compile(r"\b(?:not|no(?!\.)|never|none|nothing|cannot|\w+n['’]t)\b", re.I)
# "No claim passes without the NDC" asks for the NDC: what is denied twice is said.
_DENIED_TWICE = re.compile(
    r"\b(?:not|no(?!\.)|never|nothing|nobody|none|cannot|\w+n['’]t)\b.*\bwithout\b", re.I
)
_NEW_CLAUSE = re.compile(
    r"[:;]|,? (?:but|although|though|because|so|then|while)\b|, and (?:the|it|then)\b", re.I
)
_REACH = 70  # characters before a statement within which a "not" still denies it
_REACH_AFTER = 120  # and after it

# A number in figures or in words, as a pattern: 12, 1,000, .01, six, eight hundred.
NUMBER = (
    r"(?:\d[\d,.]*|\.\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand))*"
)


@dataclass(frozen=True)
class Passage:
    """One text of a revision. `row` is None for a single text; `claims` whether it states things.

    A question states nothing, unless its answer begins with yes.
    """

    topic: str
    row: int | None
    part: str
    text: str
    payer_class: str = ""
    claims: bool = True

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        parts = SENTENCE_END.split(self.text)
        return tuple(
            " ".join(part.split()).lstrip("-* ") for part in parts if part and part.strip()
        )

    @cached_property
    def following(self) -> dict[str, str]:
        """For each sentence but the last, the one behind it."""
        return dict(zip(self.sentences, self.sentences[1:], strict=False))

    @cached_property
    def statements(self) -> tuple[str, ...]:
        """The sentences that state something: questions are left out, unless answered with yes."""
        if self.part == "question":
            return self.sentences if self.claims else ()
        return tuple(sentence for sentence in self.sentences if not sentence.endswith("?"))


def passages(content: dict) -> tuple[Passage, ...]:
    """Every text of the content, in the order of its topics."""
    found = [
        Passage(topic, None, "text", content[topic]["text"]) for topic in TEXTS if topic in content
    ]
    for topic, parts in _PARTS.items():
        for position, row in enumerate(content.get(topic, ())):
            found += _row(topic, position, row, parts)
    return tuple(found)


_PARTS = {
    "coverage": ("text",),
    "denials": ("causes", "text", "deadline"),
    "modifiers": ("rule", "context", "text"),
    "companions": ("context",),
    "faqs": ("question", "answer"),
}


def _row(topic: str, position: int, row: dict, parts: tuple[str, ...]) -> Iterator[Passage]:
    for part in parts:
        text = _TEXTS.get((topic, part), _plain)(row, part)
        claims = part != "question" or row["answer"].lstrip("* ").lower().startswith("yes")
        if text:
            yield Passage(topic, position, part, text, row.get("payer_class", ""), claims)


def _plain(row: dict, part: str) -> str:
    return row.get(part) or ""


def _of_its_code(row: dict, part: str) -> str:
    """What is said of a companion is said of that code."""
    own = row["system"] == "hcpcs" and row.get(part)
    return f"{row['code']}: {row[part]}" if own else _plain(row, part)


def _rule_in_words(row: dict, part: str) -> str:
    """A modifier rule as a sentence: "Report modifier KX." or "Do not report modifier KX."."""
    order = "Do not report" if row["relation"] == "forbidden" else "Report"
    return f"{order} modifier {row['code']}."


_TEXTS = {("modifiers", "rule"): _rule_in_words, ("companions", "context"): _of_its_code}


def excerpt(sentence: str, length: int = 110) -> str:
    """The sentence for a message, shortened at a word."""
    if len(sentence) <= length:
        return f"“{sentence}”"
    return f"“{sentence[:length].rsplit(' ', 1)[0]} …”"


def is_denied(sentence: str, match: re.Match) -> bool:
    """Whether the sentence says "not" of what was matched: shortly before it, or just after."""
    before = sentence[max(0, match.start() - _REACH) : match.start()]
    clause = _NEW_CLAUSE.split(before)[-1]
    after = _NEW_CLAUSE.split(sentence[match.end() : match.end() + _REACH_AFTER])[0]
    is_denied_before = _DENIED_BEFORE.search(clause) and not _DENIED_TWICE.search(clause)
    return bool(is_denied_before or _DENIED_AFTER.search(after))


def is_negated(sentence: str, match: re.Match) -> bool:
    """Whether what was matched is denied, within its own words or around them."""
    return bool(_DENIED_WITHIN.search(match[0])) or is_denied(sentence, match)


def codes_named(content: dict) -> set[str]:
    """Every HCPCS code that the content names, in prose or as a companion."""
    rows = content.get("companions", ())
    companions = {row["code"] for row in rows if row["system"] == "hcpcs"}
    return companions.union(*(codes_in(passage.text) for passage in passages(content)))


@lru_cache(maxsize=4096)
def codes_in(sentence: str) -> tuple[str, ...]:
    """The HCPCS codes that a sentence names, as they are written in the file: J3490."""
    return tuple(f"{letter.upper()}{digits}" for letter, digits in HCPCS.findall(sentence))
