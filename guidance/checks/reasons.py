"""Adjustment reasons (CARC) in the sense that MACs give them, and the words that give them another.

The numbers are X12's; the words are our own glosses.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """`means`: our gloss. `sense`: words of that meaning, of which a row has at least one.

    `may_be`: keys of MEANINGS, what the reason can be about beside its own meaning.
    """

    means: str
    sense: re.Pattern
    may_be: tuple[str, ...]


def _words(*alternatives: str) -> re.Pattern:
    return re.compile("|".join(alternatives), re.I)


_APPROVAL = r"(?:authori[sz]ations?|approvals?|pre-?cert\w*|pre-?authori[sz]ations?)"
_ABSENT = r"(?:missing|incomplete|invalid|absent|blank|empty|left out|omitted|not filled|lacking)"
_FIELD = (
    r"(?:information|fields?|data|NPI|identifiers?|NDC|drug codes?|entr(?:y|ies)"
    r"|(?:provider|drug|package|certificate|policy|license|member) numbers?)"
)
_LIMIT = r"(?:maxim\w+|limits?|caps?|ceilings?|allowances?)"

MEANINGS = {
    "the benefit maximum (119)": _words(
        r"\b(?:benefits?|lifetime|annual|yearly|calendar[- ]year|plan[- ]year|dollar|coverage)"
        rf"(?:['’]s)?(?: \w+){{0,3}} {_LIMIT}\b",
        r"\b(?:plan|payer|policy|patient|visit|insurer)(?:['’]s)?(?: \w+){0,3} (?:maxim\w+|caps?|"
        r"ceilings?)\b",
        rf"\b{_LIMIT}(?: \w+){{0,3}} (?:benefits?|coverage)\b",
        r"\bbenefits? (?:\w+ ){0,6}?(?:used up|exhausted|reached|spent|maxed|run out|ran out)\b",
        r"\b(?:exhaust\w*|used up|uses up|spent|maxed out|ran out of|run out of) (?:\w+ ){0,5}?"
        r"(?:benefits?|maxim\w+|caps?|ceilings?|coverage)\b",
        r"\bmaxim\w+(?: \w+){0,4} (?:has been|is|was|were|have been|had been|been) "
        r"(?:\w+ )?(?:reached|met|used|exhausted|exceeded)\b",
        r"\b(?:reach\w*|met|hit|exceed\w*) (?:the |its |his |her |their |"
        r"a )?(?:\w+ ){0,2}maxim\w+\b",
        r"\bmaximum benefits?\b",
        r"\bno (?:\w+ ){1,2}left (?:under|of|in) the (?:\w+ )?(?:benefit|plan)\b",
    ),
    "number or frequency (151)": _words(
        r"\btoo (?:many|often|frequent\w*|soon|early)\b",
        r"\b(?:not |n[’']t )?(?:support|supports|justify|justifies)\b[^.]{0,25}\b(?:this many|"
        r"this often|frequency|quantity|number|units)\b",
        r"\b(?:billed|sent|given|supplied) more (?:often|frequently)\b",
        r"\b(?:frequency|frequencies)\b",
        r"\b(?:quantity|unit|utili[sz]ation) (?:\w+ )?(?:limits?|edits?|exceed\w*)\b",
        r"\b(?:units?|quantit(?:y|ies)|number of \w+)\b[^.]{0,30}\b(?:exceed\w*|above|over|"
        r"more than)\b",
        r"\bexceed\w* (?:\w+ ){0,3}?(?:units?|quantit\w+|frequen\w+|MUE)\b",
        r"\bsame[- ]or[- ]similar\b",
        r"\bmedically unlikely\b|\boverutili[sz]\w+\b|\bMUE\b",
    ),
    "medical need (50)": _words(
        # "does not find the infusion medically necessary": here the "not" is the meaning's own
        r"\b(?:not|cannot|never|\w+n['’]t|fails? to|failed to) (?:[\w'’-]+ ){0,8}?(?:medical(?:ly)? "
        r"necess\w+|necess(?:ary|ity)|needed|justified|warranted|indicated)\b",
        r"\b(?:sees?|saw|finds?|found|shows?|showed) no (?:\w+ )?(?:need|reason|necessity|"
        r"justification)\b",
        r"\bmedical(?:ly)? (?:un)?necess\w+\b",
        r"\b(?:not|no|lack of|without) (?:\w+ ){0,3}?necess(?:ary|ity)\b",
        r"\bnot (?:\w+ )?reasonable and necessary\b",
        r"\b(?:medical|clinical) need\b",
        r"\bunnecessary\b|\bnot needed\b",
        r"\bcriteria (?:were|are|was|is) not (?:met|shown)\b|"
        r"\bnot meet (?:the )?(?:\w+['’]?s? )?(?:criteria|LCD)\b",
    ),
    "missing information (16)": _words(
        rf"\b{_ABSENT}\b[^.]{{0,30}}\b{_FIELD}\b",
        rf"\b{_FIELD}\b[^.]{{0,30}}\b{_ABSENT}\b",
        r"\blacks? (?:\w+ ){0,3}?(?:information|fields?|data|NPI|NDC|identifier)\b",
        r"\bbilling errors?\b|\bunprocessable\b",
        r"\b(?:required|needed) (?:information|fields?|data)\b",
    ),
    "another service's payment (97)": _words(
        r"\b(?:un)?bundl\w+|\bpackaged\b|\bpackaging into\b",
        r"\bpaid (?:in|within|inside|as part of|with) (?:another|the (?:same )?(?:service|"
        r"procedure|visit|code))\b",
        r"\b(?:included|contained) (?:in|within) (?:the )?(?:payment|price|allowance|another)\b",
    ),
    "a duplicate (18)": _words(
        r"\bduplicat\w+\b",
        r"\b(?:claim|line) (?:was )?(?:sent|billed|submitted|resent|filed) (?:\w+ )?(?:twice|"
        r"again|a second time)\b",
        r"\bbilled twice\b|\bsent twice\b",
        r"\bsame (?:claim|line)\b[^.]{0,30}\b(?:twice|again|before|already)\b",
    ),
    "late filing (29)": _words(
        r"\btimely[- ]filing\b|\bfiling (?:limit|deadline|period|window)\b|\bfiled late\b|"
        r"\buntimely\b",
        r"\bclaims? (?:\w+ ){0,3}?(?:sent|filed|submitted|arrived|came|received|"
        r"billed)\b[^.]{0,25}\b(?:too late|late)\b",
        r"\bclaims? [^.]{0,30}\b(?:after|past) the (?:deadline|limit|cut-?off)\b",
        r"\b(?:past|after|outside|beyond) (?:the |its )?(?:payer['’]s )?(?:\w+ )?(?:filing|claim|"
        r"time) "
        r"(?:limit|deadline|window|period)\b",
    ),
    "the wrong payer (109)": _words(
        r"\bwrong (?:payer|contractor|MAC|carrier|insurer|DME MAC|plan)\b",
        r"\b(?:sent|went|submitted) to the wrong\b",
        r"\banother (?:payer|contractor|MAC|carrier) (?:is responsible|has to pay|should)\b",
    ),
    "a missing authorization (197)": _words(
        rf"\b{_APPROVAL}\b[^.]{{0,40}}\b(?:missing|absent|not (?:been )?(?:obtained|requested|"
        rf"found|given|on (?:file|the claim|the line))|lacking|never)\b",
        rf"\b(?:no|without|missing|lacks?|absent|failed to (?:get|"
        rf"obtain)) (?:\w+ ){{0,3}}?{_APPROVAL}\b",
        r"\bnot (?:been )?(?:pre-?)?(?:authori[sz]ed|approved)\b|\bnever (?:authori[sz]ed|"
        r"approved)\b",
    ),
    "a plan's benefits (204)": _words(
        r"\bnot (?:\w+ )?(?:a |an )?(?:\w+ )?(?:covered|benefit|benefits)(?: \w+){0,3}? (?:by|"
        r"under|of|in) "
        r"(?:the |this |that |his |her )*(?:patient['’]s |member['’]s )?(?:\w+ )?(?:plan|contract|"
        r"benefit)\b",
        r"\bplan (?:excludes|leaves (?:it|this) out|does not (?:cover|include))\b",
    ),
    "non-coverage (96)": _words(
        r"\bnon-?covered\b|\bnever covered\b|\bnot a covered\b|\bexcluded (?:by|from)\b|"
        r"\bnot covered\b",
    ),
    "a modifier (4)": _words(
        r"\b(?:missing|wrong|invalid|no|absent|incorrect) (?:\w+ )?modifiers?\b",
        r"\bmodifiers? (?:\w+ ){0,3}?(?:is|was|are|were) (?:\w+ )?(?:missing|absent|wrong|"
        r"invalid)\b",
        r"\blacks? (?:a |the )?(?:\w+ )?modifiers?\b",
    ),
    "the diagnosis (11)": _words(
        r"\bdiagnos[ei]s (?:\w+ ){0,3}?(?:does|do|did|is|was) not (?:fit|match|support|on|listed|"
        r"covered|one)\b",
        r"\b(?:wrong|mismatched|invalid|unlisted|incorrect) diagnos[ei]s\b",
    ),
    "the end of coverage (27)": _words(
        r"\bcoverage (?:had |has |was |is )?(?:ended|lapsed|expired|terminated)\b",
        r"\b(?:patient|member|beneficiary) (?:is|was) (?:not|no longer) (?:\w+ )?(?:eligible|"
        r"insured|enrolled|a member)\b",
        r"\binactive coverage\b|\bafter (?:the )?(?:policy|coverage) ended\b",
    ),
}
(
    MAXIMUM,
    NUMBER,
    NEED,
    MISSING,
    BUNDLED,
    DUPLICATE,
    LATE,
    WRONG_PAYER,
    APPROVAL,
    PLAN,
    UNCOVERED,
    MODIFIER,
    DIAGNOSIS,
    ENDED,
) = MEANINGS

REASONS = {
    "4": Reason(
        "a modifier is missing or does not go with the code",
        _words(r"\bmodifiers?\b|\b(?-i:[A-Z][A-Z0-9])\b|\bside\b|\bmonth\b|\bpair\b|\bletters\b"),
        may_be=(MISSING,),
    ),
    "11": Reason(
        "the diagnosis does not fit the code",
        _words(r"\bdiagnos|\bindication|\bcondition|\bdisease|\bcancer|\bfor\b"),
        may_be=(NEED, UNCOVERED),
    ),
    "16": Reason(
        "information is missing or wrong; the remark code says which",
        _words(r"."),
        may_be=(WRONG_PAYER, APPROVAL, MODIFIER, DIAGNOSIS),
    ),
    "18": Reason(
        "it is an exact duplicate",
        _words(
            r"\bduplicat|\btwice|\bagain|\btwo\b|second|same|equal|both|first|repeat|resent|like|"
            r"copy|already"
        ),
        may_be=(MODIFIER, DIAGNOSIS),
    ),
    "22": Reason(
        "another payer may come first",
        _words(
            r"\bprimary|other|another|coordinat|first|second|\bMSP\b|group plan|liab|stay|hospice"
        ),
        may_be=(WRONG_PAYER, PLAN, UNCOVERED, DIAGNOSIS, ENDED),
    ),
    "24": Reason(
        "the patient is in a managed-care plan",
        _words(r"\bplan\b|managed|advantage|enrol|capitat"),
        may_be=(WRONG_PAYER, PLAN, UNCOVERED, DIAGNOSIS, ENDED),
    ),
    "29": Reason(
        "the claim came too late",
        _words(r"\blate|limit|deadline|\btime|wait|year|month|\bday|after|held"),
        may_be=(WRONG_PAYER, DIAGNOSIS),
    ),
    "45": Reason(
        "the charge is above the allowed amount",
        _words(r"\ballowed|charge|fee|schedule|contract|amount"),
        may_be=(MAXIMUM, PLAN, MODIFIER, DIAGNOSIS, ENDED),
    ),
    "50": Reason(
        "the payer's rule does not see the need",
        _words(r"."),
        may_be=(NUMBER, PLAN, UNCOVERED, DIAGNOSIS),
    ),
    "96": Reason(
        "the charge is not covered; the remark code says why",
        _words(
            r"cover|not (?:paid|payable|pay)|\bpays?\b|refus|outside|private|denial|mark|closed|"
            r"benefit|take|"
            r"\bGY\b|free|list|leaves|themselves|unknown|exclu|statut|self"
        ),
        may_be=(WRONG_PAYER, PLAN, MODIFIER, ENDED),
    ),
    "97": Reason(
        "it is paid inside another service",
        _words(
            r"bundl|packag|part of|inside|within|includ|count|stay|separate|already|extra|beside|"
            r"global|inpatient|covers|holds|"
            r"belongs|contain|same|both|\bone\b|hospital|facility|add-on|first code|another"
        ),
        may_be=(UNCOVERED, MODIFIER, DIAGNOSIS),
    ),
    "109": Reason(
        "the claim went to the wrong payer or contractor",
        _words(
            r"\bMACs?\b|payer|contractor|plan|hospice|stay|facility|belongs|went|sent|"
            r"jurisdiction|region|moved|"
            r"agenc|pharmac|hospital|Medicare|address|state|office|billed|cent(?:er|re)|"
            r"institution|home|carrier"
        ),
        may_be=(BUNDLED, PLAN, UNCOVERED, ENDED),
    ),
    "119": Reason(
        "the benefit maximum of the period is reached",
        _words(
            r"maxim|limit|\bcap\b|caps|used up|exhaust|allow|period|year|quantity|visit|hours|"
            r"number|more|grant|"
            r"plan|interval|last|benefit"
        ),
        may_be=(PLAN, UNCOVERED, ENDED),
    ),
    "150": Reason(
        "what was sent does not support the level of service",
        _words(
            r"level|lesser|descript|record|show|support|grade|higher|basic|beyond|complex|advanced"
        ),
        may_be=(NUMBER, NEED, UNCOVERED, MODIFIER, DIAGNOSIS, ENDED),
    ),
    "151": Reason(
        "what was sent does not support this many or this often",
        _words(r"."),
        may_be=(NEED, BUNDLED, DUPLICATE, DIAGNOSIS),
    ),
    "197": Reason(
        "the authorization is missing",
        _words(
            r"authori[sz]|approv|certif|notif|affirm|number|asked|review|permission|decision|"
            r"agree|list"
        ),
        may_be=(MISSING, PLAN),
    ),
    "198": Reason(
        "there is an authorization, and more was billed than it allows",
        _words(r"authori[sz]|approv|exceed|beyond|more|number"),
        may_be=(NUMBER, MISSING, APPROVAL, PLAN, UNCOVERED),
    ),
    "204": Reason(
        "the patient's plan does not cover it",
        _words(r"\bplan|benefit|cover|program|payer|contract|list|policy|state|take|Medicare"),
        may_be=(WRONG_PAYER, UNCOVERED, ENDED),
    ),
    "252": Reason(
        "a document is needed",
        _words(r"document|attach|record|report|invoice|descri|letter|order|narrative|notes|review"),
        may_be=(NEED, MISSING, UNCOVERED, MODIFIER, DIAGNOSIS),
    ),
}


def foreign_to(carc: str) -> tuple[str, ...]:
    """The meanings that the reason never has: not its own, whose name bears its number."""
    return tuple(
        name
        for name in MEANINGS
        if name not in REASONS[carc].may_be and not name.endswith(f"({carc})")
    )
