"""The main ways through the site, walked as a biller does; each stop leaves pictures of itself in
var/screenshots, for people to look at."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

# A walk is the same whatever it is read from.
pytestmark = pytest.mark.sqlite

PICTURES = settings.BASE_DIR / "var" / "screenshots"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def picture(page, name: str) -> None:
    """The page as it stands, at a desk and on a phone, light and dark."""
    for place, size in (("desk", DESK), ("phone", PHONE)):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=PICTURES / f"{name}-{place}-{scheme}.png", full_page=True)
    page.set_viewport_size(DESK)


def follow(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def test_from_the_words_of_an_order_to_what_a_denial_asks_for(portal, page):
    page.goto(portal)
    picture(page, "home")
    page.get_by_role("combobox").fill("unclassified drugs")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    picture(page, "found")
    follow(page, "J3490")
    expect(page.get_by_role("region", name="Valid on")).to_contain_text("Yes")
    picture(page, "code")
    follow(page, "CO-16")

    expect(page.get_by_role("main")).to_contain_text("What to do")
    picture(page, "denial")


def test_from_an_ended_code_to_the_one_that_took_its_place(portal, page):
    page.goto(f"{portal}/codes/?q=k0553")
    expect(page.get_by_role("main")).to_contain_text("K0553 has ended")
    picture(page, "ended")
    page.get_by_label("Date of service").fill("2022-12-31")
    with page.expect_navigation():
        page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("region", name="Valid on")).to_contain_text("Yes")
    page.goto(f"{portal}/codes/K0553/")
    follow(page, "A4239")

    expect(page.get_by_role("heading", level=1)).to_contain_text("A4239")


@pytest.mark.parametrize(
    ("name", "address", "text"),
    [
        ("compare", "/compare/?codes=J3490,E0601,K0553", "differs"),
        ("section", "/sections/J/", "Families"),
        ("family", "/families/j-noc/", "Codes of the family"),
        ("trait", "/traits/capped-rental/", "Capped-rental equipment"),
        ("release", "/releases/2025-10/", "What it changed"),
        ("questions", "/faqs/?q=drug", "Is a drug code needed?"),
        ("modifier", "/modifiers/KX/", "KX"),
        ("contact", "/contact/?about=J3490", "J3490"),
        ("estimate", "/estimate/?claims=1000&average=150&denied=8&recoverable=60", "7,200"),
        ("nothing-found", "/codes/?q=zebra", "zebra"),
        ("unknown-code", "/codes/J3491/", "J3490"),
    ],
)
def test_each_room_shows_what_it_is_for(portal, page, name, address, text):
    page.goto(portal + address)

    expect(page.get_by_role("main")).to_contain_text(text)
    picture(page, name)
