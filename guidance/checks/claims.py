"""Kinds of statement that fit some codes only, and which codes those are: what a code is.

A claim is contradicted when none of the subject's codes fits it, or hardly any of a large group. What
a family says of a few of its codes is no contradiction.
"""

import re
from dataclasses import dataclass

from codes.classification import covers
from guidance.checks.kinds import (
    AMBULANCE,
    GIVES_A_DRUG,
    MILEAGE,
    OXYGEN,
    Fits,
    either,
    is_drug,
    is_item,
    priced,
    within,
)
from guidance.checks.reading import Passage


@dataclass(frozen=True)
class Claim:
    """`says` finds the statement; `unless` in the same sentence means something else by it.

    `topics` limits where it counts (empty: everywhere), `payers` likewise by payer class.
    """

    name: str
    says: re.Pattern
    fits: Fits
    advice: str
    unless: re.Pattern | None = None
    topics: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    # Something that a line can lack: where a denial's cause is its absence, it counts as required.
    is_required: bool = False
    # The statement is itself a denial: a "not" within its words does not take it back.
    is_denial: bool = False

    def concerns(self, passage: Passage) -> bool:
        """Whether it counts in the passage."""
        in_topic = not self.topics or passage.topic in self.topics
        return in_topic and (not self.payers or passage.payer_class in self.payers)


def words(*alternatives: str) -> re.Pattern:
    return re.compile("|".join(alternatives), re.I)


def tokens(*names: str) -> re.Pattern:
    """Modifiers, which are written in capitals; remark codes such as N1 are not meant."""
    return re.compile(rf"(?<!RARC )(?<!remark )(?<!remark code )\b(?:{'|'.join(names)})\b")


RENTAL_MONTHS = r"(?:rental|paid|payment|monthly|continuous|consecutive|capped)"
THIRTEEN = r"(?:13|thirteen)"
NDC = words(
    r"\bNDCs?\b",
    r"\bnational drug codes?\b",
    r"\b11[- ]digit (?:drug|package) (?:code|number)s?\b",
    r"\bdrug codes? (?:number )?in (?:5-4-2|eleven)",
)
DEVICE = (
    r"(?:devices?|equipment|compressors?|pumps?|nebuli[sz]ers?|machines?|poles?|tubing|sets?|kits?|"
    r"items?|monitors?|receivers?|accessor(?:y|ies)|supply|supplies)"
)
ITEM_CLAIMS: tuple[Claim, ...] = (
    Claim(
        name="capped-rental text",
        is_required=True,
        says=words(
            r"\bcapped[- ]rentals?\b",
            r"\brentals? (?:is |are |period is |payments? (?:is|are) )?capped\b",
            r"\brental cap\b",
            rf"\b{THIRTEEN}(?:th)?[- ](?:{RENTAL_MONTHS}[- ]){{0,2}}(?:months?|rentals?|payments?|"
            rf"instal\w+)\b",
            r"\bthirteenth (?:\w+ )?(?:month|payment)\b",
            rf"\bmonths? (?:\d+|\w+)? ?(?:to|through|and|–|-)? ?{THIRTEEN}\b",
            r"\b(?:title|ownership)\b(?: \w+){0,6}? (?:pass\w*|transfer\w*|goes|go|moves?|shifts?|"
            r"vests?)\b",
            r"\b(?:transfer|pass|change)\w* (?:of )?(?:the )?(?:title|ownership)\b",
            r"\brent[- ]to[- ]own\b",
            r"\brentals? (?:then )?(?:converts?|turns?|changes?|"
            r"becomes?) (?:in)?to (?:a )?(?:ownership|purchase|sale)\b",
            r"\b(?:10|7\.5|15|ten|fifteen) ?(?:%|percent) of the purchase price\b",
            r"\b(?:patient|beneficiary|member) (?:then |now |will )?(?:becomes? the owner|"
            r"takes? (?:ownership|title))\b",
            r"\b(?:patient|beneficiary|member) (?:then|now) owns\b|\b(?:patient|beneficiary|"
            r"member) (?:will )?owns? (?:\w+ ){1,2}(?:after|once|at the end|from|outright)\b",
            r"\b(?:after|once|at the end of|following)\b[^.]{0,40}\b(?:patient|beneficiary|"
            r"member) (?:then )?owns\b",
            r"\b(?:becomes?|is then) the (?:patient|beneficiary|member)['’]s\b",
            r"\bbelongs to the (?:patient|beneficiary|member) (?:after|once|at|from)\b",
            r"\b(?:property|the owner)\b(?: \w+){0,4} after (?:the )?(?:last|final|1[0-9]|"
            r"thirteen)\b",
        ),
        unless=words(
            r"\bas (?:for|of|with|on) (?:a )?capped|\bplan['’]s own\b|\bbelongs? to capped"
        ),
        fits=priced("36"),
        advice="CMS does not price this as capped rental (pricing indicator 36). Take the sentence out, "
        "or name the code that it is about.",
    ),
    Claim(
        name="a rental-month modifier",
        is_required=True,
        says=tokens("KH", "KI", "KJ"),
        fits=either(priced("36"), within("B9000-B9999")),
        advice="KH, KI and KJ count the months of capped rental (pricing indicator 36), which this is "
        "not. Take the modifier out.",
    ),
    Claim(
        name="rental text",
        is_required=True,
        says=words(r"\brentals?\b", r"\brent(?:ed|ing|s)?\b", r"\b(?:RR|UE|NU)\b(?= |,|\.)"),
        unless=words(r"\bpumps?\b|nebuli[sz]er|compressor|concentrator|rental (?:car|van)"),
        fits=is_item,
        advice="This is no equipment that is rented. Take the sentence out.",
    ),
    Claim(
        name="a serial number",
        is_required=True,
        says=words(
            r"\bserial (?:numbers?|nos?\b|#)",
            r"\b(?:model|asset|device) and serial\b",
            r"\bserials\b",
        ),
        fits=is_item,
        advice="This has no serial number. Say what identifies it: package, lot, trip or service.",
    ),
    Claim(
        name="delivery-ticket text",
        is_required=True,
        says=words(
            r"\bdelivery (?:tickets?|slips?|receipts?|sheets?)\b",
            r"\bset-?up (?:and|or) (?:delivery|training)\b",
            r"\bpick-?up ticket\b",
            r"\b(?:home|equipment) (?:delivery|set-?up)\b",
            r"\bproof of delivery\b",
        ),
        unless=words(r"\bpumps?\b|nebuli[sz]er|supplier|pharmacy|dispens|mail"),
        fits=lambda code: (
            is_item(code)
            or covers(
                "J7500-J8999;Q0144-Q0181;Q0510-Q0515;A4000-A9999;B4000-B9999;Q4074", code.code
            )
        ),
        advice="This is not delivered like equipment. Take the sentence out.",
    ),
    Claim(
        name="a national drug code",
        is_required=True,
        says=NDC,
        fits=either(is_drug, GIVES_A_DRUG),
        advice="This is no drug and has no NDC. Take the sentence out.",
    ),
    # On a pump or nebulizer, which a drug runs through: the NDC is the drug's.
    Claim(
        name="a national drug code without its drug",
        is_required=True,
        says=NDC,
        unless=words(
            r"\b(?:drugs?|medic(?:ation|ine)s?|solutions?|insulin|vaccines?|formulas?|nutrients?|"
            r"dos(?:e|es|age)|vials?|fluids?|biologics?|biosimilars?|antibiotics?|albuterol)\b"
        ),
        fits=lambda code: is_drug(code) or not GIVES_A_DRUG(code),
        advice="The NDC is that of the drug that runs through it, on the drug's own line. Say so.",
    ),
    Claim(
        name="the national drug code of a device",
        is_required=True,
        says=words(
            # "the NDC of the compressor", "the pump's NDC"
            rf"\bNDCs? (?:number )?(?:of|for|on|to) (?:the|a|each) (?:\w+ )?{DEVICE}\b(?! ?['’]s drug)",
            rf"\b{DEVICE}['’]s (?:own )?NDC\b",
            # "on the equipment line enter the NDC"
            rf"\b{DEVICE}(?:['’]s)? (?:claim )?line\b[^.;]{{0,40}}\bNDCs?\b",
            rf"\bNDCs?\b[^.;]{{0,40}}\bon the {DEVICE}(?:['’]s)? (?:claim )?line\b",
        ),
        fits=lambda code: is_drug(code) or not GIVES_A_DRUG(code),
        advice="Equipment has no NDC; the drug that runs through it has. Name the drug's line.",
    ),
    Claim(
        name="a drug-waste modifier",
        is_required=True,
        says=re.compile(
            r"\bJ[WZ]\b|(?i:\b(?:discarded|wasted|unused) (?:drug|medication|portion|"
            r"part of the (?:vial|drug|dose))|"
            r"\bdrug wast(?:e|age)\b|\bsingle-(?:dose|use) vials?\b)"
        ),
        fits=is_drug,
        advice="JW and JZ are for drugs. Take the sentence out.",
    ),
    Claim(
        name="a drug price basis",
        says=words(
            r"\baverage[- ]sales[- ]prices?\b",
            r"\bASP\b",
            r"\b106 ?(?:%|percent)",
            r"\bwholesale acquisition cost\b",
            r"\bWAC\b",
        ),
        fits=is_drug,
        advice="Only drugs are priced by average sales price. Look at the code's pricing indicator.",
    ),
    Claim(
        name="an oxygen modifier",
        is_required=True,
        says=tokens("QE", "QF", "QG", "QA", "QB", "QR", "N[123]"),
        fits=OXYGEN,
        advice="These modifiers speak of oxygen flow or oxygen criteria. Take the modifier out.",
    ),
    Claim(
        name="the 36 months of oxygen",
        says=words(
            rf"\b(?:36|thirty[- ]six)(?:th)?[- ](?:{RENTAL_MONTHS}[- ]){{0,2}}(?:months?|"
            rf"payments?)\b",
            r"\bmonth 36\b",
        ),
        fits=OXYGEN,
        advice="Thirty-six paid months are the rule of oxygen equipment (pricing indicator 33).",
    ),
    Claim(
        name="mileage text",
        is_required=True,
        says=words(
            r"\b(?:per|a|each|every|one|loaded|statute|whole|patient) (?:loaded |statute |"
            r"patient )?miles?\b",
            r"\bmileage\b",
            r"\bby the mile\b",
            r"\bmiles (?:driven|travel+ed|with the patient)\b",
            r"\btenths? of (?:a|one) mile\b",
            r"\borigin[- ](?:and|to|/)?[- ]?destination\b",
            r"\bphysician certification statements?\b",
        ),
        fits=MILEAGE,
        advice="Miles are billed on ambulance and travel codes only. Take the sentence out.",
    ),
    Claim(
        name="the DME MAC",
        says=words(
            r"\bDME MACs?\b",
            r"\bDME contractors?\b",
            r"\bdurable medical equipment (?:MAC|contractor)\b",
        ),
        unless=words(r"\bpump|nebuli[sz]er|equipment|item|supplies|\bor\b|prosthe|device"),
        fits=lambda code: code.code[0] not in "DHMPR" and not AMBULANCE(code),
        topics=frozenset({"claim_to"}),
        advice="These codes never go to a DME MAC. Name the contractor that takes them.",
    ),
)
