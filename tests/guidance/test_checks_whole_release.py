"""The checks against all of CMS's October 2025 release: statements written down by someone who has
not read the checks. test_pack_release has the pack that ships go through them."""

from datetime import date
from pathlib import Path

import pytest

from guidance import checks, strict_yaml
from guidance.checks import packs
from guidance.pack import STARTER, Pack, read_pack

# What the texts say is the same whatever they are read from.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

STATEMENTS = Path(__file__).resolve().parents[1] / "data"
SPEAKS_FROM = date(2025, 10, 1)


def written_down(name: str) -> list:
    """The statements of a file, each named for the tests by its kind or scope, and its key."""
    entries = strict_yaml.load((STATEMENTS / name).read_text()).value
    return [
        pytest.param(entry, id=f"{entry.get('kind', entry['scope'])}-{entry['key']}")
        for entry in entries
    ]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(STARTER)


@pytest.fixture(scope="module")
def knowledge(october_2025, pack) -> checks.Knowledge:
    """What CMS's file says, with the sources and CPT numbers of the pack that ships."""
    return packs.knowledge_with(pack, checks.load())


def found(entry: dict, knowledge: checks.Knowledge, on: date) -> list[checks.Finding]:
    subject = knowledge.subject(entry["scope"], entry["key"], valid_from=SPEAKS_FROM, on=on)
    return checks.findings(packs.content(entry["topics"]), subject, knowledge)


@pytest.mark.parametrize("entry", written_down("wrong_statements.yaml"))
def test_a_wrong_statement_is_an_error(entry, knowledge, on):
    severities = {finding.severity for finding in found(entry, knowledge, on)}

    assert checks.Severity.ERROR in severities, entry["why"]


@pytest.mark.parametrize("entry", written_down("right_statements.yaml"))
def test_a_right_statement_is_let_through(entry, knowledge, on):
    assert found(entry, knowledge, on) == [], entry["why"]
