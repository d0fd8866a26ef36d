"""Run as a script, in a process of its own: a workbook on standard input, JSON lines out.

Some workbooks make the reader abort or claim all memory; then this process dies, not the portal.
The first line out is {"refused": reason}, or {"sheet": name} and then the rows, lists of texts.
"""

import io
import json
import resource
import sys
from contextlib import suppress
from datetime import date, datetime
from typing import Any, TextIO

import python_calamine

MEMORY = 1 << 30  # bytes of address space
CPU = 20  # seconds
MAX_ROWS = 60_000
MAX_COLUMNS = 300
MAX_SHEETS = 10
MAX_OUTPUT = 64 << 20  # characters
HEADINGS_WITHIN = 40  # rows


def main() -> None:
    limit()
    content = sys.stdin.buffer.read()
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        name, rows = record_sheet(workbook)
    except python_calamine.CalamineError:
        refuse("It is not a spreadsheet that can be read: damaged, cut off or locked.")
    except OverflowError as error:
        refuse(str(error))
    write(name, rows, sys.stdout)


def limit() -> None:
    """Bound what a workbook can use, as far as this system allows it."""
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU),
        (resource.RLIMIT_AS, MEMORY),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def record_sheet(workbook: python_calamine.CalamineWorkbook) -> tuple[str, list[list[Any]]]:
    """The name and rows of the first sheet with a RECID heading, else of the last one read."""
    name, rows = "", []
    for name in workbook.sheet_names[:MAX_SHEETS]:
        rows = read_sheet(workbook, name)
        if any("RECID" in row for row in rows[:HEADINGS_WITHIN]):
            break
    return name, rows


def read_sheet(workbook: python_calamine.CalamineWorkbook, name: str) -> list[list[Any]]:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise OverflowError(f"Its sheet {name} is larger than any of CMS's.")
    return sheet.to_python(skip_empty_area=False)


def write(name: str, rows: list[list[Any]], out: TextIO) -> None:
    written = 0
    print(json.dumps({"sheet": name}), file=out)
    for row in rows:
        line = json.dumps([text(value) for value in row])
        written += len(line)
        if written > MAX_OUTPUT:
            sys.exit("The workbook says more than any of CMS's.")
        print(line, file=out)


def text(value: Any) -> str:
    """The cell as CMS would have written it: whole numbers bare, days as YYYYMMDD."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime):
        return f"{value:%Y%m%d}"
    return str(value)


def refuse(reason: str) -> None:
    print(json.dumps({"refused": reason}))
    sys.exit(0)


if __name__ == "__main__":
    main()
