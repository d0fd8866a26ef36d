"""From CMS's lines or rows to records: the rules that text and spreadsheets share."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from codes.importer.layout import (
    CODE_FIRST,
    CODE_MORE,
    COLUMNS,
    DIGITS,
    KNOWN_VALUES,
    MODIFIER_FIRST,
    MODIFIER_MORE,
    SECTIONS,
)
from codes.importer.records import DATE_FIELDS, FIELDS, BadFile, Record, UnknownValue

# A whole release of this size reaches section V; smaller files are excerpts and corrections.
WHOLE_RELEASE = 300

CODE = re.compile(r"[A-Z][0-9]{4}")
MODIFIER = re.compile(r"[A-Z0-9]{2}")
# Numbers of the AMA (CPT, its modifiers) and of the ADA (D-codes), which CMS only relays.
LICENSED = re.compile(r"[0-9]{4}[0-9A-Z]|D[0-9]{4}|[0-9]{2}|[0-9]P")

DECIMAL_TAIL = ".0"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
LONGEST_VALUE = 40  # characters of any cell but the long description: CMS's widest has 28
SHOWN = 40  # characters of a cell in a message


class Line(NamedTuple):
    """A line or row: its number in the file and its cells in the order of COLUMNS.

    A continuation of fixed-width text has the first four cells only.
    """

    number: int
    cells: Sequence[str]

    @property
    def code(self) -> str:
        return self.cells[0].strip()

    @property
    def sequence(self) -> str:
        return self.cells[1].strip()

    @property
    def kind(self) -> str:
        return self.cells[2].strip()


@dataclass(frozen=True)
class Contents:
    """What a file holds. `line_count` counts the lines or rows the records were written in."""

    records: list[Record]
    line_count: int
    unknown_values: list[UnknownValue]
    notes: tuple[str, ...]


def assemble(lines: Iterable[Line]) -> Contents:
    """The records of these lines; BadFile where they contradict each other or CMS's layout.

    A record given twice in the same words is taken once. Numbers that belong to the AMA or the
    ADA are left out. Both are noted. What cannot be seen here: a file cut between two lines of
    section V, or between the lines of an excerpt; the check for shrinkage is for those.
    """
    records: dict[str, Record] = {}
    line_count, left_out, repeated = 0, [], []
    for entry in _entries(lines):
        line_count += len(entry)
        if LICENSED.fullmatch(entry[0].code):
            left_out.append(entry[0].code)
            continue
        record = _record(entry)
        if records.setdefault(record.code, record) != record:
            raise _contradiction(entry[0])
        if records[record.code] is not record:
            repeated.append(record.code)
    _check_whole(records)
    found, mended = _without_decimal_tails(list(records.values()))
    notes = _notes(left_out, repeated, mended)
    return Contents(found, line_count, unknown_values(found), notes)


def _entries(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines code by code: a first line and its continuations, in sequence."""
    entry: list[Line] = []
    for line in lines:
        if line.kind in (CODE_FIRST, MODIFIER_FIRST):
            if entry:
                yield entry
            _check_first(line)
            entry = [line]
        else:
            _check_continuation(entry, line)
            entry.append(line)
    if entry:
        yield entry


def _check_first(line: Line) -> None:
    shape = CODE if line.kind == CODE_FIRST else MODIFIER
    if not (shape.fullmatch(line.code) or LICENSED.fullmatch(line.code)):
        kind = "code" if line.kind == CODE_FIRST else "modifier"
        raise BadFile(
            f"“{line.code[:SHOWN]}” is not a HCPCS {kind}.", line=line.number, column="HCPC"
        )
    if line.kind == CODE_FIRST and not LICENSED.fullmatch(line.code):
        _check_section(line)


def _check_section(line: Line) -> None:
    if line.code[0] not in SECTIONS:
        raise BadFile(
            f"{line.code} is of no section of HCPCS (A to V, without D, I, N and O).",
            "Download the file from CMS again. If CMS has opened a section, update the portal.",
            line=line.number,
            column="HCPC",
        )


def _check_continuation(entry: list[Line], line: Line) -> None:
    if line.kind not in (CODE_MORE, MODIFIER_MORE):
        raise BadFile(
            f"“{line.kind[:SHOWN]}” is not a kind of record (3, 4, 7 or 8).",
            line=line.number,
            column="RECID",
        )
    if not entry or entry[0].code != line.code:
        raise BadFile(
            f"The text of {line.code[:SHOWN]} goes on here, but its first line is not the one before.",
            line=line.number,
        )
    if not _follows(entry, line):
        raise BadFile(
            f"The text of {line.code} jumps to its line {line.sequence[:SHOWN]}: one is missing or moved.",
            line=line.number,
            column="SEQNUM",
        )


def _follows(entry: list[Line], line: Line) -> bool:
    """Text counts its lines 00100, 00200 ..., spreadsheets 0010, 0020 ...: equal steps."""
    first, this = entry[0].sequence, line.sequence
    if not (first.isdecimal() and this.isdecimal()):
        return False
    kinds = {CODE_FIRST: CODE_MORE, MODIFIER_FIRST: MODIFIER_MORE}
    return int(this) == int(first) * (len(entry) + 1) and kinds[entry[0].kind] == line.kind


def _fields() -> list[tuple[str, list[int]]]:
    """Each record field with the cells that fill it; code and long text are put in by hand."""
    return [
        (field, [n for n, column in enumerate(COLUMNS) if column.field == field])
        for field in FIELDS
        if field not in ("code", "is_modifier", "long")
    ]


FIELD_CELLS = _fields()


def _record(entry: list[Line]) -> Record:
    first = entry[0]
    values: dict[str, Any] = {
        "code": first.code,
        "is_modifier": first.kind == MODIFIER_FIRST,
        # CMS breaks the text at a space, so the lines join with one.
        "long": " ".join(line.cells[3].rstrip() for line in entry).strip(),
    }
    for field, cells in FIELD_CELLS:
        values[field] = _value(field, [first.cells[n].strip() for n in cells], first.number)
    return Record(**values)


def _value(field: str, texts: list[str], line: int) -> Any:
    if field in DATE_FIELDS:
        return _date(field, texts[0], line)
    _check_length(field, texts, line)
    if field in DIGITS:
        width = DIGITS[field]
        texts = [text.zfill(width) if text.isdecimal() else text for text in texts]
    if len(texts) > 1:
        return tuple(text for text in texts if text)
    return texts[0]


def _check_length(field: str, texts: list[str], line: int) -> None:
    longest = max(texts, key=len)
    if len(longest) > LONGEST_VALUE:
        raise BadFile(
            f"“{longest[:SHOWN]}…” has {len(longest)} characters, more than CMS's column takes.",
            line=line,
            column=_heading(field),
        )


def _heading(field: str) -> str:
    """The field's column, as messages name it: the first one of a repeated field."""
    column = next(column for column in COLUMNS if column.field == field)
    return f"columns {column.begin}-{column.end} ({column.heading})"


def _date(field: str, text: str, line: int) -> date | None:
    try:
        return day(text)
    except ValueError:
        problem = f"“{text[:SHOWN]}” is not a date (YYYYMMDD)."
        raise BadFile(problem, line=line, column=_heading(field)) from None


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """CMS's YYYYMMDD, or the older YYMMDD; None where blank or all zeros. ValueError if neither.

    Two-digit years from 60 on are of the twentieth century: HCPCS began in 1978.
    """
    if not text.strip("0"):
        return None
    if not (text.isascii() and text.isdecimal() and len(text) in (6, 8)):
        raise ValueError(text)
    if len(text) == 6:
        text = ("19" if text >= "60" else "20") + text
    if not "1900" <= text[:4] < "2100":
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _without_decimal_tails(records: list[Record]) -> tuple[list[Record], list[str]]:
    """Records whose certification 400 was once the number 400.0 lose the ".0" beside it."""
    mended = [record.code for record in records if DECIMAL_TAIL in record.lab_certification]
    if mended:
        records = [_without_decimal_tail(record) for record in records]
    return records, mended


def _without_decimal_tail(record: Record) -> Record:
    if DECIMAL_TAIL not in record.lab_certification:
        return record
    kept = tuple(value for value in record.lab_certification if value != DECIMAL_TAIL)
    return replace(record, lab_certification=kept)


def _contradiction(line: Line) -> BadFile:
    return BadFile(
        f"{line.code} is here a second time and says something else.",
        "Remove the wrong one, or download the file from CMS again.",
        line=line.number,
    )


def _check_whole(records: dict[str, Record]) -> None:
    if not records:
        raise BadFile(
            "There is no HCPCS record in it.",
            "Give CMS's alpha-numeric record file (its name has ANWEB in it) or its zip.",
        )
    codes = [record.code for record in records.values() if not record.is_modifier]
    if len(records) >= WHOLE_RELEASE and max(codes, default="") < "V":
        raise BadFile(
            f"It ends at {max(codes, default='the modifiers')}, before section V: cut off."
        )


def unknown_values(records: Iterable[Record]) -> list[UnknownValue]:
    """Values outside KNOWN_VALUES, and ends before their beginning, with the first code each."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for record in records:
        for found in _surprises(record):
            counts[found] += 1
            first.setdefault(found, record.code)
    return [UnknownValue(*found, count, first[found]) for found, count in sorted(counts.items())]


def _surprises(record: Record) -> Iterator[tuple[str, str]]:
    for field, known in KNOWN_VALUES.items():
        values = getattr(record, field)
        for value in values if isinstance(values, tuple) else (values,):
            if value and value not in known:
                yield field, value
    if record.terminated and record.added and record.terminated < record.added:
        yield "terminated", f"{record.terminated} is before it was added ({record.added})"


def _notes(left_out: list[str], repeated: list[str], mended: list[str]) -> tuple[str, ...]:
    said = (
        (left_out, "Left out {} numbers of the AMA or ADA ({} first)."),
        (repeated, "{} records are there twice, alike ({} first)."),
        (mended, "{} laboratory certifications were split at a decimal point ({} first): mended."),
    )
    return tuple(sentence.format(len(codes), codes[0]) for codes, sentence in said if codes)
