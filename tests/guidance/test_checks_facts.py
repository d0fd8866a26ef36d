"""What contradicts CMS's fields is found; what agrees with them, or denies the thing, is let through."""

import pytest

from tests.check_sheets import (
    companion,
    coverage,
    denial,
    family_subject,
    faq,
    found,
    modifier_rule,
    rules_found,
    text,
)

CONTRADICTIONS = [
    # capped rental, on what CMS prices otherwise
    ("E1390", coverage("Medicare rents it for 13 months, and then title passes to the patient.")),
    ("E0466", coverage("Rental payments stop after month 13 and the patient owns it.")),
    (
        "E0466",
        coverage("The ventilator becomes the patient's property after the thirteenth month."),
    ),
    ("E0143", coverage("Ownership passes at month thirteen.")),
    ("E0143", coverage("It is rent-to-own.")),
    ("E0143", coverage("The rental converts to ownership.")),
    ("L1832", coverage("Months 1 to 3 are paid at 10% of the purchase price.")),
    ("K0005", coverage("This is a capped rental item.")),
    ("K0005", {"documentation": text("Report KH for the first month.")}),
    ("E0143", denial("CO-4", causes="No KH, KI or KJ is on the line.")),
    ("L1832", modifier_rule("KH", "one_of")),
    ("J1745", denial("CO-151", causes="The rental period was exceeded.")),
    # paid by Medicare, on coverage I, M or S
    ("V5261", coverage("Medicare pays for this hearing aid.")),
    ("V5261", coverage("Medicare and most plans pay for it.")),
    ("V5261", {"summary": text("A hearing aid that Medicare covers every few years.")}),
    ("S9500", coverage("Payable by Medicare with an order.")),
    ("S9500", {"summary": text("Part B reimburses this rate by the day.")}),
    ("S9500", coverage("Submit it to Medicare for payment.")),
    ("S9500", coverage("Medicare beneficiaries are covered for it.")),
    ("S9500", coverage("It is a benefit under Part B.")),
    ("S9500", {"summary": text("The code is valid for Medicare.")}),
    ("H0038", coverage("Covered when the plan of care is signed.")),
    ("H0038", faq("Yes, Medicare will pay for it.")),
    ("H0038", faq("Yes.", question="Does Medicare pay for it?")),
    ("A9270", coverage("The contractor pays it when the record shows the need.")),
    ("A9270", coverage("This item is covered by Medicare when needed.")),
    # what only drugs have, and what drugs have not
    ("E0601", {"documentation": text("Put the NDC on the line.")}),
    ("K0001", {"documentation": text("The national drug code is reported.")}),
    ("L1832", modifier_rule("JZ")),
    ("A0425", {"unit": text("Report JW for the discarded amount.")}),
    ("L1832", coverage("Priced at average sales price.")),
    ("J1745", {"documentation": text("Record the serial number of the item.")}),
    ("J1745", {"documentation": text("Keep the serial no. and the delivery slip.")}),
    ("J1745", denial("CO-16", causes="The delivery ticket is missing.")),
    ("A0428", {"documentation": text("Show the serial number of the stretcher.")}),
    ("E0570", {"documentation": text("Every compressor line carries its NDC.")}),
    ("E0570", {"documentation": text("On the equipment line enter the NDC with the drug's unit.")}),
    ("E0781", {"documentation": text("Enter the pump's NDC beside that of the drug.")}),
    ("E0781", {"documentation": text("Give the NDC of the pump and the drug's name.")}),
    ("E0601", {"documentation": text("No claim passes without the NDC of the device.")}),
    # oxygen, ambulance
    ("E0601", modifier_rule("QF", "allowed")),
    ("E0601", coverage("Medicare pays 36 months of rental.")),
    ("J1745", {"unit": text("One unit is one loaded mile.")}),
    ("E0601", {"unit": text("It is billed by the mile.")}),
    ("A0428", {"claim_to": text("The DME MAC of the patient's address.")}),
    ("P3001", {"claim_to": text("Send it to the DME MAC.")}),
    # ways of pricing, and the statute
    ("E0601", coverage("CMS prices it as inexpensive or routinely purchased equipment.")),
    ("E0601", coverage("Priced as oxygen.")),
    ("J1745", coverage("The statute excludes this drug.")),
    ("S9500", coverage("CMS leaves it to the contractor's judgment.")),
]
AGREEMENTS = [
    ("E0601", coverage("Medicare rents it for 13 months; then it is the patient's.")),
    ("E0601", {"documentation": text("Report KH in the first rental month.")}),
    ("E1390", faq("It is not a capped rental, so KH does not apply.")),
    ("E0466", denial("CO-4", causes="KH was set, as for a capped rental.")),
    ("E0466", coverage("It is rented while the need lasts, and title does not pass.")),
    ("K0005", faq("K0001 is capped rental; after 13 months the patient owns it.")),
    ("E0143", companion("K0001", "A chair, capped rental")),
    ("V5261", coverage("Medicare pays nothing for the aid; other plans may.")),
    ("V5261", coverage("Excluded by statute (coverage S in CMS's file).")),
    ("H0038", coverage("Medicare may pay the same service under another code.")),
    ("A9270", coverage("CMS marks the code as not covered by Medicare (coverage M).")),
    ("S9500", faq("No. Ask the plan.", question="Does Medicare pay for it?")),
    ("J1745", {"documentation": text("Record the lot number and the NDC.")}),
    ("E0781", {"documentation": text("The drug has a line of its own, with its NDC.")}),
    ("E0781", {"documentation": text("The pump has no NDC.")}),
    ("E0781", {"documentation": text("The NDC belongs to the drug and not to the pump.")}),
    ("E0570", {"documentation": text("The drug's NDC stands on the drug's line.")}),
    ("J7613", {"documentation": text("Keep the delivery receipt of the pharmacy.")}),
    ("E0601", {"documentation": text("Record the serial number at delivery.")}),
    ("A0425", {"unit": text("One unit is one loaded mile.")}),
    ("E1390", coverage("Medicare pays 36 months.")),
    ("E0466", coverage("CMS prices it as equipment that needs frequent servicing (31).")),
]


@pytest.mark.parametrize(("code", "content"), CONTRADICTIONS)
def test_what_contradicts_cms_is_an_error(code, content):
    assert "cms-contradiction" in rules_found(code, content)


@pytest.mark.parametrize(("code", "content"), AGREEMENTS)
def test_what_agrees_with_cms_is_let_through(code, content):
    assert rules_found(code, content) == set()


def test_a_family_may_say_what_is_true_of_some_of_its_codes():
    words = coverage("Some are capped rental.")

    assert rules_found(family_subject("E0143", "K0001"), words) == set()
    assert rules_found(family_subject("E0143", "K0005"), words) == {"cms-contradiction"}


def test_without_facts_nothing_contradicts_them():
    assert rules_found(family_subject(), coverage("This is a capped rental item.")) == set()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("J1745", "CMS marks the code I."),
        ("J1745", "Coverage status S applies."),
        ("J1745", "CMS's file gives it coverage M."),
        ("E0601", "Its pricing indicator is 32."),
        ("E0601", "Priced under indicator 51."),
    ],
)
def test_a_mark_that_the_file_does_not_give_is_an_error(code, words):
    assert "cms-mark" in rules_found(code, coverage(words))


def test_the_message_gives_the_marks_of_the_file():
    (finding,) = found("E0601", coverage("Its pricing indicator is 32."))

    assert finding.message == (
        "“Its pricing indicator is 32.” gives price 32; CMS's file has 36 (Capped-rental DME). "
        "Take the mark from the file."
    )


NO_PAYMENT = [
    "Not payable by Medicare.",
    "Medicare does not cover it.",
    "There is no Medicare coverage.",
    "It is invalid for Medicare.",
    "Medicare has no benefit for it.",
]


@pytest.mark.parametrize("words", [*NO_PAYMENT, "It is not covered by Medicare, needed or not."])
@pytest.mark.parametrize("code", ["A6552", "E0143", "J1745"])
def test_no_payment_on_a_code_that_cms_prices_is_an_error(code, words):
    assert rules_found(code, coverage(words)) == {"cms-contradiction"}


@pytest.mark.parametrize("words", NO_PAYMENT)
def test_no_payment_on_a_code_left_open_is_a_warning(words):
    (finding,) = found("E1399", coverage(words))

    assert (finding.rule, finding.severity) == ("not-payable", "warning")


@pytest.mark.parametrize(
    "words",
    [
        "Medicare does not pay it separately in the hospital.",
        "It is not covered by Medicare when the patient gives it alone.",
        "Medicare does not pay a second one in the same period.",
        "Medicare does not cover it beyond the allowance.",
    ],
)
def test_no_payment_in_one_setting_is_let_through(words):
    assert rules_found("J1745", coverage(words)) == set()


@pytest.mark.parametrize(
    "content",
    [
        denial("CO-50"),
        coverage("Medicare pays for each report."),
        coverage("The fee schedule amount applies."),
        faq("Appeal the denial."),
    ],
)
def test_a_quality_measure_is_only_reported(content):
    assert "quality-measure" in rules_found("G8427", content)


def test_a_quality_measure_may_say_that_nothing_is_paid():
    words = "Report only; no payment of its own; nothing to appeal. It is not paid."

    assert rules_found("G8427", coverage(words)) == set()
