"""A small portal with something on every kind of page: `make_full_portal(folder, on)`.

October 2025 follows October 2024: J3490 with guidance in every topic, E0601 (capped rental) with
guidance from its trait alone, K0553 ended in favour of A4239, J9999 ending later, modifiers KX, JZ.
"""

from datetime import date
from pathlib import Path

from guidance.actions import load_starter
from tests.cms_files import code, modifier
from tests.factories import make_release
from tests.packs import denial, text_of, write_pack

OCTOBER_2024 = [
    code("A4239", short="Nonadju cgm supply", long="Supply allowance for glucose monitors"),
    code("E0601", short="Cont airway pressure device", price=("36",)),
    code("J3490", short="Drugs unclassified", long="Unclassified drugs", added=date(1986, 1, 1)),
    code("K0553", short="Ther cgm supply", added=date(2017, 7, 1), terminated=date(2022, 12, 31)),
    modifier("KX", short="Requirements met", long="Requirements of the policy have been met"),
    modifier("JZ", short="Zero drug wasted", long="Zero drug amount discarded"),
]
OCTOBER_2025 = [
    *OCTOBER_2024[:2],
    code(
        "J3490",
        short="Drugs unclassified injection",
        long="Unclassified drugs",
        added=date(1986, 1, 1),
    ),
    *OCTOBER_2024[3:],
    code("J3590", short="Unclassified biologics", long="Unclassified biologics"),
]
SUCCESSOR = {
    "code": "K0553",
    "kind": "replaced_by",
    "to": "A4239",
    "from": "2023-01-01",
    "source": "test-source",
}


def text(words: str) -> dict:
    return {"text": words, "sources": [{"id": "test-source", "locator": "page 4"}]}


FULL_GUIDANCE = {
    "summary": text("The *last* resort for a drug."),
    "documentation": text("Name the drug."),
    "unit": text("One unit is one administration. State the dose."),
    "claim_to": text("The A/B MAC. Other payers decide."),
    "coverage": [
        {"payer_class": "medicare", "text": "Priced by hand.", "sources": ["test-source"]}
    ],
    "denials": [
        denial("CO-16", rarcs=["M119"], deadline="Within 120 days", sources=["test-source"])
    ],
    "modifiers": [
        {
            "code": "JZ",
            "relation": "required",
            "context": "Nothing is left over",
            "text": "On its own line.",
            "from": "2020-07-01",
            "sources": ["test-source"],
        }
    ],
    "specialties": ["rheumatology"],
    "companions": [
        {"cpt": "96372", "relation": "administered_by", "context": "Into a muscle"},
        {"code": "J3590", "relation": "alternative_of", "context": "It is a biologic"},
    ],
    "faqs": [{"question": "Is a drug code needed?", "answer": "Yes.", "sources": ["test-source"]}],
}
GUIDANCE = [
    text_of("section", "J", documentation=text("Keep the order.")),
    text_of("trait", "capped-rental", unit=text("One unit is one month.")),
    text_of("code", "J3490", **FULL_GUIDANCE),
]


def make_full_portal(folder: Path, on: date) -> None:
    """Both releases and the guidance, published as of `on`; the pack is written in `folder`."""
    make_release(OCTOBER_2024, quarter="2024-10", on=on)
    make_release(OCTOBER_2025, quarter="2025-10", on=on)
    load_starter(on=on, folder=write_pack(folder, GUIDANCE, relations=[SUCCESSOR]))
