"""Kinds of statement that fit some codes only, and which codes those are.

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
    covered_as,
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

    def concerns(self, passage: Passage) -> bool:
        """Whether it counts in the passage."""
        in_topic = not self.topics or passage.topic in self.topics
        return in_topic and (not self.payers or passage.payer_class in self.payers)


def _words(*alternatives: str) -> re.Pattern:
    return re.compile("|".join(alternatives), re.I)


def _tokens(*names: str) -> re.Pattern:
    """Modifiers, which are written in capitals; remark codes such as N1 are not meant."""
    return re.compile(rf"(?<!RARC )(?<!remark )(?<!remark code )\b(?:{'|'.join(names)})\b")


RENTAL_MONTHS = r"(?:rental|paid|payment|monthly|continuous|consecutive|capped)"
THIRTEEN = r"(?:13|thirteen)"
OTHER_CODE = r"(?:another|other|a different|neighbou?ring|neighbou?r|own) codes?"
OUTSIDE = ("I", "M", "S")
MEDICARE = r"(?:Medicare(?: and (?:\w+ ){1,3}?\w+)?|Part [AB]|(?:DME |A/B )?MACs?|[Tt]he (?:Medicare )?contractor)"
ADVERBS = r"(?:(?:will|does|do|may|can|now|also|always|usually|normally|generally|fully|routinely|still|often|in fact|actually|regularly|happily|separately|typically|ordinarily) )*"

CLAIMS: tuple[Claim, ...] = (
    Claim(
        name="capped-rental text",
        is_required=True,
        says=_words(
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
        unless=_words(
            r"\bas (?:for|of|with|on) (?:a )?capped|\bplan['’]s own\b|\bbelongs? to capped"
        ),
        fits=priced("36"),
        advice="CMS does not price this as capped rental (pricing indicator 36). Take the sentence out, "
        "or name the code that it is about.",
    ),
    Claim(
        name="a rental-month modifier",
        is_required=True,
        says=_tokens("KH", "KI", "KJ"),
        fits=either(priced("36"), within("B9000-B9999")),
        advice="KH, KI and KJ count the months of capped rental (pricing indicator 36), which this is "
        "not. Take the modifier out.",
    ),
    Claim(
        name="rental text",
        is_required=True,
        says=_words(r"\brentals?\b", r"\brent(?:ed|ing|s)?\b", r"\b(?:RR|UE|NU)\b(?= |,|\.)"),
        unless=_words(r"\bpumps?\b|nebuli[sz]er|compressor|concentrator|rental (?:car|van)"),
        fits=is_item,
        advice="This is no equipment that is rented. Take the sentence out.",
    ),
    Claim(
        name="a serial number",
        is_required=True,
        says=_words(
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
        says=_words(
            r"\bdelivery (?:tickets?|slips?|receipts?|sheets?)\b",
            r"\bset-?up (?:and|or) (?:delivery|training)\b",
            r"\bpick-?up ticket\b",
            r"\b(?:home|equipment) (?:delivery|set-?up)\b",
            r"\bproof of delivery\b",
        ),
        unless=_words(r"\bpumps?\b|nebuli[sz]er|supplier|pharmacy|dispens|mail"),
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
        says=_words(
            r"\bNDCs?\b",
            r"\bnational drug codes?\b",
            r"\b11[- ]digit (?:drug|package) (?:code|number)s?\b",
            r"\bdrug codes? (?:number )?in (?:5-4-2|eleven)",
        ),
        fits=either(is_drug, GIVES_A_DRUG),
        advice="This is no drug and has no NDC. Take the sentence out.",
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
        says=_words(
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
        says=_tokens("QE", "QF", "QG", "QA", "QB", "QR", "N[123]"),
        fits=OXYGEN,
        advice="These modifiers speak of oxygen flow or oxygen criteria. Take the modifier out.",
    ),
    Claim(
        name="the 36 months of oxygen",
        says=_words(
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
        says=_words(
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
        says=_words(
            r"\bDME MACs?\b",
            r"\bDME contractors?\b",
            r"\bdurable medical equipment (?:MAC|contractor)\b",
        ),
        unless=_words(r"\bpump|nebuli[sz]er|equipment|item|supplies|\bor\b|prosthe|device"),
        fits=lambda code: code.code[0] not in "DHMPR" and not AMBULANCE(code),
        topics=frozenset({"claim_to"}),
        advice="These codes never go to a DME MAC. Name the contractor that takes them.",
    ),
    Claim(
        name="Medicare payment",
        says=_words(
            rf"\b{MEDICARE} {ADVERBS}(?:pays?|covers?|reimburses?|contributes?|helps? (?:to )?pay|"
            rf"allows? payment|accepts? (?:it|this|the code))\b",
            r"\b(?:is|are|be|remains?|as) (?:\w+ ){0,2}?(?:payable|paid|covered|reimbursed|"
            r"reimbursable|billable)(?: \w+){0,3}? (?:by|under|through|with|to|from|"
            r"via) (?:\w+ )?(?:Medicare|Part [AB])\b",
            r"^(?:payable|covered|paid|reimbursed|reimbursable)(?: \w+){0,3}? (?:by|under|"
            r"through) (?:\w+ )?(?:Medicare|Part [AB])\b",
            r"\bMedicare[- ](?:covered|payable|reimbursable|eligible|approved)\b",
            r"\b(?:a|covered) (?:Medicare|Part [AB]) benefit\b|^(?:Medicare|Part [AB]) benefit\b",
            r"\bbenefit (?:under|of) (?:Medicare|Part [AB])\b|\bvalid for Medicare\b",
            r"\bMedicare (?:beneficiar\w+|patients|members) (?:are|is|have|"
            r"has) (?:\w+ )?(?:covered|coverage)\b",
            r"\bMedicare (?:\w+ ){1,6}?and (?:pays|covers|reimburses)\b|"
            r"\bbill Medicare\b[^.]{0,25}\bpays\b",
            r"\b(?:eligible|qualif\w+) for (?:Medicare|Part B) (?:payment|coverage|"
            r"reimbursement)\b",
            r"\bMedicare (?:payment|coverage|reimbursement) (?:is|are|will be) (?:available|made|"
            r"allowed|granted|possible|usual)\b",
            r"\b(?:bill|submit|send|sent|claim)\w*(?: \w+){0,3} to Medicare for (?:payment|"
            r"reimbursement)\b",
            r"\bpayment (?:comes|is made|is due) (?:from|by|under) (?:Medicare|Part B)\b",
        ),
        unless=_words(
            rf"\b(?:if|whether|when|where|what|how|which|why)\b[^,]*\b{MEDICARE}",
            OTHER_CODE,
            r"\blittle\b",
            r"\bthan\b",
            r"\bmarks?\b|\bmarked\b",
            r"\b(?:services|items|things) that Medicare",
        ),
        fits=lambda code: code.coverage not in OUTSIDE,
        advice="CMS marks it as outside Medicare (coverage I, M or S). Say so, or name the code that "
        "Medicare does pay.",
    ),
    Claim(
        name="a Medicare coverage row that speaks of payment",
        says=_words(
            r"^(?:it |this (?:code|item|service|drug|product|supply|device) |the (?:code|item|"
            r"service|drug|product|supply|device) )?(?:is |are )?(?:\w+ly )?(?:payable|covered|"
            r"paid|reimbursed|reimbursable)\b",
            r"\b(?:code|item|service|drug|product|device|it|they|these) (?:is|are|will be|can be|"
            r"may be) (?:\w+ly )?(?:payable|covered|paid|reimbursed)\b(?! (?:by|under) (?:another|"
            r"other|the plan|a plan|Medicaid))",
            r"\bcoverage (?:is|will be) (?:available|granted|usual|given)\b",
            r"\b(?:local|national) coverage determination (?:covers|allows)\b",
        ),
        unless=_words(
            r"\b(?:if|whether|where|unless|another|other|elsewhere|Medicaid|plans?(?! of care)|"
            r"commercial)\b"
        ),
        fits=lambda code: code.coverage not in OUTSIDE,
        topics=frozenset({"coverage"}),
        payers=frozenset({"medicare"}),
        advice="CMS marks it as outside Medicare (coverage I, M or S). Say so.",
    ),
    Claim(
        name="the wrong way of pricing",
        says=_words(
            r"\b(?:priced|pays? (?:it|this)|paid|"
            r"class\w*)\b[^.]{0,30}\b(?:frequent(?:ly)?[- ]servic\w+)",
            r"\bfrequent(?:ly)?[- ]servic\w+ (?:equipment|item|class|rental|category)\b",
        ),
        fits=priced("31"),
        advice="CMS prices this otherwise than as equipment that needs frequent servicing (31).",
    ),
    Claim(
        name="the wrong way of pricing",
        says=_words(
            r"\b(?:inexpensive(?:,? (?:or|and|/) ?)?(?:routinely[- ]purchased)?|"
            r"routinely[- ]purchased) (?:equipment|items?|DME|class|category)\b",
            r"\bpriced?\b[^.]{0,30}\b(?:inexpensive|routinely purchased)\b",
            r"\bis (?:an )?inexpensive or routinely purchased\b",
        ),
        fits=priced("32"),
        advice="CMS prices this otherwise than as inexpensive or routinely purchased (32).",
    ),
    Claim(
        name="the wrong way of pricing",
        says=_words(
            r"\bpriced? (?:\w+ ){0,3}as (?:home )?oxygen\b",
            r"\boxygen (?:price|pricing|payment) class\b",
        ),
        fits=priced("33"),
        advice="CMS prices this otherwise than as oxygen (33).",
    ),
    Claim(
        name="an exclusion by statute",
        says=_words(
            r"\bstatutor(?:y|ily)[- ]exclu\w+",
            r"\bexclu\w+ by (?:the )?(?:Medicare )?(?:statute|law)\b",
            r"\b(?:the )?(?:statute|law|Social Security Act) (?:itself )?(?:excludes?|bars?|"
            r"leaves (?:it|this|them)[^.]{0,20} out)\b",
        ),
        unless=_words(r"\bGY\b", r"\bif\b|where|whether"),
        fits=covered_as(*OUTSIDE),
        advice="CMS's coverage mark is not S. Say what the mark is.",
    ),
    Claim(
        name="contractor's judgment",
        says=_words(
            r"\b(?:left|leaves?) (?:\w+ ){0,6}?to (?:the )?(?:Medicare )?(?:contractor|carrier|"
            r"MAC)s?['’]?s? (?:own )?(?:judg\w+|discretion)",
            r"\bcarrier judg\w+\b",
        ),
        fits=covered_as("C", ""),
        advice="CMS's coverage mark is not C. Say what the mark is.",
    ),
    Claim(
        name="special coverage instructions",
        says=_words(r"\bspecial coverage instructions\b"),
        fits=covered_as("D"),
        advice="CMS's coverage mark is not D. Say what the mark is.",
    ),
)

# On C and D codes: likely wrong, but a sentence may mean one setting or one use.
NOT_PAYABLE = Claim(
    name="no Medicare payment",
    says=_words(
        rf"\b{MEDICARE} (?:\w+ )?(?:never|does not|doesn't|do not|will not|won't|cannot|"
        rf"refuses to|has never)(?: \w+){{0,2}}? (?:pays?|paid|covers?|covered|reimburses?)\b",
        r"\b(?:not|never|non-?)\s?(?:\w+ ){0,2}?(?:payable|covered|paid|reimbursed|"
        r"reimbursable)(?: \w+){0,2}? (?:by|under) (?:\w+ )?(?:Medicare|Part [AB])\b",
        r"\bMedicare non-?covered\b",
        r"\bno (?:Medicare|Part B) (?:coverage|payment|benefit)\b",
        r"\b(?:Medicare|Part B) (?:pays|covers) (?:nothing|none)\b",
        r"\b(?:outside|not part of|not a) (?:the )?(?:Medicare|Part B) (?:benefit|program)\b",
        r"\binvalid for Medicare\b|\bnot valid for Medicare\b",
    ),
    unless=_words(
        r"\bseparate|\bapart\b|\bbeside|\bwhen\b|\bwhere\b|\bunless\b|\bif\b|\bbefore\b|\buntil\b|"
        r"\boutside\b|\bfor (?:a|the|patients)\b|"
        r"\bwithout\b|\bonly\b|\balone\b|\btwice\b|\bwhile\b|\bduring\b|\binside\b|\bas (?:a|"
        r"well)\b|\bin (?:the|a)\b|\bsome\b|\ba few\b|\bits own\b|\bor\b|\bsince\b|\bfrom\b|"
        r"\bthat\b|\bwhich\b",
    ),
    fits=either(covered_as(*OUTSIDE, ""), priced("00", "99")),
    advice="CMS marks it C or D: Medicare decides by contractor or by instruction. Say when it is not paid.",
)
