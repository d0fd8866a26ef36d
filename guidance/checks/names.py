"""Codes and modifiers that a text names: whether they exist, and on which dates."""

import re
from collections.abc import Iterator
from datetime import date

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import Passage, codes_in, excerpt

_TELLS_OF_AN_END = re.compile(
    r"\b(?:end(?:ed|s)?|replaced?|replaces|retired|discontinued|deleted|terminated|expired|until|"
    r"before|former(?:ly)?|earlier|old(?:er)?|previous(?:ly)?|gone|closed|took over|takes? over|"
    r"succe\w+|predecessor|then|was|were|had|used to|no longer|up to|through|in place of|since|"
    r"remain\w*|out of use)\b",
    re.I,
)
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
    """A code that had ended, in a sentence that speaks of it as if it had not."""
    for passage, sentence, code in _mentions(sheet):
        last = _last_day(sheet.knowledge.codes.get(code, ()), sheet.subject.on)
        is_asked = passage.part == "question" and not passage.claims
        if not last or is_asked or code in sheet.subject.names:
            continue
        if not _tells_of_an_end(passage, sentence):
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
            codes = codes_in(sentence[: stated.start()]) if stated else []
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
        if last and not _tells_of_an_end(passage, sentence):
            yield problem(
                passage,
                f"{excerpt(sentence)} names modifier {modifier}, which ended on {last}. Name what "
                "took its place, or say when it ended.",
            )


def _mentions(sheet: Sheet) -> Iterator[tuple[Passage, str, str]]:
    """Each code that a sentence names; companions name theirs outright."""
    for passage in sheet.passages:
        for sentence in passage.sentences:
            for code in dict.fromkeys(codes_in(sentence) + _NO_CODE.findall(sentence)):
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


def _tells_of_an_end(passage: Passage, sentence: str) -> bool:
    return passage.topic != "companions" and bool(_TELLS_OF_AN_END.search(sentence))


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
