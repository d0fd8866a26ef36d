"""Topics in one form, whichever way they were written, so that two of them can be compared.

It is what a pack file says, without what goes without saying: no empty topic, no empty value but a
row's own texts, a source without locator and quote as its id alone. Line ends are one character, and
characters that cannot be seen are gone: no file could give them back.
"""

from collections.abc import Iterable
from typing import Any

from guidance.content import LISTS, TEXTS
from guidance.strict_yaml import UNPRINTABLE

# What each row always says, and what it says where it is not empty.
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "coverage": (("payer_class", "text"), ()),
    "denials": (
        ("category", "payer_class", "causes", "remedy", "text"),
        ("rarcs", "deadline"),
    ),
    "modifiers": (("code", "relation"), ("context", "text", "from", "until")),
    "companions": (("relation",), ("cpt", "code", "context")),
    "faqs": (("question", "answer"), ()),
}
TOPICS = (*TEXTS, *LISTS, "suppress")


def plain(topics: dict[str, Any]) -> dict[str, Any]:
    """Topics of a pack file in the one form."""
    shaped = {topic: _shaped(topic, topics[topic]) for topic in TOPICS if topics.get(topic)}
    return {topic: value for topic, value in shaped.items() if value}


def topics_of(content: dict[str, Any]) -> dict[str, Any]:
    """What guidance.content froze, as a pack file says it, in the one form."""
    topics: dict[str, Any] = {}
    for topic, value in content.items():
        if topic in TEXTS:
            topics[topic] = {"text": value["text"], "sources": _cited(value)}
        elif topic in ROWS:
            topics[topic] = [_as_written(topic, row) for row in value]
        else:
            topics[topic] = value
    return plain(topics)


def clean(text: str) -> str:
    """A text with line ends of one character, without what cannot be seen."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _as_written(topic: str, row: dict) -> dict:
    named = {"from": row.get("from_date"), "until": row.get("until_date")}
    if topic == "companions":
        named = {"cpt" if row["system"] == "cpt" else "code": row["code"]}
        row = {"relation": row["relation"], "context": row["context"]}
    return row | named | {"sources": _cited(row)}


def _cited(row: dict) -> list[dict]:
    return [
        {"id": one["source"], "locator": one["locator"], "quote": one["quote"]}
        for one in row.get("citations", ())
    ]


def _shaped(topic: str, value: Any) -> Any:
    if topic in TEXTS:
        text = clean(value["text"])
        return {"text": text} | _with_sources(value) if text else {}
    if topic in ROWS:
        return [_row(topic, row) for row in value]
    if topic == "specialties":
        return sorted(value)
    return {name: [clean(key) for key in keys] for name, keys in value.items() if keys}


def _row(topic: str, row: dict) -> dict:
    always, sometimes = ROWS[topic]
    row = ({"payer_class": "any"} if topic == "denials" else {}) | row
    said = {name: _value(row.get(name, "")) for name in always}
    return said | _filled(row, sometimes) | _with_sources(row)


def _filled(row: dict, names: Iterable[str]) -> dict:
    values = {name: _value(row[name]) for name in names if name in row}
    return {name: value for name, value in values.items() if value}


def _value(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _with_sources(row: dict) -> dict:
    sources = [_source(one) for one in row.get("sources") or ()]
    return {"sources": sources} if sources else {}


def _source(one: str | dict) -> str | dict:
    if isinstance(one, str):
        return one
    more = _filled(one, ("locator", "quote"))
    return {"id": one["id"]} | more if more else one["id"]
