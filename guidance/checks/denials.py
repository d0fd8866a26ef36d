"""Whether advice on a denial fits its group and its reason (CARC), in the sense MACs give them."""

import re
from collections.abc import Iterator

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import Passage, excerpt, is_negated
from guidance.checks.reasons import MEANINGS, REASONS, Reason

_NAMED = re.compile(
    r"\b(?:CO|PR|OA|PI)[- ]?(\d{1,3})\b|\bCARC[- ]?(\d{1,3})\b|\b(?:reason|denial|adjustment)(?: reason)?(?: code)? (\d{1,3})\b",
    re.I,
)
_REFUTED = re.compile(
    r"\b(?:not|never|nor|no|rather than|instead of|unlike|where|although)\b(?: \w+){0,3} ?$",
    re.I,
)
_BILLS_PATIENT = re.compile(
    r"\b(?:re)?bill\w*(?: \w+){0,4}? (?:to )?(?:the |a )?(?:patient|beneficiary|member|family)\b(?!['’])"
    r"|\bbalance[- ]?bill\w*|\b(?:charge|invoice|collect\w*|recover|seek payment)(?: \w+){0,6}? (?:from |to )?(?:the )?(?:patient|beneficiary|member)\b(?!['’])"
    r"|\b(?:patient|beneficiary|member)(?: \w+){0,2}? (?:owes|pays|must pay|has to pay|is liable|is responsible|may be billed|can be billed|should be billed|be billed|will be billed|is billed|is charged|is to pay|bears)\b"
    r"|\bpatient (?:liability|responsibility|statement)\b|\b(?:pass|shift|move|transfer|hand)\w*(?: \w+){0,4}? (?:to|on to|onto) the (?:patient|beneficiary|member)\b"
    r"|\bsend (?:\w+ ){0,3}?(?:statement|bill|invoice) to the (?:patient|beneficiary)\b"
    r"|\b(?:send|give|hand) the (?:patient|beneficiary|member) (?:a|the|an) (?:\w+ )?(?:bill|statement|invoice)\b"
    r"|\b(?:have|make|let|ask) the (?:patient|beneficiary|member) (?:to )?pay\b",
    re.I,
)
_WRITES_OFF = re.compile(
    r"\bwr(?:ite|ote|iting|itten)(?: \w+){0,4}?[- ]off\b|\bwrite-?offs?\b|\badjust(?: \w+){0,3}? off\b"
    r"|\b(?:provider|supplier|practice)(?: \w+){0,2}? (?:liable|liability|bears|absorbs?|eats?|at fault|must absorb)\b"
    r"|\b(?:patient|beneficiary|member)(?: \w+){0,1}? (?:may|can|must|should|is|are)(?: ?not|n['’]t) (?:to )?(?:be )?(?:billed|charged|asked|liable|invoiced)\b"
    r"|\bcontractual (?:write|adjustment|obligation)\b|\b(?:do not|don['’]t|never|must not|may not|cannot) (?:bill|charge|invoice)(?: \w+){0,2} (?:patient|beneficiary|member)\b"
    r"|\bno (?:bill|balance|statement) (?:may go |goes )?to the patient\b",
    re.I,
)
_CONDITION = re.compile(
    r"^(?:check|ask|read|make sure|look|see)\b[^.]*\bbefore\b|\b(?:if|where|when|unless|only|once|except|as long as|provided|in case|whether|before|by)\b[^.]*\b(?:PR|GA|GX|GY|notice|group|liability|signed|agree\w*|contract|law|policy|group code|waiver|choice|none|otherwise)\b|\bPR\b",
    re.I,
)
_OTHER_GROUP = re.compile(r"\bCO\b")
_CLOCKS = (
    (
        "redetermination",
        re.compile(
            r"\b(\d+|one hundred (?:and )?\w+|\w+) (?:calendar |business )?(days?|months?|years?) (?:\w+ ){0,4}?(?:for|to (?:ask for|request|file)?|of) ?(?:a |the )?(?:Medicare )?redetermination|\bredeterminations?\b[^.;,]{0,40}?\b(?:within|in|by|has|have|is|takes) (?:\w+ ){0,2}?(\d+) (days?|months?|years?)",
            re.I,
        ),
        ("120 day", "120 days"),
    ),
    (
        "reconsideration",
        re.compile(
            r"\b(\d+) (days?|months?|years?) (?:\w+ ){0,4}?(?:for|to (?:ask for|request|file)?|of) ?(?:a |the )?(?:QIC )?reconsideration|\breconsiderations?\b[^.;,]{0,40}?\b(?:within|in|by|has|have|is|takes) (?:\w+ ){0,2}?(\d+) (days?|months?|years?)",
            re.I,
        ),
        ("180 day", "180 days"),
    ),
    (
        "reopening",
        re.compile(
            r"\b(\d+) (days?|months?|years?) (?:\w+ ){0,4}?(?:for|to (?:ask for|request|file)?|of|to) ?(?:a |the )?(?:clerical )?reopen(?:ing)?\b|\breopening\b[^.;,]{0,40}?\b(?:within|in|by|has|have|is|takes) (?:\w+ ){0,2}?(\d+|one) (days?|months?|years?)",
            re.I,
        ),
        ("1 year", "one year", "12 months"),
    ),
)


def gives_a_reason_a_wrong_meaning(sheet: Sheet) -> Iterator[Problem]:
    """A denial row, or a sentence that names a reason, in the sense of another reason."""
    for position, row in enumerate(sheet.content.get("denials", ())):
        reason = REASONS.get(row["category"].partition("-")[2])
        if reason:
            yield from _row_in_a_wrong_sense(sheet, position, row["category"], reason)
    for passage in sheet.passages:
        for sentence in passage.statements:
            yield from _sentence_in_a_wrong_sense(passage, sentence)


def _row_in_a_wrong_sense(
    sheet: Sheet, position: int, category: str, reason: Reason
) -> Iterator[Problem]:
    carc = category.partition("-")[2]
    for passage in _row_passages(sheet, position):
        for sentence in passage.statements if passage.part == "causes" else ():
            foreign = _foreign_meaning(reason, sentence)
            if foreign and not _reasons_named(sentence) - {carc}:
                yield problem(
                    passage,
                    f"{excerpt(sentence)} speaks of {foreign}, but {category} means: "
                    f"{reason.means}. Move the advice to the right category, or correct it.",
                )
                return


def says_nothing_of_its_reason(sheet: Sheet) -> Iterator[Problem]:
    """A denial row without a word of what its reason means."""
    for position, row in enumerate(sheet.content.get("denials", ())):
        reason = REASONS.get(row["category"].partition("-")[2])
        if reason and not reason.sense.search(f"{row['causes']} {row['text']}"):
            yield Problem(
                "denials",
                position,
                f"Nothing in the row speaks of what {row['category']} means: {reason.means}. "
                "Correct the row or its category.",
            )


def _sentence_in_a_wrong_sense(passage: Passage, sentence: str) -> Iterator[Problem]:
    named = _reasons_named(sentence)
    if len(named) != 1:
        return
    carc = next(iter(named))
    foreign = _foreign_meaning(REASONS[carc], sentence) if carc in REASONS else None
    if foreign:
        yield problem(
            passage,
            f"{excerpt(sentence)} gives reason {carc} the meaning of {foreign}; it means: "
            f"{REASONS[carc].means}. Correct it.",
        )


def _foreign_meaning(reason: Reason, sentence: str) -> str | None:
    """The first meaning that the sentence gives to the reason and that is not the reason's."""
    for name in reason.foreign:
        matches = MEANINGS[name].finditer(sentence)
        if any(not _is_refuted(sentence, match) for match in matches):
            return name
    return None


def _is_refuted(sentence: str, match: re.Match) -> bool:
    """ "It is not the benefit maximum": a denial right before; one within the words is their own."""
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
    r"\b(CO|PR)\b(?!['’])(?=[- ]?\d|(?: \w+){0,3} (?:means|says|leaves|lets|allows|is|code|group|denials?|lines?|makes)|,)|\b(?i:group(?: code)?|under|with|on|a|an) (CO|PR)\b"
)


def _group_explained_wrongly(passage: Passage, sentence: str) -> Iterator[Problem]:
    """A sentence that names one group and advises what only the other one allows."""
    groups = {one or other for one, other in _GROUP.findall(sentence)}
    if len(groups) != 1 or re.search(r"\bmodifier", sentence):
        return
    group = groups.pop()
    wrong = _is_advised(_BILLS_PATIENT, sentence) if group == "CO" else _WRITES_OFF.search(sentence)
    if wrong and not re.search(r"\b(?:unless|until|only|other group|not PR|not CO|or)\b", sentence):
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
                    number, unit = [group for group in match.groups() if group][:2]
                    stated = f"{number} {unit}".lower()
                    if number.isdigit() and stated not in right:
                        yield problem(
                            passage,
                            f"{excerpt(sentence)} gives {stated} for a {step}; Medicare gives "
                            f"{right[-1] if step != 'reopening' else right[0]}. Correct the time.",
                        )


def appeals_what_has_no_appeal(sheet: Sheet) -> Iterator[Problem]:
    """An appeal as the remedy of an unprocessable claim (MA130), or of Medicare's timely filing."""
    for position, row in enumerate(sheet.content.get("denials", ())):
        late = row["category"].endswith("-29") and row["payer_class"] == "medicare"
        if row["remedy"] == "appeal" and (late or row["rarcs"] == ["MA130"]):
            yield Problem(
                "denials",
                position,
                f"{row['category']} with the remedy “appeal”: there is no appeal "
                "against it. Say to send a new claim, or to write off.",
            )


def _row_passages(sheet: Sheet, position: int) -> list[Passage]:
    return [p for p in sheet.passages if (p.topic, p.row) == ("denials", position)]


def _reasons_named(sentence: str) -> set[str]:
    return {next(filter(None, groups)) for groups in _NAMED.findall(sentence)}
