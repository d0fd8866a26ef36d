"""A denial's reason and group keep the meaning that Medicare's contractors give them."""

import pytest

from tests.check_sheets import denial, faq, found, rules_found

WRONG_MEANINGS = [
    ("CO-151", "The payer's benefit maximum has been reached."),
    ("CO-151", "The patient has exhausted the benefit for the year."),
    ("CO-151", "The annual limit of the benefit is used up."),
    ("CO-119", "Units were billed too often for the policy."),
    ("CO-119", "The frequency is not supported by the record."),
    ("CO-151", "Patient has no visits left under the benefit."),
    ("CO-119", "Billed more frequently than the policy permits."),
    ("CO-119", "The record does not support this number of units."),
    ("CO-119", "Same or similar equipment is on file."),
    ("CO-16", "The payer sees no medical necessity."),
    ("CO-16", "It was found not reasonable and necessary."),
    ("CO-16", "The policy's criteria were not met."),
    ("CO-50", "The ordering provider's NPI is missing."),
    ("CO-50", "A required field is blank."),
    ("CO-50", "The number of the approval is not on the claim."),
    ("CO-97", "The authorization was not obtained."),
    ("CO-97", "The patient's coverage had ended."),
    ("OA-18", "The claim was filed after the timely filing limit."),
    ("CO-29", "The line is an exact duplicate."),
    ("OA-109", "The diagnosis does not match the policy."),
    ("OA-109", "The prior authorization is missing."),
    ("CO-197", "The service is bundled into another one."),
    ("CO-197", "The claim came past the filing deadline."),
    ("CO-204", "The claim is missing a required field."),
    ("CO-96", "It is a duplicate claim."),
    ("CO-4", "The benefit maximum for the year is met."),
    ("CO-4", "The diagnosis does not match."),
    ("CO-11", "The modifier is missing."),
    ("CO-119", "The payer does not find the infusion medically necessary."),
    ("CO-119", "The reviewer could not find the device to be needed."),
    ("CO-16", "The payer sees no need for it."),
    ("CO-97", "It was not medically indicated."),
    ("CO-45", "The plan does not include it, since the authorization is missing."),
]
RIGHT_MEANINGS = [
    ("CO-151", "More units than the record supports, often a wrong divisor."),
    ("CO-151", "Not the benefit maximum, which is 119: the same device is on file."),
    ("CO-119", "The plan's maximum for the year is used up."),
    ("CO-16", "The ordering provider's identifier is missing."),
    ("CO-50", "The record does not meet the policy's criteria, or records did not come."),
    ("CO-97", "The patient was an inpatient on that date."),
    ("OA-18", "The claim was sent again while the first was open."),
    ("CO-29", "The claim waited for the order and came after the payer's limit."),
    ("OA-109", "The claim went to the A/B MAC instead of the DME MAC."),
    ("CO-197", "No authorization number is on the claim."),
    ("CO-204", "The plan leaves out hearing aids."),
    ("CO-96", "The line carries GY, or the item is outside the benefit."),
    ("CO-4", "RR or the month's modifier is missing."),
    ("CO-11", "The diagnosis is not on the policy's list."),
]


@pytest.mark.parametrize(("category", "causes"), WRONG_MEANINGS)
def test_a_cause_of_another_reason_is_an_error(category, causes):
    assert "carc-meaning" in rules_found("E0601", denial(category, causes=causes))


@pytest.mark.parametrize(("category", "causes"), RIGHT_MEANINGS)
def test_a_cause_of_the_reason_itself_is_let_through(category, causes):
    assert rules_found("E0601", denial(category, causes=causes)) == set()


@pytest.mark.parametrize(
    "words",
    [
        "CO-151 means that the benefit maximum is reached.",
        "CARC 119 says that the frequency was not supported.",
        "A CO-16 means that the service was not medically necessary.",
        "CO-50 tells you that information is missing from the claim.",
        "Reason code 18 means that the benefit is exhausted.",
        "CO-97 stands for a missing authorization.",
    ],
)
def test_a_reason_explained_wrongly_in_prose_is_an_error(words):
    assert "carc-meaning" in rules_found("E0601", faq(words))


def test_a_reason_may_be_told_apart_from_another():
    words = "CO-151 is about number or frequency, not about the benefit maximum."

    assert rules_found("E0601", faq(words)) == set()


def test_a_row_without_a_word_of_its_reason_is_a_warning():
    (finding,) = found("E0601", denial("CO-4", causes="The price is high.", text="Read it."))

    assert (finding.rule, finding.severity, finding.row) == ("carc-sense", "warning", 0)
    assert "a modifier is missing" in finding.message


@pytest.mark.parametrize(
    ("category", "advice"),
    [
        ("CO-50", "Bill the patient for the balance."),
        ("CO-50", "The patient owes the amount."),
        ("CO-16", "Send the patient a bill."),
        ("CO-97", "Collect the charge from the patient."),
        ("CO-45", "Balance bill the patient."),
        ("CO-151", "Have the patient pay."),
        ("OA-18", "Transfer the balance to the patient."),
        ("CO-50", "The balance is the patient's responsibility."),
        ("PR-96", "Write the amount off."),
        ("PR-96", "This is the provider's liability."),
        ("PR-96", "Do not bill the patient."),
        ("PR-204", "The patient may not be billed."),
        ("PR-119", "The supplier must absorb the cost."),
    ],
)
def test_advice_of_another_group_is_an_error(category, advice):
    content = denial(category, causes="Not covered; the plan's list and limit.", text=advice)

    assert "group-mix-up" in rules_found("E0601", content)


@pytest.mark.parametrize(
    ("category", "remedy"),
    [("CO-50", "bill_patient"), ("OA-109", "bill_patient"), ("PR-96", "write_off")],
)
def test_a_remedy_of_another_group_is_an_error(category, remedy):
    assert "group-mix-up" in rules_found("E0601", denial(category, remedy=remedy))


@pytest.mark.parametrize(
    ("category", "advice"),
    [
        ("CO-50", "Under CO the patient may not be billed."),
        ("CO-50", "The patient cannot be billed while CO stands."),
        ("CO-96", "Bill the patient only where the group code reads PR."),
        ("CO-97", "Write the line off."),
        ("CO-50", "Appeal; the notice decides whether the patient may be billed."),
        ("PR-96", "Bill the patient after the second payer has answered."),
        ("PR-96", "Bill the patient, unless a notice was missing; then the provider bears it."),
    ],
)
def test_advice_of_the_group_itself_is_let_through(category, advice):
    content = denial(category, causes="Not covered and counted inside a service.", text=advice)

    assert "group-mix-up" not in rules_found("E0601", content)


@pytest.mark.parametrize(
    "words",
    [
        "Under group CO you may bill the patient.",
        "CO lets you bill the patient.",
        "With PR you have to write the line off.",
        "PR means that the provider must write off the amount.",
    ],
)
def test_a_group_explained_wrongly_is_an_error(words):
    assert "group-mix-up" in rules_found("E0601", faq(words))


@pytest.mark.parametrize(
    ("deadline", "is_right"),
    [
        ("Medicare: 120 days for a redetermination", True),
        ("Medicare: 180 days for a redetermination", False),
        ("A redetermination within 60 days", False),
        ("180 days for a reconsideration", True),
        ("60 days to request a reconsideration", False),
        ("1 year to reopen a clerical error; 120 days to appeal", True),
        ("Medicare: 2 years to reopen a clerical error", False),
        ("Medicare: two months for a redetermination", False),
        ("One year to reopen a clerical error", True),
    ],
)
def test_medicares_appeal_clock_is_known(deadline, is_right):
    rules = rules_found("E0601", denial("CO-16", deadline=deadline))

    assert ("appeal-clock" in rules) != is_right


@pytest.mark.parametrize(
    "row",
    [
        denial("CO-16", remedy="appeal", rarcs=["MA130"]),
        denial("CO-16", remedy="appeal", rarcs=["N350", "MA130", "M51"]),
        denial("CO-16", text="Request a redetermination.", rarcs=["M51", "MA130"]),
        denial("CO-16", deadline="120 days for a redetermination", rarcs=["MA130"]),
        faq("A claim returned with MA130 can be appealed within 120 days."),
        denial("CO-29", remedy="appeal", payer_class="medicare", causes="It came late."),
    ],
)
def test_what_has_no_appeal_is_not_appealed(row):
    assert "no-appeal" in rules_found("E0601", row)


@pytest.mark.parametrize(
    "content",
    [
        denial("CO-16", text="Do not appeal. Send a new claim.", rarcs=["MA130"]),
        denial("CO-16", deadline="Medicare: no appeal when MA130 is present", rarcs=["MA130"]),
        faq("MA130 means that no appeal is open; send a new claim."),
        faq("Without MA130 on the remittance, appeal within 120 days."),
    ],
)
def test_what_has_no_appeal_may_be_said_to_have_none(content):
    assert rules_found("E0601", content) == set()


def test_a_row_in_the_sense_of_another_reason_alone_is_an_error():
    content = denial("CO-4", causes="Information is missing from a required field.")

    assert "carc-meaning" in rules_found("E0601", content)
