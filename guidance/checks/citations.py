"""Whether each statement that needs a source has one, and whether the source is alive."""

import re
from collections.abc import Iterator

from guidance.checks.finding import Problem, Sheet, problem
from guidance.checks.reading import NUMBER, Passage, excerpt

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
# What a sentence states that cannot stand without a source.
_STATES = {
    "a date": re.compile(
        rf"\b(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?\b(?!\s*(?:units|mg|mcg|ml|ME\b))|"
        rf"\b{_MONTH} \d{{1,2}}\b"
        r"|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    ),
    "a limit": re.compile(
        rf"\b(?:{NUMBER}|per)[- ](?:\w+[- ])?"
        r"(?:days?|weeks?|months?|quarters?|years?)\b"
        rf"(?<=[a-z])|\b{NUMBER}(?:st|nd|rd|th)?[- ](?:\w+[- ])?(?:units?|times|visits?|hours?|"
        rf"minutes?|pairs?|"
        r"miles?|percent|digits?|rentals?|payments?|refills?|tests?|strips?)\b"
        rf"|\b\d[\d.,]* ?%|\b(?:up to|at most|no more than|not more than|a maximum of|limited to|"
        rf"maximum of|"
        rf"at least|within|more than|less than|fewer than) (?:{NUMBER}|one)\b"
        r"|\b(?:once|twice|one) (?:\w+ )?(?:a|per|each|every) \w+",
        re.I,
    ),
    "membership of a list": re.compile(
        r"\b(?:is|are|was|were|stands?|appears?|put|placed|named?|included|"
        r"added) (?:\w+ ){0,4}?on (?:[\w'’-]+ ){0,5}?lists?\b"
        r"|\b(?:prior authorization|preauthorization|pre-authorization|authorization) (?:is|are) "
        r"(?:\w+ )?(?:required|needed|mandatory)\b"
        r"|\b(?:requires?|needs?) (?:Medicare['’]s )?(?:prior|pre-?)[- ]?authori[sz]ation\b",
        re.I,
    ),
    "a modifier rule": re.compile(
        r"(?i:\bmodifiers?) (?!(?:that|which|of|is|are|the|and|or|for|on|in|to|it|as|go|so|by|if|"
        r"do|may|can|has|was)\b)[A-Z0-9]{2}\b"
        r"|\b(?:KX|GA|GY|GZ|GX|K[HIJ]|RR|NU|UE|J[WZ]|J[AB]|LT|RT|TB|KS|KF|CG|R[AB]|QW|EY|A[UVWX]|"
        r"Q[AEFG]|GM|TC)\b"
    ),
    "a payer's rule": re.compile(
        r"\b(?:Medicare|Medicaid|TRICARE|Part [AB]|(?:DME |A/B )?MACs?|CMS|Aetna|Cigna|Humana|"
        r"Anthem|"
        r"UnitedHealthcare|Kaiser|Blue Cross|BCBS\w*|Molina|Centene|PDAC) "
        r"(?:\w+ ){0,2}?(?:requires?|pays?|covers?|denies|rejects|limits?|allows?|refuses|demands|"
        r"reimburses|must|prices|excludes|bundles|wants)\b"
        r"|\b[AL]\d{5}\b|\bNCD \d+"
    ),
}
# "Seven feet are seven units", "250 mg are billed as 25 units": the descriptor worked out, no limit.
_WORKED_OUT = re.compile(
    rf"\b(?:{NUMBER}|one) (?:(?!weeks?\b|months?\b|quarters?\b|years?\b)[\w.-]+ ){{1,4}}?"
    r"(?:is|are|makes?|equals?|counts? as|comes? to|gives?) "
    r"(?:(?:reported|billed|counted|entered) as )?"
    rf"(?:{NUMBER}|one) units?\b(?! (?:a|an|per|each|every|in|within|for|at|on)\b)",
    re.I,
)
_LIMITS = re.compile(
    r"\b(?:no|not|never) (?:more|less|fewer)\b|\b(?:more|less|fewer) than\b|\bat (?:most|least)\b"
    r"|\bup to\b|\bwithin\b|\bonly\b|\b(?:max|min)im\w+|\blimit|\ballow",
    re.I,
)
_ASKS = re.compile(
    r"^(?:ask|check|look|find out|see|confirm|learn)\b|\b(?:says?|decides?|tells?) (?:whether|"
    r"how)\b",
    re.I,
)
_UNCITED = frozenset({"companions"})  # they carry no citations
_EXPLAINS_END = re.compile(
    r"\bretired?s?\b|\bwithdr[ae]wn?\b|\brescinded\b|\bno longer in force\b|\buntil (?:19|20)\d\d",
    re.I,
)


def lacks_a_citation(sheet: Sheet) -> Iterator[Problem]:
    """A topic or row that states a date, limit, list, modifier or payer's rule without a source."""
    seen = set()
    for passage in sheet.passages:
        place = (passage.topic, passage.row)
        if passage.topic in _UNCITED or place in seen or sheet.citations(*place):
            continue
        stated = _stated(passage)
        if stated:
            seen.add(place)
            what, sentence = stated
            yield problem(
                passage,
                f"{excerpt(sentence)} states {what}, and nothing is cited. Cite the source, or take "
                "the statement out.",
            )


def _stated(passage: Passage) -> tuple[str, str] | None:
    for sentence in passage.sentences:
        for what, pattern in _STATES.items():
            read = _without_examples(passage, sentence) if what == "a limit" else sentence
            if pattern.search(read) and not _asks(sentence):
                return what, sentence
    return None


def _without_examples(passage: Passage, sentence: str) -> str:
    """A sentence of a billing unit without the examples that are worked out in it."""
    if passage.topic != "unit" or _LIMITS.search(sentence):
        return sentence
    return _WORKED_OUT.sub("", sentence)


def _asks(sentence: str) -> bool:
    """Whether the sentence leaves the matter to be found out, and so states nothing."""
    return sentence.endswith("?") or bool(_ASKS.search(sentence) and not re.search(r"\d", sentence))


def cites_a_dead_source(sheet: Sheet) -> Iterator[Problem]:
    """A source that is unknown, or that was retired before the revision begins to speak."""
    for topic, row, citation in _cited(sheet):
        source = sheet.knowledge.sources.get(citation["source"])
        if source is None:
            yield Problem(
                topic,
                row,
                f"There is no source {citation['source']}. Add it to the sources, or cite another.",
            )
        elif source.retired_on and source.retired_on < sheet.subject.valid_from:
            if _explains_the_end(sheet, topic, row):
                continue
            yield Problem(
                topic,
                row,
                f"{source.name} was retired on {source.retired_on}, before this revision speaks "
                f"(from {sheet.subject.valid_from}). Cite what took its place, or say that it "
                "was retired.",
            )


def cites_a_source_retired_since(sheet: Sheet) -> Iterator[Problem]:
    """A source that was alive when the revision began to speak, and is retired by now."""
    for topic, row, citation in _cited(sheet):
        source = sheet.knowledge.sources.get(citation["source"])
        if source is None or not source.retired_on or _explains_the_end(sheet, topic, row):
            continue
        if sheet.subject.valid_from <= source.retired_on < sheet.subject.on:
            yield Problem(
                topic,
                row,
                f"{source.name} was retired on {source.retired_on}, and this revision speaks on. "
                "Check the statement, and cite what holds now.",
            )


def is_overdue(sheet: Sheet) -> Iterator[Problem]:
    """The day by which someone was to look at it again is past."""
    due = sheet.subject.review_due
    if due and due < sheet.subject.on:
        yield Problem(
            "", None, f"It was to be reviewed by {due}. Review it, and set the next date."
        )


def _cited(sheet: Sheet) -> Iterator[tuple[str, int | None, dict]]:
    places = dict.fromkeys((p.topic, p.row) for p in sheet.passages if p.topic not in _UNCITED)
    for topic, row in places:
        for citation in sheet.citations(topic, row):
            yield topic, row, citation


def _explains_the_end(sheet: Sheet, topic: str, row: int | None) -> bool:
    """Whether the text itself says that something was retired: the source then proves that."""
    texts = [p.text for p in sheet.passages if (p.topic, p.row) == (topic, row)]
    return any(_EXPLAINS_END.search(text) for text in texts)
