"""What an answer for another date of service costs: it is composed, and never by the row."""

from string import ascii_uppercase

import pytest

from codes.search import search
from guidance.actions import load_starter
from tests.cms_files import code, modifier
from tests.factories import make_release
from tests.packs import denial, text_of, write_pack

pytestmark = pytest.mark.django_db

FRAME = 1  # newest release
# All that guidance is composed from: vocabularies and their sources (5), sections, families and
# traits (3), what is published (1).
LIBRARY = 9
# Companions' names (1), the newest release and all of them (2), sections, families and traits once
# more (3), the code and its versions, periods, changes, memberships, relations, corrections,
# neighbours (8).
FACTS = 14
COSTS = [
    # The stored entry …; the call to action, the codes beside it.
    ("/codes/J1000/", 1 + LIBRARY + FACTS + 2 + FRAME),
    ("/api/v1/codes/J1000/", 1 + LIBRARY + FACTS + FRAME),
    ("/codes/", 3 + 5 + FRAME),  # count, codes, versions; the filter's choices
    ("/api/v1/codes/", 3 + FRAME),
    ("/modifiers/", 2 + FRAME),  # count, versions
    ("/modifiers/KA/", 2 + FRAME),  # the version read, all versions
    ("/api/v1/sections/J/", 1 + LIBRARY + 2 + FRAME),  # companions' names, the section
    ("/api/v1/families/j-drug/", 1 + LIBRARY + 2 + FRAME),
    ("/api/v1/traits/drug/", 1 + LIBRARY + 2 + FRAME),
    ("/api/v1/specialties/rheumatology/", 1 + LIBRARY + FRAME),
    ("/api/v1/denial-categories/CO-16/", 1 + LIBRARY + FRAME),
]


def releases(size, on):
    """A code whose text changes each quarter, among its neighbours; as many modifiers."""
    for year in range(2024 - size, 2025):
        others = [f"J{number}" for number in range(1001, 1000 + 10 * size)]
        modifiers = [modifier(f"K{letter}") for letter in ascii_uppercase[: 4 * size]]
        changing = code("J1000", long=f"Drug as of {year}")
        make_release([changing, *others, *modifiers], quarter=f"{year}-01", on=on)


def guidance(size):
    """Each level's texts, with `size` rows in each list."""
    companions = [f"J{number}" for number in range(1001, 1001 + size)]
    topics = {
        "denials": [denial(c, sources=["test-source"]) for c in ("CO-16", "CO-50")[:size]],
        "companions": [{"code": name, "relation": "alternative_of"} for name in companions],
        "faqs": [{"question": f"Why {n}?", "answer": "So."} for n in range(size)],
        "specialties": ["rheumatology", "urology"][:size],
    }
    subjects = [("section", "J"), ("family", "j-drug"), ("trait", "drug"), ("code", "J1000")]
    return [text_of(scope, key, **topics) for scope, key in subjects]


@pytest.mark.parametrize("size", [1, 5])
def test_an_answer_for_another_date_costs_the_same_for_few_and_many(
    client, tmp_path, on, size, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 3600)
    releases(size, on)
    load_starter(on=on, folder=write_pack(tmp_path, guidance(size)))

    search("", on)  # builds the index, which the process keeps

    for address, queries in COSTS:
        with django_assert_num_queries(queries, info=address):
            assert client.get(address, {"as_of": "2024-05-01"}).status_code == 200
