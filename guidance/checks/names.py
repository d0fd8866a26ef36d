"""Codes and modifiers that a text names: whether they exist, and on which dates."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import Passage, codes_in, excerpt

# Behind what has ended: "J2505 ended", "K0553, which counted a month, was replaced".
_ENDS = re.compile(
    r"^[^.;]{0,80}\b(?:end(?:ed|s|ing)|replaced|retired|discontinued|deleted|terminated|expired|"
    r"no longer|out of use|gave way|gone|closed|withdrawn|old codes?|last day|until (?:then|it)|"
    r"(?:was|were) (?:\w+ )?(?:in use|the codes?|used|billed|reported|before))\b",
    re.I,
)
# Before it: "A4239 replaces K0553", "in place of K0553", "the old mastectomy sleeve code L8010".
_ENDED = re.compile(
    r"\b(?:replac(?:ed?|es|ing)|succeed\w*|successors? (?:of|to)|(?:took|takes?) (?:over|the place of)|"
    r"in place of|instead of|former(?:ly)?|old(?:er)?|earlier|previous(?:ly)?|predecessors?|ended|"
    r"end of|no longer|not)(?:,? [\w'’-]+){0,5},?[ (]+$",
    re.I,
)
# Anywhere: a claim of the past.
_EARLIER = re.compile(
    r"\b(?:earlier|older|old|past|previous) (?:dates?|claims?|periods?|days?|services?|lines?|amounts?|units?)\b"
    r"|\bup to its last day\b|\bup to then\b|\bbefore then\b",
    re.I,
)
# A day or a year, and the words before it by which it is no end: "since 2004", "from 2025-01-01".
_DAY = re.compile(r"(?<![\d-])((?:19|20)\d\d)(?:-(\d\d)-(\d\d))?(?![\d-]|,\d)")
_BEGINS = re.compile(r"\b(?:since|from|starting|as of|after|beginning)(?: \w+){0,2} ?$", re.I)
_BEFORE = re.compile(r"\b(?:before|until|up to)(?: \w+){0,2} ?$", re.I)
# A sentence that goes on about the code before it: "K0553. It was in use until 2022-12-31."
_GOES_ON = re.compile(r"^(?:it|this|that|both|they|these|the (?:old )?codes?)\b", re.I)
_END_DATE = re.compile(
    r"\b(?:end(?:ed|s)?|terminated|discontinued|deleted|expired|retired)(?: (?:on|with|at|after|"
    r"as of))? "
    r"(\d{4}-\d\d-\d\d)",
    re.I,
)
_NAMED_MODIFIERS = re.compile(
    r"(?i:\bmodifiers?|\bpair|\bsuffix)(?: codes?)?:? [“\"-]?((?:[A-Z0-9]{2}[”\"]?)(?:(?:,? "
    r"(?:and|or|with|plus|nor|&) |, ?| ?/ ?|\+)[A-Z0-9]{2}\b)*)(?![\w-])"
)
_BEFORE_THE_WORD = re.compile(r"(?<![\w-])([A-Z][A-Z0-9]|\d[A-Z])[”\"]? (?i:modifiers?)\b")
_ORDERED = re.compile(
    r"\b(?i:append|attach|add|set|report|use|with|put|carr(?:y|ies)|needs?|requires?|wants?|place) "
    r"(?i:the )?([A-Z][A-Z0-9])(?= (?i:to|on|for|when|if|unless|beside|and|or)\b|[.,;]|$)"
)
_TRIP = re.compile(r"\bA0[2-9]\d\d\b|ambulance|origin|destination|pick-up|trip|nemt", re.I)
_AMBULANCE_LETTERS = frozenset("DEGHIJNPRSX")
# Capitals that are no modifiers: routes, tests, people, places, states of the union that we name.
_NOT_MODIFIERS = re.compile(
    r"A[BCV]|[BC]\d|C[AT]|D[CO]|E[DR1]|F[2L]|G[IR]|H[BH]|I[DFMPTV]|J[12]|LA|LP|M[ADELRS23]|N[JPY4]"
    r"|O[AHKPRT]|P[AEHIRT]|QR|R[NO]|S[CI]|T[VX]|U[KNSV]|VA|WA|X[12]|AZ|BI"
)
# D codes are the ADA's; no code begins with W to Z.
_NO_CODE = re.compile(r"(?<![\w-])(?:D|(?<=code )[W-Z]|(?<=code is )[W-Z])\d{4}\b")


def names_an_unknown_code(sheet: Sheet) -> Iterator[Problem]:
    """A code that no release lists; D codes are the ADA's and are not named."""
    for passage, sentence, code in _mentions(sheet):
        if code[0] in "DWXYZ" or ("ICD" not in sentence and not _exists(sheet, code)):
            yield problem(
                passage,
                f"{excerpt(sentence)} names {code}, which is not a code of the CMS file. Correct "
                "it or take it out.",
            )


def names_an_ended_code(sheet: Sheet) -> Iterator[Problem]:
    """A code that had ended, in a sentence that neither says its end nor dates its use."""
    for passage, sentence, code in _mentions(sheet):
        last = _last_day(sheet.knowledge.codes.get(code, ()), sheet.subject.on)
        is_asked = passage.part == "question" and not passage.claims
        if not last or is_asked or code in sheet.subject.names:
            continue
        if not _tells_of_an_end(sheet, passage, sentence, code, last):
            yield problem(
                passage,
                f"{excerpt(sentence)} names {code}, which ended on {last}. Name its successor, or "
                "say when it ended.",
            )


def misdates_an_end(sheet: Sheet) -> Iterator[Problem]:
    """An end, as in "K0553 ended on 2022-12-31", on another day than CMS gives."""
    for passage in sheet.passages:
        for sentence in passage.sentences:
            stated = _END_DATE.search(sentence)
            codes = codes_in(sentence[: stated.start()]) if stated else ()
            if stated and len(codes) == 1:
                ends = [str(last) for _, last in sheet.knowledge.codes.get(codes[0], ()) if last]
                if codes[0] in sheet.knowledge.codes and stated[1] not in ends:
                    yield problem(
                        passage,
                        f"{excerpt(sentence)} ends {codes[0]} on {stated[1]}; CMS's file has "
                        f"{' and '.join(ends) or 'no end'}. Correct the date.",
                    )


def names_an_unknown_modifier(sheet: Sheet) -> Iterator[Problem]:
    """A modifier that no release lists. Two digits are CPT's; ambulance pairs are built."""
    for passage, sentence, modifier in _modifier_mentions(sheet):
        if not _modifier_exists(sheet, modifier, sentence):
            yield problem(
                passage,
                f"{excerpt(sentence)} names modifier {modifier}, which is not in the CMS file. "
                "Correct it or take it out.",
            )


def names_an_ended_modifier(sheet: Sheet) -> Iterator[Problem]:
    """A modifier that had ended, in a sentence or rule that does not say so."""
    for passage, sentence, modifier in _modifier_mentions(sheet):
        last = _last_day(sheet.knowledge.modifiers.get(modifier, ()), _rule_end(sheet, passage))
        if last and not _tells_of_an_end(sheet, passage, sentence, modifier, last):
            yield problem(
                passage,
                f"{excerpt(sentence)} names modifier {modifier}, which ended on {last}. Name what "
                "took its place, or say when it ended.",
            )


def _mentions(sheet: Sheet) -> Iterator[tuple[Passage, str, str]]:
    """Each code that a sentence names; companions name theirs outright."""
    for passage in sheet.passages:
        for sentence in passage.sentences:
            for code in dict.fromkeys([*codes_in(sentence), *_NO_CODE.findall(sentence)]):
                yield passage, sentence, code
    for position, row in enumerate(sheet.content.get("companions", ())):
        if row["system"] == "hcpcs":
            sentence = f"Companion {row['code']}"
            yield Passage("companions", position, "code", sentence), sentence, row["code"]


def _exists(sheet: Sheet, code: str) -> bool:
    """Whether a release lists the code; before a full release is known, any may exist."""
    return code in sheet.knowledge.codes or not sheet.knowledge.is_complete


def _last_day(periods, on: date) -> date | None:
    """The last day of use, of what was in use before `on` and is no more."""
    ends = [last for _, last in periods]
    return max(ends) if ends and all(ends) and max(ends) < on else None


def _tells_of_an_end(sheet: Sheet, passage: Passage, sentence: str, name: str, last: date) -> bool:
    """Whether the sentence, the one that goes on from it, or the question that it answers says that
    the use ended, or speaks of a day on which it had not."""
    if passage.topic == "companions":
        return False
    going_on = _going_on(passage, sentence)
    return (
        _says_the_end(sentence, name)
        or bool(_ENDS.search(going_on))
        or _is_dated(f"{sentence} {going_on}", last)
        or (passage.part == "answer" and _is_dated(_question(sheet, passage), last))
    )


def _says_the_end(sentence: str, name: str) -> bool:
    """Whether the sentence says, before or behind the name, that its use has ended."""
    before, _, after = sentence.replace(f"{name[0]}-", name[0]).partition(name)
    return bool(_EARLIER.search(sentence) or _ENDED.search(before[-60:]) or _ENDS.search(after))


def _going_on(passage: Passage, sentence: str) -> str:
    """The sentence behind the given one, if it goes on about the same thing; else nothing."""
    after = passage.following.get(sentence, "")
    return after if _GOES_ON.search(after) else ""


def _question(sheet: Sheet, passage: Passage) -> str:
    return sheet.content["faqs"][passage.row]["question"]


def _is_dated(words: str, last: date) -> bool:
    """Whether the words name a day or year of use: "a claim of November 2022", "before 2023"."""
    for match in _DAY.finditer(words):
        before = words[max(0, match.start() - 30) : match.start()]
        latest = last + timedelta(days=1) if _BEFORE.search(before) else last
        if "-".join(filter(None, match.groups())) <= str(latest) and not _BEGINS.search(before):
            return True
    return False


def _modifier_mentions(sheet: Sheet) -> Iterator[tuple[Passage, str, str]]:
    for passage in sheet.passages:
        first: dict[str, str] = {}
        for sentence in passage.sentences:
            for modifier in _modifiers_in(sentence):
                first.setdefault(modifier, sentence)
        yield from ((passage, sentence, modifier) for modifier, sentence in first.items())


def _modifiers_in(sentence: str) -> list[str]:
    named = [
        m for found in _NAMED_MODIFIERS.findall(sentence) for m in re.findall(r"[A-Z0-9]{2}", found)
    ]
    named += _BEFORE_THE_WORD.findall(sentence)
    ordered = [m for m in _ORDERED.findall(sentence) if not _NOT_MODIFIERS.fullmatch(m)]
    return named + ordered


def _modifier_exists(sheet: Sheet, modifier: str, sentence: str) -> bool:
    built = set(modifier) <= _AMBULANCE_LETTERS and _is_of_a_trip(sheet, sentence)
    known = modifier in sheet.knowledge.modifiers or modifier.isdigit() or built
    return known or not sheet.knowledge.is_complete


def _is_of_a_trip(sheet: Sheet, sentence: str) -> bool:
    return bool(_TRIP.search(f"{sheet.subject.key} {sentence}"))


def _rule_end(sheet: Sheet, passage: Passage) -> date:
    """The last day that a modifier rule itself speaks for."""
    if passage.topic != "modifiers":
        return sheet.subject.on
    until = sheet.content["modifiers"][passage.row].get("until_date")
    return min(sheet.subject.on, date.fromisoformat(until)) if until else sheet.subject.on
