"""How a text is written: length, ease of reading, and words that must not stand in it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import NUMBER, Passage, excerpt, is_denied
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

# The characters with Unicode's property Bidi_Control, and a word that has one.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TURNED = re.compile(rf"\S*{_TURNS.pattern}\S*")

_CURRENCY = r"(?:dollars?|bucks?|(?<!per )cents?|penn(?:y|ies)|euros?|quid)"
_PRICED = (
    r"(?:pa(?:ys?|id|yment)|prices?d?|rates?|amounts?|fees?|reimburse\w*|allow\w+|costs?|charges?|"
    r"ASP|WAC|AWP)"
)
_MONEY = re.compile(
    # by its sign: $45.20, US$ 5, USD 8.94, 1,250 US$, 30 ¢
    r"(?:[$€£]|\b(?:US\$|USD|EUR|GBP))\s?\.?\d|\d ?(?:[€£¢]|US\$|(?:USD|EUR|GBP)\b)"
    # in words: 45 dollars, six bucks, a few hundred US dollars, a penny, fifty-dollar
    rf"|(?<![\w.,])(?:an?|one|half an?|few|several|couple of|{NUMBER})[- ](?:few |hundred |"
    rf"thousand |(?!(?:in|of|per|by|the|for|and|or)\b)\w+[- ])?{_CURRENCY}\b"
    r"(?! (?:amount|limit|value|figure|sign|maximum|cap)s?\b)"
    # a decimal near a word of price: the rate is 27.11
    rf"|\b{_PRICED}\b[^.;%]{{0,40}}?\b\d{{1,3}}(?:,\d{{3}})*\.\d\d\b(?! ?(?:%|percent|mg|ml|miles?))"
    r"|\b\d{1,3},\d{3}\.\d\d\b"
    # a whole number right after one: the monthly fee is 95
    r"|\b(?:prices?|rates?|amounts?|fees?|costs?|allowables?) (?:\w+ )?(?:is|of|was|are|at) "
    r"(?:about |around |roughly |nearly |approximately )?(?!0\d\b|(?:19|20)\d\d\b)\d[\d,]*\b"
    r"(?![^.]{0,12}(?:%|percent|units?|months?|days?|years?|mg|mcg|ml|cm|miles?|hours?|lines?))"
    r"(?!\d{0,2}[-/.]\d)",
    re.I,
)
_ALWAYS = (
    r"(?:always|never(?! (?:pick|choose|bill|report|use|add|code|select|write|put|send|append)\b)|"
    r"invariably|automatically|without (?:exception|fail)|in (?:all|every|"
    r"each) (?:cases?|instances?|circumstances?)"
    r"|in no case|under no circumstances?|under (?:any|all) circumstances|every (?:single )?time|"
    r"at no time|all the time|at all times|100 ?(?:%|percent)"
    rf"|{NUMBER} times (?:out of|in) (?:a |every )?{NUMBER}|(?:a )?(?:hundred|thousand) times out of "
    rf"(?:a |every )?{NUMBER}|each and every (?:time|claim|case)|with no exceptions?"
    r"|every last (?:time|claim|case|one)|come what may|(?<!never )(?<!not )without question"
    r"|no matter (?:what|who|how|which)|whatever the (?:payer|plan|diagnosis|setting|circumstances)"
    r"|regardless of (?:payer|plan|diagnosis|coverage|the \w+)|"
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


def hides_a_direction(sheet: Sheet) -> Iterator[Problem]:
    """A character that nobody sees, and that makes a reader see words in another order."""
    for passage in sheet.passages:
        if found := _TURNED.search(passage.text):
            hidden = _TURNS.search(found[0])
            word = _TURNS.sub("", found[0])
            where = f"in “{word}”" if word else "between two words"
            yield problem(
                passage,
                f"A hidden character, {unicodedata.name(hidden[0])}, stands {where}: it turns the "  # type: ignore[index]
                "order in which readers see the letters. Take it out, or type the word anew.",
            )


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
