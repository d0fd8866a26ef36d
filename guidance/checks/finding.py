"""What a check says: a finding, and the sheet that every rule reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from guidance.checks.knowledge import Knowledge, Subject
from guidance.checks.reading import Passage, passages

# Each topic as people read it.
TOPIC_NAMES = {
    "summary": "Summary",
    "documentation": "Documentation",
    "unit": "Billing unit",
    "claim_to": "Who gets the claim",
    "coverage": "Coverage",
    "denials": "Denial advice",
    "modifiers": "Modifier rules",
    "companions": "Companions",
    "specialties": "Specialties",
    "faqs": "Questions",
}


class Severity(StrEnum):
    ERROR = "error"  # blocks publishing
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`topic` is empty for the revision as a whole; `row` is the position in a list topic."""

    rule: str
    severity: Severity
    topic: str
    row: int | None
    message: str

    @property
    def place(self) -> str:
        """Where it stands, as the form says it: "Denial advice, row 2"."""
        topic = TOPIC_NAMES.get(self.topic, "The revision")
        return topic if self.row is None else f"{topic}, row {self.row + 1}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule gives: a finding before the table of rules has named and weighed it."""

    topic: str
    row: int | None
    message: str


@dataclass(frozen=True)
class Sheet:
    """One revision to be checked."""

    content: dict
    subject: Subject
    knowledge: Knowledge

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        return passages(self.content)

    def citations(self, topic: str, row: int | None) -> list[dict]:
        value = self.content[topic] if row is None else self.content[topic][row]
        return value.get("citations", [])


Rule = Callable[[Sheet], Iterator[Problem]]


def problem(passage: Passage, message: str) -> Problem:
    return Problem(passage.topic, passage.row, message)
