"""Texts and numbers of the AMA (CPT) and of X12, which we name and never quote."""

import re
from collections.abc import Iterator

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import excerpt
from guidance.checks.wording import Wording
from guidance.prose import CPT


def _words(*alternatives: str) -> re.Pattern:
    return re.compile("|".join(alternatives), re.I)


# Turns of phrase of X12's and the AMA's own texts, by their bones.
_X12 = _words(
    # words joined by strokes and plurals in brackets: claim/service, payer(s)
    r"\b(?:claims?|procedures?|services?)/(?:services?|procedures?|equipment)\b|/incomplete/",
    r"\bpayer/contractor\b|\bprecert\w+/\w+|\bpayment/allowance\b|\bsubmission/billing\b",
    r"\bnot certified/eligible\b",
    r"\b(?:payer|charge|code|payment|error)\(s\)|\bnon-?covered charges?\(?s?\)?",
    # "is inconsistent with", which X12 says where we say "does not fit"
    r"\binconsistent with\b",
    # "adjudicated", which we call processed or paid
    r"\badjudicated\b|\b(?:needed|required) to adjudicate\b",
    r"\b(?:payment|benefit|allowance) for this (?:service|procedure|item|drug|equipment) is\b",
    r"\bpayment (?:adjusted|denied|is denied|reduced) (?:because|when)",
    r"\bnot covered (?:by this payer|under the patient['’]s current benefit)\b",
    r"\bnon-?covered (?:services?|charges?) because",
    r"\bdeemed (?:a |an )?.?(?:medical necessity|medically necessary|proven)",
    r"\binformation submitted does not support this (?:level|many|length|dosage|day)",
    r"\bdecision was based on a local coverage determination\b|\bno appeal rights are afforded\b",
    r"\bexpenses incurred (?:after|prior|during)\b|\bcoverage not in effect\b",
    r"\bdate of (?:death|birth) (?:precedes|follows)\b|\bidentified as our insured\b",
    r"\btime limit for filing has\b|\bmaximum for this time period\b|\bexact duplicate claim\b",
    r"\blacks information or has\b|\bcare may be covered by another payer\b",
    r"\bcharge exceeds fee schedule\b|\bpatient responsibility \(|\babsent or exceeded\b",
    r"\bcovered under a capitation\b|\bour records indicate\b",
)
# What the AMA's descriptors put behind a semicolon: "…; initial", "…; first hour, single agent".
_QUALIFIER = (
    r"(?:initial|first|each|single|additional|subsequent|sequential|concurrent|with|without|un\w+|"
    r"up to|complete|limited|bilateral|unilateral|subcutaneous|intramuscular|intravenous|"
    r"intra-?arterial|one or more)"
)
_ROUTE = r"(?:subcutaneous|intramuscular|intravenous|intra-?arterial|intrathecal|intralesional)"
_AMA = _words(
    # a number of CPT explained in quotation marks: {cpt:96372}, "Therapeutic …"
    r"\{cpt:\w*\},?(?: \w+){0,3} ?[“\"]\w",
    # or in brackets, with the AMA's semicolon: {cpt:20610} (…, major joint; unguided)
    r"\{cpt:\w*\} ?\([^){;]{0,100};[^){]{0,100}\)",
    # or right behind it: {cpt:96413}, infusion technique; first hour
    rf"\{{cpt:\w*\}}[,:]? [^.;{{]{{0,100}}; {_QUALIFIER}\b",
    rf"\b(?:technique|administration|injection|infusion|hydration|procedure|service)(?:, [^.;]{{0,60}})?"
    rf"; {_QUALIFIER}\b",
    # orders of words that are the AMA's own
    r"\btherapeutic,? (?:prophylactic,? )?(?:and|or) (?:prophylactic|diagnostic)\b",
    r"\btherapeutic, prophylactic\b|\bfor therapy, prophylaxis\b|\bprophylaxis, or diagnosis\b",
    r"\(specify \w+|\bspecify (?:substance|material) or drug\b|\blist separately in addition\b",
    rf"\b{_ROUTE} or {_ROUTE}\b|\bintravenous (?:\w+ )?technique\b",
    r"\bsingle or initial (?:substance|drug)\b|\b(?:initial|sequential), up to (?:1|one) hour\b",
    r"\bintravenous push, (?:single|each)\b|\bchemotherapy administration, |\b31 minutes to\b",
    r"\barthrocentesis\b|\baspiration and/or injection\b|\bmajor joint or bursa\b",
    r"\bwith(?:out)? ultrasound guidance\b|\bpermanent recording and reporting\b",
    r"\boffice or other outpatient visit\b|\bevaluation and management of (?:a|an)\b",
    r"\bmedically appropriate history\b|\bkey components\b|\b(?:straightforward|low|moderate|high)"
    r"(?: level of)? medical decision[- ]making\b",
    r"\bchemodenervation of muscle|\bintravitreal injection of a pharmacologic agent\b",
    r"\bapplication of skin substitute graft to\b|\bhome infusion/specialty drug\b",
    r"\bcollection of venous blood\b|\bradiologic examination\b|\(separate procedure\)",
    r"\b(?:first|initial) \d+ sq(?:uare)? ?cm or less\b",
    r"\bphysician or other qualified health care professional\b",
)
_STATES = (
    r"(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|"
    r"Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|"
    r"Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|"
    r"New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|"
    r"Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    r"West Virginia|Wisconsin|Wyoming|Puerto Rico|Guam|D\.?C\.?)"
)
# What looks like a CPT number and is none.
_OTHER_NUMBERS = _words(
    r"\{cpt:\w*\}|\bhttps?://\S+",
    # a package's NDC, a ZIP code with its four further digits, or behind a place: Maryland 20610
    r"\b\d{4,5}-\d{3,4}-\d{1,2}\b|\b\d{5}-\d{4}\b",
    rf"\b{_STATES},? \d{{5}}\b|, (?-i:[A-Z]{{2}}) \d{{5}}\b",
    # a document: article A53033, ZIP code 20610
    r"\b(?:articles?|LCDs?|NCDs?|transmittals?|CR|change requests?|documents?|MLN|FR|notices?|"
    r"ZIP(?: codes?)?|section|box|§)\s+(?:no\.? |number |#)?[A-Z]?\d{4,6}\b",
    # an amount: 40000 units
    r"\b\d{5} ?(?:units?|mg|mcg|ml|miles?|IU|patients|claims|lines|codes|rows|people|characters|"
    r"feet|hours|points)\b",
)
_CPT_SHAPE = re.compile(r"(?<![\w.,#-])(?:\d{5}|\d{4}[FTUM])(?![\w%]|[.,]\d)")

quotes_x12 = Wording(_X12, "reads like X12's own text. Say it in our own words.", in_questions=True)
quotes_cpt = Wording(
    _AMA,
    "reads like the AMA's own text. Say it in our own words.",
    in_questions=True,
)


def names_a_bare_cpt_number(sheet: Sheet) -> Iterator[Problem]:
    """A CPT number outside {cpt:…}, where CPT_DISPLAY cannot reach it."""
    for passage in sheet.passages:
        for sentence in passage.sentences:
            match = _CPT_SHAPE.search(_OTHER_NUMBERS.sub(" ", sentence))
            if match:
                yield problem(
                    passage,
                    f"{excerpt(sentence)} names {match[0]} outside a placeholder. Write it as "
                    f"{{cpt:{match[0]}}}, with the number in the vocabulary, or take it out.",
                )


def names_an_unknown_cpt_number(sheet: Sheet) -> Iterator[Problem]:
    """A {cpt:…} that the vocabulary does not hold, so that it would be shown without words."""
    for passage in sheet.passages:
        for number in dict.fromkeys(CPT.findall(passage.text)):
            if number not in sheet.knowledge.cpt:
                yield problem(
                    passage,
                    f"{{cpt:{number}}} is not in the vocabulary. Add the number with our own words, "
                    "or take it out.",
                )
