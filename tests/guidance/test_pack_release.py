"""The pack that ships, beside October 2025 as CMS published it: every active code is covered, and
nothing on its page belongs to another kind of code."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from io import StringIO

import pytest
from django.core.management import call_command

from codes.classification import covers
from guidance.checks.reading import Passage, passages
from guidance.content import TEXTS, TOPICS
from guidance.entry import compose
from tests.page_rules import RULES, Entry, broken, misnamed_policies

# What the texts say is the same whatever they are read from.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BEFORE_2026 = date(2025, 10, 1)
AFTER_ALL_CHANGES = date(2026, 10, 1)
# The ranges of measures; within them stand some services of models and hospices.
MEASURES = "G0908-G0922;G2090-G2167;G2172-G2210;G4000-G4038;G8126-G8999;G9154-G9999;M1000-M1999"


@pytest.fixture(scope="module", params=[BEFORE_2026, AFTER_ALL_CHANGES], ids=str)
def active(request, october_2025) -> dict[str, Entry]:
    """The entries of all active codes on a date, by code."""
    halves = compose("code", None, request.param)
    return {own["code"]: own | other for own, other in halves if own["status"] == "active"}


# Nothing is missing


def is_quality(entry: Entry) -> bool:
    return any(trait["slug"] == "quality-only" for trait in entry["traits"])


def test_every_active_code_has_its_four_texts(active):
    assert len(active) == 7_258
    assert [c for c, entry in active.items() if not all(entry[t] for t in TEXTS)] == []


def test_every_active_code_has_a_coverage_signal_and_a_source(active):
    assert [c for c, e in active.items() if not (e["coverage"] and e["sources"])] == []


def test_every_active_code_answers_three_questions(active):
    assert {c: len(e["faqs"]) for c, e in active.items() if len(e["faqs"]) < 3} == {}


def test_every_code_that_is_billed_has_two_denials_or_more(active):
    billed = {c: e for c, e in active.items() if not is_quality(e)}

    assert {c: len(e["denials"]) for c, e in billed.items() if len(e["denials"]) < 2} == {}


def test_quality_measures_say_that_they_only_report_and_have_no_denials(active):
    ranges = [entry for code, entry in active.items() if covers(MEASURES, code)]
    measures = [entry for entry in active.values() if is_quality(entry)]
    services = [entry for entry in ranges if not is_quality(entry)]

    assert len(ranges) == 1_113
    assert {entry["coverage"][0]["text"][:11] for entry in measures} == {"Report only"}
    assert [e["code"] for e in measures if e["denials"] or e["companions"]] == []
    assert {entry["family"]["slug"] for entry in services} == {"g-model"}


def test_every_code_names_who_bills_it_but_rides_which_no_specialty_bills(active):
    silent = [
        c for c, e in active.items() if not e["specialties"] and e["family"]["slug"] != "a-nemt"
    ]

    assert silent == []


# Nothing is out of place


@cache
def sentences(passage: Passage) -> tuple[str, ...]:
    """Neighbours share most of what they say: each passage is split once."""
    return passage.statements


def statements(entry: Entry) -> Iterator[tuple[Passage, str]]:
    for passage in passages({topic: entry[topic] for topic in TOPICS if entry[topic]}):
        for sentence in sentences(passage):
            yield passage, sentence


@pytest.fixture(scope="module")
def misplaced(active) -> set[tuple[str, str, str]]:
    """Each rule, a code on whose page it is broken, and the sentence."""
    return {
        (rule, entry["code"], sentence)
        for entry in active.values()
        for passage, sentence in statements(entry)
        for rule in broken(entry, passage, sentence)
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_page_says_what_cannot_be_true_of_its_code(misplaced, rule):
    assert {found for found in misplaced if found[0] == rule.name} == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_finds_what_it_is_for(active, rule):
    code, sentence = rule.planted

    assert rule.name in set(
        broken(active[code], Passage("summary", None, "text", sentence), sentence)
    )


def test_no_page_names_a_policy_of_other_items(active):
    found = {
        (numbers, code, sentence)
        for code, entry in active.items()
        for passage, sentence in statements(entry)
        for numbers in misnamed_policies(entry, passage, sentence)
    }

    assert found == set()


# The checks of the editors' desk


def test_the_loaded_pack_has_no_errors_and_no_contradictions(october_2025):
    out = StringIO()

    call_command("check_guidance", stdout=out)

    assert " 0 errors, 0 warnings." in out.getvalue()
