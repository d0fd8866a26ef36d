"""The list of codes as a search: facets, what is said of words, suggestions, bad input in time."""

import time
from datetime import date
from urllib.parse import quote

import pytest
from django.http import QueryDict

from codes.calendar import today
from codes.filters import FACETS, CodeFilter
from codes.models import MonthlyCount
from codes.search import search
from tests.codes.test_pages_code import read
from tests.factories import make_release
from tests.full_portal import OCTOBER_2025, make_full_portal

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), today())


def counts(query: str) -> dict:
    return CodeFilter(QueryDict(query)).counts()


def test_each_facet_counts_the_codes_that_its_values_leave(portal):
    found = counts("")

    assert found["section"] == {"A": 1, "E": 1, "J": 2, "K": 1}
    assert found["status"] == {"active": 4, "ended": 1}
    assert found["trait"]["capped-rental"] == 1
    assert found["specialty"] == {"rheumatology": 1}
    assert found["denial"] == {"CO-16": 1}


@pytest.mark.parametrize(
    "query", ["", "q=unclassified", "section=J", "status=ended", "q=cgm&as_of=2022-01-01"]
)
def test_a_count_is_the_length_of_the_list_that_it_promises(portal, query):
    for facet, values in counts(query).items():
        assert facet in FACETS
        for value, count in values.items():
            chosen = QueryDict(query, mutable=True)
            chosen[facet] = value
            assert CodeFilter(chosen).qs.count() == count, (facet, value)


def test_a_choice_does_not_hide_the_other_choices_of_its_facet(portal):
    assert counts("section=J")["section"] == counts("")["section"]
    assert counts("section=J")["family"] == {"j-noc": 2}


def test_facets_are_choices_with_their_counts_and_links(client, portal):
    page = client.get("/codes/?status=active&page=1").content.decode()

    assert '<option value="rheumatology">Rheumatology (1)</option>' in page
    assert '<a href="?status=active&amp;section=J">Section J' in page


def test_a_chosen_facet_can_be_taken_away(client, portal):
    page = client.get("/codes/?q=unclassified&section=J").content.decode()

    assert '<a href="?q=unclassified">Section: Section J' in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("xylophone", "No text has “xylophone”."),
        ("xylophone biologics", "These codes have the other words."),
        ("unclasified", "“unclasified” was read as unclassified"),
        ("99213 unclassified", "This looks like a CPT code."),
        ("00409-1105-02", "This looks like a national drug code"),
        ("requirements met", "Modifier KX Requirements of the policy have been met"),
    ],
)
def test_it_is_said_what_became_of_each_word(client, portal, query, message):
    assert message in read(client, f"/codes/?q={quote(query)}")


def test_suggestions_are_small_public_and_counted_nowhere(
    client, portal, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 3600)
    search("", today())  # builds the index

    with django_assert_num_queries(0):
        answer = client.get("/suggestions/?q=unclassified+bio")

    row = {"code": "J3590", "text": "Unclassified biologics", "status": "active", "called": ""}
    assert answer.json() == {"codes": [row]}
    assert answer["Cache-Control"].startswith("public, max-age=60")
    assert not MonthlyCount.objects.exists()


def test_suggestions_are_those_of_the_date_of_service(client, portal):
    answer = client.get("/suggestions/?q=k0553&as_of=2020-01-01")

    assert answer.json()["codes"][0]["status"] == "active"
    assert answer["Cache-Control"].startswith("private")


@pytest.mark.parametrize("as_of", ["x", "2024-02-30", "1066-10-14", "%00"])
def test_suggestions_for_no_date_are_refused_in_words(client, portal, as_of):
    answer = client.get(f"/suggestions/?q=oxygen&as_of={as_of}")

    assert answer.status_code == 400
    assert answer.json()["codes"] == [] and answer.json()["message"]


NONSENSE = [
    "",
    "a" * 10_000,
    "*:* AND (",
    '"' * 200,
    "+-&|!(){}[]^~?:\\/" * 20,
    "\N{PILL}" * 50,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
]


@pytest.mark.parametrize("text", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize("address", ["/codes/", "/suggestions/"])
def test_any_text_has_an_answer(client, portal, address, text):
    assert client.get(address, {"q": text}).status_code == 200


@pytest.mark.parametrize("raw", ["%ff%fe", "%00", "%ED%A0%80", "%", "a%0d%0ab"])
@pytest.mark.parametrize("address", ["/codes/", "/suggestions/"])
def test_any_bytes_have_an_answer(client, portal, address, raw):
    assert client.get(f"{address}?q={raw}").status_code == 200


@pytest.mark.sqlite
def test_nonsense_is_not_slow_to_search(portal):
    search("", today())  # builds the index
    started = time.process_time()

    for text in NONSENSE:
        search(text, date(2025, 10, 1))

    assert (time.process_time() - started) / len(NONSENSE) < 0.05


@pytest.mark.parametrize("codes", [1, 60])
def test_a_search_costs_the_same_at_any_size(
    client, portal, on, codes, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 3600)
    more = [f"J{number}" for number in range(1000, 1000 + codes)]
    make_release([*OCTOBER_2025, *more], quarter="2026-01", on=on)
    search("", on)  # builds the index

    # codes, rows, newest release, five lists of choices
    with django_assert_num_queries(8):
        assert client.get("/codes/?q=j1").status_code == 200
