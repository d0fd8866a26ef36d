"""Revisions to be checked, without a database: `found("J1745", coverage="Always covered.")`.

The codes are CMS's own of October 2025, with the fields that the checks read.
"""

from datetime import date
from typing import Any

from guidance.checks import (
    Finding,
    Knowledge,
    KnownSource,
    KnownVersion,
    SpokenCode,
    Subject,
    findings,
)

ON = date(2026, 11, 23)
FIRST = date(2020, 1, 1)
CITED = [{"source": "live", "locator": "", "quote": ""}]


def _code(code: str, coverage: str, prices: str, services: str, text: str, *traits: str):
    fields = {"coverage": coverage, "price": prices.split(), "type_of_service": list(services)}
    return SpokenCode(code, text, fields, frozenset(traits))


CODES = {
    one.code: one
    for one in (
        _code("A0425", "C", "52", "D", "ground mileage, per statute mile"),
        _code("A0428", "C", "52", "D", "ambulance service, basic life support"),
        _code("A4239", "C", "34", "P", "supply allowance for a glucose monitor", "cgm"),
        _code("A4253", "D", "32", "P", "blood glucose test or reagent strips"),
        _code("A6552", "C", "40", "S", "gradient compression stocking"),
        _code("A9270", "M", "00", "9", "non-covered item or service"),
        _code("E0143", "D", "32", "APR", "walker, folding, wheeled", "routine-purchase"),
        _code("E0466", "D", "31", "R", "home ventilator", "frequent-service"),
        _code("E0570", "D", "36", "R", "nebulizer, with compressor"),
        _code("E0601", "D", "36", "R", "continuous positive airway pressure device"),
        _code("E0781", "D", "36", "R", "ambulatory infusion pump"),
        _code("E1390", "D", "33", "R", "oxygen concentrator", "oxygen"),
        _code("E1399", "C", "46", "APR", "durable medical equipment, miscellaneous"),
        _code("G8427", "C", "00", "1", "current medications documented", "quality-only"),
        _code("H0038", "I", "00", "9", "self-help/peer services, per 15 minutes"),
        _code("J1745", "D", "51", "1P", "injection, infliximab", "drug"),
        _code("J7613", "D", "51", "1P", "albuterol, inhalation solution", "drug"),
        _code("K0001", "C", "36", "R", "standard wheelchair", "capped-rental"),
        _code("K0005", "C", "32", "APR", "ultralightweight wheelchair"),
        _code("L1832", "C", "38", "P", "knee orthosis"),
        _code("P3001", "D", "11 21", "5", "screening papanicolaou smear"),
        _code("S9500", "I", "00", "9", "home infusion therapy, antibiotic"),
        _code("V5261", "S", "00", "K", "hearing aid, digital, binaural"),
    )
}
MODIFIERS = {
    "GA": "Waiver of liability statement issued as required by payer policy, individual case",
    "GX": "Notice of liability issued, voluntary under payer policy",
    "GZ": "Item or service expected to be denied as not reasonable and necessary",
    "JA": "Administered intravenously",
    "JB": "Administered subcutaneously",
    "JW": "Drug amount discarded/not administered to any patient",
    "JZ": "Zero drug amount discarded/not administered to any patient",
    "KH": "Dmepos item, initial claim, purchase or first month rental",
    "KJ": "Dmepos item, parenteral enteral nutrition (pen) pump or capped rental, months four to fifteen",
    "KS": "Glucose monitor supply for diabetic beneficiary not treated with insulin",
    "KX": "Requirements specified in the medical policy have been met",
    "LT": "Left side (used to identify procedures performed on the left side of the body)",
    "N1": "Group 1 oxygen coverage criteria met",
    "NU": "New equipment",
    "QE": "Prescribed amount of stationary oxygen while at rest is less than 1 liter per minute (lpm)",
    "QN": "Ambulance service furnished directly by a provider of services",
    "RA": "Replacement of a dme, orthotic or prosthetic item",
    "RB": "Replacement of a part of a dme, orthotic or prosthetic item furnished as part of a repair",
    "RR": "Rental (use the 'rr' modifier when dme is to be rented)",
    "RT": "Right side (used to identify procedures performed on the right side of the body)",
    "UE": "Used durable medical equipment",
    "UN": "Two patients served",
}
IN_USE = ((FIRST, None),)
KNOWN = Knowledge(
    sources={
        "live": KnownSource("CMS, the file of October 2025"),
        "retired": KnownSource("DME MACs L33829", date(2024, 11, 14)),
    },
    cpt=frozenset({"96365", "96372"}),
    codes=dict.fromkeys(CODES, IN_USE)
    | {"K0553": ((FIRST, date(2022, 12, 31)),), "J1030": ((FIRST, date(2024, 3, 31)),)},
    modifiers=dict.fromkeys((*MODIFIERS, "GY", "QF", "TB"), IN_USE)
    | {"JG": ((FIRST, date(2024, 12, 31)),)},
    modifier_texts=MODIFIERS,
    is_complete=True,
    versions={
        code: (KnownVersion(one, code[0], None, None, None, FIRST, None),)
        for code, one in CODES.items()
    },
)


def code_subject(code: str, **values: Any) -> Subject:
    given = {"valid_from": FIRST, "on": ON, "codes": (CODES[code],)} | values
    return Subject("code", code, **given)


def family_subject(*codes: str) -> Subject:
    return Subject("family", "a-family", FIRST, ON, tuple(CODES[code] for code in codes))


def text(words: str, citations: list = CITED) -> dict:
    return {"text": words, "citations": citations}


def coverage(words: str, payer_class: str = "medicare", citations: list = CITED) -> dict:
    return {"coverage": [{"payer_class": payer_class, "text": words, "citations": citations}]}


def faq(answer: str, question: str = "What applies here?", citations: list = CITED) -> dict:
    return {"faqs": [{"question": question, "answer": answer, "citations": citations}]}


def denial(category: str = "CO-16", **values: Any) -> dict:
    row = {
        "category": category,
        "payer_class": "any",
        "rarcs": [],
        "causes": "See the remark code and the record.",
        "remedy": "corrected_claim",
        "deadline": "",
        "text": "Read the record.",
        "citations": CITED,
    }
    return {"denials": [row | values]}


def modifier_rule(code: str, relation: str = "required", **values: Any) -> dict:
    dates = {"from_date": None, "until_date": None}
    row = {"code": code, "relation": relation, "context": "", "text": "", "citations": CITED}
    return {"modifiers": [row | dates | values]}


def companion(code: str, context: str = "") -> dict:
    row = {"system": "hcpcs", "code": code, "relation": "alternative_of", "context": context}
    return {"companions": [row]}


def found(subject: str | Subject, content: dict) -> list[Finding]:
    """What the checks find; `subject` may be one of the codes above."""
    whole = code_subject(subject) if isinstance(subject, str) else subject
    return findings(content, whole, KNOWN)


def rules_found(subject: str | Subject, content: dict) -> set[str]:
    return {finding.rule for finding in found(subject, content)}
