from datetime import date

import pytest
from hypothesis import given, settings

from codes.importer.records import BadFile, Record, dump_records, load_records
from tests.cms_files import code, modifier
from tests.codes.importer.strategies import PATIENT, releases_of_records

FULL = Record(
    code="G0027",
    long="Semen analysis,  with two blanks",
    price=("21", "22"),
    xref=("Q0115",),
    asc_date=date(2008, 1, 1),
    added=date(1995, 1, 1),
    terminated=date(2024, 12, 31),
)


def test_a_record_survives_storage():
    assert load_records(dump_records([FULL])) == [FULL]


@settings(PATIENT, max_examples=40)
@given(releases_of_records())
def test_any_records_survive_storage(records):
    assert {*load_records(dump_records(records))} == {*records}


def test_the_same_records_are_stored_as_the_same_bytes():
    records = [modifier("KX"), code("V5364"), code("A0021")]

    assert dump_records(records) == dump_records(reversed(records))


def test_stored_records_list_codes_before_modifiers():
    stored = dump_records([modifier("A1"), code("V5364"), code("A0021")])

    assert [record.code for record in load_records(stored)] == ["A0021", "V5364", "A1"]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({}, "It is cut off. Ask again."),
        ({"file": "a.txt"}, "a.txt: It is cut off. Ask again."),
        ({"file": "a.txt", "line": 7}, "a.txt, line 7: It is cut off. Ask again."),
        ({"line": 7, "column": "column 3"}, "line 7, column 3: It is cut off. Ask again."),
    ],
)
def test_a_refusal_says_where_what_and_what_to_do(where, message):
    assert str(BadFile("It is cut off.", "Ask again.", **where)) == message
