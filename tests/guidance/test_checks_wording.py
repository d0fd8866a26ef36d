"""Words that must not stand in guidance, and texts that are too long or too hard."""

from time import process_time

import pytest

from tests.check_sheets import coverage, faq, found, rules_found, text

SECONDS_FOR_THE_LONGEST_TEXT = 5  # of the processor; what is quadratic takes minutes

HIDDEN = {
    "One u\u202enit is a vial.": "RIGHT-TO-LEFT OVERRIDE, stands in “unit”",
    "One unit\u2066 is a vial.": "LEFT-TO-RIGHT ISOLATE, stands in “unit”",
    "One \u200f unit is a vial.": "RIGHT-TO-LEFT MARK, stands between two words",
}
FORBIDDEN = {
    "money": [
        "Medicare pays $45.20 per unit.",
        "The allowance is 45 dollars.",
        "The purchase price is around nine hundred dollars.",
        "Payment is about 127.14 per square centimeter.",
        "The monthly fee is 95 in most states.",
        "Expect roughly USD 900 for the year.",
        "ASP is 27.11 this quarter.",
        "Some states pay barely seven bucks a quarter hour.",
        "The copay is a twenty-dollar bill.",
        "It comes to half a dollar a unit.",
        "Enter a penny ($.01) so that the line goes on.",
        "A mile is .85 USD.",
    ],
    "absolute": [
        "This drug is always covered.",
        "Medicare always pays for this drug.",
        "Payers never pay for this.",
        "Hearing aids are never covered under any circumstances.",
        "Claims are paid without exception.",
        "Every payer covers this drug.",
        "No insurer will ever reimburse it.",
        "It is covered no matter what.",
        "100% covered.",
        "Medicare has to pay in all cases.",
        "A complete file is paid ten times out of ten.",
        "With the form it is approved each and every time.",
        "Payment follows without question.",
        "It is covered whatever the diagnosis.",
    ],
    "guarantee": [
        "Payment is guaranteed once the order is signed.",
        "A signed letter guarantees approval.",
        "Following these steps ensures payment.",
        "You are certain to be paid.",
        "The claim will definitely be paid.",
        "With this note the claim cannot be denied.",
        "There is no way this will be denied.",
        "Payment is assured.",
    ],
    "x12-wording": [
        "The claim/service lacks information.",
        "The procedure code is inconsistent with the modifier used.",
        "Benefit maximum for this time period has been reached.",
        "The time limit for filing has expired.",
        "Missing/incomplete/invalid drug code.",
        "This decision was based on a Local Coverage Determination.",
        "Expenses incurred after coverage terminated.",
        "These are non-covered services because of the plan.",
        "Precertification/authorization absent.",
        "The procedure is inconsistent with the age of the patient.",
        "It counts in a service that was already adjudicated.",
        "The payment for this item is included in another one.",
        "Coverage not in effect on the date.",
    ],
    "cpt-wording": [
        "A therapeutic, prophylactic, or diagnostic injection.",
        "Intravenous infusion, for therapy, prophylaxis, or diagnosis.",
        "Office or other outpatient visit of an established patient.",
        "An intravitreal injection of a pharmacologic agent (separate procedure).",
        "Intravenous infusion, hydration; initial.",
        "List separately in addition to the first code.",
        'Report {cpt:96365}, "Intravenous infusion".',
        "{cpt:96365} (infusion into a vein; first hour) goes with it.",
        "Chemotherapy by vein, infusion technique; initial.",
        "An intravenous or subcutaneous injection.",
        "Injection (specify material).",
    ],
    "bare-cpt-number": [
        "Report 96365 for the first hour.",
        "Use CPT 96413 with this drug.",
        "Codes 15271–15278 apply.",
        "(20610) goes beside it.",
        "Add 0042T for the study.",
    ],
    "unknown-cpt-number": ["Give it with {cpt:12345}."],
}
ALLOWED = [
    "Listing is no guarantee of payment.",
    "A code does not guarantee coverage, and it promises no payment.",
    "The code does not always mean that the drug is paid.",
    "Where a plan pays always depends on its contract.",
    "It never goes to the DME MAC.",
    "Never write a diagnosis into the record for the sake of the claim.",
    "Report {cpt:96365} for the infusion.",
    "Article A53033, LCD L33797 and CMS-6097-N say so; the package reads 12345-6789-01.",
    "A dose of 10000 units is 100 units of this code.",
    "The statute sets 106% of average sales price. Price 51 is for drugs.",
    "Choose the code by what the record supports.",
    "What a plan pays in dollars and cents is the contract's matter.",
    "The plan sets a dollar amount for the year, about ten per cent more than before.",
    "{cpt:96365} (once) goes with the first hour; {cpt:96372} with a shot.",
    "The farm lies outside Barstow, Maryland 20610, or at Tilton, NH 03276.",
    "Never pick a code because another one is paid.",
]


@pytest.mark.parametrize(
    ("rule", "words"), [(rule, words) for rule, texts in FORBIDDEN.items() for words in texts]
)
def test_forbidden_words_are_an_error(rule, words):
    assert rule in rules_found("J1745", coverage(words))


@pytest.mark.parametrize("words", ALLOWED)
def test_like_words_that_are_right_are_let_through(words):
    assert rules_found("J1745", faq(words)) == set()


def test_a_question_may_ask_whether_something_is_always_paid():
    content = faq("It depends on the setting.", question="Is it always covered?")

    assert rules_found("J1745", content) == set()


def test_the_message_says_what_where_and_what_to_do():
    (finding,) = found("J1745", coverage("This drug is always covered."))

    assert (finding.severity, finding.topic, finding.row) == ("error", "coverage", 0)
    assert finding.message == (
        "“This drug is always covered.” says that something is always or never paid. Say who "
        "decides, and on what."
    )


HOSTILE = ["pay ", "a ", "$", "not ", "a", "A. ", "{cpt:", "K0553. "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_of_20_000_characters_holds_the_checks_up(piece):
    content = coverage((piece * 20_000)[:20_000]) | faq("No.", question=(piece * 20_000)[:20_000])
    started = process_time()

    found("V5261", content)

    assert process_time() - started < SECONDS_FOR_THE_LONGEST_TEXT


def test_more_than_20_000_characters_are_an_error():
    assert "too-long" in rules_found("J1745", {"summary": text("ab. " * 5_001)})
    assert "too-long" not in rules_found("J1745", {"summary": text("ab. " * 5_000)})


def test_a_long_summary_is_a_warning():
    (finding,) = found("J1745", {"summary": text("Read it. " * 41)})

    assert (finding.rule, finding.severity) == ("length", "warning")
    assert "82 words; 80 are the most" in finding.message


def test_a_hard_text_is_a_warning():
    hard = (
        "Notwithstanding preliminary determinations regarding applicability, organizations "
        "administering supplementary arrangements necessarily investigate authorization "
        "prerequisites, interdependencies and contemporaneous documentation requirements before "
        "establishing reimbursement eligibility for individual beneficiaries receiving "
        "pharmaceutical administration within institutional environments."
    )

    assert rules_found("J1745", {"summary": text(hard)}) == {"reading-grade"}


@pytest.mark.parametrize(("words", "told"), HIDDEN.items())
def test_a_hidden_character_is_named_with_its_word(words, told):
    [finding] = found("E0601", {"unit": text(words)})

    assert finding.severity == "error"
    assert told in finding.message
