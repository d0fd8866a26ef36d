"""CMS's spreadsheets: 48 named columns, one row a code, as a workbook or comma-separated."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from codes.importer.assembly import CONTROL, Line
from codes.importer.layout import COLUMNS
from codes.importer.records import BadFile

READER = Path(__file__).with_name("sheet_reader.py")
SECONDS = 30
HEADINGS_WITHIN = 40  # rows
MAX_COLUMNS = 300

_ADVICE = "Give CMS's text file instead, or save the workbook again."
_SPACE = re.compile(r"[\t\r\n]+")


def read_workbook(content: bytes) -> list[list[str]]:
    """All rows of the workbook's record sheet, as texts; BadFile where it cannot be read.

    Reads in a child process, which may die of the workbook: see sheet_reader.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(READER)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadFile("Reading the workbook takes too long.", _ADVICE) from None
    if child.returncode != 0:
        raise BadFile(
            "The workbook is damaged, or asks for more memory or time than any of CMS's.", _ADVICE
        )
    said = [json.loads(line) for line in child.stdout.splitlines()]
    if "refused" in said[0]:
        raise BadFile(said[0]["refused"], _ADVICE)
    return said[1:]


def read_csv(text: str) -> list[list[str]]:
    """All rows of comma-separated text; BadFile where its quotes do not match."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    read = []
    try:
        for row in rows:
            if len(row) > MAX_COLUMNS:
                raise BadFile("The row has more cells than any of CMS's.", line=rows.line_num)
            read.append(row)
    except csv.Error as error:
        raise BadFile(f"It is not comma-separated text: {error}.", line=rows.line_num) from None
    if read and not text.endswith("\n") and not "".join(read[-1][-1:]).strip():
        # The last cell, the action, is always filled: here it was lost.
        raise BadFile("The file ends within this line: it is cut off.", line=rows.line_num)
    return read


def read_rows(rows: list[list[str]]) -> Iterator[Line]:
    """The rows below the 48 headings as lines; blank rows say nothing.

    The headings may be on any of the first rows and in any order. BadFile names those missing,
    and a row that stops short.
    """
    header = _header(rows)
    places = _places(rows[header])
    for number, row in enumerate(rows[header + 1 :], header + 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(places):
            raise BadFile("The row has fewer cells than there are columns.", line=number)
        cells = [_SPACE.sub(" ", row[place]) for place in places]
        control = CONTROL.search(" ".join(cells))
        if control:
            raise BadFile(f"There is a control character ({ord(control[0]):#04x}).", line=number)
        yield Line(number, cells)


def has_headings(rows: list[list[str]]) -> bool:
    """Whether CMS's headings are on one of the first rows."""
    return any(_is_header(row) for row in rows[:HEADINGS_WITHIN])


def _header(rows: list[list[str]]) -> int:
    for index, row in enumerate(rows[:HEADINGS_WITHIN]):
        if _is_header(row):
            return index
    raise BadFile(
        "None of its first rows has CMS's column headings (HCPC, SEQNUM, RECID …).",
        "Give CMS's alpha-numeric record file (its name has ANWEB in it) or its zip.",
    )


def _is_header(row: list[str]) -> bool:
    return {"HCPC", "RECID"} <= {_heading(cell) for cell in row}


def _places(header: list[str]) -> list[int]:
    """Where each of COLUMNS stands in the rows."""
    found = [_heading(cell) for cell in header]
    missing = [column.heading for column in COLUMNS if _heading(column.heading) not in found]
    if missing:
        raise BadFile(
            f"The columns {', '.join(missing)} are missing.",
            "Give CMS's file with all 48 columns.",
        )
    return [found.index(_heading(column.heading)) for column in COLUMNS]


def _heading(cell: str) -> str:
    """ADD DT, Add_Dt and "add dt " are the same heading."""
    return re.sub(r"[^A-Z0-9]", "", cell.upper())
