"""A denial category read as a denial row, so that its gloss is held to the same rules as advice."""

from datetime import date

from guidance.checks.knowledge import Subject
from guidance.models import DenialCategory


def category_row(category: DenialCategory) -> dict:
    """The category as a mapping, as a pack's file writes it. `sources` must be prefetched."""
    return {
        "key": category.key,
        "gloss": category.gloss,
        "causes": category.causes,
        "remedy": category.remedy,
        "remedy_text": category.remedy_text,
        "deadline": category.deadline,
        "sources": [source.slug for source in category.sources.all()],
    }


def category_content(category: dict) -> dict:
    """A category, as a pack's file writes it, in the shape of guidance.content: its gloss as one
    row, its causes as another."""
    common = {
        "category": category["key"],
        "payer_class": "any",
        "rarcs": [],
        "remedy": category["remedy"],
        "deadline": category.get("deadline", ""),
        "text": category["remedy_text"],
        "citations": [{"source": slug} for slug in category.get("sources", ())],
    }
    return {"denials": [common | {"causes": category[part]} for part in ("gloss", "causes")]}


def category_subject(key: str, on: date) -> Subject:
    """A category speaks for no code; what it cites is to be alive on the date."""
    return Subject("denial category", key, valid_from=on, on=on)
