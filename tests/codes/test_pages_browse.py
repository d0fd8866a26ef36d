"""The ways that lead to a code: home, list, sections, families, traits, denials, releases."""

import re

import pytest

from codes.calendar import today
from codes.search import search
from guidance.actions import save_call_to_action
from guidance.models import CallToAction
from guidance.workflow import Role
from tests.codes.test_pages_code import read, words
from tests.factories import make_account, make_release
from tests.full_portal import OCTOBER_2025, make_full_portal

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), today())


def test_home_counts_the_codes_in_use_by_section(client, portal):
    text = read(client, "/")

    assert "4 codes in use today" in text
    assert "J Drugs given other than by mouth, and chemotherapy 2 in use" in text


@pytest.mark.parametrize("spelling", ["J3490", "j3490", "J-3490", " j 3490 "])
def test_the_search_box_goes_straight_to_a_code(client, portal, spelling):
    response = client.get("/codes/", {"q": spelling, "as_of": "2024-05-01"})

    assert response.status_code == 302
    assert response["Location"] == "/codes/J3490/?as_of=2024-05-01"


def test_words_lead_to_codes(client, portal):
    text = read(client, "/codes/?q=unclassified")

    assert "2 codes" in text
    assert "J3590 In use Unclassified biologics" in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=zebra", "Try fewer or other words."),
        ("q=99213", "This looks like a CPT code."),
        ("section=V", "The filters leave nothing; take one away."),
    ],
)
def test_an_empty_list_says_why(client, portal, query, message):
    text = read(client, f"/codes/?{query}")

    assert "No code was found." in text
    assert message in text


def test_a_search_for_a_modifier_leads_to_it(client, portal):
    text = read(client, "/codes/?q=kx")

    assert "Modifier KX Requirements of the policy have been met" in text
    assert "No code was found" not in text


def test_the_list_reads_for_a_date_of_service(client, portal):
    page = client.get("/codes/?section=K&as_of=2022-05-01").content.decode()

    assert "K0553 In use" in words(page)
    assert "/codes/K0553/?as_of=2022-05-01" in page


def test_a_section_shows_its_guidance_and_its_families(client, portal):
    text = read(client, "/sections/J/")

    assert "J: Drugs given other than by mouth, and chemotherapy" in text
    assert "Unclassified / not-otherwise-classified drugs" in text
    assert "Documentation Keep the order." in text
    assert "Written for" not in text


def test_a_family_shows_its_codes_and_what_it_takes_from_its_section(client, portal):
    text = read(client, "/families/j-noc/")

    assert "2 codes" in text
    assert "Keep the order. Written for all of section J" in text


def test_a_trait_shows_its_codes(client, portal):
    assert "E0601 In use" in read(client, "/traits/capped-rental/")


def test_a_specialty_shows_its_codes(client, portal):
    assert "J3490 In use" in read(client, "/specialties/rheumatology/")


def test_a_denial_category_says_what_to_do_and_for_which_codes(client, portal):
    text = read(client, "/denials/CO-16/")

    assert "CO-16: Title of CO-16 What it means. Group CO Provider liable" in text
    assert "What to do Send a corrected claim. What to do." in text
    assert "J3490 In use" in text


@pytest.mark.parametrize(
    ("address", "right"), [("/denials/co-16/", "/denials/CO-16/"), ("/sections/j/", "/sections/J/")]
)
def test_small_letters_lead_to_the_one_page(client, portal, address, right):
    response = client.get(address)

    assert (response.status_code, response["Location"]) == (301, right)


@pytest.mark.parametrize("address", ["/traits/", "/specialties/", "/denials/", "/sections/"])
def test_every_index_leads_to_its_pages(client, portal, address):
    assert read(client, address)


def test_questions_are_searched_and_lead_to_their_code(client, portal):
    page = client.get("/faqs/?q=drug code").content.decode()

    assert "Is a drug code needed?" in page
    assert 'href="/codes/J3490/"' in page
    assert "No question holds these words." in read(client, "/faqs/?q=zebra")
    assert "Is a drug code needed?" not in read(client, "/faqs/?q=%00")


def test_a_modifier_shows_its_text_and_dates(client, portal):
    text = read(client, "/modifiers/KX/")

    assert "KX: Requirements met In use Jan 1, 2020 to now" in text
    assert "Requirements of the policy have been met" in text
    assert client.get("/modifiers/kx/")["Location"] == "/modifiers/KX/"
    assert "KX In use Requirements of the policy" in read(client, "/modifiers/")


def test_contact_shows_what_an_admin_entered(client, on):
    panel = CallToAction(
        title="Talk", text="To us.", button="Write", email="rcm@example.org", phone="555 0100"
    )
    save_call_to_action(panel=panel, by=make_account("rev", Role.REVIEWER), on=on)

    page = client.get("/contact/").content.decode()

    assert 'href="mailto:rcm@example.org"' in page
    assert "555 0100" in page


@pytest.mark.parametrize(
    ("address", "words_there"),
    [
        ("/about/data/", "manage.py import_release"),
        ("/about/terms/", "Creative Commons Attribution 4.0"),
        ("/about/terms/", "registered trademark of the American Medical Association"),
        ("/robots.txt", "Disallow: /admin/"),
    ],
)
def test_the_portal_says_what_it_is_made_of(client, portal, address, words_there):
    assert words_there in words(client.get(address).content.decode())


# Each row: the address, and its queries in the order in which they run.
FRAME = ["newest release"]
LIST = ["section", "family", "trait", "specialty", "denial category"]  # the filter's choices
ROWS = ["count", "codes of the page", "their versions"]
COSTS = [
    ("/", ["counts", "sections", *FRAME]),
    ("/codes/", [*ROWS, *FRAME, *LIST]),
    ("/codes/?section=J", ["chosen section", *ROWS, *FRAME, *LIST]),
    ("/sections/", ["counts", "families", *FRAME]),
    ("/sections/J/", ["entry", "counts", "families", "sections", *FRAME]),
    ("/families/j-drug/", ["entry", *ROWS, "families", *FRAME]),
    ("/traits/drug/", ["entry", *ROWS, *FRAME]),
    ("/denials/CO-16/", ["entry", *ROWS, "families", *FRAME]),
    ("/traits/", ["counts", "entries", *FRAME]),
]


@pytest.mark.parametrize("codes", [1, 120])
@pytest.mark.parametrize(("address", "queries"), COSTS)
def test_a_list_costs_the_same_for_few_and_many(
    client, portal, on, codes, address, queries, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 3600)
    more = [f"J{number}" for number in range(1000, 1000 + codes)]
    make_release([*OCTOBER_2025, *more], quarter="2026-01", on=on)
    search("", on)  # builds the index that counts the facets

    with django_assert_num_queries(len(queries)):
        assert client.get(address).status_code == 200


def test_denials_stand_in_the_order_of_their_reasons(client, portal):
    text = read(client, "/denials/")

    assert text.index("CO-16") < text.index("CO-50") < text.index("CO-151")


def test_a_group_without_guidance_shows_its_codes_alone(client, portal):
    text = read(client, "/traits/noc/")

    assert "J3490" in text
    assert "Billing context" not in text


def test_sections_and_families_are_leafed_through_as_in_a_book(client, portal):
    section = client.get("/sections/J/").content.decode()
    family = client.get("/families/j-noc/").content.decode()

    assert re.findall(r'rel="(\w+)" href="/sections/(\w)/"', section) == [
        ("prev", "H"),
        ("next", "K"),
    ]
    assert [rel for rel, _ in re.findall(r'rel="(\w+)" href="/families/([\w-]+)/"', family)] == [
        "prev",
        "next",
    ]


def test_a_denial_names_the_families_that_it_is_described_for(client, portal):
    text = read(client, "/denials/CO-16/")

    assert "Where it is described most" in text
    assert re.search(r"Unclassified / not-otherwise-classified drugs J3490.* 1 ", text)


def test_a_bar_is_as_long_as_its_share_of_the_longest(client, portal):
    page = client.get("/").content.decode()

    assert re.findall(r'<rect width="([^"]+)"', page).count("100.0") == 1
    assert '<rect width="50.0"' in page
