"""Finding codes by what they are called."""

from datetime import date

import pytest

from codes.actions import Term, set_search_terms
from codes.search import find, nearest, search, suggest, wait_for_index
from tests.cms_files import code, modifier
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
    modifier("KX", short="Requirements met", long="Requirements of the policy have been met"),
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
    make_release([code("J3490", long="Umbrellas")], quarter="2025-10", label="v2", on=on)

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
    make_release([*CODES, code("E1392", long="Umbrella")], label="v3", on=on)
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 0)

    assert search("umbrella", TODAY) == ["E1392"]


@pytest.mark.parametrize("slip", ["E1380", "E139", "E13900", "1390", "E1930", "F1390"])
def test_a_slip_leads_to_the_code_that_was_meant(release, slip):
    assert "E1390" in nearest(slip)


def test_a_code_far_from_any_other_has_no_neighbour(release):
    assert nearest("V5555") == []


@pytest.mark.parametrize(
    ("text", "code_meant"),
    [
        ("E1390-RR", "E1390"),
        ("HCPCS E1390", "E1390"),
        ("E139O", "E1390"),
        ("please bill E1390 for oxygen", "E1390"),
        ("Ｅ１３９０", "E1390"),
        ("j3535", "J3535"),
    ],
)
def test_a_code_among_other_words_is_that_code(release, text, code_meant):
    assert search(text, TODAY) == [code_meant]


def test_two_neighbours_may_be_one_word_and_one_word_two(release):
    assert search("pembro lizumab", TODAY) == ["J9271"]
    assert search("oxygenconcentrator", TODAY)[0] == "E1390"


def test_the_thing_itself_stands_before_what_only_mentions_it(on):
    make_release(
        [code("E0152", long="Grip, for a walker"), code("E0153", long="Walker, folding")], on=on
    )

    assert search("walker", TODAY) == ["E0153", "E0152"]


def test_modifiers_are_found_by_name_and_by_words(release):
    assert find(" kx", TODAY).modifiers == ["KX"]
    assert find("requirements met", TODAY).modifiers == ["KX"]
    assert find("kx", TODAY).codes == []


def test_a_word_that_nothing_has_is_named_and_the_others_are_found(release):
    found = find("xylophone oxygen concentrator", TODAY)

    assert (found.codes[0], found.unknown, found.left_out) == ("E1390", ["xylophone"], [])


def test_words_that_nothing_has_together_are_named(release):
    found = find("unclassified drugs concentrator", TODAY)

    assert (found.codes[0], found.left_out) == ("J3490", ["concentrator"])


def test_what_a_misspelled_word_was_taken_for_is_told(release):
    assert find("oxigen", TODAY).instead == {"oxigen": ["oxygen"]}


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("Keytruda", "keytruda"),
        ("Keytruda", "keytruda 100 mg"),
        ("Keytruda", "keytrda"),
        ("cancer drip", "drip for cancer"),
    ],
)
def test_a_name_leads_to_its_code(release, term, query):
    known = Term(term, "brand", "J9271", "", 1, "CMS")
    waiting = Term("Futurama", "brand", "J0001", "", 1, "CMS")
    set_search_terms(glossary="test", terms=[known, waiting])

    assert search(query, TODAY)[0] == "J9271"
    assert search("futurama", TODAY) == []  # until a release lists its code


def test_a_name_of_several_codes_or_of_a_family_finds_them_in_its_order(release):
    terms = [
        Term("air box", "lay", "E1391", "", 1, "Ours"),
        Term("air box", "lay", "E1390", "", 2, "Ours"),
        Term("vein stuff", "lay", "", "j-noc", 1, "Ours"),
    ]
    set_search_terms(glossary="test", terms=terms)

    assert search("air box", TODAY) == ["E1391", "E1390"]
    assert search("vein stuff", TODAY)[0] == "J3490"


def test_what_is_typed_may_be_unfinished(release):
    assert [one.code for one in suggest("oxygen conc", TODAY)] == ["E1390", "E1391"]
    assert [one.code for one in suggest("e139", TODAY)] == ["E1390", "E1391", "E1399"]
    assert suggest("o", TODAY) == suggest("\0", TODAY) == []
    assert suggest("oxygen drug", TODAY)[0].status == "ended"


@pytest.mark.django_db(transaction=True)
def test_readers_are_answered_while_the_index_is_built_anew(on, monkeypatch):
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 0)
    make_release([code("E1390", long="Umbrella")], on=on)
    assert search("umbrella", TODAY) == ["E1390"]
    set_search_terms(glossary="test", terms=[Term("brolly", "lay", "E1390", "", 1, "Ours")])

    search("brolly", TODAY)  # by the old index or the new
    wait_for_index()

    assert search("brolly", TODAY) == ["E1390"]
