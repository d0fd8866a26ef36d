"""Writing to the portal and estimating, as a visitor does: with a keyboard, with and without scripts."""

import random
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from codes.limiting import forget_visitors
from codes.models import ContactRequest
from codes.pages.seal import seal

# What a browser makes of a page is the same whatever the page was read from.
pytestmark = pytest.mark.sqlite

FIGURES = ["claims", "average", "denied", "recoverable"]
STEPS = ["denied_claims", "denied_value", "recovered", "recovered_a_year"]


@pytest.fixture
def portal(full_portal, live_server):
    forget_visitors()
    return live_server.url


@pytest.fixture
def browser_context_args(browser_context_args, request):
    return browser_context_args | getattr(request, "param", {})


def wait_as_people_do(page) -> None:
    """The form as if it had been open for a minute: no test waits."""
    old = seal(timezone.now() - timedelta(minutes=1))
    page.locator("[name=seal]").evaluate("(field, seal) => { field.value = seal }", old)


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_from_a_code_page_to_thanks_by_keyboard(portal, page):
    page.goto(f"{portal}/codes/J3490/")
    with page.expect_navigation():
        page.locator(".call .button").press("Enter")
    wait_as_people_do(page)
    page.get_by_label("Your message").fill("Why?")
    press(page, "Send")

    assert page.evaluate("document.activeElement.id") == "problems"
    faults = Axe().run(page).response["violations"]
    assert [one["id"] for one in faults] == []
    assert page.get_by_label("Your message").input_value() == "Why?"

    wait_as_people_do(page)
    page.get_by_label("Your name").fill("Dana")
    page.get_by_label("Your e-mail address").fill("dana@example.org")
    press(page, "Send")
    page.reload()

    page.get_by_role("heading", name="Thank you: your message is here").wait_for()
    row = ContactRequest.objects.get()
    assert (row.about, row.message, row.status) == ("J3490", "Why?", "new")
    assert page.context.cookies() == []


def test_two_clicks_make_one_row(portal, page):
    page.goto(f"{portal}/contact/?kind=correction")
    wait_as_people_do(page)
    page.get_by_label("Your message").fill("A word is missing.")
    # The second click may break off the way that the first has taken.
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")

    assert ContactRequest.objects.count() == 1


def test_nobody_is_led_into_the_trap_by_keyboard_or_by_a_screen_reader(portal, page):
    page.goto(f"{portal}/contact/")
    page.get_by_label("HCPCS code").focus()
    visited = []
    for _ in range(7):
        page.keyboard.press("Tab")
        visited.append(page.evaluate("document.activeElement.name"))

    assert "homepage" not in visited
    assert {"message", "name", "email", "organisation"} <= set(visited)
    assert page.get_by_role("textbox", name="Leave this empty").count() == 0


def random_figures(chance: random.Random) -> dict[str, str]:
    percent = [f"{chance.uniform(0, 100):.2f}" for _ in range(2)]
    average = f"{chance.uniform(0, 1_000_000):,.2f}"
    return dict(zip(FIGURES, [str(chance.randint(0, 10**7)), average, *percent], strict=True))


def steps_on(page) -> list[str]:
    return [page.locator(f"[data-step={step}]").inner_text() for step in STEPS]


def test_figures_are_multiplied_at_once_and_as_the_server_does(portal, page):
    chance = random.Random(4)
    sent = []
    page.goto(f"{portal}/estimate/")
    page.on("request", lambda request: "/static/" in request.url or sent.append(request.url))
    for figures in [random_figures(chance) for _ in range(5)] + [dict.fromkeys(FIGURES, "0")]:
        for name, value in figures.items():
            page.locator(f"[name={name}]").fill(value)
        at_once = steps_on(page)
        assert sent == []

        page.reload()  # the address holds the figures
        assert steps_on(page) == at_once
        assert "$" in at_once[1]
        sent.clear()


def test_a_figure_that_cannot_be_leaves_no_result(portal, page):
    page.goto(f"{portal}/estimate/?claims=1000&average=150&denied=8&recoverable=60")
    page.locator("[name=denied]").fill("101")

    assert steps_on(page) == ["–"] * 4
    press(page, "Estimate")
    page.get_by_text("write a number from 0 to 100").wait_for()


@pytest.mark.parametrize("browser_context_args", [{"java_script_enabled": False}], indirect=True)
def test_the_estimate_needs_no_script(portal, page):
    page.goto(f"{portal}/estimate/")
    for name, value in zip(FIGURES, ["1000", "150", "8", "60"], strict=True):
        page.locator(f"[name={name}]").fill(value)
    press(page, "Estimate")

    assert steps_on(page) == ["80", "$12,000.00", "$7,200.00", "$86,400.00"]
