"""Guidance of two revisions told apart, topic by topic and word by word.

side_by_side({"Unit": "One vial."}, {"Unit": "One dose."}) -> [
    {"topic": "Unit", "theirs": [("same", "One"), ("less", "vial.")],
     "mine": [("same", "One"), ("more", "dose.")]}
]
"""

from collections.abc import Mapping
from typing import Any

from codes.differences import marked, sides
from guidance.content import TOPICS
from guidance.in_words import in_words


def content_differences(before: dict, after: dict) -> list[dict]:
    """Each topic of guidance.content that differs: its words in order."""
    return [
        {
            "topic": topic,
            "words": marked(words_of(topic, before.get(topic)), words_of(topic, after.get(topic))),
        }
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


def _in_lines(text: str) -> list[str]:
    """The words, each with the line break before it."""
    lines = [line.split() for line in text.splitlines()]
    return [
        f"\n{word}" if place == 0 and line else word
        for line, words in enumerate(lines)
        for place, word in enumerate(words)
    ]


def words_of(topic: str, value: Any) -> list[str]:
    """The words of a topic, sources and all, each with the line break before it."""
    return _in_lines("\n".join(in_words(topic, value)))
