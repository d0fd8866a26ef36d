"""Files that must be refused with one plain message: for importer and upload tests.

`HOSTILE` maps a file name to a function that gives its content and part of what the refusal says.
Contents are made when asked for, since some are large.
"""

import io
import random
import zipfile
from collections.abc import Callable

from tests.cms_files import (
    code,
    csv_bytes,
    modifier,
    release_csv,
    release_text,
    release_xlsx,
    sheet_rows,
    text_lines,
    xlsx_bytes,
    zip_bytes,
)

DRUG = code("J3490", long="Unclassified drugs, " + "described at some length, " * 8)
RECORDS = [modifier("KX"), DRUG, code("V5364")]


def lines(*records_lines: str) -> bytes:
    """Lines ended as CMS ends them."""
    return "".join(line + "\r\n" for line in records_lines).encode("cp1252")


def cut_within_a_line() -> bytes:
    return release_text(RECORDS)[:-60]


def cut_within_a_text() -> bytes:
    return lines(*text_lines(DRUG))[:-40].rstrip()


def cut_between_lines() -> bytes:
    """A long release that stops in section J: only what is missing tells."""
    return release_text([code(f"J{number:04}") for number in range(1000)])


def contradiction() -> bytes:
    return release_text([DRUG, code("J3490", long="Another drug altogether")])


def impossible_date() -> bytes:
    return release_text([DRUG]).replace(b"20200101", b"20201301", 1)


def undecodable_byte() -> bytes:
    return release_text([code("J3490", long="Dose # of drug")]).replace(b"#", b"\x81")


def control_character() -> bytes:
    return release_text([code("J3490", long="Dose # of drug")]).replace(b"#", b"\0")


def tab_in_a_record() -> bytes:
    return release_text([code("J3490", long="Dose # of drug")]).replace(b"#", b"\t")


def shifted_columns() -> bytes:
    return release_text([DRUG]).replace(b"J3490001003", b"J3490001003 ", 1)


def overlong_line() -> bytes:
    return release_text([DRUG]).replace(b"N" + b" " * 27, b"N" + b" " * 27 + b"x", 1)


def stripped_modifier() -> bytes:
    """An editor that strips lines moves a modifier to where codes stand."""
    return release_text(RECORDS).lstrip()


def short_first_line() -> bytes:
    return lines(text_lines(DRUG)[0][:250].ljust(280, "x"), *text_lines(code("V5364")))


def lost_line() -> bytes:
    first, _, *rest = text_lines(DRUG)
    return lines(first, *rest)


def random_bytes() -> bytes:
    return random.Random(1).randbytes(100_000)


def long_line() -> bytes:
    return b"1" * (30 << 20)


def many_lines() -> bytes:
    return b"\n" * (30 << 20)


def too_large() -> bytes:
    return b"x" * ((64 << 20) + 1)


def csv_without_columns() -> bytes:
    return csv_bytes(row[:40] for row in sheet_rows(RECORDS))


def csv_of_commas() -> bytes:
    return csv_bytes(sheet_rows([DRUG])) + (b"," * 19_000 + b"\n") * 3_000


def csv_short_row() -> bytes:
    return csv_bytes([*sheet_rows([DRUG]), ["V5364", "0010", "3"]])


def csv_cut() -> bytes:
    return release_csv(RECORDS)[:-3]


def csv_open_quote() -> bytes:
    return release_csv([DRUG]) + b'J3490,0010,"3'


def workbook_cut() -> bytes:
    return release_xlsx(RECORDS)[:-200]


def workbook_of_changes() -> bytes:
    return xlsx_bytes([["HCPC", "ACTION CD"], ["J3490", "No Change"]])


def sparse_workbook() -> bytes:
    """Two cells a million rows apart: a reader that makes a table of them asks for it all."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return workbook_of(f"<sheetData>{cells}</sheetData>")


def tall_workbook() -> bytes:
    """A sheet that fits in memory, and is still larger than any of CMS's."""
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="AV90000"><v>1</v></c></row>'
    )
    return workbook_of(f"<sheetData>{cells}</sheetData>")


def workbook_with(short: str) -> bytes:
    """A workbook with this short description."""
    return release_xlsx([code("J3490", short=short)])


def workbook_without_sheets() -> bytes:
    return workbook_of("", sheets="")


def workbook_entities() -> bytes:
    """Entities that multiply, as far as a reader expands them."""
    entities = '<!ENTITY a "HCPC">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>'
    return workbook_of(f"<sheetData>{rows}</sheetData>", before=f"<!DOCTYPE x [{entities}]>")


def workbook_of(sheet: str, *, before: str = "", sheets: str = "") -> bytes:
    """The least that a reader takes for a workbook, with this inside its only sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed = '<sheet name="A" sheetId="1" r:id="r1"/>' if sheet else sheets
    return zip_bytes(
        {
            "_rels/.rels": (
                f'<Relationships xmlns="{packages}"><Relationship Id="r1" '
                f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>{listed}</sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{packages}"><Relationship Id="r1" '
                f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            ).encode(),
            "xl/worksheets/sheet1.xml": (
                f'{before}<worksheet xmlns="{main}">{sheet}</worksheet>'
            ).encode(),
        }
    )


def zip_cut() -> bytes:
    return zip_bytes({"HCPC2025_OCT_ANWEB.txt": release_text(RECORDS)})[:-30]


def zip_damaged() -> bytes:
    content = bytearray(zip_bytes({"HCPC2025_OCT_ANWEB.txt": release_text(RECORDS)}))
    content[80:90] = b"0123456789"
    return bytes(content)


def zip_locked() -> bytes:
    """The flag that says a member is encrypted, in both places where a zip keeps it."""
    content = bytearray(zip_bytes({"HCPC2025_OCT_ANWEB.txt": release_text(RECORDS)}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def zip_bomb() -> bytes:
    return zip_bytes({"HCPC2025_OCT_ANWEB.txt": b" " * (100 << 20)})


def zip_of_many() -> bytes:
    return zip_bytes({f"{number}.txt": b"x" for number in range(1000)})


def zip_within_zip() -> bytes:
    return zip_bytes({"HCPC2025_OCT_ANWEB.zip": zip_bytes({"x.txt": release_text(RECORDS)})})


def zip_renamed_within_zip() -> bytes:
    return zip_bytes({"HCPC2025_OCT_ANWEB.txt": zip_bytes({"x.txt": release_text(RECORDS)})})


def zip_of_lies() -> bytes:
    """A member that says it is small and unpacks to a hundred megabytes."""
    content = bytearray(zip_bomb())
    for place in (content.index(b"PK\x01\x02") + 24, 22):
        content[place : place + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def zip_packed_otherwise() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("HCPC2025_OCT_ANWEB.txt", release_text(RECORDS))
    return written.getvalue()


def zip_of_two_quarters() -> bytes:
    return zip_bytes(
        {
            f"HCPC{year}_OCT_ANWEB.txt": release_text([code("V5364", short=f"Item of {year}")])
            for year in (2024, 2025)
        }
    )


def zip_that_climbs() -> bytes:
    return zip_bytes({"../../etc/HCPC2025_OCT_ANWEB.txt": release_text(RECORDS)})


def zip_of_other_things() -> bytes:
    return zip_bytes({"holiday.txt": b"Wish you were here.\r\n", "photo.jpg": b"\xff\xd8"})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.txt": (bytes, "is empty"),
    "blank.txt": (lambda: b"\r\n" * 9, "is empty"),
    "document.pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF"),
    "error.txt": (lambda: b"<!DOCTYPE html><html><h1>404</h1></html>", "web page"),
    "random.bin": (random_bytes, "neither text nor"),
    "letter.txt": (lambda: b"Dear CMS,\r\nplease send codes.\r\n", "is a HCPCS record"),
    "utf16.txt": (lambda: release_text(RECORDS).decode().encode("utf-16"), "UTF-16"),
    "long_line.txt": (long_line, "longer than any"),
    "many_lines.txt": (lambda: b"x" + many_lines(), "more lines than"),
    "too_large.txt": (too_large, "larger than 64 MB"),
    "cut_within_a_line.txt": (cut_within_a_line, "cut off"),
    "cut_within_a_text.txt": (cut_within_a_text, "cut off"),
    "cut_between_lines.txt": (cut_between_lines, "before section V"),
    "contradiction.txt": (contradiction, "second time"),
    "continuation_first.txt": (lambda: lines(*text_lines(DRUG)[1:]), "goes on here"),
    "lost_line.txt": (lost_line, "missing or moved"),
    "impossible_date.txt": (impossible_date, "not a date"),
    "undecodable_byte.txt": (undecodable_byte, "0x81"),
    "control_character.txt": (control_character, "neither text nor"),
    "tab.txt": (tab_in_a_record, "control character"),
    "shifted_columns.txt": (shifted_columns, "not a date"),
    "overlong_line.txt": (overlong_line, "columns are shifted"),
    "stripped_modifier.txt": (stripped_modifier, "begin like a record"),
    "short_first_line.txt": (short_first_line, "of the 293 characters"),
    "columns_missing.csv": (csv_without_columns, "ANEST_BU.* are missing"),
    "commas.csv": (csv_of_commas, "more cells than any"),
    "short_row.csv": (csv_short_row, "fewer cells"),
    "bell.csv": (lambda: release_csv([code("J3490", short="a \a bell")]), "control character"),
    "escape.csv": (lambda: release_csv([code("J3490", long="\x1b[2J")]), "control character"),
    "long_code.csv": (lambda: release_csv([code("J" * 900)]), "“J{40}” is not a HCPCS code"),
    "no_section.csv": (lambda: release_csv([code("I0001")]), "of no section"),
    "cut.csv": (csv_cut, "cut off"),
    "open_quote.csv": (csv_open_quote, "comma-separated"),
    "cut.xlsx": (workbook_cut, "damaged or cut off"),
    "changes.xlsx": (workbook_of_changes, "column headings"),
    "sparse.xlsx": (sparse_workbook, "memory|larger than any"),
    "tall.xlsx": (tall_workbook, "larger than any"),
    "entities.xlsx": (workbook_entities, "damaged|column headings"),
    "no_sheets.xlsx": (workbook_without_sheets, "damaged|column headings"),
    "long_cell.xlsx": (lambda: workbook_with(short="s" * 300), "300 characters, more"),
    "nul_cell.xlsx": (lambda: workbook_with(short="_x0000_ NUL"), "control character"),
    "old.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random_bytes(), "damaged"),
    "cut.zip": (zip_cut, "damaged or cut off"),
    "damaged.zip": (zip_damaged, "damaged"),
    "locked.zip": (zip_locked, "password"),
    "bomb.zip": (zip_bomb, "unpacks to"),
    "many.zip": (zip_of_many, "1000 entries"),
    "lies.zip": (zip_of_lies, "is damaged"),
    "packed_otherwise.zip": (zip_packed_otherwise, "a way that CMS does not use"),
    "two_quarters.zip": (zip_of_two_quarters, "2024_OCT_ANWEB.txt and HCPC2025_OCT"),
    "nested.zip": (zip_within_zip, "no HCPCS record file"),
    "nested_renamed.zip": (zip_renamed_within_zip, "zip within the zip"),
    "climbing.zip": (zip_that_climbs, "points outside"),
    "other.zip": (zip_of_other_things, "no HCPCS record file"),
}
# Unknown quarter: sound records, and nothing that says when.
UNDATED = release_text([code("J3490", added=None, action_date=None)])
