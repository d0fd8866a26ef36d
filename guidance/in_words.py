"""A topic in words: a line for each of its texts, rows and sources.

    in_words("denials", [{"category": "CO-16", "causes": "No name.", …}]) -> ["CO-16 · No name."]

It reads the topic as a pack file has it, as guidance.content freezes it, and as an entry document
shows it.
"""

from collections.abc import Iterable
from typing import Any

from guidance.content import TEXTS

# What a row says, in the order in which people read it; of two names it has one.
PARTS = (
    ("category",),
    ("cpt", "code"),
    ("payer_class",),
    ("relation",),
    ("question",),
    ("context",),
    ("from", "from_date"),
    ("until", "until_date"),
    ("rarcs",),
    ("causes",),
    ("remedy",),
    ("text",),
    ("deadline",),
    ("answer",),
)
NAMES_OF_KINDS = ("payer_class", "relation", "remedy")


def in_words(topic: str, value: Any) -> list[str]:
    """The lines of a topic; of one that is not there, none."""
    if not value:
        return []
    if topic in TEXTS:
        return [value["text"], *_sources(value)]
    if topic == "specialties":
        return [row if isinstance(row, str) else row["name"] for row in value]
    if topic == "suppress":
        return [f"{name}: {', '.join(keys)}" for name, keys in value.items()]
    return [line for row in value for line in (row_in_words(row), *_sources(row))]


def row_in_words(row: dict) -> str:
    """What a row of a list topic says, without its sources."""
    return " · ".join(filter(None, (_part(row, names) for names in PARTS)))


def _part(row: dict, names: Iterable[str]) -> str:
    for name in names:
        value = row.get(name)
        if value and not isinstance(value, dict):  # a row's `from` may be whom it was written for
            words = " ".join(value) if isinstance(value, list) else value
            return words.replace("_", " ") if name in NAMES_OF_KINDS else words
    return ""


def _sources(row: dict) -> list[str]:
    cited = row.get("sources") or row.get("citations") or ()
    return [f"[{', '.join(_source(one))}]" for one in cited]


def _source(one: str | dict) -> list[str]:
    if isinstance(one, str):
        return [one]
    named = (one.get(name) for name in ("id", "source", "locator", "quote"))
    return [part for part in named if part]
