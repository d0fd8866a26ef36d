from datetime import date, datetime

import pytest
from hypothesis import given, settings

from codes.importer import spreadsheet
from codes.importer.archive import read_release
from codes.importer.records import BadFile
from tests.cms_files import (
    HEADER,
    PREAMBLE,
    code,
    csv_bytes,
    modifier,
    release_csv,
    release_xlsx,
    sheet_row,
    sheet_rows,
    xlsx_bytes,
)
from tests.codes.importer.strategies import PATIENT, releases_of_records

NAME = "HCPC2025_OCT_ANWEB.xlsx"
LAB = code("G0027", price=("00",), lab_certification=("010",), processing_note="0088")
RECORDS = [modifier("KX"), LAB, code("V5364", long="Screening, " * 100 + "for speech")]


def row_with(record, cells):
    """The record's row with these cells in place of its own, by heading."""
    own = dict(zip(HEADER, sheet_row(record), strict=True))
    return [*(own | cells).values()]


@pytest.mark.parametrize("build", [release_csv, release_xlsx])
@pytest.mark.parametrize("preamble", [[], PREAMBLE, ["A disclaimer"] * 10])
def test_the_records_are_found_below_the_headings_wherever_they_are(build, preamble):
    assert read_release(NAME, build(RECORDS, preamble=preamble)).records == RECORDS


@settings(PATIENT, max_examples=40)
@given(releases_of_records())
def test_what_is_written_comma_separated_reads_back(records):
    assert read_release(NAME, release_csv(records)).records == records


@settings(PATIENT, max_examples=10)
@given(releases_of_records())
def test_what_is_written_in_a_workbook_reads_back(records):
    assert read_release(NAME, release_xlsx(records)).records == records


def test_a_text_on_two_rows_is_one_record():
    more = ["G0503", "0020", "4", "goals and are prepared for discharge", *[""] * 44]
    rows = [*sheet_rows([code("G0503", long="Care, until patients reach")]), more]

    found = read_release(NAME, xlsx_bytes(rows))

    assert (
        found.records[0].long == "Care, until patients reach goals and are prepared for discharge"
    )
    assert found.record_count == 2


def test_numbers_get_the_zeros_back_that_a_spreadsheet_took():
    numbers = {"SEQNUM": 10, "RECID": 3, "PRICE1": 0, "LABCERT1": 10, "PROCNOTE": 88}
    numbers |= {"ANEST_BU": 0, "ADD DT": 20200101}

    found = read_release(NAME, xlsx_bytes([HEADER, row_with(LAB, numbers)]))

    assert found.records == [LAB]


def test_a_day_kept_as_a_day_is_read_as_one():
    row = row_with(code("J3490"), {"ADD DT": datetime(2019, 7, 1)})

    (found,) = read_release(NAME, xlsx_bytes([HEADER, row])).records

    assert found.added == date(2019, 7, 1)


def test_blank_rows_say_nothing():
    rows = [HEADER, [""] * 48, sheet_row(LAB), [], [None] * 48, [" "] * 48]

    assert read_release(NAME, csv_bytes(rows)).record_count == 1
    assert read_release(NAME, xlsx_bytes(rows)).records == [LAB]


def test_columns_may_stand_in_another_order_under_headings_written_otherwise():
    headings = [heading.replace(" ", "_").lower() for heading in HEADER]
    rows = [list(reversed(row)) for row in (headings, sheet_row(LAB))]

    assert read_release(NAME, csv_bytes(rows)).records == [LAB]


def test_a_modifier_stripped_of_its_blanks_is_still_a_modifier():
    row = row_with(modifier("KX"), {"HCPC": "KX"})

    assert read_release(NAME, csv_bytes([HEADER, row])).records == [modifier("KX")]


def test_line_breaks_inside_a_cell_become_blanks():
    rows = sheet_rows([code("J3490", long="Unclassified\r\ndrugs")])

    assert read_release(NAME, csv_bytes(rows)).records[0].long == "Unclassified drugs"


def test_the_sheet_with_the_records_is_found_among_others():
    rows = [["HCPC", "ACTION CD"], ["J3490", "No Change"]]

    content = xlsx_bytes(sheet_rows(RECORDS), before=rows)

    assert read_release(NAME, content).records == RECORDS


def test_a_refusal_names_the_row_and_the_column():
    row = row_with(code("J3490"), {"TERM DT": "20241301"})

    with pytest.raises(BadFile, match=r"line 2, .*TERM DT.*“20241301” is not a date"):
        read_release(NAME, csv_bytes([HEADER, row]))


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(spreadsheet, "SECONDS", 0.001)

    with pytest.raises(BadFile, match="takes too long"):
        read_release(NAME, release_xlsx(RECORDS))


@pytest.mark.parametrize("lost", range(1, 60))
def test_a_cut_comma_separated_file_is_refused(lost):
    content = release_csv(RECORDS).rstrip()

    with pytest.raises(BadFile):
        read_release(NAME, content[:-lost])
