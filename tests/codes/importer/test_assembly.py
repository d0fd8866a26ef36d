import pytest

from codes.importer.archive import read_release
from codes.importer.records import BadFile, UnknownValue
from tests.cms_files import (
    HEADER,
    code,
    csv_bytes,
    modifier,
    release_csv,
    release_text,
    sheet_row,
    sheet_rows,
)

NAME = "HCPC2025_OCT_ANWEB.txt"


def read(*records):
    return read_release(NAME, release_text(records))


def test_a_value_cms_has_not_documented_is_kept_and_reported():
    found = read(code("A6520", price=("41",)), code("A6521", price=("41", "00")))

    assert found.records[0].price == ("41",)
    assert found.unknown_values == [UnknownValue("price", "41", 2, "A6520")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("coverage", "X"),
        ("multiple_pricing", "H"),
        ("betos", "O1Z"),
        ("action", "Z"),
        ("asc_group", "NN"),
    ],
)
def test_each_enumerated_field_reports_what_is_new(field, value):
    assert read(code("J3490", **{field: value})).unknown_values == [
        UnknownValue(field, value, 1, "J3490")
    ]


@pytest.mark.parametrize(("field", "value"), [("price", "40"), ("betos", "O1L")])
def test_what_cms_added_without_notice_is_known_by_now(field, value):
    known = (value,) if field == "price" else value

    assert read(code("A6520", **{field: known})).unknown_values == []


@pytest.mark.parametrize("name", ["W0001", "I0001"])
def test_a_code_of_no_section_is_refused(name):
    with pytest.raises(BadFile, match=f"HCPC: {name} is of no section"):
        read(code(name))


def test_an_end_before_the_beginning_is_reported():
    from_2020 = code("J3490")
    impossible = from_2020.added.replace(year=2019)

    (found,) = read(code("J3490", terminated=impossible)).unknown_values

    assert (found.field, found.first_code) == ("terminated", "J3490")


def test_a_record_given_twice_alike_is_taken_once_and_noted():
    found = read(code("G0503"), code("J3490"), code("G0503"))

    assert [record.code for record in found.records] == ["G0503", "J3490"]
    assert found.notes == ("1 records are there twice, alike (G0503 first).",)


def test_numbers_of_the_ama_and_the_ada_are_left_out():
    found = read(modifier("25"), code("D0120"), code("99213"), code("0001F"), code("J3490"))

    assert [record.code for record in found.records] == ["J3490"]
    assert found.notes == ("Left out 4 numbers of the AMA or ADA (25 first).",)


def test_a_certification_split_at_its_decimal_point_is_mended():
    found = read(code("G0027", lab_certification=("400", ".0")))

    assert found.records[0].lab_certification == ("400",)
    assert "G0027" in found.notes[0]


def test_a_long_release_must_reach_section_v():
    codes = [code(f"A{number:04}") for number in range(300)]

    assert len(read(*codes, code("V5364")).records) == 301
    with pytest.raises(BadFile, match="ends at A0299, before section V"):
        read(*codes)


def test_an_excerpt_need_not_reach_section_v():
    assert len(read(code("A0021"), code("J3490")).records) == 2


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"HCPC": "KX1"}, "line 2, HCPC: “KX1” is not a HCPCS code"),
        ({"HCPC": "J3490", "RECID": "7"}, "“J3490” is not a HCPCS modifier"),
        ({"RECID": "9"}, "line 2, RECID: “9” is not a kind of record"),
        ({"ADD DT": "19820230"}, "“19820230” is not a date"),
        ({"ADD DT": "21000101"}, "“21000101” is not a date"),
        ({"ADD DT": "1982"}, "“1982” is not a date"),
        ({"ADD DT": "1-1-1982"}, "“1-1-1982” is not a date"),
    ],
)
def test_a_row_that_contradicts_the_layout_is_refused(cells, says):
    row = dict(zip(HEADER, sheet_row(code("J3490")), strict=True)) | cells

    with pytest.raises(BadFile, match=says):
        read_release("HCPC2025_OCT_ANWEB.csv", csv_bytes([HEADER, row.values()]))


@pytest.mark.parametrize(("recid", "sequence"), [("8", "0020"), ("4", "two"), ("4", "0010")])
def test_a_continuation_of_another_kind_or_out_of_sequence_is_refused(recid, sequence):
    more = ["J3490", sequence, recid, "and more", *[""] * 44]

    with pytest.raises(BadFile, match="missing or moved"):
        read_release("HCPC2025_OCT_ANWEB.csv", csv_bytes([*sheet_rows([code("J3490")]), more]))


def test_headings_without_a_record_are_refused():
    with pytest.raises(BadFile, match="no HCPCS record"):
        read_release("HCPC2025_OCT_ANWEB.csv", release_csv([]))


@pytest.mark.parametrize("name", ["J34", "j3490", "J349X", "J-490"])
def test_what_is_not_a_code_is_refused(name):
    with pytest.raises(BadFile):
        read(code(name))
