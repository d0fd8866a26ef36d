"""Whether advice on a denial fits its group and its reason (CARC), in the sense MACs give them."""

import re
from collections.abc import Iterable, Iterator

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import NUMBER, Passage, excerpt, is_negated
from guidance.checks.reasons import MEANINGS, REASONS, foreign_to

_NAMED = re.compile(
    r"\b(?:CO|PR|OA|PI)[- ]?(\d{1,3})\b|\bCARC[- ]?(\d{1,3})\b|\b(?:reason|denial|"
    r"adjustment)(?: reason)?(?: code)? (\d{1,3})\b",
    re.I,
)
_REFUTED = re.compile(
    r"\b(?:not|never|nor|no|rather than|instead of|unlike|where|although)\b(?: \w+){0,3} ?$",
    re.I,
)
_PATIENT = r"(?:patient|beneficiary|member)"


def _words(*alternatives: str) -> re.Pattern:
    return re.compile("|".join(alternatives), re.I)


_BILLS_PATIENT = _words(
    rf"\b(?:re)?bill\w*(?: \w+){{0,4}}? (?:to )?(?:the |a )?(?:{_PATIENT}|family)\b(?!['’])",
    r"\bbalance[- ]?bill\w*",
    rf"\b(?:charge|invoice|collect\w*|recover|seek payment)(?: \w+){{0,6}}? (?:from |"
    rf"to )?(?:the )?{_PATIENT}\b(?!['’])",
    rf"\b{_PATIENT}(?: \w+){{0,2}}? (?:owes|pays|must pay|has to pay|is (?:liable|responsible|"
    rf"billed|charged|to pay)|be billed|bears)\b",
    rf"\b{_PATIENT}(?:['’]s)? (?:liability|responsibility|statement)\b",
    rf"\b(?:balance|charge|amount|rest) is (?:now )?the {_PATIENT}['’]s\b",
    rf"\b(?:pass|shift|move|transfer|hand)\w*(?: \w+){{0,4}}? (?:to|on to|onto) the {_PATIENT}\b",
    rf"\bsend (?:\w+ ){{0,3}}?(?:statement|bill|invoice) to the {_PATIENT}\b",
    rf"\b(?:send|give|hand) the {_PATIENT} (?:a|the|an) (?:\w+ )?(?:bill|statement|invoice)\b",
    rf"\b(?:have|make|let|ask) the {_PATIENT} (?:to )?pay\b",
)
_WRITES_OFF = _words(
    r"\bwr(?:ite|ote|iting|itten)(?: \w+){0,4}?[- ]off\b|\bwrite-?offs?\b|"
    r"\badjust(?: \w+){0,3}? off\b",
    r"\b(?:provider|supplier|practice)(?:['’]s)?(?: \w+){0,2}? (?:liable|liability|loss|bears|"
    r"absorbs?|eats?|at fault)\b",
    r"\babsorb (?:the|this|it)\b|\bnothing may be collected\b",
    rf"\b{_PATIENT}(?: \w+)? (?:may|can|must|should|is|are)(?: ?not|"
    rf"n['’]t) (?:to )?(?:be )?(?:billed|charged|asked|liable|invoiced)\b",
    r"\bcontractual (?:write|adjustment|obligation)\b",
    rf"\b(?:do not|don['’]t|never|must not|may not|cannot) (?:bill|charge|"
    rf"invoice)(?: \w+){{0,2}} {_PATIENT}\b",
    rf"\bno (?:bill|balance|statement) (?:may go |goes )?to the {_PATIENT}\b",
)
# A sentence that makes it depend on the group, a notice or an agreement advises rightly.
_CONDITION = _words(
    r"^(?:check|ask|read|make sure|look|see)\b[^.]*\bbefore\b",
    r"\b(?:decides?|says?|tells?|settles?|shows?) (?:whether|who|if)\b",
    r"\b(?:if|where|when|unless|only|once|except|as long as|provided|in case|whether|before|"
    r"by)\b[^.]*"
    r"\b(?:PR|GA|GX|GY|notice|group|liability|signed|agree\w*|contract|law|policy|waiver|choice|"
    r"none|otherwise)\b",
    r"\bPR\b",
)


def _clock(step: str) -> re.Pattern:
    """How a time is given for the step: "120 days for a …" or "a … within 120 days"."""
    time = rf"({NUMBER}|one|an?) (days?|months?|years?)"
    before = rf"\b{time} (?:\w+ ){{0,4}}?(?:for|to|of) (?:\w+ ){{0,4}}?{step}"
    after = rf"\b{step}[^.;,]{{0,40}}? (?:within|in|by|has|have|is|takes) (?:\w+ ){{0,2}}?{time}"
    return _words(before, after)


# Each step of Medicare's appeals, and its time in the ways of saying it.
_CLOCKS = (
    (
        "redetermination",
        _clock("redeterminations?"),
        ("120 days", "120 day", "one hundred twenty days"),
    ),
    (
        "reconsideration",
        _clock("reconsiderations?"),
        ("180 days", "180 day", "one hundred eighty days"),
    ),
    (
        "reopening",
        _clock("reopen(?:ings?)?"),
        ("1 year", "one year", "a year", "12 months", "twelve months"),
    ),
)


UNPROCESSABLE = (
    "MA130"  # X12's remark code: the claim could not be processed, and cannot be appealed
)
_APPEALS = _words(r"\bappeal(?:s|ed|ing)?\b|\bredeterminations?\b|\breconsiderations?\b")
# "When MA130 is absent, appeal", "otherwise 120 days for a redetermination"
_OTHERWISE = _words(
    r"\b(?:otherwise|else|elsewhere|absent|without|unless|other (?:lines?|claims?|denials?|cases?)|"
    r"after the new claim|once (?:it|the new claim))\b"
)


def gives_a_reason_a_wrong_meaning(sheet: Sheet) -> Iterator[Problem]:
    """A denial row, or a sentence that names a reason, in the sense of another reason."""
    for position, row in enumerate(sheet.content.get("denials", ())):
        if _carc(row) in REASONS:
            yield from _row_in_a_wrong_sense(sheet, position, row)
    for passage in sheet.passages:
        for sentence in passage.statements:
            yield from _sentence_in_a_wrong_sense(passage, sentence)


def _row_in_a_wrong_sense(sheet: Sheet, position: int, row: dict) -> Iterator[Problem]:
    """The first cause that is foreign to the reason; of a row that says nothing of its own reason,
    also one that might stand beside it."""
    carc, category = _carc(row), row["category"]
    wrong = foreign_to(carc) if _speaks_of_its_reason(row) else _of_others(carc)
    for passage in _row_passages(sheet, position):
        for sentence in passage.statements if passage.part == "causes" else ():
            meaning = _first_meaning(wrong, sentence)
            if meaning and not _reasons_named(sentence) - {carc}:
                yield problem(
                    passage,
                    f"{excerpt(sentence)} speaks of {meaning}, but {category} means: "
                    f"{REASONS[carc].means}. Move the advice to the right category, or correct it.",
                )
                return


def says_nothing_of_its_reason(sheet: Sheet) -> Iterator[Problem]:
    """A denial row without a word of what its reason means."""
    for position, row in enumerate(sheet.content.get("denials", ())):
        carc = _carc(row)
        if carc in REASONS and not _speaks_of_its_reason(row):
            yield Problem(
                "denials",
                position,
                f"Nothing in the row speaks of what {row['category']} means: "
                f"{REASONS[carc].means}. Correct the row or its category.",
            )


def _carc(row: dict) -> str:
    return row["category"].partition("-")[2]


def _speaks_of_its_reason(row: dict) -> bool:
    return bool(REASONS[_carc(row)].sense.search(f"{row['causes']} {row['text']}"))


def _of_others(carc: str) -> list[str]:
    """Every meaning but the reason's own."""
    return [name for name in MEANINGS if not name.endswith(f"({carc})")]


def _sentence_in_a_wrong_sense(passage: Passage, sentence: str) -> Iterator[Problem]:
    named = _reasons_named(sentence)
    if len(named) != 1:
        return
    carc = next(iter(named))
    foreign = _first_meaning(foreign_to(carc), sentence) if carc in REASONS else None
    if foreign:
        yield problem(
            passage,
            f"{excerpt(sentence)} gives reason {carc} the meaning of {foreign}; it means: "
            f"{REASONS[carc].means}. Correct it.",
        )


def _first_meaning(names: Iterable[str], sentence: str) -> str | None:
    """The first of the meanings that the sentence gives to a reason."""
    for name in names:
        matches = MEANINGS[name].finditer(sentence)
        if any(not _is_refuted(sentence, match) for match in matches):
            return name
    return None


def _is_refuted(sentence: str, match: re.Match) -> bool:
    """Whether the words are denied right before them; a "not" within them is their own."""
    return bool(_REFUTED.search(sentence[max(0, match.start() - 40) : match.start()]))


def mixes_up_the_groups(sheet: Sheet) -> Iterator[Problem]:
    """Advice to bill the patient under CO or OA, or to write off under PR."""
    for position, row in enumerate(sheet.content.get("denials", ())):
        group = row["category"].partition("-")[0]
        yield from _remedy_of_another_group(position, row, group)
        for passage in _row_passages(sheet, position):
            if passage.part == "text":
                yield from _advice_of_another_group(passage, group)
    for passage in sheet.passages:
        for sentence in passage.statements:
            yield from _group_explained_wrongly(passage, sentence)


def _remedy_of_another_group(position: int, row: dict, group: str) -> Iterator[Problem]:
    if group in {"CO", "OA"} and row["remedy"] == "bill_patient":
        yield Problem(
            "denials",
            position,
            f"{row['category']} with the remedy “bill the patient”. Only PR lets the patient be "
            "billed: choose another remedy or the PR category.",
        )
    if group == "PR" and row["remedy"] == "write_off":
        yield Problem(
            "denials",
            position,
            f"{row['category']} with the remedy “write off”. PR leaves the amount to the patient: "
            "choose another remedy or the CO category.",
        )


def _advice_of_another_group(passage: Passage, group: str) -> Iterator[Problem]:
    for sentence in passage.statements:
        if _CONDITION.search(sentence):
            continue
        if group in {"CO", "OA"} and _is_advised(_BILLS_PATIENT, sentence):
            yield problem(
                passage,
                f"{excerpt(sentence)} bills the patient under {group}, which does not allow it. "
                "Only PR does: correct the advice or the category.",
            )
        if group == "PR" and _WRITES_OFF.search(sentence):
            yield problem(
                passage,
                f"{excerpt(sentence)} writes off or spares the patient under PR, which leaves the "
                "amount to the patient. Correct the advice or the category.",
            )


def _is_advised(pattern: re.Pattern, sentence: str) -> bool:
    return any(not is_negated(sentence, match) for match in pattern.finditer(sentence))


_GROUP = re.compile(
    r"\b(CO|PR)\b(?!['’])(?=[- ]?\d|(?: \w+){0,3} (?:means|says|leaves|lets|allows|is|code|group|"
    r"denials?|lines?|makes)|,)|\b(?i:group(?: code)?|under|with|on|a|an) (CO|PR)\b"
)


def _group_explained_wrongly(passage: Passage, sentence: str) -> Iterator[Problem]:
    """A sentence that names one group and advises what only the other one allows."""
    groups = {one or other for one, other in _GROUP.findall(sentence)}
    if len(groups) != 1 or re.search(r"\bmodifier", sentence):
        return
    group = groups.pop()
    wrong = _is_advised(_BILLS_PATIENT, sentence) if group == "CO" else _WRITES_OFF.search(sentence)
    if wrong and not re.search(
        r"\b(?:unless|until|only|but|other group|not PR|not CO|or)\b", sentence
    ):
        yield problem(
            passage,
            f"{excerpt(sentence)} mixes up the groups: CO is the provider's, PR the patient's.",
        )


def misstates_an_appeal_clock(sheet: Sheet) -> Iterator[Problem]:
    """Another time than Medicare gives for a redetermination, reconsideration or reopening."""
    for passage in sheet.passages:
        for sentence in passage.statements:
            for step, pattern, right in _CLOCKS:
                for match in pattern.finditer(sentence):
                    stated = " ".join(filter(None, match.groups())).lower()
                    if stated not in right:
                        yield problem(
                            passage,
                            f"{excerpt(sentence)} gives {stated} for a {step}; Medicare gives "
                            f"{right[0]}. Correct the time.",
                        )


def appeals_what_has_no_appeal(sheet: Sheet) -> Iterator[Problem]:
    """An appeal of an unprocessable claim (MA130), or of Medicare's timely filing."""
    for position, row in enumerate(sheet.content.get("denials", ())):
        late = row["category"].endswith("-29") and row["payer_class"] == "medicare"
        if row["remedy"] == "appeal" and (late or UNPROCESSABLE in row["rarcs"]):
            yield Problem(
                "denials",
                position,
                f"{row['category']} with the remedy “appeal”: there is no appeal "
                "against it. Say to send a new claim, or to write off.",
            )
    for passage in sheet.passages:
        for sentence in passage.statements:
            if _appeals_the_unprocessable(sheet, passage, sentence):
                yield problem(
                    passage,
                    f"{excerpt(sentence)} appeals a claim that was unprocessable ({UNPROCESSABLE}): "
                    "there is no appeal against it. Say to send a new claim.",
                )


def _appeals_the_unprocessable(sheet: Sheet, passage: Passage, sentence: str) -> bool:
    """Whether it advises an appeal though it, or its denial row, is about MA130."""
    in_row = passage.topic == "denials" and sheet.content["denials"][passage.row]["rarcs"]
    about = UNPROCESSABLE in sentence or UNPROCESSABLE in (in_row or ())
    return about and not _OTHERWISE.search(sentence) and _is_advised(_APPEALS, sentence)


def _row_passages(sheet: Sheet, position: int) -> list[Passage]:
    return [p for p in sheet.passages if (p.topic, p.row) == ("denials", position)]


def _reasons_named(sentence: str) -> set[str]:
    return {next(filter(None, groups)) for groups in _NAMED.findall(sentence)}
