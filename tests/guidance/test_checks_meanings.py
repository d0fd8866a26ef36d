"""What a text says of a modifier is what CMS's own text for the modifier says."""

from dataclasses import replace

import pytest

from guidance.checks import findings
from tests.check_sheets import (
    KNOWN,
    code_subject,
    denial,
    faq,
    found,
    modifier_rule,
    rules_found,
)

WRONG_RULES = [
    ("E0143", "NU", "Second-hand walker"),
    ("E0143", "UE", "Delivered new"),
    ("E0143", "RR", "Bought at once"),
    ("E0601", "KH", "Fourth rental month"),
    ("E0601", "KJ", "First month"),
    ("E0601", "KH", "Month nine"),
    ("J1745", "JW", "Nothing was left in the vial"),
    ("J1745", "JZ", "The rest was discarded"),
    ("J1745", "JB", "Infused over an hour"),
    ("J1745", "JA", "Given under the skin"),
    ("L1832", "LT", "Right knee"),
    ("L1832", "RB", "The whole brace is replaced"),
    ("E1390", "N1", "Group 2 criteria are met"),
    ("E1390", "QE", "Flow above 4 liters a minute"),
    ("A4239", "KS", "Patient treated with insulin"),
    ("E0601", "KX", "The policy's criteria are not met"),
    ("E0601", "GA", "No notice was given"),
    ("E0601", "GX", "A required notice was given"),
    ("A0428", "QN", "Trip under arrangement"),
    ("A0428", "UN", "Three patients on the trip"),
]
RIGHT_RULES = [
    ("E0143", "NU", "Sold new, for use at home"),
    ("E0143", "UE", "Bought used"),
    ("E0143", "RR", "Rented"),
    ("E0601", "KJ", "Fourth to thirteenth rental month"),
    ("J1745", "JW", "Part of the vial was thrown away"),
    ("J1745", "JZ", "The whole vial was given and nothing thrown away"),
    ("J1745", "JA", "Infused, where the MAC asks for the route"),
    ("L1832", "RT", "Right knee"),
    ("L1832", "RA", "The whole brace is replaced"),
    ("A4239", "KS", "Patient not treated with insulin"),
    ("A4239", "KX", "Patient treated with insulin"),
    ("E0601", "GA", "A signed notice is on file"),
    ("E0601", "GX", "A notice that the rules do not require"),
    ("E0601", "GZ", "A denial is expected and no notice was given"),
    ("A0428", "UN", "Two patients on the trip"),
]


@pytest.mark.parametrize(("code", "modifier", "context"), WRONG_RULES)
def test_a_rule_against_the_modifiers_own_text_is_an_error(code, modifier, context):
    content = modifier_rule(modifier, context=context)

    assert "modifier-meaning" in rules_found(code, content)


@pytest.mark.parametrize(("code", "modifier", "context"), RIGHT_RULES)
def test_a_rule_that_fits_the_modifiers_text_is_let_through(code, modifier, context):
    assert rules_found(code, modifier_rule(modifier, context=context)) == set()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("J1745", "JZ marks the amount that was wasted."),
        ("J1745", "Use JW when the whole vial was given."),
        ("J1745", "Append JA for the shot under the skin, JB for the infusion."),
        ("L1832", "RT goes with the left knee."),
        ("E0143", "UE tells the payer that the walker is new."),
    ],
)
def test_a_modifier_explained_wrongly_in_prose_is_an_error(code, words):
    assert rules_found(code, faq(words)) == {"modifier-meaning"}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("J1745", "JW is for the part that was discarded, JZ for a vial with nothing left."),
        ("J1745", "JA is for the infusion and JB for the shot under the skin."),
        ("J1745", "Do not report JZ where a part was discarded."),
        ("L1832", "For the left knee take LT, for the right one RT."),
    ],
)
def test_modifiers_told_apart_are_let_through(code, words):
    assert rules_found(code, faq(words)) == set()


def test_a_rule_that_forbids_a_modifier_may_say_what_it_is_not():
    content = modifier_rule("JA", "forbidden", context="Given under the skin")

    assert rules_found("J1745", content) == set()


def test_the_causes_of_a_denial_tell_of_mistakes():
    content = denial("CO-4", causes="RR stands on a walker that was bought.")

    assert rules_found("E0143", content) == set()


def test_before_a_full_release_is_known_two_capitals_may_be_another_modifier():
    partly = replace(KNOWN, is_complete=False)
    content = modifier_rule("JA", text="JQ is its partner under the skin.")

    assert findings(content, code_subject("J1745"), partly) == []


def test_the_message_shows_cmss_text():
    (finding,) = found("E0143", modifier_rule("UE", context="New walker"))

    assert finding.message == (
        "“New walker” gives modifier UE the meaning “new”; CMS's text for it: “Used durable medical "
        "equipment”. Correct the text or the modifier."
    )
