"""What a revision or a row still lacks: a draft may wait for it, a reviewer may not be asked to."""

from collections.abc import Iterator

from guidance.checks.finding import Problem, Sheet
from guidance.content import TOPICS

# What each row must say, and how its absence is told.
_NEEDED = {
    "coverage": {"text": "Write what the payer looks for."},
    "denials": {
        "causes": "Write why the claim is denied here.",
        "remedy": "Choose the remedy.",
        "text": "Write what to do about the denial.",
    },
    "faqs": {"answer": "Write the answer."},
}


def says_nothing(sheet: Sheet) -> Iterator[Problem]:
    """A revision without any text or row, which would publish an empty entry."""
    if not any(sheet.content.get(part) for part in (*TOPICS, "suppress")):
        yield Problem("", None, "Nothing is written in it yet.")


def lacks_a_part(sheet: Sheet) -> Iterator[Problem]:
    """A row that is named and does not yet say what it is for."""
    for topic, needed in _NEEDED.items():
        for place, row in enumerate(sheet.content.get(topic, ())):
            for part, message in needed.items():
                if not row[part].strip():
                    yield Problem(topic, place, message)
