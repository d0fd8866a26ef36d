"""Searching in a browser: by keyboard, by screen reader's roles, without JavaScript."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from codes.actions import Term, set_search_terms

# What a browser makes of a page is the same whatever the page was read from.
pytestmark = pytest.mark.sqlite

FAVOURITE = "window.localStorage.setItem('hcpcs-favourites', '%s')"
KEPT = "JSON.parse(localStorage.getItem('hcpcs-%s') || '[]').map(one => one.code)"


@pytest.fixture
def portal(full_portal, live_server):
    words = Term("mystery medicine", "lay", "J3490", "", 1, "Our own words")
    set_search_terms(glossary="test", terms=[words])
    return live_server.url


@pytest.fixture
def home(portal, page):
    page.goto(portal)
    return page


def box(page):
    return page.get_by_role("combobox", name="Code or words")


def options(page):
    return page.locator(".suggested").get_by_role("option")


def test_from_search_to_answer_by_keyboard_alone(home):
    home.keyboard.press("/")
    home.keyboard.type("unclas")
    expect(options(home)).to_have_count(2)
    expect(box(home)).to_have_attribute("aria-expanded", "true")

    home.keyboard.press("ArrowDown")
    chosen = options(home).filter(has_text="J3490")
    while chosen.get_attribute("aria-selected") != "true":
        home.keyboard.press("ArrowDown")
    expect(box(home)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    with home.expect_navigation():
        home.keyboard.press("Enter")

    expect(home.get_by_role("heading", level=1)).to_contain_text("J3490")


def test_the_list_closes_and_what_was_typed_stays(home):
    box(home).fill("unclas")
    expect(options(home)).to_have_count(2)
    expect(home.get_by_role("status")).to_have_text("2 codes")
    expect(home.locator(".forget")).to_be_hidden()

    home.keyboard.press("Escape")

    expect(options(home)).to_have_count(0)
    expect(box(home)).to_have_value("unclas")
    with home.expect_navigation():
        home.keyboard.press("Enter")
    assert "/codes/?q=unclas" in home.url


def test_a_name_that_the_text_lacks_is_shown_with_the_code(home):
    box(home).fill("myst")

    expect(options(home)).to_contain_text(["J3490 Drugs unclassified injection mystery medicine"])


def test_codes_are_read_for_the_date_of_service_of_the_page(portal, page):
    page.goto(f"{portal}/codes/?as_of=2022-05-01")
    page.locator("#filter-q").fill("ther cgm")

    expect(options(page)).to_have_count(1)
    expect(options(page)).not_to_contain_text("ended")
    with page.expect_navigation():
        options(page).click()
    assert page.url.endswith("/codes/K0553/?as_of=2022-05-01")


def test_an_empty_box_offers_what_this_browser_remembers(home):
    kept = json.dumps([{"code": "J3490", "text": "Unclassified drugs"}])
    home.evaluate(FAVOURITE % kept)

    home.keyboard.press("/")

    expect(home.get_by_role("group", name="Favorites").get_by_role("option")).to_have_count(1)
    home.get_by_role("button", name="Forget these codes").click()
    assert home.evaluate(KEPT % "favourites") == []
    expect(options(home)).to_have_count(0)


@pytest.mark.parametrize("kept", ["{", "[1, null]", '"x"', '[{"code": "<b>"}]'])
def test_what_another_program_kept_does_no_harm(home, kept):
    home.evaluate("kept => localStorage.setItem('hcpcs-favourites', kept)", kept)

    home.keyboard.press("/")
    home.keyboard.type("unclas")

    expect(options(home)).to_have_count(2)


STARRED = """<!doctype html><title>A code</title>
<button data-favourite="J3490" data-text="Unclassified drugs" hidden>Star</button>
<script type="module" src="/static/js/remembered.js"></script>"""


def test_a_star_is_kept_in_this_browser(portal, page):
    page.route("**/starred/", lambda route: route.fulfill(body=STARRED, content_type="text/html"))
    page.goto(f"{portal}/starred/")
    star = page.get_by_role("button", name="Star")

    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(KEPT % "favourites") == page.evaluate(KEPT % "recent") == ["J3490"]
    star.click()

    assert page.evaluate(KEPT % "favourites") == []


def test_a_late_answer_does_not_replace_a_newer_one(home):
    held = []
    late = {"code": "A4239", "text": "Too late", "status": "active", "called": ""}
    home.route("**/suggestions/*", lambda one: one.continue_() if held else held.append(one))
    with home.expect_request("**/suggestions/*"):
        box(home).fill("unclassified dru")
    box(home).fill("unclassified bio")
    expect(options(home)).to_contain_text(["J3590"])

    held[0].fulfill(json={"codes": [late]})
    home.evaluate("() => new Promise(done => setTimeout(done, 50))")

    expect(options(home)).to_contain_text(["J3590"])


@pytest.mark.parametrize("browser_context_args", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_it_is_a_plain_form(home):
    home.get_by_role("searchbox", name="Code or words").fill("unclas")
    with home.expect_navigation():
        home.get_by_role("button", name="Search").click()

    expect(home.get_by_role("link", name="J3490")).to_be_visible()


@pytest.fixture
def browser_context_args(browser_context_args, request):
    return browser_context_args | getattr(request, "param", {})


LOOKS = [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 700}}]


@pytest.mark.parametrize("browser_context_args", LOOKS, indirect=True, ids=["light", "dark", "320"])
def test_the_open_list_is_for_everyone(home):
    home.evaluate(FAVOURITE % json.dumps([{"code": "J3490", "text": "Unclassified drugs"}]))
    home.keyboard.press("/")
    expect(options(home)).to_have_count(1)
    remembered = Axe().run(home).response["violations"]

    home.keyboard.type("unclas")
    expect(options(home)).to_have_count(2)
    home.keyboard.press("ArrowDown")

    assert remembered == Axe().run(home).response["violations"] == []
    assert home.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_facet_is_chosen_and_shown(portal, page):
    page.goto(f"{portal}/codes/?q=unclassified")
    page.get_by_label("Section").select_option("J")
    with page.expect_navigation():
        page.get_by_role("button", name="Show codes").click()

    expect(page.get_by_role("link", name=re.compile("^Section: .* take away"))).to_be_visible()
