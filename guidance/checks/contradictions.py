"""Statements that contradict what CMS's file says of the codes."""

import re
from collections.abc import Iterator

from codes.decoding import COVERAGE, PRICE
from guidance.checks.claims import ITEM_CLAIMS, Claim
from guidance.checks.coverage_claims import COVERAGE_CLAIMS, DENIED_THOUGH_PRICED, NOT_PAYABLE
from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.kinds import QUALITY
from guidance.checks.reading import Passage, codes_in, excerpt, is_denied, is_negated

# Of a large group, a few odd codes do not carry a sentence about all of it.
FEWEST_THAT_FIT = 0.01
# In a denial's causes "KJ was set" tells of the mistake; it does not ask for KJ.
_MISTAKE = re.compile(
    r"^[^.]{0,25}?\b(?:(?:was|were|is|are|has been|had been) (?:\w+ )?"
    r"(?:set|added|used|sent|billed|reported|put|appended|attached|placed|kept)|stands?|stood)\b"
)
_COVERAGE_MARK = re.compile(
    r"\b[Cc]overage (?:status |code |mark |indicator |value |flag )?(?:is |of |"
    r"= ?)?[\"“(]?([CDIMS])\b"
    r"|\b(?:marks?|lists?|flags?|shows?) (?:it|this|them|the \w+)(?: \w+){0,2} (?:as )?[\"“]?"
    r"([CDIMS])[\"”]?(?=[ ,.;)])"
)
_PRICE_MARK = re.compile(
    r"\b(?:pric(?:e|es|ed|ing)|indicator)(?: (?:class|indicator|group|code))?,?"
    r" (?:is |of |= ?|under |as |at |by |code |indicator )*(\d\d)\b(?! ?(?:%|percent|days|months|"
    r"\d|\.\d))",
    re.I,
)
_PAYMENT = re.compile(
    r"\b(?:payers?|plans?|Medicare|Part B|MACs?|contractors?) (?:\w+ )?(?:pays?|reimburses?|"
    r"covers?)\b"
    r"|\b(?:is|are|be) (?:\w+ )?(?:payable|paid|reimbursed|reimbursable)\b"
    r"|\b(?:fee schedule amount|allowed amount|payment (?:rate|amount)|separate payment|"
    r"reimbursement)\b"
    r"|\bappeal (?:the|this|a|any|with|within|if)\b|\bredetermination\b|\breconsideration\b",
    re.I,
)


def contradicts_cms(sheet: Sheet) -> Iterator[Problem]:
    """A kind of statement that fits none of the codes."""
    for claim in (*ITEM_CLAIMS, *COVERAGE_CLAIMS, DENIED_THOUGH_PRICED):
        yield from _unfitting(sheet, claim)


def denies_payment(sheet: Sheet) -> Iterator[Problem]:
    """The words "not payable by Medicare" on codes that CMS leaves open."""
    yield from _unfitting(sheet, NOT_PAYABLE)


def names_a_wrong_mark(sheet: Sheet) -> Iterator[Problem]:
    """A coverage mark or a pricing indicator that none of the codes has."""
    if not sheet.subject.codes:
        return
    marks = {code.coverage for code in sheet.subject.codes}
    prices = frozenset().union(*(code.prices for code in sheet.subject.codes))
    for passage in sheet.passages:
        for sentence in passage.statements:
            if _names_other_codes(sheet, passage, sentence):
                continue
            for match in _COVERAGE_MARK.finditer(sentence):
                mark = match[1] or match[2]
                if mark not in marks and not is_denied(sentence, match):
                    yield problem(passage, _wrong_mark("coverage", mark, marks, COVERAGE, sentence))
            for match in _PRICE_MARK.finditer(sentence):
                if match[1] in PRICE and match[1] not in prices and not is_denied(sentence, match):
                    yield problem(passage, _wrong_mark("price", match[1], prices, PRICE, sentence))


def treats_a_quality_code_as_paid(sheet: Sheet) -> Iterator[Problem]:
    """Denial rows or words of payment on codes that only report."""
    codes = sheet.subject.codes
    if not codes or not all(QUALITY in code.traits for code in codes):
        return
    for position, row in enumerate(sheet.content.get("denials", ())):
        yield Problem(
            "denials",
            position,
            f"Denial row {row['category']} on quality-measure codes, which are only reported. "
            "Take the row out: there is nothing to appeal.",
        )
    for passage in sheet.passages:
        for sentence in passage.statements if passage.topic != "denials" else ():
            match = _PAYMENT.search(sentence)
            if (
                match
                and not is_negated(sentence, match)
                and not _names_other_codes(sheet, passage, sentence)
            ):
                yield problem(
                    passage,
                    f"{excerpt(sentence)} speaks of payment; quality-measure codes are only "
                    "reported. Say that there is no payment.",
                )


def _unfitting(sheet: Sheet, claim: Claim) -> Iterator[Problem]:
    """One problem a passage that makes the claim, where it fits too few of the codes."""
    if not sheet.subject.codes:
        return
    for passage in filter(claim.concerns, sheet.passages):
        sentence = next((s for s in passage.statements if _states(sheet, claim, passage, s)), None)
        if sentence and not _fits_the_subject(sheet, claim):
            yield problem(
                passage,
                f"{excerpt(sentence)} is {claim.name}, which does not fit {sheet.subject}. "
                f"{claim.advice}",
            )


def _fits_the_subject(sheet: Sheet, claim: Claim) -> bool:
    """Whether enough of the codes fit that a text about them all may speak of it."""
    codes = sheet.subject.codes
    return sum(claim.fits(code) for code in codes) >= len(codes) * FEWEST_THAT_FIT


def _states(sheet: Sheet, claim: Claim, passage: Passage, sentence: str) -> bool:
    """Whether the sentence makes the claim of the subject itself."""
    match = next(
        (m for m in claim.says.finditer(sentence) if _is_meant(claim, passage, sentence, m)), None
    )
    if match is None or (claim.unless and claim.unless.search(sentence)):
        return False
    named = _named(sheet, passage, sentence)
    known = [sheet.knowledge.code(code, sheet.subject.on) for code in named]
    return not any(code is None or claim.fits(code) for code in known)


def _is_meant(claim: Claim, passage: Passage, sentence: str, match: re.Match) -> bool:
    if claim.is_denial and passage.part == "context":
        return False  # "The trip is outside the benefit" says when a modifier is used
    if passage.part == "causes" and claim.is_required:
        return not _MISTAKE.match(sentence[match.end() : match.end() + 100])
    return not (is_denied if claim.is_denial else is_negated)(sentence, match)


def _named(sheet: Sheet, passage: Passage, sentence: str) -> tuple[str, ...]:
    """Codes that the sentence is about; an answer is also about those of its question."""
    if passage.part != "answer":
        return codes_in(sentence)
    return codes_in(sentence) + codes_in(sheet.content["faqs"][passage.row]["question"])


def _names_other_codes(sheet: Sheet, passage: Passage, sentence: str) -> bool:
    named = _named(sheet, passage, sentence)
    return any(code not in sheet.subject.names for code in named)


def _wrong_mark(field: str, mark: str, true: set | frozenset, meanings: dict, sentence: str) -> str:
    says = ", ".join(
        f"{value} ({meanings.get(value, 'unknown')})" for value in sorted(true) if value
    )
    return (
        f"{excerpt(sentence)} gives {field} {mark}; CMS's file has {says or 'none'}. "
        "Take the mark from the file."
    )
