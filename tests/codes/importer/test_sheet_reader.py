"""The script's parts, called here; the tests of spreadsheet run it as the script it is."""

import io
import json
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from codes.importer import sheet_reader
from tests.cms_files import HEADER, code, sheet_rows, xlsx_bytes
from tests.hostile_files import tall_workbook


def workbook(content: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (20200101.0, "20200101"),
        (3350.5, "3350.5"),
        (51, "51"),
        ("   A1", "   A1"),
        (date(2020, 1, 1), "20200101"),
        (datetime(2020, 1, 1, 12), "20200101"),
        ("", ""),
    ],
)
def test_a_cell_reads_as_cms_would_have_written_it(cell, text):
    assert sheet_reader.text(cell) == text


def test_the_sheet_with_records_is_taken_before_others():
    content = xlsx_bytes(sheet_rows([code("J3490")]), before=[["A report"]])

    name, rows = sheet_reader.record_sheet(workbook(content))

    assert (name, rows[0]) == ("A", HEADER)


def test_without_records_the_last_sheet_stands_for_all():
    assert sheet_reader.record_sheet(workbook(xlsx_bytes([["A report"]])))[1] == [["A report"]]


def test_a_sheet_beyond_the_size_of_any_of_cms_is_refused():
    with pytest.raises(OverflowError, match="larger than any"):
        sheet_reader.record_sheet(workbook(tall_workbook()))


def test_rows_are_written_as_lines_of_texts():
    out = io.StringIO()

    sheet_reader.write("A", [["J3490", 51.0]], out)

    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"sheet": "A"},
        ["J3490", "51"],
    ]


def test_endless_rows_end_the_script(monkeypatch):
    monkeypatch.setattr(sheet_reader, "MAX_OUTPUT", 10)

    with pytest.raises(SystemExit):
        sheet_reader.write("A", [["J3490"]] * 2, io.StringIO())
