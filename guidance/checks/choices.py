"""Advice to code for the sake of payment: a choice, and a motive that the record does not give."""

import re
from collections.abc import Iterator

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import Passage, excerpt


def _words(*alternatives: str) -> re.Pattern:
    return re.compile("|".join(alternatives), re.I)


_CODE = r"(?-i:[A-CE-V]\d{4})"
# What one chooses: a code, a diagnosis, a modifier, a level, units; or "it", which stands for one.
_CHOSEN = (
    rf"(?:{_CODE}|\{{cpt:\w+\}}|diagnos[ei]s|modifiers?|codes?|ICD\S*|units?|levels?|quantity|"
    r"(?-i:\b[A-Z][A-Z0-9]\b)|it\b|(?:this|that|either|the (?:first|second|other|former|latter|"
    r"unlisted|custom|dearer|higher|lower)(?:[- ]\w+)?) one\b)"
)
# "Pick the code …", "set up the patient under E0466", "rebill the trip as A0426".
_ADVICE = re.compile(
    r"\b(?:choose|pick|use|select|change|switch|add|append|attach|swap|put|report|(?:re-?)?bill|"
    r"(?:re-?)?submit|try|find|enter|(?:re-?|up-?)?code|prefer|favou?r|take|go (?:with|for|to)|"
    r"set up|send|keep|split|round|move|upgrade|start with|opt for|default to|stick (?:with|to)|"
    rf"replace|record|list|state|claim)\b(?:[^.;]|\.\d){{0,70}}?(?<!\w){_CHOSEN}",
    re.I,
)
_RECORD = r"(?:notes?|records?|criteria|evidence|documentation|order|results?|report|need|chart)"
_REVIEWED = (
    r"(?:question|review|audit|check|den(?:y|ie)|refus|reject|challeng|scrutini[sz]|look|ask|query|"
    r"quer(?:y|ie)|verif)\w*"
)
_PAID = (
    r"(?:pay(?:s|ing)?|paid|reimburs\w+|brings?|yields?|earns?|nets?|fetch\w*|(?:is|are) worth|"
    r"returns?|collects?|allow(?:s|ed))"
)
MOTIVES = {
    # "that one brings more", "reimburse it at a higher rate", "the allowance is better"
    "more money": _words(
        rf"\b{_PAID}\b(?: \w+){{0,3}}? (?:more(?! than (?:one|two|\d)| often| readily)|better|best|"
        r"(?<!at )most|extra|twice as much|double)\b",
        r"\b(?:higher|highest|better|best|larger|bigger|richer|more generous|dearer)(?:[- ]\w+)?[- ]"
        r"(?:rates?|payments?|allowances?|fees?|pay|paying|paid|reimbursement|prices?|amounts?|"
        r"revenue|income|margins?)\b",
        r"\b(?:rate|payment|allowance|fee|reimbursement|price|margin)s?(?: \w+){0,3} (?:is|are|runs?)"
        r" (?:\w+ )?(?:higher|better|larger)\b",
        r"\bmore (?:money|revenue|income|profit)\b",
        r"\b(?:codes?|modifiers?|diagnos[ei]s|levels?|one) (?:that|which) (?:\w+ )?(?:pays?|gets? paid)\b",
        r"\bso (?:that )?(?:it|the \w+|they|you) (?:\w+ ){0,3}(?:paid|pays?)\b",
        r"\b(?:to|and) (?:get|be|getting) (?:\w+ ){0,3}?paid\b",
    ),
    # "the rental runs on …, while E0470 ends after thirteen months"
    "longer payment": _words(
        r"\b(?:rentals?|payments?|rent|benefit)\b[^.;]{0,30}\b(?:runs? on|goes? on|continues?|"
        r"keeps? (?:coming|running)|(?:does|do) not (?:stop|end)|never (?:stops?|ends?)|"
        rf"has no (?:end|cap|limit))\b[^.;]{{0,60}}\b(?:while|whereas|but|unlike|than)\b[^.;]{{0,20}}"
        rf"{_CODE}",
    ),
    # "reviewers question less often", "nobody checks whether", "that goes through"
    "less scrutiny": _words(
        rf"\b{_REVIEWED}\b(?: (?:it|them|this|that|so|much|far))? (?:less|rarely|seldom|hardly)\b",
        rf"\b(?:less|fewer|least|rarely|seldom|hardly ever|almost never)\b(?: \w+){{0,3}}? "
        rf"{_REVIEWED}",
        rf"\b(?:nobody|no one|no (?:payer|reviewer|auditor|contractor|plan))\b(?: \w+){{0,2}}? "
        rf"(?:{_REVIEWED}|minds?|notices?)\b",
        r"\b(?:goes|go|gets?|comes?|slips?|sails?|passes|pass)(?: \w+ly| right| straight)? "
        r"(?:through|under the radar|unseen|unnoticed)(?=[.,;)]|$| (?:without|the (?:edits?|review|"
        r"system|check)|more|easily|and|where|when)\b)",
        r"\bpass(?:es)? (?:the|every|all) (?:\w+ )?(?:edits?|reviews?|checks?)\b",
        r"\b(?:accepted|approved|paid|let through) (?:\w+ )?(?:more (?:often|easily|readily)|easily|"
        r"readily|without (?:review|question|records?|a look))\b",
        r"\bmore (?:often|likely|readily|easily) (?:to be )?(?:accepted|approved|paid|passed)\b",
        r"\b(?:easier|quicker|simpler) to (?:get|have) (?:\w+ )?(?:paid|approved|accepted|through)\b",
    ),
    # "to be on the safe side", "to get around the edit"
    "no denial": _words(
        r"\b(?:on the safe side|to be safe|to play (?:it )?safe|just in case|as a precaution)\b",
        r"\b(?:to|and|that|which|will|so|thus) (?:avoids?|escapes?|dodges?|sidesteps?|by-?pass(?:es)?|"
        r"beats?|defeats?|overrides?|gets? (?:around|past|round|through)|stays? (?:under|below)|"
        r"keeps? (?:it |the \w+ )?(?:under|below|clear of|out of))\b[^.;]{0,40}\b(?:denials?|edits?|"
        r"audits?|reviews?|refusals?|rejections?|limits?|MUEs?|caps?|polic(?:y|ies))\b",
        r"\bkeeps? (?:the \w+|it|them) from being (?:denied|refused|rejected)\b",
    ),
    # "Where basic support keeps being refused, rebill the trip as A0426"
    "a refusal of the true code": _words(
        r"\b(?:where|when|if|after|once|as)\b[^.;]{0,60}\b(?:refused|denied|rejected|turned down)\b"
        rf"[^.;]{{0,20}}\b(?:re-?bill|re-?code|switch|change|try)\b[^.;]{{0,40}}\b(?:as|to|under|"
        rf"with)\b (?:the )?(?:{_CODE}|another|a different|a higher|one)",
    ),
    # "even before the wound notes arrive", "whether or not the criteria are met"
    "no record": _words(
        rf"\b(?:even|also) (?:before|without|when|if|though|where)\b[^.;]{{0,50}}\b{_RECORD}\b",
        rf"\b(?:whether or not|regardless of|no matter (?:what|whether))\b[^.;]{{0,60}}\b{_RECORD}\b",
        rf"\b(?:where|when|if)\b[^.;]{{0,20}}\b{_RECORD} (?:is|are|looks?) (?:\w+ )?(?:thin|weak|"
        r"poor|scant|silent)\b",
    ),
}
# Around a motive: "the one that fits, not the one that pays more", "whatever either of them pays".
_WARNED = re.compile(
    r"\b(?:not|never|nor|neither|\w+n['’]t|cannot|whatever|rather than|instead of|no reason|only "
    r"because|merely because)\b",
    re.I,
)
_NEAR = 80  # characters before a motive within which a warning still holds
# Right before the advice: "Do not choose …", "no reason to report …".
_FORBIDDEN = re.compile(
    r"\b(?:not|never|\w+n['’]t|cannot|nor|rather than|instead of|no reason to)(?: \w+){0,2} ?$",
    re.I,
)


def codes_to_get_paid(sheet: Sheet) -> Iterator[Problem]:
    """A code, diagnosis or modifier advised for the sake of payment, in one sentence or in two."""
    for passage in sheet.passages:
        found = next(_choices(passage), None)
        if found:
            sentence, motive = found
            yield problem(
                passage,
                f"{excerpt(sentence)} advises a code, diagnosis or modifier for the sake of "
                f"payment ({motive}). Code what the record supports.",
            )


def _choices(passage: Passage) -> Iterator[tuple[str, str]]:
    """Sentences that advise a choice, with the motive that they or their neighbours give."""
    sentences = passage.statements
    for position, sentence in enumerate(sentences):
        motive = _motive(sentence)
        if motive is None:
            continue
        around = sentences[max(0, position - 1) : position + 2]
        advising = next((near for near in around if _advises(near)), None)
        if advising:
            yield advising, motive


def _motive(sentence: str) -> str | None:
    for name, pattern in MOTIVES.items():
        for match in pattern.finditer(sentence):
            if not _WARNED.search(sentence[max(0, match.start() - _NEAR) : match.start()]):
                return name
    return None


def _advises(sentence: str) -> bool:
    return any(
        not _FORBIDDEN.search(sentence[max(0, match.start() - 40) : match.start()])
        for match in _ADVICE.finditer(sentence)
    )
