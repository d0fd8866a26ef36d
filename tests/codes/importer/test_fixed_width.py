from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.importer.archive import read_release
from codes.importer.records import BadFile, Record
from tests.cms_files import PREAMBLE, chunks, code, modifier, release_text
from tests.codes.importer.strategies import PATIENT, releases_of_records

NAME = "HCPC2025_OCT_ANWEB.txt"
LONG = "Injection, of a drug whose description goes on and on " * 4 + "and ends"
RECORDS = [modifier("KX", long=LONG), code("J3490", long=LONG), code("V5364")]


def line_of(columns: dict[int, str]) -> bytes:
    """A line with these texts at CMS's columns, which count from 1."""
    line = [" "] * 320
    for begin, text in columns.items():
        line[begin - 1 : begin - 1 + len(text)] = text
    return "".join(line).encode() + b"\r\n"


# A line as CMS's description lays it out, and what it says.
COLUMNS = {1: "G0027", 6: "00100", 11: "3", 12: "Semen analysis", 92: "Semen"}
COLUMNS |= {120: "21", 122: "22", 126: "99", 128: "A", 129: "60-9", 141: "45-4"}
COLUMNS |= {147: "2049", 163: "3350.5", 171: "1862(a)(7)", 181: "400", 202: "010"}
COLUMNS |= {205: "89310", 225: "Q0115", 230: "C", 231: "YY", 233: "20080101"}
COLUMNS |= {241: "102", 244: "1", 245: "20090101", 253: "0088", 257: "T1H"}
COLUMNS |= {261: "5", 265: "L", 268: "0", 269: "19950101", 277: "20031001"}
COLUMNS |= {285: "20241231", 293: "D"}
SAID = Record(
    code="G0027",
    long="Semen analysis",
    short="Semen",
    price=("21", "22", "99"),
    multiple_pricing="A",
    cim=("60-9", "45-4"),
    mcm=("2049", "3350.5"),
    statute="1862(a)(7)",
    lab_certification=("400", "010"),
    xref=("89310", "Q0115"),
    coverage="C",
    asc_group="YY",
    asc_date=date(2008, 1, 1),
    opps_group="102",
    opps_indicator="1",
    opps_date=date(2009, 1, 1),
    processing_note="0088",
    betos="T1H",
    type_of_service=("5", "L"),
    anesthesia_units="0",
    added=date(1995, 1, 1),
    action_date=date(2003, 10, 1),
    terminated=date(2024, 12, 31),
    action="D",
)


def test_every_field_stands_where_cms_describes_it():
    assert read_release(NAME, line_of(COLUMNS)).records == [SAID]


@pytest.mark.parametrize(
    "content",
    [
        release_text(RECORDS),
        release_text(RECORDS, width=293),
        release_text(RECORDS, ending="\n"),
        release_text(RECORDS, encoding="utf-8"),
        release_text(RECORDS, encoding="utf-8-sig"),
        release_text(RECORDS, preamble=PREAMBLE),
        release_text(RECORDS, preamble=["A disclaimer of changing wording."] * 9),
        release_text(RECORDS) + b"\r\n\r\n\x1a",
        release_text(RECORDS)[:-2],
        release_text(RECORDS)[:-1],
        release_text(RECORDS, width=316),
        release_text(RECORDS).replace(b"\r\n", b"".ljust(5) + b"\r\n"),
    ],
    ids=[
        "padded",
        "trimmed",
        "unix line ends",
        "utf-8",
        "utf-8 with a mark",
        "preamble",
        "nine lines of preamble",
        "blank lines and end-of-file mark",
        "no last line end",
        "half a last line end",
        "316 columns",
        "longer than 320, but blank",
    ],
)
def test_the_same_records_are_read_however_the_file_was_saved(content):
    assert read_release(NAME, content).records == RECORDS


@settings(PATIENT, max_examples=40)
@given(releases_of_records(), st.sampled_from([293, 320]))
def test_what_is_written_in_columns_reads_back(records, width):
    content = release_text(records, width=width)

    assert read_release(NAME, content).records == records


def test_the_lines_of_a_text_join_with_one_blank_and_keep_its_own():
    long = "and/or both.  usually, the problem is minor, " * 6 + "as said"
    record = code("G9486", long=long)

    assert len(chunks(long)) == 4
    assert read_release(NAME, release_text([record])).records[0].long == long


def test_a_modifier_stands_behind_three_blanks():
    found = read_release(NAME, release_text([modifier("A1"), code("A1001")])).records

    assert [(record.code, record.is_modifier) for record in found] == [
        ("A1", True),
        ("A1001", False),
    ]


def test_lines_are_counted_as_cms_counts_them():
    assert read_release(NAME, release_text(RECORDS, preamble=PREAMBLE)).record_count == 7


def test_cp1252_letters_are_read_and_shown():
    record = code("J3490", long="“Café” drug, ½ mg – each")

    assert read_release(NAME, release_text([record])).records == [record]


def test_a_blank_action_date_and_one_before_the_add_date_are_taken_as_they_are():
    records = [
        code("A0130", action_date=None),
        code("G9147", added=date(2010, 1, 1), action_date=date(2009, 12, 18)),
    ]

    assert read_release(NAME, release_text(records)).records == records


@pytest.mark.parametrize(
    ("written", "day"),
    [("820101  ", date(1982, 1, 1)), ("200401  ", date(2020, 4, 1)), ("00000000", None)],
)
def test_old_and_empty_dates_are_understood(written, day):
    content = release_text([code("J3490", terminated=date(2099, 9, 9), action_date=None)])

    found = read_release(NAME, content.replace(b"20990909", written.encode()))

    assert found.records[0].terminated == day


@pytest.mark.parametrize("width", [293, 320])
def test_a_file_cut_within_a_line_is_refused(width):
    content = release_text([code("A0021"), code("J3490", long=LONG)], width=width)
    whole_lines = content.splitlines()

    for end in range(1, len(content)):
        lines = content[:end].splitlines()
        try:
            read_release(NAME, content[:end])
        except BadFile as refusal:
            assert refusal.line in (None, len(lines))
        else:
            assert lines[-1].rstrip() == whole_lines[len(lines) - 1].rstrip()
