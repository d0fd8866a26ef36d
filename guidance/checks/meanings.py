"""Whether what a text says of a modifier fits CMS's own words for the modifier.

    UE is "Used durable medical equipment": a rule that gives it to new equipment is wrong.

CONTRASTS is a table of facts that exclude one another. Where CMS's text holds exactly one of a group,
words of ours that give the modifier another one of the group, and not its own, are wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import Passage, excerpt


@dataclass(frozen=True)
class Fact:
    """`cms`: how CMS's texts for modifiers say it. `ours`: how a text of ours may say it.

    `is_denial`: it denies the facts behind it, whose words it may hold ("nothing was discarded").
    """

    name: str
    cms: re.Pattern
    ours: re.Pattern
    is_denial: bool = False


def _fact(name: str, cms: str, ours: str = "", *, is_denial: bool = False) -> Fact:
    whole = f"{cms}|{ours}" if ours else cms
    return Fact(name, re.compile(cms, re.I), re.compile(whole, re.I), is_denial)


_NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LEFTOVER = r"(?:discard\w*|wast\w+|thrown away|left over|left in the \w+|unused|poured away)"
_NOTHING = r"(?:nothing|none|no|zero|without)"


def _counted(things: str) -> tuple[Fact, ...]:
    """So many of the things, as in "Dressing for two wounds"."""
    return tuple(
        _fact(f"{word} {things}", rf"\b(?:{word}|{figure}) (?:or (?:more|fewer) )?(?:{things})\b")
        for figure, word in enumerate(_NUMERALS, start=1)
    )


def _numbered(what: str, figures: range) -> tuple[Fact, ...]:
    """The number of a level or group, as in "Group 2 oxygen coverage criteria met"."""
    return tuple(_fact(f"{what} {figure}", rf"\b{what} {figure}\b") for figure in figures)


CONTRASTS: tuple[tuple[Fact, ...], ...] = (
    (  # NU, UE
        _fact("new", r"^new equipment", r"\bnew\b"),
        _fact(
            "used",
            r"^used durable",
            r"\b(?:bought|sold|supplied|delivered|provided|dispensed|furnished|is|was|are|were) used\b"
            r"(?! (?:by|for|in|with|at|on|as|to)\b)|^used\b(?! (?:by|for|in|with|at|on|as|to)\b)"
            r"|\bused (?:equipment|walker|item|device|chair|bed|one|aid|unit)s?\b"
            r"|\bsecond-?hand\b|\bpre-?owned\b|\brefurbished\b|\bnot new\b",
        ),
    ),
    (  # RR, LL; BP, BR
        _fact("rented", r"^rental\b|elected to rent", r"\brent(?:ed|als?|s|ing)?\b"),
        _fact("bought", r"elected to purchase", r"\bbought\b|\bpurchased?\b|\bbuys?\b|\bsold\b"),
    ),
    (  # KH, KI, KJ
        _fact(
            "the first month",
            r"first month rental",
            r"\b(?:first|initial|1st) (?:rental )?month\b|\bmonth (?:1|one)\b",
        ),
        _fact(
            "the second and third month",
            r"second or third month",
            r"\b(?:second|third|2nd|3rd)\b[^.;]{0,20}\bmonths?\b|\bmonths? (?:2|3|two|three)\b",
        ),
        _fact(
            "the fourth month and later ones",
            r"months four to fifteen",
            r"\b(?:(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|thirteen)th|4th)\b[^.;]{0,20}\bmonths?\b"
            r"|\bmonths? (?:[4-9]|1[0-5]|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)\b",
        ),
    ),
    (  # LT, RT, and the fingers, toes, eyelids and arteries
        _fact(
            "left",
            r"^left\b|\bleft (?:side|hand|foot|knee|eye|eyelid|ear|arm|leg|hip|shoulder|wrist|elbow|"
            r"ankle|breast|limb|joint|lung|upper|lower)\b|\b(?:upper|lower) left\b",
            r"\bon the left\b",
        ),
        _fact(
            "right",
            r"^right\b|\bright (?:side|hand|foot|knee|eye|eyelid|ear|arm|leg|hip|shoulder|wrist|elbow|"
            r"ankle|breast|limb|joint|lung|upper|lower|coronary)\b|\b(?:upper|lower) right\b",
            r"\bon the right\b",
        ),
    ),
    (  # JA, JB, JE
        _fact(
            "into a vein", r"intravenous\w*", r"\binto (?:a|the) vein\b|\bby vein\b|\binfus\w+\b"
        ),
        _fact(
            "under the skin",
            r"subcutaneous\w*",
            r"\bunder the skin\b|\bbeneath the skin\b|\binto the (?:belly|fat)\b",
        ),
        _fact("by way of the dialysate", r"via dialysate", r"\bdialysate\b"),
    ),
    (  # JZ, JW
        _fact(
            "nothing discarded",
            r"^zero drug amount",
            rf"\b{_NOTHING}\b[^.;]{{0,40}}\b(?:{_LEFTOVER}|left|remains?|remained)\b"
            rf"|\bnot (?:\w+ ){{0,2}}{_LEFTOVER}\b|\bused up\b"
            r"|\b(?:whole|full|entire|all)\b[^.;]{0,40}\b(?:given|used|injected|infused)\b",
            is_denial=True,
        ),
        _fact("a part discarded", r"^drug amount discarded", rf"\b{_LEFTOVER}\b"),
    ),
    (  # KS, where the others say nothing of insulin
        _fact(
            "not treated with insulin",
            r"not treated with insulin",
            r"\b(?:not|no|without|never|nor)\b[^.;]{0,30}\binsulin\b",
            is_denial=True,
        ),
        _fact("treated with insulin", r"(?<!not )treated with insulin", r"\binsulin\b"),
    ),
    (  # KX, which says that the policy is met
        _fact("criteria met", r"medical policy have been met|coverage criteria met"),
        _fact(
            "criteria not met",
            r"not reasonable and necessary",
            r"\b(?:criteria|requirements|conditions|policy|rules)\b[^.;]{0,30}\b(?:not|never|n['’]t) "
            r"(?:been |all |fully )?(?:met|meet|satisfied|fulfilled|shown)\b"
            r"|\b(?:not|never|n['’]t|without) meet(?:ing)? (?:the |all |its )?(?:\w+ )?(?:criteria|"
            r"requirements|policy)\b|\bunmet\b",
        ),
    ),
    (  # GA, GU, GX: a notice was given; GZ, where none was, is told by its denial
        _fact(
            "a notice given",
            r"(?:waiver of liability statement|notice of liability) issued",
            r"\b(?:signed|valid|given|required|voluntary) (?:notice|waiver|ABN)\b",
        ),
        _fact(
            "no notice",
            r"expected to be denied",
            r"\b(?:no|without (?:a|an|the|any)) (?:\w+ )?(?:notice|waiver|ABN)\b|\b(?:notice|waiver|"
            r"ABN) (?:is|was) (?:missing|absent|not|never)\b",
        ),
    ),
    (  # GX, and GA and GU
        _fact("a voluntary notice", r"issued, voluntary", r"\bvoluntary\b|\bnot require\w*\b"),
        _fact(
            "a notice that the payer requires",
            r"issued as required by payer policy",
            r"\b(?:required|mandatory|obligatory) (?:notice|waiver|ABN)\b",
        ),
    ),
    (  # GY, and GA and GZ, which are about need
        _fact(
            "excluded by law",
            r"statutorily excluded",
            r"\bstatut\w+\b|\bby law\b|\bthe law (?:excludes|leaves)\b",
        ),
        _fact(
            "not thought necessary",
            r"not reasonable and necessary",
            r"\bnot (?:\w+ )?(?:reasonable|necessary|needed)\b|\bmedical necessity\b",
        ),
    ),
    (  # QE, QA; QG, QF, QR, QB
        _fact(
            "under 1 liter a minute",
            r"less than 1 liter",
            r"\b(?:under|below|less than) (?:1|one)\b",
        ),
        _fact(
            "over 4 liters a minute",
            r"(?:greater than|exceeds) 4 liters",
            r"\b(?:over|above|more than|greater than|exceed\w*) (?:4|four)\b",
        ),
    ),
    (  # RA, RB
        _fact(
            "a part replaced in a repair",
            r"replacement of a part",
            r"\b(?:a|the|one|only) (?:worn |broken |\w+ )?(?:part|component)s?\b|\bin a repair\b|"
            r"\bparts?\b",
        ),
        _fact(
            "the whole item replaced",
            r"^replacement of a dme",
            r"\b(?:whole|entire|complete)\b",
        ),
    ),
    (  # EA, EB, EC
        _fact("chemotherapy", r"(?<!not )due to anti-cancer chemotherapy", r"\bchemotherapy\b"),
        _fact("radiotherapy", r"(?<!not )due to anti-cancer radiotherapy", r"\bradio?therapy\b"),
        _fact(
            "neither of the two",
            r"not due to anti-cancer",
            r"\b(?:neither|not|other|kidney|renal)\b",
        ),
    ),
    (  # JD, JC
        _fact("not used as a graft", r"not used as a graft", r"\b(?:not|otherwise|other than)\b"),
        _fact("used as a graft", r"(?<!not )used as a graft", r"\bgraft\b"),
    ),
    (  # PN, PO
        _fact("non-excepted", r"^non-excepted", r"\b(?:non-?|not )excepted\b"),
        _fact("excepted", r"^excepted", r"(?<!non-)(?<!non)(?<!not )\bexcepted\b"),
    ),
    (  # QM, QN
        _fact("under arrangement", r"under arrangement", r"\barrange\w*\b"),
        _fact("furnished directly", r"furnished directly", r"\bdirectly\b|\bitself\b|\bown crew\b"),
    ),
    (  # GN, GO, GP
        _fact("speech therapy", r"speech language pathology", r"\bspeech\b"),
        _fact("occupational therapy", r"occupational therapy", r"\boccupational\b"),
        _fact("physical therapy", r"physical therapy", r"\bphysical therap\w+\b"),
    ),
    (  # AU, AV, AW, AX, BA
        _fact(
            "a urological, ostomy or tracheostomy supply",
            r"urological, ostomy",
            r"\b(?:urolog|ostom|tracheostom|cathet)\w*",
        ),
        _fact(
            "a prosthesis or orthosis",
            r"prosthetic device, prosthetic or orthotic",
            r"\b(?:prosthe|ortho)\w+",
        ),
        _fact("a surgical dressing", r"with a surgical dressing", r"\bdressings?\b|\bwounds?\b"),
        _fact("dialysis", r"with dialysis services", r"\bdialysis\b"),
        _fact("nutrition", r"\(pen\) services", r"\bnutrition\b|\bfeeding\b"),
    ),
    (  # BO
        _fact(
            "by mouth", r"^orally administered", r"\bby mouth\b|\boral\w*\b|\bdr(?:ink|unk)\w*\b"
        ),
        _fact("through a tube", r"^tube fed", r"\bthrough (?:a|the) (?:feeding )?tube\b|\btube\b"),
    ),
    (  # KO, KP, KQ
        _fact("one drug alone", r"^single drug", r"\b(?:one|single) drug\b"),
        _fact("the first of several drugs", r"^first drug", r"\bfirst\b"),
        _fact("a later drug of several", r"^second or subsequent drug", r"\b(?:second|later)\b"),
    ),
    (  # TD, TE
        _fact("a registered nurse", r"^rn$", r"\bregistered nurse\b|\bRN\b"),
        _fact("a practical nurse", r"^lpn/lvn$", r"\b(?:practical|vocational) nurse\b|\bL[PV]N\b"),
    ),
    (  # GT, GQ, FQ
        _fact("live with sound and picture", r"interactive audio and video", r"\bvideo\b"),
        _fact("not live", r"asynchronous", r"\bstore[- ]and[- ]forward\b|\bnot live\b"),
        _fact("by sound alone", r"audio-only", r"\b(?:telephone|phone) (?:only|alone)\b"),
    ),
    _counted("wounds?"),  # A1 to A9
    _counted("patients?|persons?|people"),  # UN to US, GM
    _numbered("group", range(1, 4)),  # N1, N2, N3
    _numbered("functional level", range(5)),  # K0 to K4
)

# Where one modifier's part of a sentence ends: "JA for a vein, JB under the skin".
_CLAUSE_END = re.compile(
    r"[;:]|, |\band (?=[A-Z][A-Z0-9]\b)|\b(?:while|whereas|but|or (?=[A-Z][A-Z0-9]\b))"
)
_TOKEN = re.compile(r"(?<![\w-])[A-Z][A-Z0-9](?![\w-])")
_DENIED = re.compile(
    r"\b(?:not|never|cannot|nor|neither|instead of|rather than|wrong\w*|invalid|without|unlike|"
    r"\w+n['’]t|takes? the place|took the place)\b",
    re.I,
)


def gives_a_modifier_a_wrong_meaning(sheet: Sheet) -> Iterator[Problem]:
    """A modifier rule, or a clause that names one modifier, against CMS's own text for it."""
    for passage in sheet.passages:
        for modifier, words, sentence in _spoken(sheet, passage):
            text = sheet.knowledge.modifier_texts.get(modifier, "")
            wrong = _wrong_fact(text, words)
            if wrong:
                yield problem(
                    passage,
                    f"{excerpt(sentence)} gives modifier {modifier} the meaning “{wrong}”; CMS's "
                    f"text for it: {excerpt(text)}. Correct the text or the modifier.",
                )
                break


def _spoken(sheet: Sheet, passage: Passage) -> Iterator[tuple[str, str, str]]:
    """Each modifier with the words that are said of it alone, and their sentence.

    A denial's causes tell of mistakes: "RR stands on a walker that was sold".
    """
    if passage.part == "causes":
        return
    own = _modifier_of_the_row(sheet, passage)
    for sentence in passage.statements:
        if own and passage.part == "context" and not _named(sheet, sentence) - {own}:
            yield own, sentence, sentence
            continue
        for clause in _CLAUSE_END.split(sentence):
            named = _named(sheet, clause) or ({own} if own else set())
            if len(named) == 1 and not _DENIED.search(clause):
                yield named.pop(), clause.strip(), sentence


def _modifier_of_the_row(sheet: Sheet, passage: Passage) -> str:
    if passage.topic != "modifiers":
        return ""
    row = sheet.content["modifiers"][passage.row]
    return "" if row["relation"] == "forbidden" else row["code"]


def _named(sheet: Sheet, words: str) -> set[str]:
    """The modifiers that the words name; before a full release is known, any two capitals may be."""
    known = sheet.knowledge
    return {
        token
        for token in _TOKEN.findall(words)
        if token in known.modifier_texts or not known.is_complete
    }


def _wrong_fact(text: str, words: str) -> str | None:
    """The fact that the words state and that excludes what CMS's text says; None if they agree."""
    for group, own in _facts_of(text):
        stated = [fact for fact in group if fact.ours.search(words)]
        if stated and own not in (stated[:1] if stated[0].is_denial else stated):
            return stated[0].name
    return None


@cache
def _facts_of(text: str) -> tuple[tuple[tuple[Fact, ...], Fact], ...]:
    """The groups of which CMS's text holds exactly one fact, each with that fact."""
    held = ((group, [fact for fact in group if fact.cms.search(text)]) for group in CONTRASTS)
    return tuple((group, facts[0]) for group, facts in held if len(facts) == 1)
