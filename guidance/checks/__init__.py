"""The editorial checks: what is wrong with a revision, found before anyone publishes it.

    knowledge = load()
    subject = knowledge.subject("code", "E0601", valid_from=…, on=…)
    findings(content, subject, knowledge) -> [Finding(rule, severity, topic, row, message)]

`content` is what guidance.content writes; `on` is the last day the revision speaks for. Errors block
publishing, warnings do not. The rules are pure and stand in one table, RULES; a check reads words,
so it can miss a wrong statement: it takes no reviewer's place.
"""

from guidance.checks.finding import TOPIC_NAMES, Finding, Severity, Sheet
from guidance.checks.knowledge import (
    Knowledge,
    KnownSource,
    KnownVersion,
    SpokenCode,
    Subject,
    load,
)
from guidance.checks.reading import codes_named
from guidance.checks.rules import RULES

__all__ = [
    "RULES",
    "TOPIC_NAMES",
    "Finding",
    "Knowledge",
    "KnownSource",
    "KnownVersion",
    "Severity",
    "SpokenCode",
    "Subject",
    "codes_named",
    "findings",
    "load",
]


def findings(content: dict, subject: Subject, knowledge: Knowledge) -> list[Finding]:
    """Everything the rules find in one revision, in the order of the table."""
    sheet = Sheet(content, subject, knowledge)
    return [
        Finding(name, severity, problem.topic, problem.row, problem.message)
        for name, severity, rule in RULES
        for problem in rule(sheet)
    ]
