"""CMS's text file: lines of 320 columns, of which the first line of a code fills 293."""

import re
from collections.abc import Iterator

from codes.importer.assembly import CONTROL, Line
from codes.importer.layout import COLUMNS
from codes.importer.records import BadFile

WIDTH = 320
DETAILS_END = 293
TEXT_END = 91

# More than CMS ever wrote by far; what is above is refused before it costs memory and time.
MAX_LINES = 60_000
MAX_LINE = 20_000
MAX_PREAMBLE = 200

# Code, or a modifier behind three blanks; line number; kind of record.
RECORD = re.compile(r"(?:[A-Z0-9]{5}|   [A-Z0-9]{2})[0-9]{5}[3478]", re.ASCII)
# The add date, the action date, the end or blanks, and the action: found in no preamble.
LOOKS_LIKE_DETAILS = re.compile(r"[0-9]{16}[0-9 ]{8}[A-Z] *$", re.ASCII)

_SLICES = [slice(column.begin - 1, column.end) for column in COLUMNS]
_TEXT_SLICES = _SLICES[:4]


def decode(content: bytes) -> str:
    """The text with plain line ends. UTF-8 where it is valid, else cp1252, in which CMS writes.

    BadFile names the line and column of a byte that is neither.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadFile("It is saved as UTF-16.", "Save it as plain text, or give CMS's own file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_cp1252(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")
    _check_lines(text)
    return text


def _check_lines(text: str) -> None:
    if text.count("\n") > MAX_LINES:
        raise BadFile("It has more lines than any of CMS's files.")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            raise BadFile("The line is longer than any of CMS's.", line=number)


def _decode_cp1252(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line_start = content.rfind(b"\n", 0, error.start) + 1
        raise BadFile(
            f"The byte {content[error.start]:#04x} is no character of cp1252 or UTF-8.",
            line=content.count(b"\n", 0, error.start) + 1,
            column=f"column {error.start - line_start + 1}",
        ) from None


def has_records(text: str) -> bool:
    """Whether any line is a record: what tells the record file from reports and read-me files."""
    return any(RECORD.match(line) for line in text.split("\n", MAX_PREAMBLE))


def read_lines(text: str) -> Iterator[Line]:
    """The record lines of decoded text, whatever precedes the first; BadFile for any other line.

    Knows a file cut within a line, except where the cut leaves all that the line can say.
    """
    lines = text.split("\n")
    begin = _first_record(lines)
    usual = len(lines[begin])
    if lines[-1].strip():
        _check_last(lines[-1], len(lines), usual)
    for number, line in enumerate(lines[begin:], begin + 1):
        if line.strip():
            yield _line(number, line)


def _first_record(lines: list[str]) -> int:
    """Where the records begin. Disclaimers of any number and wording may come before."""
    for index, line in enumerate(lines[:MAX_PREAMBLE]):
        if RECORD.match(line):
            return index
        if LOOKS_LIKE_DETAILS.search(line[:WIDTH]):
            raise _not_a_record(index + 1, line)
    raise BadFile(
        f"None of its first {MAX_PREAMBLE} lines is a HCPCS record.",
        "Give CMS's alpha-numeric record file (its name has ANWEB in it) or its zip.",
    )


def _check_last(line: str, number: int, usual: int) -> None:
    """A last line without line end is whole only if it is as long as its kind can be."""
    is_first = RECORD.match(line) and line[10] in "37"
    if len(line) < (usual if is_first else TEXT_END):
        raise BadFile("The file ends within this line: it is cut off.", line=number)


def _line(number: int, line: str) -> Line:
    if not RECORD.match(line):
        raise _not_a_record(number, line)
    control = CONTROL.search(line)
    if control:
        raise BadFile(
            f"There is a control character ({ord(control[0]):#04x}).",
            line=number,
            column=f"column {control.start() + 1}",
        )
    if line[WIDTH:].strip():
        raise BadFile("It goes on after column 320: its columns are shifted.", line=number)
    if line[10] not in "37":
        return Line(number, [line[part] for part in _TEXT_SLICES])
    if len(line) < DETAILS_END:
        raise BadFile(
            f"It has {len(line)} of the {DETAILS_END} characters of a code's first line.",
            line=number,
        )
    return Line(number, [line[part] for part in _SLICES])


def _not_a_record(number: int, line: str) -> BadFile:
    shown = " ".join(line.split())[:40]
    return BadFile(
        f"“{shown}” does not begin like a record (code, five digits, kind).", line=number
    )
