"""No code, diagnosis or modifier is advised because it pays; what the record supports may be."""

import pytest

from tests.check_sheets import denial, faq, found, modifier_rule, rules_found

FOR_PAYMENT = [
    "Choose the diagnosis that pays.",
    "Pick the higher paying code.",
    "If it is denied, use modifier 59 to get paid.",
    "Report a different diagnosis code so the claim is paid.",
    "Prefer L1832; its allowance is better.",
    "Bill E0601 where the plan pays more for it.",
    "Where either device would do, choose E0466. The rental never stops, unlike that of E0601.",
    "Swap the diagnosis for one that gets through.",
    "Enter F11.20 as the diagnosis, since claims with it sail through.",
    "Put KX on each line just in case.",
    "Append KX even when the notes are missing.",
    "Report KX whether or not the criteria are met.",
    "If A0425 is denied, change it to A0428.",
    "Report A0428 instead: auditors seldom ask about it.",
    "Start with J1745. No one checks if it is a biologic.",
    "Split the units over two lines to stay under the edit.",
    "Report a code that is accepted more easily.",
]
BY_THE_RECORD = [
    "Take the code whose descriptor fits, not the one that pays more.",
    "Never pick L1832 because it pays better.",
    "Do not choose the split because it pays more.",
    "Bill E0466 each month. The rental goes on while the need lasts.",
    "Add KX when the criteria are met; without it the line is denied.",
    "Report A0428 only where the crew gave that care.",
    "Correct the diagnosis if the record has another one.",
    "Choose the code by what the record supports, whatever either of them pays.",
]


@pytest.mark.parametrize("words", FOR_PAYMENT)
def test_a_choice_for_the_sake_of_payment_is_an_error(words):
    assert "coding-for-payment" in rules_found("E0466", faq(words))


@pytest.mark.parametrize("words", BY_THE_RECORD)
def test_a_choice_by_the_record_is_let_through(words):
    assert rules_found("E0466", faq(words)) == set()


@pytest.mark.parametrize(
    "content",
    [
        denial("CO-11", causes="Not on the list.", text="Change to a diagnosis that goes through."),
        modifier_rule("KX", text="Add it to each claim to be on the safe side."),
    ],
)
def test_advice_is_read_in_every_topic(content):
    assert "coding-for-payment" in rules_found("E0601", content)


def test_the_message_names_the_motive():
    (finding,) = found("E0466", faq("Pick the higher paying code."))

    assert finding.message == (
        "“Pick the higher paying code.” advises a code, diagnosis or modifier for the sake of "
        "payment (more money). Code what the record supports."
    )
