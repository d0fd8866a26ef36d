"""How guidance of several scopes becomes one: code > trait (by rank) > family > section.

A single text is the strongest one's. Lists merge by key, the strongest wins a key. A scope may
suppress, by key or by topic, what weaker scopes would give. Pure: values in, values out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guidance.content import LISTS, TEXTS


@dataclass(frozen=True, slots=True)
class Voice:
    """One scope's published content, and the `from` that its blocks carry."""

    origin: dict
    content: dict


KEYS: dict[str, Callable] = {
    "coverage": lambda row: row["payer_class"],
    "denials": lambda row: (row["category"], row["payer_class"]),
    "modifiers": lambda row: (row["code"], row["relation"], row["context"]),
    "companions": lambda row: row["code"],
    "specialties": lambda slug: slug,
    "faqs": lambda row: row["question"],
}
# What a revision writes to suppress a row.
NAMES: dict[str, Callable] = {
    "coverage": lambda row: row["payer_class"],
    "denials": lambda row: row["category"],
    "modifiers": lambda row: row["code"],
    "companions": lambda row: row["code"],
    "specialties": lambda slug: slug,
    "faqs": lambda row: row["question"],
}


def inherit(voices: Iterable[Voice]) -> dict:
    """Every topic from the strongest voice to the weakest: a text or None, or a list of rows.

    Each text and row is a copy with `from`; a specialty becomes `{slug, from}`.
    """
    voices = list(voices)
    return {topic: _text(topic, voices) for topic in TEXTS} | {
        topic: _list(topic, voices) for topic in LISTS
    }


def _text(topic: str, voices: list[Voice]) -> dict | None:
    for voice in voices:
        if topic in voice.content:
            return voice.content[topic] | {"from": voice.origin}
        if _silences(voice, topic):
            return None
    return None


def _list(topic: str, voices: list[Voice]) -> list[dict]:
    found: dict = {}
    suppressed: set = set()
    for voice in voices:
        for row in voice.content.get(topic, ()):
            if NAMES[topic](row) not in suppressed:
                found.setdefault(KEYS[topic](row), _with_origin(row, voice.origin))
        suppressed.update(voice.content.get("suppress", {}).get(topic, ()))
        if _silences(voice, topic):
            break
    return list(found.values())


def _silences(voice: Voice, topic: str) -> bool:
    return topic in voice.content.get("suppress", {}).get("topics", ())


def _with_origin(row: dict | str, origin: dict) -> dict:
    return ({"slug": row} if isinstance(row, str) else row) | {"from": origin}
