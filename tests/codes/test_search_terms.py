"""The names of drugs from CMS's files, and the terms that come with the starter pack."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from codes.models import Family, SearchTerm
from guidance.pack import read_pack
from tests.cms_files import xlsx_bytes

PREAMBLE = [
    ["January 2026 ASP NDC - HCPCS Crosswalk for Medicare Part B Drugs"],
    ["     Effective January 1, 2026 through March 31, 2026"],
    [],
]
HEADINGS = ["_2026_CODE", "Short Description", "LABELER NAME", "NDC2", "Drug Name", "HCPCS dosage"]
ROWS = [
    ["J9271", "Inj pembrolizumab", "Merck", "0006-3026-02", "Keytruda®", "1 MG"],
    ["J1950", "Leuprolide acetate /3.75 mg", "Abbvie", "0074-1", "Lupron Depot", "3.75 MG"],
    ["J9217", "Leuprolide acetate suspnsion", "Abbvie", "0074-2", "Lupron  Depot", "7.5 MG"],
    ["J9217", "Leuprolide acetate suspnsion", "Abbvie", "0074-3", "Lupron Depot", "7.5 MG"],
    ["J1100", "Dexamethasone sodium phos", "Any", "1-1", "Dexamethasone Sodium Phosphate", "1 MG"],
    ["90371", "Hep b ig, im", "Any", "1-2", "Nabi-HB", "1 ML"],
]


def csv_of(rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp1252")


@pytest.fixture
def load(tmp_path, capsys):
    """`load(name, content)` loads a file by the command and gives what it prints."""

    def load_file(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        call_command("load_search_terms", tmp_path / name)
        return capsys.readouterr().out

    return load_file


def stored():
    return list(SearchTerm.objects.values_list("term", "kind", "code", "place"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("crosswalk.csv", csv_of([*PREAMBLE, HEADINGS, *ROWS])),
        ("crosswalk.csv", csv_of([HEADINGS, *ROWS])),
        ("crosswalk.xlsx", xlsx_bytes([*PREAMBLE, HEADINGS, *ROWS])),
    ],
    ids=["csv", "without a preamble", "xlsx"],
)
def test_the_names_of_the_crosswalk_are_loaded(load, name, content):
    said = load(name, content)

    assert "4 names, 4 new, 0 gone" in said and "passed over: 1" in said
    assert stored() == [
        ("Dexamethasone Sodium Phosphate", "generic", "J1100", 1),
        ("Keytruda", "brand", "J9271", 1),
        ("Lupron Depot", "brand", "J9217", 1),
        ("Lupron Depot", "brand", "J1950", 2),
    ]


@pytest.mark.django_db
def test_the_quarter_is_that_of_the_file(load):
    load("crosswalk.csv", csv_of([*PREAMBLE, HEADINGS, *ROWS]))

    assert set(SearchTerm.objects.values_list("source", flat=True)) == {
        "CMS ASP NDC-HCPCS crosswalk, January 2026"
    }


@pytest.mark.django_db
def test_a_second_load_changes_nothing_and_another_file_replaces_the_first(load):
    whole = csv_of([*PREAMBLE, HEADINGS, *ROWS])
    load("crosswalk.csv", whole)
    before = list(SearchTerm.objects.values_list("pk", flat=True))
    assert "0 new, 0 gone" in load("crosswalk.csv", whole)
    assert list(SearchTerm.objects.values_list("pk", flat=True)) == before

    assert "1 names, 0 new, 3 gone" in load("later.csv", csv_of([*PREAMBLE, HEADINGS, ROWS[0]]))

    assert stored() == [("Keytruda", "brand", "J9271", 1)]


@pytest.mark.django_db
def test_the_pricing_file_names_substances_without_dose_and_form(load):
    headings = ["HCPCS Code", "Short Description", "HCPCS Code Dosage", "Payment Limit"]
    rows = [["A9573", "Inj, gadopiclenol, 1 ml", "1 ML", "3.2"], ["Q9999", "Inj", "1", "1"]]

    load("asp_pricing_2026-01.csv", csv_of([headings, *rows]))

    assert stored() == [("gadopiclenol", "generic", "A9573", 1)]


BAD = [
    ([], "bad.csv: The file is empty"),
    ([["a", "b"]], "None of its first rows has the headings of CMS's drug files"),
    ([HEADINGS], "Below its headings there is no row"),
    ([HEADINGS, ["J92711", *ROWS[0][1:]]], "bad.csv, line 2: 'J92711' is no HCPCS code"),
    ([HEADINGS, [*ROWS[0][:4], "", "1 MG"]], "bad.csv, line 2: The row names no drug"),
    ([HEADINGS, [*ROWS[0][:4], "x" * 121, "1"]], "line 2: The name of the drug is longer than 120"),
    ([HEADINGS, ROWS[0][:3]], "line 2: The row has fewer cells than there are columns"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "message"), BAD)
def test_a_bad_file_is_refused_and_nothing_is_written(load, rows, message):
    load("good.csv", csv_of([HEADINGS, ROWS[0]]))

    with pytest.raises(CommandError, match=message):
        load("bad.csv", csv_of(rows))

    assert len(stored()) == 1


@pytest.fixture(scope="module")
def terms():
    return read_pack().search_terms


def test_the_pack_brings_brands_and_words_of_every_day(terms):
    assert sum(term["kind"] == "brand" for term in terms) >= 150
    assert sum(term["kind"] == "lay" for term in terms) >= 300


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_term_of_the_pack_leads_somewhere(terms):
    call_command("load_starter", verbosity=0)
    named = {target for term in terms for target in term["codes"] if not target[0].isupper()}

    assert named <= set(Family.objects.values_list("slug", flat=True))
    assert SearchTerm.objects.filter(glossary="starter-pack").count() >= len(terms)
