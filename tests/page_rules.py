"""What may stand on which code's page: a table of kinds of statement, each with the codes that it can
be true of.

    broken(entry, passage, sentence) -> [name of each rule that the sentence breaks there]
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from codes.classification import covers
from guidance.checks.reading import Passage, codes_in, is_denied

Entry = dict
Fits = Callable[[Entry], bool]


def within(ranges: str) -> Fits:
    return lambda entry: covers(ranges, entry["code"])


def priced(*indicators: str) -> Fits:
    return lambda entry: not set(indicators).isdisjoint(prices(entry))


def prices(entry: Entry) -> list[str]:
    return field(entry, "price").split(", ")


def field(entry: Entry, name: str) -> str:
    return entry["cms"].get(name, {}).get("value", "")


def marked(*marks: str) -> Fits:
    return lambda entry: field(entry, "coverage") in marks


def either(*conditions: Fits) -> Fits:
    return lambda entry: any(condition(entry) for condition in conditions)


def neither(*conditions: Fits) -> Fits:
    return lambda entry: not any(condition(entry) for condition in conditions)


def words(pattern: str) -> re.Pattern:
    return re.compile(pattern, re.I)


@dataclass(frozen=True)
class Rule:
    """A kind of statement, the codes that it can be true of, and a planted one to prove it on.

    `unless`: words by which the sentence is about something else, such as the equipment of a part.
    """

    name: str
    says: re.Pattern
    fits: Fits
    planted: tuple[str, str]
    unless: re.Pattern | None = None

    def is_said(self, sentence: str) -> bool:
        match = self.says.search(sentence)
        if match is None or is_denied(sentence, match):
            return False
        return not (self.unless and self.unless.search(sentence))


# "Most are rented, K0005 is bought": said of the group, it holds on the page of each.
IS_ABOUT_SEVERAL = words(
    r"\b(?:most|several|some|a few|many|nearly all|varies|the others?|other parts)\b"
    r"|\b31 frequent servicing, 32|\bcapped rental[,;].*\b(?:purchased|customized|suppl)"
    r"|\bpurchased, the custom ones\b|\b(?:was|were) set\b|\bsays that\b"
)
EQUIPMENT = priced("31", "32", "33", "36", "45", "46")
AMBULANCE = within("A0021;A0225-A0999")
RIDES = within("A0021-A0999;P9603-P9604;R0070-R0076;S0207-S0215;S9975-S9992;T2001-T2007;T2049")
OXYGEN = either(priced("33"), within("A4608-A4620;E0424-E0447;E1352-E1406;K0738-K0740"))
DRUGS = either(
    priced("51", "54"),
    within("A9500-A9899;A4641-A4642;C9000-C9399;J0001-J9999;M0201-M0250;P9010-P9100;Q0138-Q0249"),
    within("Q2000-Q2099;Q3027-Q3028;Q4074-Q4082;Q4100-Q4499;Q5098-Q9999;S0012-S0400;S5550-S5571"),
)
RULES = (
    Rule(
        "rental months",
        words(r"\brental[- ]months?\b|\bmonths? (?:of|while|it is) rent|\brented months?\b"),
        either(EQUIPMENT, within("B9000-B9999;A9900-A9999")),
        ("J0897", "Count the rental months."),
        words(r"\brented bed\b|\b(?:where|when|while) (?:it|the stimulator) is rented\b"),
    ),
    Rule(
        "rent of what is not equipment",
        words(r"\brent(?:al|ed|ing|s)?\b"),
        neither(
            DRUGS, RIDES, within("G0001-G9999;H0001-H9999;L0112-L9999;P0001-P9999;V5008-V5364")
        ),
        ("J9271", "Say whether it was rented or bought."),
    ),
    Rule(
        "capped rental",
        words(r"\bcapped[- ]rental\b|\bthirteen(?:th)? |\b13 (?:paid )?months\b|\btitle passes\b"),
        priced("36"),
        ("E0466", "After 13 paid months the patient owns it."),
        words(r"\bthe part\b|\bapart from\b"),
    ),
    Rule(
        "the months of capped rental as modifiers",
        re.compile(r"\bK[HIJ]\b"),
        either(priced("36"), within("B9000-B9999")),
        ("E1390", "Report modifier KH."),
    ),
    Rule(
        "the months of oxygen",
        words(r"\b36 (?:paid )?months\b|\bmonth 60\b"),
        OXYGEN,
        ("E0601", "Medicare pays 36 months."),
    ),
    Rule(
        "oxygen modifiers",
        re.compile(r"\bmodifier Q[EFGABR]\b|\b(?<!RARC )(?<!remark )N[123]\b(?!\d)"),
        OXYGEN,
        ("E0570", "Report modifier QF."),
    ),
    Rule(
        "oxygen",
        words(r"\b(?:home|portable|stationary) oxygen\b|\boxygen (?:flow|contents|concentrator)\b"),
        either(OXYGEN, within("E0465-E0468;A4611-A4629;K0455-K0746")),
        ("K0001", "Keep the test that shows the need for home oxygen."),
    ),
    Rule(
        "frequent servicing",
        words(r"\bfrequent(?:ly)?[- ]servic"),
        priced("31"),
        ("E0260", "It is paid as equipment that needs frequent servicing."),
    ),
    Rule(
        "inexpensive or routinely purchased",
        words(r"\binexpensive\b|\broutinely purchased\b"),
        priced("32"),
        ("E0601", "It is inexpensive or routinely purchased."),
    ),
    Rule(
        "a drug package code",
        words(r"\bNDCs?\b|\bnational drug codes?\b"),
        either(DRUGS, within("B4149-B5200;G0012;J0001-J9999;S5000-S5001")),
        ("K0001", "Report the NDC of the package."),
    ),
    Rule(
        "drug waste",
        re.compile(r"\bJ[WZ]\b"),
        either(DRUGS, within("A2001-A2099;A4100")),
        ("E0781", "Report modifier JZ."),
    ),
    Rule(
        "a drug's average price",
        words(r"\baverage[- ]sales[- ]price\b|\bASP\b|\b106 ?%"),
        either(DRUGS, within("A2001-A2099;A4100")),
        ("A6212", "It is priced by average sales price."),
    ),
    Rule(
        "a serial number",
        words(r"\bserial (?:number|no)"),
        within(
            "A4200-A9999;B9000-B9999;C1000-C2699;E0100-E9999;K0001-K9999;L0112-L9999;V2020-V5364"
        ),
        ("A0425", "Record the serial number."),
    ),
    Rule(
        "miles",
        words(r"\b(?:loaded|ground|air|statute) miles?\b|\bodometer\b|\bmileage\b"),
        RIDES,
        ("J0897", "Count loaded miles in tenths."),
    ),
    Rule(
        "origin and destination",
        words(
            r"\borigin(?: and|[- ]to[- ]|/)[- ]?destination\b|\bphysician certification statement"
        ),
        AMBULANCE,
        ("T2003", "The origin and destination pair stands first."),
    ),
    Rule(
        "repetitive transport",
        words(r"\brepetitive\b.{0,30}\b(?:transport|trip)"),
        AMBULANCE,
        ("A0130", "Repetitive non-emergency transport needs a decision."),
    ),
    Rule(
        "PDAC",
        re.compile(r"\bPDAC\b"),
        within("A4206-A9999;B4034-B9999;E0100-E9999;K0001-K9999;L0112-L9999"),
        ("G0463", "PDAC decides which product has the code."),
    ),
    Rule(
        "refill contact",
        words(r"\brefill"),
        either(
            within(
                "A4206-A9999;B4034-B9999;J7500-J8999;Q0155-Q0181;Q0477-Q0515;Q4074;L7600-L8629;L9900"
            ),
            within(
                "E0424-E0447;E1352-E1406;E2100-E2103;K0552-K0609;S0012-S9999;T4521-T5999;V2020-V5364"
            ),
        ),
        ("E0260", "Ask the patient before each refill."),
    ),
    Rule(
        "functional levels of a leg prosthesis",
        words(r"\bfunctional level\b|\bmodifier K[0-4]\b"),
        within("L5000-L5999"),
        ("L6715", "Report modifier K3."),
    ),
    Rule(
        "wounds counted by modifier",
        re.compile(r"\bmodifiers? A[1-9]\b"),
        either(priced("35"), within("A4450-A4456;A6000-A6550")),
        ("A4351", "Report modifier A1."),
    ),
    Rule(
        "insulin as a modifier tells it",
        re.compile(r"\bKS\b"),
        within("A4233-A4259;E0607;E0620;E2100-E2104;A9275-A9278"),
        ("E0784", "Report modifier KS."),
    ),
    Rule(
        "a laboratory certificate",
        words(r"\bCLIA\b|\blaboratory'?s? certificate\b|\bcertificate number\b"),
        within("G0001-G9999;P2028-P9999;Q0091-Q0115;R0070-R0076;U0001-U0005;S3000-S3999"),
        ("J9271", "Enter the CLIA number."),
    ),
    Rule(
        "off-campus departments",
        re.compile(r"\bmodifier P[ON]\b"),
        within("C1000-C9999;G0001-G9999;Q0081-Q0085"),
        ("E0601", "Report modifier PO."),
    ),
    Rule(
        "electronic visit verification",
        words(r"\belectronic visit verification\b|\bEVV\b"),
        within("G0151-G0162;G0299-G0300;S5100-S5199;S9122-S9124;T1000-T1099;T2000-T2101"),
        ("A4351", "The EVV record has to match."),
    ),
    Rule(
        "feeding",
        words(r"\bway of feeding\b|\b(?:tube|enteral) feeding\b|\bmonth of feeding\b"),
        within("B4000-B9999;A4200-A9999;E0776-E0791;S9340-S9379;V2000-V2001"),
        ("L3000", "The way of feeding is missing."),
    ),
    Rule(
        "a screening that turned diagnostic",
        re.compile(r"\bmodifier PT\b"),
        within("G0104-G0106;G0120-G0122;G0327"),
        ("G0102", "Report modifier PT."),
    ),
    Rule(
        "bidding",
        words(r"\bcompetitive bidding\b|\bbidding (?:round|modifier)"),
        either(EQUIPMENT, within("A4200-A9999;B4034-B9999;E0100-E9999;K0001-K9999;L0112-L9999")),
        ("J9271", "It is named for competitive bidding."),
    ),
    Rule(
        "an exclusion by the statute",
        words(r"\b(?:is|are|marks? (?:it|this|them) as) excluded by (?:the )?statute\b"),
        marked("S"),
        ("L8680", "It is excluded by statute."),
    ),
    Rule(
        "not payable by Medicare",
        words(r"\bmark(?:s|ed)\b.{0,40}\bnot payable\b"),
        marked("I"),
        ("A9270", "CMS marks it as not payable by Medicare."),
        words(r"\bor not covered\b"),
    ),
    Rule(
        "the DME MAC for what does not go there",
        words(r"\bDME MAC"),
        neither(within("C0001-C9999;H0001-H9999;M0001-M9999;P0001-P9999;R0001-R9999;U0001-U9999")),
        ("P9016", "The DME MAC takes the claim."),
    ),
)
# Policies of the DME MACs, and the codes that they are about.
POLICIES = {
    "L33718|A52467": "A4604;A7000-A7049;E0470-E0472;E0561-E0562;E0601;E0450-E0606",
    "L33797|A52514": "A4608-A4629;E0424-E0447;E1352-E1406;K0738-K0740;K0455-K0746",
    "L33800|A52517": "A7027-A7046;E0450-E0606",
    "L33370|A52466": "A4619;A7000-A7049;E0450-E0606;E1372;G0333;J2545;J7600-J7699;J7600-J7799;Q0513-Q0514;Q4074",
    "L33822|A52464": "A4233-A4259;A9275-A9278;E0607-E0620;E2100-E2120;K0553-K0554",
    "L33794|A52507": "A4206-A4232;A4305-A4306;A9274;E0776-E0829;J0001-J9999;K0455-K0746",
    "L33788|A52497": "E0950-E2633;K0001-K0195",
    "L33789|A52498": "E0950-E2633;K0010-K0195;K0800-K0899;K0001-K0195",
    "L33792|A52504": "E0950-E2633;K0001-K0195;K0800-K0899",
    "L33312|A52505": "E0950-E2633;K0001-K0195;K0669",
    "L33820|A52508": "E0250-E0373;E0910-E0940",
    "L33830|L33642|L33692|A52489|A52490|A52468": "A4640;E0181-E0289;E0371-E0373;A4630-A4640",
    "L33821|A52511": "A6550;A6590-A6591;A7000;A9272;E2402;K0743-K0746",
    "L33831|A54563": "A4450-A4465;A6000-A6549;A6010-A6550",
    "L33803|A52521": "A4310-A4360;A5102-A5200",
    "L33828|A52487": "A4361-A4449;A5051-A5093;A4450-A4456",
    "L38955|A58833": "B4034-B9999",
    "L38953|A58836": "B4034-B9999",
    "L33790|A52500": "L0112-L1499;L4000-L4349",
    "L33318|A52465": "L1500-L1899;L4000-L4349",
    "L33686|A52457": "L1900-L2999;L4000-L4699",
    "L33787|A52496": "L5000-L5999;L7367-L7600;L8400-L8499",
    "L33369|A52501": "A5500-A5599;L3000-L3649",
    "L33641|A52481": "L3000-L3649",
    "L33791|A52503": "A4630-A4640;E0100-E0180",
    "L33733|A52459": "A4630-A4640;E0100-E0180",
    "L33802|A52520": "A4450-A4640;E0720-E0775",
    "L33796|A52513": "E0720-E0775",
    "L34823|A52711": "A4555;A4450-A4610;E0720-E0775",
    "L33824|A52474": "J7500-J7599;Q0510-Q0512;J0001-J0490",
    "L33826|A52479": "J8498-J8999;J9000-J9999;Q0511-Q0512",
    "L33827|A52480": "J8498-J8999;Q0035-Q1005;Q3031",
    "L33739|A52469": "E2351;E2500-E2599",
    "L33832|A52492": "A4611-A4629;A7501-A7599",
    "L33612|A52519": "A4605-A4629;A7000-A7049;E0450-E0606;E1399;E2000-E2001;E1902-E3200",
    "L33317|A52478": "L7601-L8599;L9900",
    "L33737|A52462": "V2623-V2632;V2785-V2796",
    "L33793|A52499": "V2020-V2799",
    "L33801|A52518": "E0621-E0642",
    "L33799|A52516": "E0621-E0642",
    "L33829|A52488": "E0650-E0690",
}


@cache
def said(sentence: str) -> tuple[Rule, ...]:
    """The rules that the sentence concerns, wherever it stands."""
    if IS_ABOUT_SEVERAL.search(sentence):
        return ()
    return tuple(rule for rule in RULES if rule.is_said(sentence))


@cache
def policies(sentence: str) -> tuple[tuple[str, str], ...]:
    """The policies that the sentence names, with the codes that each is about."""
    return tuple(
        (numbers, ranges)
        for numbers, ranges in POLICIES.items()
        if re.search(rf"\b(?:{numbers})\b", sentence)
    )


named_codes = cache(codes_in)


def is_about_others(entry: Entry, passage: Passage, sentence: str) -> bool:
    """Whether the sentence, or the question that it answers, is about other codes or compares them."""
    named = named_codes(sentence)
    if passage.part == "answer":
        named = named + named_codes(entry["faqs"][passage.row]["question"])
    return any(code != entry["code"] for code in named)


def broken(entry: Entry, passage: Passage, sentence: str) -> list[str]:
    """The names of the rules that the sentence breaks on the code's page."""
    found = [rule.name for rule in said(sentence) if not rule.fits(entry)]
    return [] if found and is_about_others(entry, passage, sentence) else found


def misnamed_policies(entry: Entry, passage: Passage, sentence: str) -> list[str]:
    """The policies that the sentence names on the page of a code that they are not about."""
    found = [numbers for numbers, ranges in policies(sentence) if not covers(ranges, entry["code"])]
    return [] if found and is_about_others(entry, passage, sentence) else found
