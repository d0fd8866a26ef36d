"""What a check says: a finding, and the sheet that every rule reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from guidance.checks.knowledge import Knowledge, Subject
from guidance.checks.reading import Passage, passages


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
