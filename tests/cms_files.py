"""Small files in CMS's real layouts, for tests.

    release_text([code("J3490", long="Unclassified drugs"), modifier("KX")])

`code` and `modifier` give a `Record` with plausible fields, any of which can be named; what is
built from records reads back as those records. The column widths are written out here, apart
from the importer's own table, so that the two check each other.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import openpyxl

from codes.importer.records import Record

HEADER_LINE = (
    "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,PRICE2,PRICE3,PRICE4,MULT_PI,"
    "CIM1,CIM2,CIM3,MCM1,MCM2,MCM3,STATUTE,LABCERT1,LABCERT2,LABCERT3,LABCERT4,LABCERT5,"
    "LABCERT6,LABCERT7,LABCERT8,XREF1,XREF2,XREF3,XREF4,XREF5,COV,ASC_GRP,ASC_DT,OPPS,OPPS_PI,"
    "OPPS_DT,PROCNOTE,BETOS,TOS1,TOS2,TOS3,TOS4,TOS5,ANEST_BU,ADD DT,ACT EFF DT,TERM DT,ACTION CD"
)
HEADER = HEADER_LINE.split(",")

# As CMS writes it: cp1252's right quotation mark included.
PREAMBLE = (
    "Note regarding coverage and payment indicators in CMS\N{RIGHT SINGLE QUOTATION MARK} update",
    "",
    "A blank indicator says nothing about coverage.",
    "",
)


def code(name: str, **fields: Any) -> Record:
    """A drug code, active since 2020 unless told otherwise."""
    plausible: dict[str, Any] = {
        "price": ("51",),
        "multiple_pricing": "A",
        "coverage": "C",
        "betos": "O1E",
        "type_of_service": ("1",),
        "anesthesia_units": "0",
    }
    return _record(name, is_modifier=False, **plausible | fields)


def modifier(name: str, **fields: Any) -> Record:
    """A two-character modifier, active since 2020 unless told otherwise."""
    return _record(name, is_modifier=True, **{"coverage": "C"} | fields)


def _record(name: str, **fields: Any) -> Record:
    added = fields.setdefault("added", date(2020, 1, 1))
    ended = fields.get("terminated")
    # CMS dates the action on an ended code to the day after its last day.
    fields.setdefault("action_date", ended + timedelta(days=1) if ended else added)
    fields.setdefault("action", "N")
    fields.setdefault("long", f"Item {name} in full")
    fields.setdefault("short", f"Item {name}")
    return Record(name, **fields)


def release_text(
    records: Iterable[Record],
    *,
    preamble: Iterable[str] = (),
    width: int = 320,
    ending: str = "\r\n",
    encoding: str = "cp1252",
) -> bytes:
    """The fixed-width file; `width` 320 (padded) or 293 (continuations trimmed), as CMS does."""
    lines = [*preamble]
    for record in records:
        lines += text_lines(record, width=width)
    return "".join(line + ending for line in lines).encode(encoding)


def text_lines(record: Record, *, width: int = 320) -> list[str]:
    """One record's lines: the first with all fields, then the rest of its long description."""
    first, *rest = chunks(record.long)
    first_id, more_id = ("7", "8") if record.is_modifier else ("3", "4")
    lines = [f"{record.code:>5}00100{first_id}{first:<80}{_details(record)}".ljust(width)]
    for number, chunk in enumerate(rest, 2):
        line = f"{record.code:>5}{number * 100:05d}{more_id}{chunk}"
        lines.append(line.ljust(91) if width == 320 else line)
    return lines


def chunks(text: str) -> list[str]:
    """The text in pieces of at most 80 characters, broken at a space; extra spaces stay."""
    pieces = []
    while len(text) > 80:
        cut = text.rindex(" ", 1, 81)
        while text[cut - 1] == " ":
            cut -= 1
        pieces.append(text[:cut])
        text = text[cut + 1 :]
    return [*pieces, text]


def _details(record: Record) -> str:
    return "".join(
        (
            f"{record.short:<28}",
            _repeated(record.price, 4, 2),
            f"{record.multiple_pricing:<1}",
            _repeated(record.cim, 3, 6),
            _repeated(record.mcm, 3, 8),
            f"{record.statute:<10}",
            _repeated(record.lab_certification, 8, 3),
            _repeated(record.xref, 5, 5),
            f"{record.coverage:<1}{record.asc_group:<2}{_day(record.asc_date)}",
            f"{record.opps_group:<3}{record.opps_indicator:<1}{_day(record.opps_date)}",
            f"{record.processing_note:<4}{record.betos:<3} ",
            _repeated(record.type_of_service, 5, 1),
            f"{record.anesthesia_units:>3}",
            f"{_day(record.added)}{_day(record.action_date)}{_day(record.terminated)}",
            f"{record.action:<1}",
        )
    )


def _repeated(values: tuple[str, ...], times: int, width: int) -> str:
    return "".join(f"{value:<{width}}" for value in values).ljust(times * width)


def _day(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else " " * 8


def sheet_rows(records: Iterable[Record]) -> list[list[str]]:
    """CMS's spreadsheet: one row a record under its 48 headings."""
    return [HEADER, *(sheet_row(record) for record in records)]


def sheet_row(record: Record) -> list[str]:
    """One record's 48 cells; a modifier keeps its three leading blanks."""
    return [
        f"{record.code:>5}",
        "0010",
        "7" if record.is_modifier else "3",
        record.long,
        record.short,
        *_cells(record.price, 4),
        record.multiple_pricing,
        *_cells(record.cim, 3),
        *_cells(record.mcm, 3),
        record.statute,
        *_cells(record.lab_certification, 8),
        *_cells(record.xref, 5),
        record.coverage,
        record.asc_group,
        _day(record.asc_date).strip(),
        record.opps_group,
        record.opps_indicator,
        _day(record.opps_date).strip(),
        record.processing_note,
        record.betos,
        *_cells(record.type_of_service, 5),
        f"{record.anesthesia_units:>3}" if record.anesthesia_units else "",
        _day(record.added).strip(),
        _day(record.action_date).strip(),
        _day(record.terminated).strip(),
        record.action,
    ]


def _cells(values: tuple[str, ...], times: int) -> list[str]:
    return [*values, *[""] * (times - len(values))]


def release_csv(records: Iterable[Record], *, preamble: Iterable[str] = ()) -> bytes:
    """The 48 columns, comma-separated, in UTF-8."""
    return csv_bytes([*([line] for line in preamble), *sheet_rows(records)])


def csv_bytes(rows: Iterable[Iterable[Any]]) -> bytes:
    """Any rows as a comma-separated file."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def release_xlsx(records: Iterable[Record], *, preamble: Iterable[str] = ()) -> bytes:
    """The 48 columns as a workbook; preamble lines push the headings down, as in some quarters."""
    return xlsx_bytes([*([line] for line in preamble), *sheet_rows(records)])


def xlsx_bytes(rows: Iterable[Iterable[Any]], *, before: Iterable[Iterable[Any]] = ()) -> bytes:
    """Any rows as a workbook's sheet A; `before` fills another sheet in front of it."""
    workbook = openpyxl.Workbook(write_only=True)
    for name, filling in (("Before", [*before]), ("A", rows)):
        if filling:
            sheet = workbook.create_sheet(name)
            for row in filling:
                sheet.append(list(row))
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A zip of these members, in this order; the same members give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def release_zip(records: Iterable[Record], *, quarter: date = date(2025, 10, 1)) -> bytes:
    """A quarter's zip as CMS packs it: the record file among reports, notes and a read-me."""
    records = list(records)
    stem = release_stem(quarter)
    report = [["HCPC", "ACTION CD", "SHORT DESCRIPTION", "LONG DESCRIPTION"]]
    report += [[record.code, "No Change", record.short, record.long] for record in records]
    return zip_bytes(
        {
            f"{stem.replace('ANWEB', 'TRANS_ALPHA')}.xlsx": xlsx_bytes(report),
            f"{stem}.xlsx": release_xlsx(records),
            f"{stem}.txt": release_text(records, preamble=PREAMBLE),
            f"proc_notes_{quarter:%b%Y}.txt".upper(): b"0088 A note on processing.\r\n",
            f"HCPC{quarter:%Y}_recordlayout.txt": b"HCPCS Code   5   1   5   CHAR\r\n",
        }
    )


def release_stem(quarter: date, label: str = "") -> str:
    """The name CMS gives a quarter's record file, without its ending: HCPC2025_OCT_ANWEB_v3."""
    return f"HCPC{quarter:%Y_%b}_ANWEB".upper() + (f"_{label}" if label else "")
