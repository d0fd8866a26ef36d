"""Kinds of statement that fit some codes only, and which codes those are.

A claim is contradicted when none of the subject's codes fits it. What a family says of a few of its
codes is no contradiction.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from codes.classification import covers
from guidance.checks.knowledge import SpokenCode
from guidance.checks.reading import Passage

Fits = Callable[[SpokenCode], bool]


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


def _priced(*indicators: str) -> Fits:
    wanted = frozenset(indicators)
    return lambda code: not wanted.isdisjoint(code.prices)


def _covered_as(*marks: str) -> Fits:
    return lambda code: code.coverage in marks


def _within(ranges: str) -> Fits:
    return lambda code: covers(ranges, code.code)


def _any(*conditions: Fits) -> Fits:
    return lambda code: any(condition(code) for condition in conditions)


DRUG_CATEGORIES = frozenset({"O1D", "O1E", "O1G", "D1G"})
DRUG_RANGES = (
    "A2001-A2099;A4100;A4641-A4642;A9500-A9700;B4149-B5200;C9014-C9399;G0008-G0012;G0138;"
    "J0001-J9999;M0201-M0250;P9010-P9100;Q0138-Q0249;Q0479-Q0479;Q0510-Q0515;Q2000-Q2099;"
    "Q3027-Q3028;Q4074;Q4081-Q4082;Q4100-Q4499;Q5098-Q5199;Q9945-Q9999;S0012-S0400;S5000-S5001;"
    "S5550-S5571"
)
AMBULANCE = _within("A0021;A0225-A0999")
MILEAGE = _any(
    _within("A0021-A0999;P9603-P9604;R0070-R0076;S0207-S0215;S9381;S9975;S9992;T2001-T2007;T2049"),
    lambda code: "mile" in code.text,
)
OXYGEN = _any(_priced("33"), _within("E0424-E0447;E1352-E1406;K0738;A4615-A4620"))
# Pumps, nebulizers and services that a drug runs through: their texts may speak of that drug.
GIVES_A_DRUG = _within(
    "A4221-A4226;A7003-A7018;E0570-E0585;E0776-E0791;G0068-G0090;H0020-H0033;K0455;K0552;"
    "Q0081-Q0085;S9061;S9325-S9590"
)
QUALITY = "quality-only"


def is_drug(code: SpokenCode) -> bool:
    """A drug, biological, vaccine, nutrient or tracer: what has a national drug code."""
    return (
        not code.prices.isdisjoint({"51", "54"})
        or code.fields.get("betos") in DRUG_CATEGORIES
        or covers(DRUG_RANGES, code.code)
    )


def is_item(code: SpokenCode) -> bool:
    """A device, part or supply: what may be rented, delivered, numbered or belong to such a thing."""
    return (
        not is_drug(code)
        and not covers(
            "A0021-A0999;A4206-A4220;G0001-G9999;H0001-H9999;M0001-M9999;P2000-P9999;R0070-R0076;T1000-T2101;U0001-U0005",
            code.code,
        )
        or covers("A2001-A2099;Q4100-Q4499", code.code)
    )


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
            rf"\b{THIRTEEN}(?:th)?[- ](?:{RENTAL_MONTHS}[- ]){{0,2}}(?:months?|rentals?|payments?|instal\w+)\b",
            r"\bthirteenth (?:\w+ )?(?:month|payment)\b",
            rf"\bmonths? (?:\d+|\w+)? ?(?:to|through|and|–|-)? ?{THIRTEEN}\b",
            r"\b(?:title|ownership)\b(?: \w+){0,6}? (?:pass\w*|transfer\w*|goes|go|moves?|shifts?|vests?)\b",
            r"\b(?:transfer|pass|change)\w* (?:of )?(?:the )?(?:title|ownership)\b",
            r"\brent[- ]to[- ]own\b",
            r"\brentals? (?:then )?(?:converts?|turns?|changes?|becomes?) (?:in)?to (?:a )?(?:ownership|purchase|sale)\b",
            r"\b(?:10|7\.5|15|ten|fifteen) ?(?:%|percent) of the purchase price\b",
            r"\b(?:patient|beneficiary|member) (?:then |now |will )?(?:becomes? the owner|takes? (?:ownership|title))\b",
            r"\b(?:patient|beneficiary|member) (?:then|now) owns\b|\b(?:patient|beneficiary|member) (?:will )?owns? (?:\w+ ){1,2}(?:after|once|at the end|from|outright)\b",
            r"\b(?:after|once|at the end of|following)\b[^.]{0,40}\b(?:patient|beneficiary|member) (?:then )?owns\b",
            r"\b(?:becomes?|is then) the (?:patient|beneficiary|member)['’]s\b",
            r"\bbelongs to the (?:patient|beneficiary|member) (?:after|once|at|from)\b",
            r"\b(?:property|the owner)\b(?: \w+){0,4} after (?:the )?(?:last|final|1[0-9]|thirteen)\b",
        ),
        unless=_words(
            r"\bas (?:for|of|with|on) (?:a )?capped|\bplan['’]s own\b|\bbelongs? to capped"
        ),
        fits=_priced("36"),
        advice="CMS does not price this as capped rental (pricing indicator 36). Take the sentence out, "
        "or name the code that it is about.",
    ),
    Claim(
        name="a rental-month modifier",
        is_required=True,
        says=_tokens("KH", "KI", "KJ"),
        fits=_any(_priced("36"), _within("B9000-B9999")),
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
        fits=_any(is_drug, GIVES_A_DRUG),
        advice="This is no drug and has no NDC. Take the sentence out.",
    ),
    Claim(
        name="a drug-waste modifier",
        is_required=True,
        says=re.compile(
            r"\bJ[WZ]\b|(?i:\b(?:discarded|wasted|unused) (?:drug|medication|portion|part of the (?:vial|drug|dose))|"
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
            rf"\b(?:36|thirty[- ]six)(?:th)?[- ](?:{RENTAL_MONTHS}[- ]){{0,2}}(?:months?|payments?)\b",
            r"\bmonth 36\b",
        ),
        fits=OXYGEN,
        advice="Thirty-six paid months are the rule of oxygen equipment (pricing indicator 33).",
    ),
    Claim(
        name="mileage text",
        is_required=True,
        says=_words(
            r"\b(?:per|a|each|every|one|loaded|statute|whole|patient) (?:loaded |statute |patient )?miles?\b",
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
            rf"\b{MEDICARE} {ADVERBS}(?:pays?|covers?|reimburses?|contributes?|helps? (?:to )?pay|allows? payment|accepts? (?:it|this|the code))\b",
            r"\b(?:is|are|be|remains?|as) (?:\w+ ){0,2}?(?:payable|paid|covered|reimbursed|reimbursable|billable)(?: \w+){0,3}? (?:by|under|through|with|to|from|via) (?:\w+ )?(?:Medicare|Part [AB])\b",
            r"^(?:payable|covered|paid|reimbursed|reimbursable)(?: \w+){0,3}? (?:by|under|through) (?:\w+ )?(?:Medicare|Part [AB])\b",
            r"\bMedicare[- ](?:covered|payable|reimbursable|eligible|approved)\b",
            r"\b(?:a|covered) (?:Medicare|Part [AB]) benefit\b|^(?:Medicare|Part [AB]) benefit\b",
            r"\bbenefit (?:under|of) (?:Medicare|Part [AB])\b|\bvalid for Medicare\b",
            r"\bMedicare (?:beneficiar\w+|patients|members) (?:are|is|have|has) (?:\w+ )?(?:covered|coverage)\b",
            r"\bMedicare (?:\w+ ){1,6}?and (?:pays|covers|reimburses)\b|\bbill Medicare\b[^.]{0,25}\bpays\b",
            r"\b(?:eligible|qualif\w+) for (?:Medicare|Part B) (?:payment|coverage|reimbursement)\b",
            r"\bMedicare (?:payment|coverage|reimbursement) (?:is|are|will be) (?:available|made|allowed|granted|possible|usual)\b",
            r"\b(?:bill|submit|send|sent|claim)\w*(?: \w+){0,3} to Medicare for (?:payment|reimbursement)\b",
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
            r"^(?:it |this (?:code|item|service|drug|product|supply|device) |the (?:code|item|service|drug|product|supply|device) )?(?:is |are )?(?:\w+ly )?(?:payable|covered|paid|reimbursed|reimbursable)\b",
            r"\b(?:code|item|service|drug|product|device|it|they|these) (?:is|are|will be|can be|may be) (?:\w+ly )?(?:payable|covered|paid|reimbursed)\b(?! (?:by|under) (?:another|other|the plan|a plan|Medicaid))",
            r"\bcoverage (?:is|will be) (?:available|granted|usual|given)\b",
            r"\b(?:local|national) coverage determination (?:covers|allows)\b",
        ),
        unless=_words(
            r"\b(?:if|whether|where|unless|another|other|elsewhere|Medicaid|plans?(?! of care)|commercial)\b"
        ),
        fits=lambda code: code.coverage not in OUTSIDE,
        topics=frozenset({"coverage"}),
        payers=frozenset({"medicare"}),
        advice="CMS marks it as outside Medicare (coverage I, M or S). Say so.",
    ),
    Claim(
        name="the wrong way of pricing",
        says=_words(
            r"\b(?:priced|pays? (?:it|this)|paid|class\w*)\b[^.]{0,30}\b(?:frequent(?:ly)?[- ]servic\w+)",
            r"\bfrequent(?:ly)?[- ]servic\w+ (?:equipment|item|class|rental|category)\b",
        ),
        fits=_priced("31"),
        advice="CMS prices this otherwise than as equipment that needs frequent servicing (31).",
    ),
    Claim(
        name="the wrong way of pricing",
        says=_words(
            r"\b(?:inexpensive(?:,? (?:or|and|/) ?)?(?:routinely[- ]purchased)?|routinely[- ]purchased) (?:equipment|items?|DME|class|category)\b",
            r"\bpriced?\b[^.]{0,30}\b(?:inexpensive|routinely purchased)\b",
            r"\bis (?:an )?inexpensive or routinely purchased\b",
        ),
        fits=_priced("32"),
        advice="CMS prices this otherwise than as inexpensive or routinely purchased (32).",
    ),
    Claim(
        name="the wrong way of pricing",
        says=_words(
            r"\bpriced? (?:\w+ ){0,3}as (?:home )?oxygen\b",
            r"\boxygen (?:price|pricing|payment) class\b",
        ),
        fits=_priced("33"),
        advice="CMS prices this otherwise than as oxygen (33).",
    ),
    Claim(
        name="an exclusion by statute",
        says=_words(
            r"\bstatutor(?:y|ily)[- ]exclu\w+",
            r"\bexclu\w+ by (?:the )?(?:Medicare )?(?:statute|law)\b",
            r"\b(?:the )?(?:statute|law|Social Security Act) (?:itself )?(?:excludes?|bars?|leaves (?:it|this|them)[^.]{0,20} out)\b",
        ),
        unless=_words(r"\bGY\b", r"\bif\b|where|whether"),
        fits=_covered_as(*OUTSIDE),
        advice="CMS's coverage mark is not S. Say what the mark is.",
    ),
    Claim(
        name="contractor's judgment",
        says=_words(
            r"\b(?:left|leaves?) (?:\w+ ){0,6}?to (?:the )?(?:Medicare )?(?:contractor|carrier|MAC)s?['’]?s? (?:own )?(?:judg\w+|discretion)",
            r"\bcarrier judg\w+\b",
        ),
        fits=_covered_as("C", ""),
        advice="CMS's coverage mark is not C. Say what the mark is.",
    ),
    Claim(
        name="special coverage instructions",
        says=_words(r"\bspecial coverage instructions\b"),
        fits=_covered_as("D"),
        advice="CMS's coverage mark is not D. Say what the mark is.",
    ),
)

# On C and D codes: likely wrong, but a sentence may mean one setting or one use.
NOT_PAYABLE = Claim(
    name="no Medicare payment",
    says=_words(
        rf"\b{MEDICARE} (?:\w+ )?(?:never|does not|doesn't|do not|will not|won't|cannot|refuses to|has never)(?: \w+){{0,2}}? (?:pays?|paid|covers?|covered|reimburses?)\b",
        r"\b(?:not|never|non-?)\s?(?:\w+ ){0,2}?(?:payable|covered|paid|reimbursed|reimbursable)(?: \w+){0,2}? (?:by|under) (?:\w+ )?(?:Medicare|Part [AB])\b",
        r"\bMedicare non-?covered\b",
        r"\bno (?:Medicare|Part B) (?:coverage|payment|benefit)\b",
        r"\b(?:Medicare|Part B) (?:pays|covers) (?:nothing|none)\b",
        r"\b(?:outside|not part of|not a) (?:the )?(?:Medicare|Part B) (?:benefit|program)\b",
        r"\binvalid for Medicare\b|\bnot valid for Medicare\b",
    ),
    unless=_words(
        r"\bseparate|\bapart\b|\bbeside|\bwhen\b|\bwhere\b|\bunless\b|\bif\b|\bbefore\b|\buntil\b|\boutside\b|\bfor (?:a|the|patients)\b|"
        r"\bwithout\b|\bonly\b|\balone\b|\btwice\b|\bwhile\b|\bduring\b|\binside\b|\bas (?:a|well)\b|\bin (?:the|a)\b|\bsome\b|\ba few\b|\bits own\b|\bor\b|\bsince\b|\bfrom\b|\bthat\b|\bwhich\b",
    ),
    fits=_any(_covered_as(*OUTSIDE, ""), _priced("00", "99")),
    advice="CMS marks it C or D: Medicare decides by contractor or by instruction. Say when it is not paid.",
)
