from datetime import date

import pytest

from codes.importer.diff import FieldChange, difference, shrinkage
from tests.cms_files import code, modifier


def names(records):
    return [record.code for record in records]


def test_codes_that_come_go_and_end_are_told_apart():
    before = [modifier("KX"), code("A0021"), code("J0135"), code("K0553")]
    after = [modifier("KX"), code("J0135", terminated=date(2024, 12, 31)), code("J9380")]

    found = difference(before, after)

    assert names(found.added) == ["J9380"]
    assert names(found.missing) == ["A0021", "K0553"]
    assert names(found.ended) == ["J0135"]


@pytest.mark.parametrize(
    ("field", "before", "after", "texts"),
    [
        ("long", "Unclassified drug", "Unclassified drugs", None),
        ("short", "Drugs", "Drugs unclassified", None),
        ("price", ("51",), ("51", "57"), ("51", "51 57")),
        ("statute", "1862A7", "", ("1862A7", "")),
        ("asc_date", None, date(2025, 1, 1), ("", "2025-01-01")),
        ("terminated", None, date(2024, 12, 31), ("", "2024-12-31")),
        ("added", date(2020, 4, 1), date(2019, 11, 15), ("2020-04-01", "2019-11-15")),
    ],
)
def test_a_field_that_reads_otherwise_is_a_change(field, before, after, texts):
    old, new = code("J3490", **{field: before}), code("J3490", **{field: after})

    changed = difference([old], [new]).changed

    said = texts or (before, after)
    assert FieldChange("J3490", False, field, *said) in changed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"statute": "1862(A)(7)"}, {"statute": "1862(a)(7)"}),
        ({"long": "Needle  biopsy,\tany method"}, {"long": "needle biopsy, any METHOD"}),
        ({"action": "A"}, {"action": "N"}),
        ({"action_date": None}, {"action_date": date(2025, 1, 1)}),
    ],
    ids=["case", "white space", "action code", "action date"],
)
def test_case_white_space_and_what_describes_the_release_are_no_change(before, after):
    assert difference([code("J3490", **before)], [code("J3490", **after)]).changed == []


def test_a_text_that_changed_is_a_change_though_cms_says_none():
    old = code("J3490", long="One drug", action="N")
    new = code("J3490", long="Another drug", action="N")

    assert [change.field for change in difference([old], [new]).changed] == ["long"]


def test_an_end_taken_back_is_a_change_and_no_end():
    old, new = code("J3490", terminated=date(2024, 12, 31)), code("J3490", action="R")

    found = difference([old], [new])

    assert found.ended == []
    assert [change.field for change in found.changed] == ["terminated"]


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [("ABCE", "ABCE", 0), ("ABCE", "ABC", 0.25), ("ABCE", "VABCE", 0), ("", "A", 0), ("A", "", 1)],
)
def test_shrinkage_is_the_share_of_codes_that_are_gone(before, after, share):
    old, new = ([code(f"{letter}0001") for letter in letters] for letters in (before, after))

    assert shrinkage(old, new) == share


def test_modifiers_do_not_count_as_codes_that_are_gone():
    old = [code("J3490"), modifier("KX"), modifier("JZ")]

    assert shrinkage(old, [code("J3490")]) == 0
    assert shrinkage(old, [modifier("KX"), modifier("JZ")]) == 1
    assert shrinkage([modifier("KX")], []) == 0
