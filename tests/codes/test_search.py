"""Finding codes by what they are called."""

from datetime import date

import pytest

from codes.search import nearest, search
from tests.cms_files import code
from tests.factories import make_release

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 1)
CODES = [
    code("E1390", short="Oxygen concentrator", long="Oxygen concentrator, single delivery port"),
    code("E1391", short="Oxygen concentrator, dual", long="Oxygen concentrator, dual port"),
    code("E1399", short="Dme misc", long="Durable medical equipment, miscellaneous"),
    code("J9271", short="Inj pembrolizumab", long="Injection, pembrolizumab, 1 mg"),
    code(
        "J3490",
        short="Drugs unclassified injection",
        long="Unclassified drugs",
        added=date(2020, 1, 1),
    ),
    code("J3535", short="Oxygen drug", long="An oxygen drug", terminated=date(2021, 1, 1)),
]


@pytest.fixture(scope="module")
def release(module_db):
    return make_release(CODES)


@pytest.mark.parametrize("spelling", ["J3490", "j3490", " J-3490 ", "j 3490", "J.3490"])
def test_a_code_is_found_in_any_spelling(release, spelling):
    assert search(spelling, TODAY) == ["J3490"]


def test_the_beginning_of_a_code_finds_all_that_begin_so(release):
    assert search("e13", TODAY) == ["E1390", "E1391", "E1399"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("concentrator oxygen", "E1390"),
        ("concentrators", "E1390"),
        ("injections of pembrolizumab", "J9271"),
        ("oxigen concentrater", "E1390"),
        ("pembrolizumb", "J9271"),
        ("UNCLASSIFIED drug", "J3490"),
    ],
)
def test_words_are_found_in_any_order_inflected_and_misspelled(release, query, first):
    assert search(query, TODAY)[0] == first


def test_active_codes_stand_before_ended_ones(release):
    assert search("oxygen", TODAY)[-1] == "J3535"
    assert len(search("oxygen", TODAY)) == 3


def test_the_text_of_the_date_is_searched(on):
    make_release([code("J3490", long="Mousetraps")], quarter="2024-10", on=on)
    make_release([code("J3490", long="Umbrellas")], quarter="2025-10", on=on)

    assert search("umbrella", date(2025, 10, 1)) == ["J3490"]
    assert search("umbrella", date(2025, 9, 30)) == []
    assert search("mousetrap", date(2025, 9, 30)) == ["J3490"]


@pytest.mark.parametrize(
    "query", ["", "  ", "\x00", "*:* AND (", '"', "a" * 10_000, "the of", "\ud83d"]
)
def test_any_query_has_an_answer(release, query):
    assert search(query, TODAY) == []


def test_what_is_published_is_found_at_the_next_look(release, on, monkeypatch):
    search("umbrella", TODAY)
    make_release([*CODES, code("E1392", long="Umbrella")], label="v2", on=on)
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 0)

    assert search("umbrella", TODAY) == ["E1392"]


@pytest.mark.parametrize("slip", ["E1380", "E139", "E13900", "1390", "E1930", "F1390"])
def test_a_slip_leads_to_the_code_that_was_meant(release, slip):
    assert "E1390" in nearest(slip)


def test_a_code_far_from_any_other_has_no_neighbour(release):
    assert nearest("V5555") == []
