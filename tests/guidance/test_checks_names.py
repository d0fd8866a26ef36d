"""Codes and modifiers that a text names exist, on the dates that it speaks for."""

from dataclasses import replace
from datetime import date

import pytest

from guidance.checks import findings
from tests.check_sheets import (
    KNOWN,
    code_subject,
    companion,
    faq,
    modifier_rule,
    rules_found,
)


@pytest.mark.parametrize(
    "content",
    [
        faq("Otherwise bill J9998."),
        faq("Use j0000 instead."),
        faq("Use D0120 for the visit."),
        faq("The new code is X1234."),
        companion("K9999"),
    ],
)
def test_a_code_that_does_not_exist_is_an_error(content):
    assert rules_found("J1745", content) == {"unknown-code"}


@pytest.mark.parametrize(
    "content",
    [
        faq("Bill the supplies with K0553."),
        faq("K0553 ended in 2022. Bill K0553 for the supplies."),
        companion("K0553", "Supplies"),
        faq("Where the whole month was given, bill K0553."),
        faq("When the first sensor had failed, K0553 is the choice."),
        faq("Before the next month use K0553."),
        faq("K0553 remains right for a full month."),
        faq("Report K0553 in place of A4239 for a whole month."),
        faq("Use K0553 from 2022-01-01 on."),
    ],
)
def test_a_code_that_has_ended_is_an_error(content):
    assert rules_found("A4239", content) == {"ended-code"}


@pytest.mark.parametrize(
    "words",
    [
        "K0553 ended on 2022-12-31; A4239 took its place.",
        "Before 2023 the code was K0553.",
        "It replaces K0553.",
        "A claim of November 2022 carries K0553.",
        "Claims for earlier dates keep K0553.",
        "K0553. It was in use until 2022-12-31.",
        "Report A4239 in place of K0553.",
        "Do not bill the old K0553.",
    ],
)
def test_a_text_may_tell_of_an_ended_code(words):
    assert rules_found("A4239", faq(words)) == set()


def test_an_answer_is_read_with_the_date_of_its_question():
    content = faq("Bill K0553.", question="Which code stands on a claim of November 2022?")

    assert rules_found("A4239", content) == set()


def test_an_edition_may_name_what_was_in_use_in_its_time():
    subject = code_subject("A4239", on=date(2022, 12, 31))

    assert rules_found(subject, faq("Bill the supplies with K0553.")) == set()


def test_an_end_on_another_day_than_cms_gives_is_an_error():
    assert rules_found("A4239", faq("K0553 ended on 2021-12-31.")) == {"end-date"}


@pytest.mark.parametrize(
    "content",
    [
        faq("Append modifier XJ to the line."),
        faq("Use the ZQ modifier."),
        faq("Report it with ZZ."),
        modifier_rule("ZQ"),
    ],
)
def test_a_modifier_that_does_not_exist_is_an_error(content):
    assert rules_found("E0601", content) == {"unknown-modifier"}


@pytest.mark.parametrize("content", [faq("340B drugs need modifier JG."), modifier_rule("JG")])
def test_a_modifier_that_has_ended_is_an_error(content):
    assert rules_found("J1745", content) == {"ended-modifier"}


@pytest.mark.parametrize(
    "content",
    [
        faq("Modifier JG ended on 2024-12-31, so TB alone remains."),
        modifier_rule("JG", until_date="2024-12-31"),
        faq("Modifier 25 goes on the visit."),
    ],
)
def test_modifiers_of_their_time_and_cpt_modifiers_are_let_through(content):
    assert rules_found("J1745", content) == set()


def test_the_letters_of_a_trip_make_a_modifier():
    assert rules_found("A0428", faq("Set the modifier RH for the trip.")) == set()


def test_before_a_full_release_is_known_any_code_may_exist():
    partly = replace(KNOWN, is_complete=False)
    content = faq("Otherwise bill J9998 with modifier ZQ.")

    assert findings(content, code_subject("J1745"), partly) == []
