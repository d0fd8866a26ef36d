"""What is taken from a code's page: onto the clipboard, onto paper."""

import re
import shutil
from datetime import date

import pytest

from guidance.actions import load_starter
from guidance.pack import STARTER
from tests.cms_files import code
from tests.factories import make_release

# What leaves the page is the same whatever it was read from.
pytestmark = pytest.mark.sqlite

PRINTED = ["J3490", "E0601"]
GUIDED = [*PRINTED, "j-noc", "e-resp", "noc", "drug", "capped-rental"]
CMS = [
    code("J3490", short="Drugs unclassified injection", added=date(1986, 1, 1), price=("51",)),
    code("E0601", short="Cont airway pressure device", price=("36",)),
]
ONE_PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def printed(transactional_db, tmp_path, on, live_server):
    """The starter pack's own guidance on the codes that are printed."""
    pack = shutil.copytree(STARTER, tmp_path / "pack")
    for file in pack.glob("[cft]*/*.yaml"):
        if file.stem not in GUIDED:
            file.unlink()
    (pack / "relations.yaml").write_text("[]", "utf-8")
    shutil.rmtree(pack / "facts")
    make_release(CMS, quarter="2025-10", on=on)
    load_starter(on=on, folder=pack)
    return live_server.url


@pytest.fixture
def browser_context_args(browser_context_args, request):
    return browser_context_args | getattr(request, "param", {})


@pytest.mark.parametrize(
    "browser_context_args", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True
)
def test_each_button_copies_what_it_names_and_says_so(portal, page):
    page.goto(f"{portal}/codes/J3490/?as_of=2024-05-01")
    copied = {}
    for button in ("Copy code", "Copy code and text", "Copy citation"):
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_role("status").get_by_text("Copied", exact=True).wait_for()
        copied[button] = page.evaluate("navigator.clipboard.readText()")

    assert copied == {
        "Copy code": "J3490",
        "Copy code and text": "J3490 Unclassified drugs",
        "Copy citation": "J3490, “Unclassified drugs”. HCPCS Level II, CMS release October 2025, "
        "for dates of service on May 1, 2024. "
        f"HCPCS Portal, {portal}/codes/J3490/?as_of=2024-05-01",
    }


def test_a_copy_that_the_browser_refuses_is_not_called_one(portal, page):
    page.goto(f"{portal}/codes/J3490/")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
    page.get_by_role("button", name="Copy code", exact=True).click()

    page.get_by_role("status").get_by_text("did not let us copy").wait_for()


@pytest.mark.parametrize("browser_context_args", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_the_citation_is_text_and_no_button_is_dead(portal, page):
    page.goto(f"{portal}/codes/J3490/?as_of=2024-05-01")
    page.get_by_text("Cite this code").click()

    assert page.get_by_text("CMS release October 2025, for dates of service on").first.is_visible()
    assert page.get_by_role("button", name=re.compile("^Copy")).count() == 0


def test_a_favourite_is_one_still_when_the_page_is_read_again(portal, page):
    page.goto(f"{portal}/codes/J3490/")
    page.get_by_role("button", name="Favorite", pressed=False).click()
    page.reload()

    page.get_by_role("button", name="Favorite", pressed=True).wait_for()


def test_a_code_prints_on_one_page(printed, page):
    pages = {}
    for asked in PRINTED:
        page.goto(f"{printed}/codes/{asked}/")
        assert page.locator(".denial").count() > 5, "the pack's guidance is not there"
        for paper in ("A4", "Letter"):
            pages[asked, paper] = len(ONE_PAGE.findall(page.pdf(format=paper)))

    assert set(pages.values()) == {1}, pages


def test_on_paper_stands_what_is_needed_at_the_desk_and_no_more(portal, page, on):
    page.emulate_media(media="print")
    page.goto(f"{portal}/codes/J3490/")
    paper = page.locator("body").inner_text()

    needed = [
        "J3490: Unclassified drugs",
        "Drugs unclassified injection",
        "In use since Jan 1, 1986",
    ]
    needed += ["State the dose.", "The A/B MAC.", "Name the drug.", "CO-16", "What to do", "M119"]
    needed += ["Within 120 days", "Priced by hand.", "JZ", "On its own line.", "Sources"]
    needed += ["CMS release October 2025", f"{portal}/codes/J3490/?as_of={on}", "Read on"]
    assert [words for words in needed if words not in paper] == []
    left_out = [
        "Search",
        "Date of service",
        "Copy",
        "Compare",
        "Neighbors",
        "History",
        "Is a drug code needed?",
    ]
    assert [words for words in left_out if words in paper] == []
