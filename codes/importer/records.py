"""What a CMS release file says, as plain values."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any, Self


class BadFile(ValueError):
    """A file that cannot be imported; str() says what is wrong, where, and what to do."""

    def __init__(
        self,
        problem: str,
        advice: str = "Download the file from CMS again.",
        *,
        file: str = "",
        line: int | None = None,
        column: str = "",
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        where = ", ".join(part for part in (self.file, line, self.column) if part)
        return (
            f"{where}: {self.problem} {self.advice}" if where else f"{self.problem} {self.advice}"
        )


@dataclass(frozen=True, slots=True)
class Record:
    """One code or modifier of one release: every CMS field, stripped, nothing interpreted.

    Repeated fields (four prices, five cross-references ...) are tuples without their blanks.
    `long` is the whole description: CMS's lines joined by one space, its double spaces kept.
    """

    code: str
    is_modifier: bool = False
    long: str = ""
    short: str = ""
    price: tuple[str, ...] = ()
    multiple_pricing: str = ""
    cim: tuple[str, ...] = ()
    mcm: tuple[str, ...] = ()
    statute: str = ""
    lab_certification: tuple[str, ...] = ()
    xref: tuple[str, ...] = ()
    coverage: str = ""
    asc_group: str = ""
    asc_date: date | None = None
    opps_group: str = ""
    opps_indicator: str = ""
    opps_date: date | None = None
    processing_note: str = ""
    betos: str = ""
    type_of_service: tuple[str, ...] = ()
    anesthesia_units: str = ""
    added: date | None = None
    action_date: date | None = None
    terminated: date | None = None
    action: str = ""

    def as_row(self) -> list[Any]:
        """The fields in their order as JSON can say them, days in ISO form."""
        row = list(_values(self))
        for position in _DATES:
            if row[position]:
                row[position] = row[position].isoformat()
        return row

    @classmethod
    def from_row(cls, row: list[Any]) -> Self:
        """The record that as_row() wrote, also after JSON made lists of its tuples."""
        row = list(row)
        for position in _REPEATED:
            row[position] = tuple(row[position])
        for position in _DATES:
            if row[position]:
                row[position] = date.fromisoformat(row[position])
        return cls(*row)


FIELDS = tuple(field.name for field in fields(Record))
DATE_FIELDS = ("asc_date", "opps_date", "added", "action_date", "terminated")
REPEATED_FIELDS = ("price", "cim", "mcm", "lab_certification", "xref", "type_of_service")
_DATES = tuple(FIELDS.index(name) for name in DATE_FIELDS)
_REPEATED = tuple(FIELDS.index(name) for name in REPEATED_FIELDS)
_values = attrgetter(*FIELDS)


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value CMS has not documented to us: kept in the records, shown to whoever imports."""

    field: str
    value: str
    count: int
    first_code: str


@dataclass(frozen=True)
class ReleaseFile:
    """One file of one quarter, read whole.

    `rank` sorts the re-issues of a quarter (v-number, then dated suffix, then content), whatever
    order they are imported in. `record_count` counts CMS's lines, or rows of a spreadsheet.
    `notes` are sentences about what was tolerated.
    """

    name: str
    sha256: str
    quarter: date
    label: str
    rank: str
    records: list[Record]
    record_count: int
    unknown_values: list[UnknownValue]
    notes: tuple[str, ...] = ()


def dump_records(records: Iterable[Record]) -> bytes:
    """Compressed canonical JSON: the same records give the same bytes, in whatever order."""
    rows = [record.as_row() for record in sorted(records, key=attrgetter("is_modifier", "code"))]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), level=3)


def load_records(stored: bytes) -> list[Record]:
    """The records that dump_records() wrote, codes first, each kind in its order."""
    return [Record.from_row(row) for row in json.loads(zlib.decompress(stored))]
