"""The public pages in a browser: for everyone, on any screen, without JavaScript."""

import pytest

from tests.looks import ALL_BUT_COLOURS, EVERY_RULE, faults, faults_in_every_look

# What a browser makes of a page is the same whatever the page was read from.
pytestmark = pytest.mark.sqlite

PAGES = [
    "/",
    "/codes/",
    "/codes/?q=unclassified&section=Z",
    "/codes/J3490/",
    "/codes/K0553/",
    "/codes/J3490/?as_of=2024-05-01",
    "/codes/J3491/",
    "/codes/J3490/?as_of=xyz",
    "/compare/?codes=J3490,J3590,E0601,K0553,A4239,zzz&as_of=xyz",
    "/sections/",
    "/sections/J/",
    "/families/j-noc/",
    "/traits/",
    "/traits/capped-rental/",
    "/specialties/",
    "/specialties/rheumatology/",
    "/denials/",
    "/denials/CO-16/",
    "/faqs/",
    "/modifiers/",
    "/modifiers/KX/",
    "/releases/",
    "/releases/2025-10/",
    "/about/data/",
    "/about/corrections/",
    "/about/terms/",
    "/about/privacy/",
    "/contact/",
    "/contact/thanks/",
    "/estimate/",
    "/estimate/?claims=1000&average=150&denied=8&recoverable=60",
    "/estimate/?claims=many&average=150&denied=8&recoverable=60",
    "/compare/",
    "/nope/",
]

FIRST = ["Yes", "Date of service", "One unit", "Claim goes to", "Denied as", "CMS’s price field"]


@pytest.fixture
def browser_context_args(browser_context_args, request):
    return browser_context_args | getattr(request, "param", {})


def test_no_page_shuts_anyone_out(portal, page):
    found = {}
    for address in PAGES:
        page.goto(portal + address)
        found[address] = faults_in_every_look(page, EVERY_RULE) + faults_in_large_letters(page)

    assert {address: faults for address, faults in found.items() if faults} == {}


def faults_in_large_letters(page):
    """What is wrong for those who read letters of twice the size."""
    page.set_viewport_size({"width": 640, "height": 700})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return faults(page, ALL_BUT_COLOURS, "large letters")


@pytest.mark.parametrize(
    "browser_context_args", [{"java_script_enabled": False}], ids=["plain"], indirect=True
)
def test_from_words_to_an_answer_by_keyboard_without_javascript(portal, page):
    page.goto(portal)
    page.get_by_role("searchbox").focus()
    page.keyboard.type("unclassified drugs")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="J3490", exact=True).focus()
    page.keyboard.press("Enter")

    page.get_by_role("heading", level=1, name="J3490: Unclassified drugs").wait_for()
    assert page.title() == "J3490: Unclassified drugs · HCPCS Portal"


def test_the_date_of_service_form_answers_for_that_date(portal, page):
    page.goto(f"{portal}/codes/K0553/")
    page.get_by_label("Date of service").fill("2022-12-31")
    page.get_by_role("button", name="Check").click()

    page.wait_for_url("**/codes/K0553/?as_of=2022-12-31")
    answer = page.get_by_role("region", name="Valid on").inner_text()
    assert answer.startswith("Valid on Dec 31, 2022? Yes")


def test_the_first_tab_leads_past_the_header(portal, page):
    page.goto(f"{portal}/codes/J3490/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**#main")


def test_what_matters_first_is_seen_at_a_desk_without_scrolling(portal, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{portal}/codes/J3490/")

    for text in FIRST:
        box = page.get_by_text(text, exact=True).first.bounding_box()
        assert box["y"] + box["height"] < 900, text


def test_what_matters_first_is_on_the_first_two_screens_of_a_phone(portal, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/codes/J3490/")

    for text in FIRST:
        box = page.get_by_text(text, exact=True).first.bounding_box()
        assert box["y"] + box["height"] < 2 * 844, text
