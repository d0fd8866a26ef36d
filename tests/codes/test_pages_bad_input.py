"""Whatever stands in an address, the answer is a page with one plain message."""

from urllib.parse import quote

import pytest

from codes.calendar import today
from tests.codes.test_pages_code import read
from tests.factories import make_release
from tests.full_portal import make_full_portal

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), today())


@pytest.mark.parametrize("spelling", ["j3490", "J-3490", " J3490 ", "J 3490", "j.3490"])
def test_any_spelling_leads_to_the_one_page(client, spelling):
    response = client.get(f"/codes/{quote(spelling)}/?as_of=2024-05-01")

    assert response.status_code == 301
    assert response["Location"] == "/codes/J3490/?as_of=2024-05-01"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("J3491", "none of the releases imported here has ever listed it"),
        ("99213", "looks like a CPT code"),
        ("D0120", "looks like a dental (CDT) code"),
        ("00409-1105-02", "looks like a national drug code"),
        ("3490", "begins with a letter"),
        ("Z1234", "begins with this letter"),
        ("oxygen", "one letter from A to V and four digits"),
        ("\0", "one letter from A to V and four digits"),
        ("J" * 3000, "one letter from A to V and four digits"),
    ],
)
def test_an_unknown_code_hears_what_is_wrong_with_it(client, portal, asked, message):
    text = read(client, f"/codes/{quote(asked)}/", status=404)

    assert message in text
    assert "October 2025 release" in text


@pytest.mark.parametrize("slip", ["J3491", "J4390", "J349", "J34900", "3490", "Y3490"])
def test_a_slip_hears_which_codes_are_near(client, portal, slip):
    text = read(client, f"/codes/{slip}/", status=404)

    assert "Did you mean J3490 Drugs unclassified injection" in text


NOT_DATES = ["xyz", "2024-02-30", "0001-01-01", "9999-12-31", "\0", "1" * 10_000, "2024"]


@pytest.mark.parametrize("value", NOT_DATES)
@pytest.mark.parametrize("address", ["/codes/J3490/", "/modifiers/KX/", "/modifiers/"])
def test_a_bad_date_of_service_is_refused_not_guessed(client, portal, address, value):
    text = read(client, f"{address}?as_of={quote(value)}", status=400)

    assert "That is not a date of service" in text
    assert "Drugs unclassified" not in text


def test_a_date_may_be_written_the_american_way(client, portal):
    assert "Valid on May 1, 2024? Yes" in read(client, "/codes/J3490/?as_of=05/01/2024")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("section=Z", "Section: There is no such section."),
        ("family=nope", "Family: There is no such family."),
        ("status=asleep", "Status: There is no such status."),
        ("trait=%00", "Null characters are not allowed."),
        ("specialty=nope", "Specialty: There is no such specialty."),
        ("denial=CO-999", "Denial category: There is no such denial category."),
        ("as_of=xyz", "Date of service: Write the date of service as year-month-day"),
        ("as_of=1066-10-14", "Ask for a date of service between 1980 and 2099."),
        ("q=" + "a" * 10_000, "Search for 200 characters at most."),
        ("q=%00", "Null characters are not allowed."),
    ],
)
def test_a_bad_filter_is_named_and_nothing_is_searched(client, portal, query, message):
    text = read(client, f"/codes/?{query}")

    assert message in text
    assert "Nothing was searched." in text
    assert "Drugs unclassified" not in text


@pytest.mark.parametrize(
    "query", ["q=%2B%28%22%5E~*:[]{}", "q=%F0%9F%92%8A", "page=-1", "page=x", "x=1"]
)
def test_odd_but_harmless_queries_are_answered(client, portal, query):
    assert "Codes" in read(client, f"/codes/?{query}")


@pytest.mark.parametrize(
    "address",
    [
        "/sections/Z/",
        "/families/nope/",
        "/traits/nope/",
        "/specialties/nope/",
        "/denials/CO-999/",
        "/modifiers/QZ/",
        "/modifiers/KXX/",
        "/releases/2019-01/",
    ],
)
def test_what_is_not_here_is_said_by_name(client, portal, address):
    text = read(client, address, status=404)

    assert "There is no such page" in text
    assert "October 2025 release" in text


@pytest.mark.parametrize("address", ["/nope/", "/releases/0000-01/", "/releases/2025-11/"])
def test_an_address_that_means_nothing_gets_the_plain_404_page(client, portal, address):
    assert "The address may be mistyped." in read(client, address, status=404)


def test_pages_are_read_not_written_to(client, portal):
    assert client.post("/codes/").status_code == 405


def test_a_quarter_old_release_is_called_old(client, on):
    make_release(["J3490"], quarter="2020-01", on=on)

    assert "quarters old" in read(client, "/")
