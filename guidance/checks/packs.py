"""A pack's files as the checks read them, before anything is loaded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from guidance.checks.knowledge import Knowledge, KnownSource
from guidance.content import TEXTS
from guidance.pack import Pack

DEFAULTS = {
    "coverage": {},
    "denials": {"payer_class": "any", "rarcs": [], "deadline": ""},
    "modifiers": {"context": "", "text": ""},
    "companions": {"context": ""},
    "faqs": {},
}


def knowledge_with(pack: Pack, knowledge: Knowledge) -> Knowledge:
    """The facts that are known, with the pack's own vocabularies."""
    return replace(
        knowledge,
        sources={row["id"]: _source(row) for row in pack.sources},
        cpt=frozenset(row["number"] for row in pack.cpt),
    )


def editions(pack: Pack) -> Iterator[tuple[str, str, date, dict]]:
    """Scope, key, first date of service and content of every revision of the pack."""
    for item in pack.guidance:
        for edition in item.revisions:
            day = date.fromisoformat(edition.valid_from)
            yield item.scope, item.key, day, content(edition.topics)


def content(topics: dict) -> dict:
    """A pack's topics in the shape that guidance.content gives; texts are not rendered."""
    found: dict[str, Any] = {name: _cited(topics[name]) for name in TEXTS if name in topics}
    for topic, defaults in DEFAULTS.items():
        if topic in topics:
            found[topic] = [_row(topic, defaults | row) for row in topics[topic]]
    return found


def _row(topic: str, row: dict) -> dict:
    if topic == "companions":
        partner = {"system": "cpt", "code": row["cpt"]} if "cpt" in row else {"system": "hcpcs"}
        return row | partner
    if topic == "modifiers":
        row = row | {"from_date": row.get("from"), "until_date": row.get("until")}
    return _cited(row)


def _cited(row: dict) -> dict:
    sources = row.get("sources", ())
    return row | {
        "citations": [
            {"source": cited if isinstance(cited, str) else cited["id"]} for cited in sources
        ]
    }


def _source(row: dict) -> KnownSource:
    name = " ".join(filter(None, [row["issuer"], row.get("document"), row["title"]]))
    retired = row.get("retired_on")
    return KnownSource(name, date.fromisoformat(retired) if retired else None)
