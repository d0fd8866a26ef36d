"""Statements of what Medicare pays, and by which of CMS's marks, and which codes they fit."""

from dataclasses import replace

from guidance.checks.claims import Claim, words
from guidance.checks.kinds import covered_as, either, priced

OTHER_CODE = r"(?:another|other|a different|neighbou?ring|neighbou?r|own) codes?"
OUTSIDE = ("I", "M", "S")
MEDICARE = (
    r"(?:Medicare(?: and (?:\w+ ){1,3}?\w+)?|Part [AB]|(?:DME |A/B )?MACs?|"
    r"[Tt]he (?:Medicare )?contractor)"
)
ADVERBS = (
    r"(?:(?:will|does|do|may|can|now|also|always|usually|normally|generally|fully|routinely|still|"
    r"often|in fact|actually|regularly|happily|separately|typically|ordinarily) )*"
)
# Words that limit a denial to a case: "when the hospital gives it", "beyond the allowance".
LIMITS = (
    r"\bseparate|\bapart\b|\bbeside|\bwhen\b|\bwhere\b|\bunless\b|\bif\b|\bbefore\b|\buntil\b|\bafter\b|"
    r"\boutside (?!(?:the )?Medicare)|\binside\b|\bwithout\b|\bonly\b|\balone\b|\btwice\b|\bwhile\b|"
    r"\bduring\b|\bbeyond\b|\bmore than\b|\bfor (?:an?|the|patients|dates)\b|\bas (?:a|well)\b|"
    r"\bin (?:the|a)\b|\bsome\b|\ba few\b|\bits own\b|\bsince\b|\bthat\b"
)
# Pricing indicators under which CMS sets the price; the others are the contractor's, or no price.
PRICED_BY_CMS = priced(
    *("11", "12", "21", "31", "32", "33", "34", "35", "36", "37", "38", "39", "40", "51"),
    *("52", "53", "54", "55", "56"),
)

COVERAGE_CLAIMS: tuple[Claim, ...] = (
    Claim(
        name="Medicare payment",
        says=words(
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
        unless=words(
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
        says=words(
            r"^(?:it |this (?:code|item|service|drug|product|supply|device) |the (?:code|item|"
            r"service|drug|product|supply|device) )?(?:is |are )?(?:\w+ly )?(?:payable|covered|"
            r"paid|reimbursed|reimbursable)\b",
            r"\b(?:code|item|service|drug|product|device|it|they|these) (?:is|are|will be|can be|"
            r"may be) (?:\w+ly )?(?:payable|covered|paid|reimbursed)\b(?! (?:by|under) (?:another|"
            r"other|the plan|a plan|Medicaid))",
            r"\bcoverage (?:is|will be) (?:available|granted|usual|given)\b",
            r"\b(?:local|national) coverage determination (?:covers|allows)\b",
        ),
        unless=words(
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
        says=words(
            r"\b(?:priced|pays? (?:it|this)|paid|"
            r"class\w*)\b[^.]{0,30}\b(?:frequent(?:ly)?[- ]servic\w+)",
            r"\bfrequent(?:ly)?[- ]servic\w+ (?:equipment|item|class|rental|category)\b",
        ),
        fits=priced("31"),
        advice="CMS prices this otherwise than as equipment that needs frequent servicing (31).",
    ),
    Claim(
        name="the wrong way of pricing",
        says=words(
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
        says=words(
            r"\bpriced? (?:\w+ ){0,3}as (?:home )?oxygen\b",
            r"\boxygen (?:price|pricing|payment) class\b",
        ),
        fits=priced("33"),
        advice="CMS prices this otherwise than as oxygen (33).",
    ),
    Claim(
        name="an exclusion by statute",
        says=words(
            r"\bstatutor(?:y|ily)[- ]exclu\w+",
            r"\bexclu\w+ by (?:the )?(?:Medicare )?(?:statute|law)\b",
            r"\b(?:the )?(?:statute|law|Social Security Act) (?:itself )?(?:excludes?|bars?|"
            r"leaves (?:it|this|them)[^.]{0,20} out)\b",
        ),
        unless=words(r"\bGY\b", r"\bif\b|where|whether"),
        fits=covered_as(*OUTSIDE),
        advice="CMS's coverage mark is not S. Say what the mark is.",
    ),
    Claim(
        name="contractor's judgment",
        says=words(
            r"\b(?:left|leaves?) (?:\w+ ){0,6}?to (?:the )?(?:Medicare )?(?:contractor|carrier|"
            r"MAC)s?['’]?s? (?:own )?(?:judg\w+|discretion)",
            r"\bcarrier judg\w+\b",
        ),
        fits=covered_as("C", ""),
        advice="CMS's coverage mark is not C. Say what the mark is.",
    ),
    Claim(
        name="special coverage instructions",
        says=words(r"\bspecial coverage instructions\b"),
        fits=covered_as("D"),
        advice="CMS's coverage mark is not D. Say what the mark is.",
    ),
)

# On C and D codes: likely wrong, but a sentence may mean one setting or one use.
NOT_PAYABLE = Claim(
    name="no Medicare payment",
    is_denial=True,
    says=words(
        rf"\b{MEDICARE} (?:\w+ )?(?:never|does not|doesn't|do not|will not|won't|cannot|"
        rf"refuses to|has never)(?: \w+){{0,2}}? (?:pays?|paid|covers?|covered|reimburses?)\b",
        r"\b(?:not|never|non-?)\s?(?:\w+ ){0,2}?(?:payable|covered|paid|reimbursed|"
        r"reimbursable)(?: \w+){0,2}? (?:by|under) (?:\w+ )?(?:Medicare|Part [AB])\b",
        r"\bMedicare non-?covered\b|\bMedicare (?:\w+ )?excludes (?:it|them|this|these|all|such)\b",
        r"\b(?:no|neither) (?:Medicare|Part B) (?:coverage|payment|benefit)\b",
        r"\bMedicare (?:has|knows|offers|gives|makes) no (?:benefit|payment|coverage)\b",
        r"\bno (?:benefit|payment|coverage) (?:under|from|by) (?:Medicare|Part B)\b",
        r"\b(?:Medicare|Part B) (?:pays|covers) (?:nothing|none)\b",
        r"\b(?:outside|not part of|not a) (?:the )?(?:Medicare|Part B)(?:['’]s)? (?:benefit|program)s?\b",
        r"\binvalid for Medicare\b|\bnot valid for Medicare\b",
    ),
    unless=words(
        LIMITS,
        r"\bor\b|\bfrom\b|\bwhich\b",
    ),
    fits=either(covered_as(*OUTSIDE, ""), priced("00", "99"), PRICED_BY_CMS),
    advice="CMS marks it C or D: Medicare decides by contractor or by instruction. Say when it is not "
    "paid.",
)
# The same, of a code that CMS itself prices for payment: that contradicts its file.
DENIED_THOUGH_PRICED = replace(
    NOT_PAYABLE,
    name="no Medicare payment, flatly",
    unless=words(LIMITS),
    fits=either(covered_as(*OUTSIDE, ""), lambda code: not PRICED_BY_CMS(code)),
    advice="CMS marks it C or D and prices it for payment. Say in which case it is not paid.",
)
