"""How a text is written: length, ease of reading, and words that must not stand in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import Passage, excerpt, is_denied
from guidance.prose import CPT, MAX_LENGTH

# The most words of a text, by topic and part. A row of denials counts as one text.
MOST_WORDS = {
    ("summary", "text"): 80,
    ("documentation", "text"): 180,
    ("unit", "text"): 90,
    ("claim_to", "text"): 90,
    ("coverage", "text"): 110,
    ("denials", "causes"): 60,
    ("denials", "text"): 60,
    ("modifiers", "text"): 80,
    ("faqs", "answer"): 120,
}
MOST_DENIALS = 8
HARDEST_GRADE = 14  # years of schooling
FEWEST_WORDS_TO_GRADE = 30

_MONEY = re.compile(
    r"[$€£]\s?\d|\bUS\$|\bUSD\b|\b\d[\d,.]* ?(?:dollars?|bucks|cents?)\b|\bdollars?\b|\b\d+ ?¢"
    r"|\b(?:pa(?:ys?|id|yment)|prices?d?|rates?|amounts?|fees?|reimburse\w*|allow\w+|costs?|"
    r"charges?|ASP|WAC|AWP)\b"
    r"[^.;%]{0,40}?\b\d{1,3}(?:,\d{3})*\.\d\d\b(?! ?(?:%|percent|mg|ml|miles?))"
    r"|\b\d{1,3},\d{3}\.\d\d\b"
    r"|\b(?:prices?|rates?|amounts?|fees?|costs?|allowables?) (?:\w+ )?(?:is|of|was|are|at) "
    r"(?:about |around |roughly |nearly |approximately )?(?!0\d\b|(?:19|20)\d\d\b)\d[\d,]*\b"
    r"(?![^.]{0,12}(?:%|percent|units?|months?|days?|years?|mg|mcg|ml|cm|miles?|hours?|lines?))"
    r"(?!\d{0,2}[-/.]\d)",
    re.I,
)
_ALWAYS = (
    r"(?:always|never|invariably|automatically|without (?:exception|fail)|in (?:all|every|"
    r"each) (?:cases?|instances?|circumstances?)"
    r"|in no case|under no circumstances?|under (?:any|all) circumstances|every (?:single )?time|"
    r"at no time|all the time|at all times|100 ?(?:%|percent)"
    r"|no matter (?:what|who|how|which)|regardless of (?:payer|plan|diagnosis|coverage|the \w+)|"
    r"unconditional(?:ly)?|universally)"
)
_OUTCOME = (
    r"(?:cover(?:s|ed|age|ing)?|pa(?:y|ys|id|yable|yment|ying)|reimburs\w+|approv\w+|den(?:y|ies|"
    r"ied|ial|ials)|reject\w*"
    r"|allow(?:s|ed|able)?|accept(?:s|ed)?|uncovered|non-?covered)"
)
_ABSOLUTE = re.compile(
    rf"\b{_ALWAYS}(?!\w)(?:\W+[\w'’%-]+){{0,6}}?\W+{_OUTCOME}\b"
    rf"|\b{_OUTCOME}\b(?:\W+[\w'’%-]+){{0,7}}?\W+(?!never\b){_ALWAYS}(?!\w)"
    rf"|\b(?:coverage|payment|approval) (?:is|are|was|will be) never\b(?! (?:billed|alone))"
    r"|\b(?:all|every|any|each) (?:\w+ )?(?:payers?|plans?|insurers?|carriers?) (?:will |must |"
    r"do |does )?(?:pays?|covers?|accepts?|reimburses?)\b"
    r"|\bno (?:\w+ )?(?:payer|plan|insurer|carrier)s? (?:will |would |can |ever |does |"
    r"do )*(?:pays?|covers?|reimburses?|accepts?|den(?:y|ies))\b",
    re.I,
)
_ABSOLUTE_LET_THROUGH = re.compile(
    r"\b(?:not|nor|hardly|almost|nearly) (?:always|automatically|in all cases)\b|"
    r"\balways (?:depends?|turns?|up to|subject)\b",
    re.I,
)
_GUARANTEE = re.compile(
    r"\bguarant(?:ee|y|or)\w*|\b(?:assur|ensur|secur|warrant)\w+ (?:\w+ ){0,4}?(?:payment|"
    r"coverage|approval|reimbursement|paid|covered|approved)\b"
    r"|\b(?:certain|sure|bound|assured|guaranteed) (?:to be|of being) (?:paid|covered|approved|"
    r"reimbursed|accepted)\b"
    r"|\b(?:certain|sure|bound) to (?:pay|cover|approve|pass|win)\b|\bassured of (?:payment|"
    r"coverage|approval)\b"
    r"|\bpromis\w+ (?:\w+ ){0,3}?(?:payment|coverage|approval|reimbursement)\b"
    r"|\b(?:can(?:not|['’]t)|won['’]t|will not|never) (?:ever )?(?:be )?(?:denied|refused|"
    r"rejected|turned down|fail)\b"
    r"|\bno way\b[^.]{0,30}\b(?:den(?:y|ied)|refused|rejected)\b|\b(?:payment|coverage|"
    r"approval) is (?:assured|certain|secure|sure)\b"
    r"|\b(?:hundred|100) ?(?:percent|%) (?:chance|sure|certain)|\bno (?:risk|chance|danger|"
    r"possibility) of (?:a )?(?:denial|refusal|rejection)\b|\b(?:foolproof|fail-?safe|"
    r"denial-?proof|risk-?free)\b"
    r"|\b(?:will|shall|is going to) (?:definitely|certainly|surely|undoubtedly|without doubt|"
    r"absolutely)\b"
    r"|\b(?:definitely|certainly|surely|undoubtedly|absolutely) (?:\w+ )?(?:pa(?:ys?|id)|"
    r"cover(?:s|ed)?|approved?)\b"
    r"|\bwin (?:every|the|any|your) appeal\b|\bwithout (?:any )?(?:risk|doubt)\b",
    re.I,
)
_TO_GET_PAID = re.compile(
    r"\b(?:higher|highest|better|best)[- ]pa(?:id|ying) (?:code|modifier|diagnosis|level)s?\b"
    r"|\b(?:choose|pick|use|select|change|switch|add|append|swap|put|report|bill|try|find|enter|"
    r"code)\b[^.]{0,60}"
    r"\b(?:diagnos[ie]s|modifiers?|codes?|ICD\S*|units?)\b[^.]{0,60}"
    r"\b(?:so (?:that )?(?:it|the \w+|they|you) (?:\w+ )?(?:paid|pays|passes|goes through)"
    r"|(?:to|and) (?:get|be|getting) (?:\w+ ){0,3}?paid|(?:that|which) (?:\w+ )?(?:pays|gets paid|"
    r"passes)"
    r"|pays (?:more|better|best|most)|(?:higher|highest|better|best|more) pa(?:ying|id|yment)"
    r"|to (?:bypass|get (?:past|around|through)|defeat|override|dodge|"
    r"beat) (?:\w+ ){0,3}?(?:edits?|denials?|policy|review|polic\w+))\b",
    re.I,
)
# Turns of phrase of the AMA's and X12's own texts, by their bones.
_LICENSED = {
    "X12": re.compile(
        r"\b(?:claims?|procedures?|services?)/(?:services?|procedures?|equipment)\b|/incomplete/|"
        r"\b(?:payer|charge|code|payment)\(s\)"
        r"|\bno appeal rights are afforded\b|"
        r"\bdecision was based on a local coverage determination\b"
        r"|\bexpenses incurred (?:after|prior)\b|\bdate of death precedes\b|\bpayer/contractor\b|"
        r"\bprecert\w+/\w+|\bbilling error\(s\)"
        r"|\binconsistent with the (?:modifier|procedure|patient|place|provider|diagnosis)"
        r"|\bdeemed (?:a |an )?.?(?:medical necessity|medically necessary)"
        r"|\bnon-?covered (?:services?|charges?) because|\bnon-?covered charges?\(?s?\)?"
        r"|\bpayment (?:adjusted|denied|is denied|reduced) (?:because|when)"
        r"|\bpayment/allowance\b|\bbenefit for this service is included\b"
        r"|\binformation submitted does not support this (?:level|many|length|dosage|day)"
        r"|\btime limit for filing has\b|\bmaximum for this time period\b|"
        r"\bidentified as our insured\b"
        r"|\bneeded to adjudicate\b|\brequired to adjudicate\b|\blacks information or has\b|"
        r"\bsubmission/billing\b"
        r"|\bnot covered by this payer\b|\bnot covered under the patient['’]s current benefit\b"
        r"|\bnot certified/eligible\b|\bcare may be covered by another payer\b|"
        r"\bexact duplicate claim\b"
        r"|\bcharge exceeds fee schedule\b|\bpatient responsibility \(",
        re.I,
    ),
    "AMA (CPT)": re.compile(
        r"\btherapeutic, prophylactic,? (?:and|or)\b|\bfor therapy, prophylaxis\b|"
        r"\bprophylaxis, or diagnosis\b"
        r"|\bspecify substance or drug\b|\blist separately in addition\b|"
        r"\bsingle or initial substance\b"
        r"|\bintravenous infusion technique\b|\b(?:initial|sequential), up to (?:1|one) hour\b"
        r"|\bintravenous push, (?:single|each)\b|\bsubcutaneous or intramuscular\b"
        r"|\boffice or other outpatient visit\b|\bevaluation and management of (?:a|an)\b"
        r"|\bmedically appropriate history\b|\b(?:straightforward|low|moderate|"
        r"high)(?: level of)? medical decision[- ]making\b"
        r"|\barthrocentesis, aspiration\b|\baspiration and/or injection\b|"
        r"\bpermanent recording and reporting\b"
        r"|\bchemodenervation of muscle|\bintravitreal injection of a pharmacologic agent\b"
        r"|\bapplication of skin substitute graft to\b|\bhome infusion/specialty drug\b"
        r"|\bchemotherapy administration, |\bkey components\b|\bhydration; initial\b|"
        r"\b31 minutes to\b|\bcollection of venous blood\b"
        r"|\bradiologic examination\b|\(separate procedure\)|\b(?:first|"
        r"initial) \d+ sq(?:uare)? ?cm or less\b"
        r"|\bphysician or other qualified health care professional\b",
        re.I,
    ),
}
# What looks like a CPT number and is none.
_OTHER_NUMBERS = re.compile(
    r"\{cpt:[^}]*\}|\b\d{4,5}-\d{3,4}-\d{1,2}\b|\bhttps?://\S+|\b\d{5}-\d{4}\b"
    r"|\b(?:articles?|LCDs?|NCDs?|transmittals?|CR|change requests?|documents?|MLN|FR|notices?|"
    r"ZIP(?: codes?)?|section|§)\s+(?:no\.? |number |#)?[A-Z]?\d{4,6}\b"
    r"|\b\d{5} ?(?:units?|mg|mcg|ml|miles?|IU|patients|claims|lines|codes|rows|people|characters|"
    r"feet|hours|points)\b",
    re.I,
)
_CPT_SHAPE = re.compile(r"(?<![\w.,#-])(?:\d{5}|\d{4}[FTUM])(?![\w%]|[.,]\d)")


def is_too_long(sheet: Sheet) -> Iterator[Problem]:
    """More characters than a text may have."""
    for passage in sheet.passages:
        if len(passage.text) > MAX_LENGTH:
            yield problem(
                passage,
                f"The text has {len(passage.text):,} characters; {MAX_LENGTH:,} are the most. "
                "Split or shorten it.",
            )


def is_long(sheet: Sheet) -> Iterator[Problem]:
    """More words than the editorial standard gives a text, or more denial rows."""
    for passage in sheet.passages:
        most = MOST_WORDS.get((passage.topic, passage.part))
        words = len(passage.text.split())
        if most and words > most:
            yield problem(
                passage, f"The {passage.part} has {words} words; {most} are the most. Shorten it."
            )
    denials = len(sheet.content.get("denials", ()))
    if denials > MOST_DENIALS:
        yield Problem(
            "denials",
            None,
            f"{denials} denial rows; {MOST_DENIALS} are the most. Keep the usual ones.",
        )


def is_hard_to_read(sheet: Sheet) -> Iterator[Problem]:
    """A reading grade (Flesch-Kincaid) above what a working reader takes at a glance."""
    for passage in sheet.passages:
        grade = reading_grade(passage)
        if grade > HARDEST_GRADE:
            yield problem(
                passage,
                f"The {passage.part} reads at grade {grade:.0f}; {HARDEST_GRADE} is the most. "
                "Use shorter sentences and plainer words.",
            )


def reading_grade(passage: Passage) -> float:
    """Years of schooling by Flesch and Kincaid; 0 for a text too short to be graded."""
    words = re.findall(r"[A-Za-z][a-z'’]+", CPT.sub("", passage.text))
    if len(words) < FEWEST_WORDS_TO_GRADE:
        return 0.0
    syllables = sum(_syllables(word) for word in words)
    # What follows a colon, and each item of a long enumeration, is read on its own.
    steps = sum(1 + s.count(": ") + s.count("; ") + s.count(", ") // 3 for s in passage.sentences)
    return 0.39 * len(words) / steps + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, a silent last e left out."""
    word = word.lower()
    found = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(("le", "ted", "ded", "ses"))
    return max(1, found - silent)


def _is_disclaimed(sentence: str, match: re.Match) -> bool:
    """Whether the words are denied around or within them: "it promises no payment"."""
    return is_denied(sentence, match) or bool(
        re.search(r"\w{5} (?:no|neither|nothing)\b", match[0])
    )


@dataclass(frozen=True)
class Wording:
    """Words that must not stand in a text. Questions are asked, so they may hold some."""

    words: re.Pattern
    message: str
    let_through: re.Pattern | None = None
    may_be_denied: bool = False
    in_questions: bool = False

    def __call__(self, sheet: Sheet) -> Iterator[Problem]:
        for passage in sheet.passages:
            for sentence in passage.sentences if self.in_questions else passage.statements:
                if self._stands_in(sentence):
                    yield problem(passage, f"{excerpt(sentence)} {self.message}")

    def _stands_in(self, sentence: str) -> bool:
        for match in self.words.finditer(sentence):
            if self.let_through and self.let_through.search(sentence):
                return False
            if not (self.may_be_denied and _is_disclaimed(sentence, match)):
                return True
        return False


names_money = Wording(
    _MONEY,
    "names an amount of money. Link the fee schedule or price file instead.",
    in_questions=True,
)
speaks_in_absolutes = Wording(
    _ABSOLUTE,
    "says that something is always or never paid. Say who decides, and on what.",
    let_through=_ABSOLUTE_LET_THROUGH,
)
guarantees = Wording(
    _GUARANTEE, "promises an outcome. Say what is required, and who decides.", may_be_denied=True
)
codes_to_get_paid = Wording(
    _TO_GET_PAID,
    "advises a code, diagnosis or modifier for the sake of payment. Code what the record supports.",
    may_be_denied=True,
)
quotes_x12 = Wording(
    _LICENSED["X12"], "reads like X12's own text. Say it in our own words.", in_questions=True
)
quotes_cpt = Wording(
    _LICENSED["AMA (CPT)"],
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
