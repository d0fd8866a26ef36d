"""The page of one code: what it says, for which date, and in which order."""

import re
from datetime import date
from html import unescape

import pytest
from django.utils.html import strip_tags

from codes.calendar import today
from tests.factories import make_release
from tests.full_portal import OCTOBER_2025, make_full_portal

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), today())


def read(client, address, status=200):
    """The text that a reader sees at an address."""
    response = client.get(address)
    assert response.status_code == status, address
    return words(response.content.decode().partition("<body>")[2])


def words(html):
    """What stands in a piece of HTML; terms and cells stay apart."""
    apart = re.sub(r"</(dt|td|th)>", " ", html)
    return " ".join(unescape(strip_tags(apart)).split())


def assert_in_order(text, *parts):
    places = [text.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))
    assert places == sorted(places), dict(zip(parts, places, strict=True))


def test_the_page_answers_in_the_order_that_billers_ask(client, portal):
    text = read(client, "/codes/J3490/")

    assert_in_order(
        text,
        "HCPCS Level II · Section J",
        "J3490: Unclassified drugs",
        "? Yes by the October 2025 release In use since Jan 1, 1986; CMS has set no last day.",
        "Date of service",
        "The last resort for a drug.",
        "About this code In full Unclassified drugs In short Drugs unclassified injection",
        "Billing context",
        "What one unit is One unit is one administration.",
        "Who gets the claim The A/B MAC.",
        "Documentation Name the drug.",
        "Common denial categories CO-16 Title of CO-16",
        "Coverage signal Medicare Priced by hand.",
        "Companion codes 96372 CPT Injection under the skin",
        "Modifiers JZ Required Zero drug wasted",
        "Common specialties Rheumatology",
        "History",
        "Related codes Neighbors in the family J3590",
        "What CMS says Short description Drugs unclassified injection",
        "Sources",
        "Frequently asked Is a drug code needed? Yes.",
        "Talk to us",
    )


def test_what_matters_first_stands_at_a_glance(client, portal):
    facts = re.search("<aside.*?</aside>", client.get("/codes/J3490/").content.decode(), re.S)[0]

    text = words(facts)
    assert "One unit One unit is one administration. More on the unit" in text
    assert "Claim goes to The A/B MAC. More on who gets the claim" in text
    assert "Denied as CO-16" in text
    assert "Modifiers JZ required (depends)" in text
    assert "CMS’s price field Drugs CMS 51" in text


def test_a_denial_says_who_bears_it_what_to_do_and_by_when(client, portal):
    text = read(client, "/codes/J3490/")

    assert "CO: Provider liable · Any payer · with remark M119" in text
    assert "Send a corrected claim. What to do about CO-16." in text
    assert "By when Within 120 days" in text


def test_every_statement_leads_to_its_source(client, portal):
    page = client.get("/codes/J3490/").content.decode()

    number = re.search(r'href="#source-(\d+)"', page)[1]
    assert f'<li id="source-{number}">' in page
    assert "(page 4)" in page


def test_a_block_says_for_which_group_it_was_written(client, portal):
    page = client.get("/codes/E0601/").content.decode()

    assert (
        'Written for a group: <a href="/traits/capped-rental/">Capped-rental equipment</a>' in page
    )
    assert "Written for" not in read(client, "/codes/J3490/")


def test_a_fact_at_a_glance_that_is_inherited_says_so(client, portal):
    assert "One unit As the descriptor says: " in read(client, "/codes/E0601/")


def test_the_trademark_is_named_where_cpt_is_shown_and_only_there(client, portal):
    notice = "CPT is a registered trademark of the American Medical Association"

    assert notice in read(client, "/codes/J3490/")
    assert notice not in read(client, "/codes/E0601/")


def test_guidance_of_the_starter_pack_says_that_nobody_reviewed_it_here(client, portal):
    assert "Not yet reviewed here." in read(client, "/codes/J3490/")
    assert "Not yet reviewed here." not in read(client, "/codes/A4239/")


def test_a_code_without_guidance_says_so(client, portal):
    assert "Nothing has been published yet on how to bill A4239." in read(client, "/codes/A4239/")


def test_an_ended_code_keeps_its_page_and_names_its_successor(client, portal):
    text = read(client, "/codes/K0553/")

    assert "K0553 has ended. Its last day of use was Dec 31, 2022" in text
    assert "From Jan 1, 2023 use A4239 Nonadju cgm supply" in text


@pytest.mark.parametrize(
    ("day", "answer"), [("2022-12-31", "Yes"), ("2023-01-01", "No"), ("2017-06-30", "No")]
)
def test_the_page_says_whether_the_code_is_valid_on_a_date_of_service(client, portal, day, answer):
    text = read(client, f"/codes/K0553/?as_of={day}")

    assert f"Valid on {date.fromisoformat(day):%b} {int(day[-2:])}, {day[:4]}? {answer}" in text


def test_a_page_for_another_date_says_so_and_leads_back(client, portal):
    page = client.get("/codes/J3490/?as_of=2024-05-01").content.decode()

    assert "You are reading J3490 for a date of service on" in page
    assert 'content="noindex"' in page
    assert "dates of service on May 1, 2024" in words(page)


def test_a_changed_text_shows_which_words_changed(client, portal):
    text = read(client, "/codes/J3490/").partition("Wording by date of service")[2]

    assert "Short description: Drugs unclassified put in: injection" in text
    assert text.count("put in: injection") == 1


def test_a_denial_named_at_a_glance_leads_to_what_to_do(client, portal):
    page = client.get("/codes/J3490/").content.decode()

    anchor = re.search(r'<aside.*?href="#(denial-\d+)">CO-16', page, re.S)[1]
    assert re.search(rf'<article class="denial" id="{anchor}">.*?CO-16.*?What to do', page, re.S)


def test_the_date_asked_for_goes_along_to_other_codes_and_modifiers(client, portal):
    page = client.get("/codes/J3490/?as_of=2024-05-01").content.decode()
    links = re.findall(r'href="(/(?:codes|modifiers)/(?!J3490)[A-Z0-9]+/[^"]*)"', page)

    assert links
    assert [link for link in links if not link.endswith("?as_of=2024-05-01")] == []


def test_a_day_named_in_the_history_is_read_for_that_day(client, portal):
    page = client.get("/codes/J3490/").content.decode()
    days = re.findall(r'href="/codes/J3490/\?as_of=([^"]+)"', page)

    assert days == ["1986-01-01", "2025-10-01"]


@pytest.mark.parametrize("codes", [1, 20])
def test_a_code_costs_four_queries(client, on, codes, tmp_path, django_assert_num_queries):
    make_full_portal(tmp_path, on)
    make_release([*OCTOBER_2025, *[f"J{n}" for n in range(1000, 1000 + codes)]], quarter="2026-01")

    with django_assert_num_queries(4):  # entry; call to action; codes beside it; newest release
        client.get("/codes/J3490/")


def test_a_reader_who_holds_the_page_gets_it_only_when_it_changed(client, portal, on):
    first = client.get("/codes/J3490/")
    again = client.get("/codes/J3490/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]

    make_release(OCTOBER_2025, quarter="2026-01", on=on)

    changed = client.get("/codes/J3490/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_a_page_refused_to_one_reader_is_kept_for_no_other(client, portal):
    refused = client.get("/codes/J3490/", headers={"if-match": '"another"'})

    assert refused.status_code == 412
    assert refused["Cache-Control"] == "no-store"


def test_pages_may_be_shared_and_never_touch_a_cookie(client, portal):
    response = client.get("/codes/J3490/")

    assert response["Cache-Control"].startswith("public, max-age=60")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_page_for_another_date_is_kept_by_the_reader_alone(client, portal):
    response = client.get("/codes/J3490/?as_of=2024-05-01")

    assert response["Cache-Control"].startswith("private")
    assert "ETag" not in response


def test_every_page_says_how_old_its_facts_are_and_that_a_code_is_no_promise(client, portal, on):
    text = read(client, "/codes/J3490/")

    assert "October 2025 release" in text
    assert "quarters old" in text
    assert f"This page speaks for today, {on:%b} {on.day}, {on.year}." in text
    assert "That CMS lists a code does not mean that Medicare or any other payer covers it" in text


def test_codes_are_leafed_through_in_their_order_on_the_date_asked_for(client, portal):
    page = client.get("/codes/J3490/?as_of=2024-05-01").content.decode()

    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', page) == [
        ("prev", "/codes/E0601/?as_of=2024-05-01"),
        ("next", "/codes/J3590/?as_of=2024-05-01"),
    ]


def test_a_picture_of_its_life_shows_the_period_of_use_and_the_date_asked_for(client, portal):
    page = client.get("/codes/K0553/?as_of=2022-12-31").content.decode()

    assert "K0553 on a line from 2017 to 2022: in use from 2017-07-01 to 2022-12-31;" in page
    assert re.search(r'class="period" x="0.0%" y="[^"]+" width="98', page)
    assert re.search(r'class="asked" x1="98[.0-9]*%"', page)


def test_a_problem_is_reported_with_the_code_filled_in(client, portal):
    page = client.get("/codes/J3490/").content.decode()

    assert 'href="/contact/?about=J3490&amp;kind=correction"' in page


@pytest.mark.parametrize(
    ("day", "caveat"), [("2025-12-31", False), ("2026-01-01", True), ("2030-01-01", True)]
)
def test_past_the_reach_of_the_newest_release_the_answer_is_only_by_it(client, portal, day, caveat):
    text = read(client, f"/codes/J3490/?as_of={day}")

    assert ("Yes by the October 2025 release" in text) == caveat
    assert ("CMS’s later releases are not imported here" in text) == caveat
