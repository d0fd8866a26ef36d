"""What a first visit costs the reader: bytes, requests, cookies, and a page that stands still."""

import gzip
from urllib.parse import urlsplit

import pytest

# How heavy a page is does not depend on what it was read from.
pytestmark = pytest.mark.sqlite

KB = 1000
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) sum += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


@pytest.fixture
def answers(page):
    """What the browser was answered, as it comes."""
    found = []
    page.on("response", lambda answer: found.append(answer))
    return found


def weight(answers, kind: str = "") -> int:
    """Bytes of the bodies of one kind of resource, or of all, each compressed as nginx does."""
    wanted = [one for one in answers if kind in ("", one.request.resource_type)]
    return sum(len(gzip.compress(one.body(), 6)) for one in wanted)


@pytest.mark.parametrize("address", ["/codes/J3490/", "/codes/K0553/?as_of=2022-12-31", "/"])
def test_a_first_visit_is_light_and_private_and_stands_still(portal, page, answers, address):
    page.goto(portal + address, wait_until="networkidle")

    assert weight(answers, "stylesheet") <= 15 * KB
    assert weight(answers, "script") <= 10 * KB
    assert weight(answers) <= 60 * KB
    assert {urlsplit(one.url).netloc for one in answers} == {urlsplit(portal).netloc}
    assert page.context.cookies() == []
    assert page.evaluate(SHIFTS) == 0


def test_the_page_stands_still_when_its_scripts_come_late(portal, page):
    held = []
    page.route("**/*.js", lambda route: held.append(route))
    page.goto(f"{portal}/codes/J3490/", wait_until="commit")
    page.get_by_role("contentinfo").wait_for()
    assert page.evaluate(SHIFTS) == 0  # it has been painted by now

    page.route("**/*.js", lambda route: route.continue_())
    for route in held:
        route.continue_()
    page.get_by_role("button", name="Favorite").wait_for()

    assert page.evaluate(SHIFTS) == 0
