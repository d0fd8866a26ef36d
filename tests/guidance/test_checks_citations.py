"""What states a date, limit, list, modifier or payer's rule has a source, and one that is alive."""

from datetime import date

import pytest

from tests.check_sheets import (
    code_subject,
    coverage,
    denial,
    faq,
    found,
    modifier_rule,
    rules_found,
    text,
)

STATES_SOMETHING = [
    "Claims are sent by 2025-03-01.",
    "It changed in 2024.",
    "From January 1, 2024 refills need contact with the patient.",
    "Keep proof of delivery for seven years.",
    "No more than three units go out in a quarter.",
    "Up to one hundred strips a month.",
    "Limit: one per five years.",
    "A refill goes out no sooner than ten days before.",
    "The order is signed within thirty days of delivery.",
    "The item is on Medicare's face-to-face list.",
    "This brace is on the required prior authorization list.",
    "Prior authorization is required.",
    "KX is needed on each line.",
    "Append modifier 25 to the visit.",
    "Aetna requires a biosimilar first.",
    "Medicare requires the ordering practitioner's name.",
    "LCD L33718 applies.",
]
STATES_NOTHING = [
    "Keep the order and the notes.",
    "Ask the plan how many it pays a month, and whether it wants approval.",
    "The contract decides.",
    "Two lines on one day can look like one service.",
]


@pytest.mark.parametrize("words", STATES_SOMETHING)
def test_a_statement_without_a_source_is_an_error(words):
    assert "missing-citation" in rules_found("E0601", {"documentation": text(words, [])})
    assert "missing-citation" not in rules_found("E0601", {"documentation": text(words)})


@pytest.mark.parametrize("words", STATES_NOTHING)
def test_advice_needs_no_source(words):
    assert rules_found("E0601", {"documentation": text(words, [])}) == set()


WORKED_OUT = [
    "Seven feet are seven units.",
    "One unit is one foot: seven feet are seven units.",
    "250 mg are billed as 25 units, and a dose of 37 mg is four units.",
    "Three days are three units.",
]
LIMITED = [
    "No more than 7 units a month.",
    "Seven feet are seven units a month.",
    "Seven feet are seven units, and no more than 7 units a month are paid.",
    "Seven feet are seven units, twelve units each quarter.",
    "One month is 30 units.",
    "At most seven feet are seven units.",
]


@pytest.mark.parametrize("words", WORKED_OUT)
def test_an_example_worked_out_in_the_unit_needs_no_source(words):
    assert rules_found("E0601", {"unit": text(words, [])}) == set()


@pytest.mark.parametrize("words", LIMITED)
def test_a_limit_in_the_unit_needs_one(words):
    assert "missing-citation" in rules_found("E0601", {"unit": text(words, [])})


@pytest.mark.parametrize(
    "content",
    [
        coverage("LCD L33718 applies.", citations=[]),
        denial("CO-50", deadline="120 days for a redetermination", citations=[]),
        modifier_rule("KX", citations=[]),
        faq("Seven years.", citations=[]),
    ],
)
def test_every_row_has_its_own_source(content):
    (finding,) = found("E0601", content)

    assert (finding.rule, finding.row) == ("missing-citation", 0)


def test_an_unknown_source_is_dead():
    content = {"summary": text("A device.", [{"source": "gone"}])}

    assert rules_found("E0601", content) == {"dead-citation"}


def test_a_source_retired_before_the_revision_speaks_is_dead():
    content = {"summary": text("The policy has the criteria.", [{"source": "retired"}])}
    subject = code_subject("E0601", valid_from=date(2025, 1, 1))

    (finding,) = found(subject, content)

    assert finding.rule == "dead-citation"
    assert "DME MACs L33829 was retired on 2024-11-14" in finding.message


def test_a_source_may_prove_that_it_was_retired():
    content = {"summary": text("The policy was retired on 2024-11-14.", [{"source": "retired"}])}
    subject = code_subject("E0601", valid_from=date(2025, 1, 1))

    assert found(subject, content) == []


def test_a_source_retired_since_is_a_warning():
    content = {"summary": text("The policy has the criteria.", [{"source": "retired"}])}

    (finding,) = found("E0601", content)

    assert (finding.rule, finding.severity) == ("retired-citation", "warning")


def test_a_review_that_is_overdue_is_a_warning():
    content = {"summary": text("A device.")}

    late = found(code_subject("E0601", review_due=date(2026, 11, 22)), content)

    assert [finding.rule for finding in late] == ["overdue-review"]
    assert found(code_subject("E0601", review_due=date(2026, 11, 23)), content) == []
