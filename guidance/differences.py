"""Two texts told apart, word by word: what is the same, what is less, what is more.

side_by_side({"Unit": "One vial."}, {"Unit": "One dose."}) -> [
    {"topic": "Unit", "theirs": [("same", "One"), ("less", "vial.")],
     "mine": [("same", "One"), ("more", "dose.")]}
]
"""

import difflib
from collections.abc import Mapping

from guidance.content import TOPICS

Marked = list[tuple[str, str]]  # (same | less | more, words)


def content_differences(before: dict, after: dict) -> list[dict]:
    """Each topic of guidance.content that differs: its words in order."""
    return [
        {"topic": topic, "words": marked(_words(before.get(topic)), _words(after.get(topic)))}
        for topic in TOPICS
        if before.get(topic) != after.get(topic)
    ]


def side_by_side(theirs: Mapping[str, str], mine: Mapping[str, str]) -> list[dict]:
    """Each named text that differs, twice: as they have it and as I have it, both marked."""
    found = []
    for name in dict.fromkeys([*mine, *theirs]):
        before, after = theirs.get(name, ""), mine.get(name, "")
        if before.split() != after.split():
            theirs_marked, mine_marked = sides(_in_lines(before), _in_lines(after))
            found.append({"topic": name, "theirs": theirs_marked, "mine": mine_marked})
    return found


def sides(before: list[str], after: list[str]) -> tuple[Marked, Marked]:
    """Both, each with the words marked that the other lacks."""
    words = marked(before, after)
    return (
        [part for part in words if part[0] != "more"],
        [part for part in words if part[0] != "less"],
    )


def _in_lines(text: str) -> list[str]:
    """The words, each with the line break before it."""
    lines = [line.split() for line in text.splitlines()]
    return [
        f"\n{word}" if place == 0 and line else word
        for line, words in enumerate(lines)
        for place, word in enumerate(words)
    ]


def _words(topic: dict | list | None) -> list[str]:
    if isinstance(topic, dict):
        return topic["text"].split()
    rows = [row if isinstance(row, str) else " ".join(_row_texts(row)) for row in topic or []]
    return "\n".join(rows).split(" ")


def _row_texts(row: dict) -> list[str]:
    return [value for name, value in row.items() if isinstance(value, str) and name != "html"]


def marked(before: list[str], after: list[str]) -> Marked:
    """The words in order, those that the two share once."""
    found = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            found.append(("same", " ".join(before[a1:a2])))
            continue
        found += [("less", " ".join(before[a1:a2]))] if a2 > a1 else []
        found += [("more", " ".join(after[b1:b2]))] if b2 > b1 else []
    return found
