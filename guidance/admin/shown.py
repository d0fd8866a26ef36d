"""What the public page shows now: the facts that one writes beside, and the texts written over."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from codes.models import Entry
from guidance.checks import TOPIC_NAMES
from guidance.content import TEXTS, TOPICS
from guidance.in_words import row_in_words


def shown_now(scope: str, key: str) -> dict[str, Any] | None:
    """The stored entry: its `data`, and its `topics` that say something. None where there is none."""
    entry = Entry.objects.of(scope, [key]).select_related("guidance").first()
    if entry is None:
        return None
    shown = {topic: _topic(topic, entry.data[topic]) for topic in TOPICS if entry.data[topic]}
    return {"data": entry.data, "topics": shown}


def topic_shown(shown: dict[str, Any] | None, topic: str) -> SafeString | str:
    """One topic of it, folded together, to stand at its field; of a topic without text, nothing."""
    if shown is None or topic not in shown["topics"]:
        return ""
    context = {"topic": shown["topics"][topic], "data": shown["data"]}
    return render_to_string("admin/guidance/revision/topic_shown.html", context)


def _topic(topic: str, value: Any) -> dict[str, Any]:
    """`name`, and its `rows`: each a text, its `html` where it has one, and whom it is `of`."""
    rows = [value] if topic in TEXTS else value
    return {"name": TOPIC_NAMES[topic], "rows": [_row(topic, row) for row in rows]}


def _row(topic: str, row: dict) -> dict[str, Any]:
    if topic in TEXTS:
        return {"html": row["html"], "of": row["from"]}
    words = row["name"] if topic == "specialties" else row_in_words(row)
    return {"words": words, "of": row["from"]}
