"""The admin in a browser: for everyone, on any screen, light and dark, within the policy."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from guidance import actions
from guidance.models import CptReference
from guidance.workflow import Role
from tests.admin_addresses import addresses, make_staffed_portal
from tests.factories import make_account

pytestmark = pytest.mark.django_db(transaction=True)

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = {
    "light": {},
    "dark, narrow": {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}},
    "forced colours": {"forced_colors": "active"},
}


@pytest.fixture
def browser_context_args(browser_context_args, request):
    return browser_context_args | getattr(request, "param", {})


@pytest.fixture
def portal(tmp_path, on, admin_user):
    return make_staffed_portal(tmp_path, on)


def pages(portal, client) -> list[str]:
    """Every address of the admin that answers with a page, whatever anyone has added since."""
    found = []
    for address in addresses(portal).values():
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found.append(address)
    return found


def faults(page) -> list[tuple[str, str]]:
    # Its preloading writes the stylesheets into the page, which the policy forbids.
    options = {"runOnly": {"type": "tag", "values": TAGS}, "preload": False}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], node["html"]) for one in found for node in one["nodes"]]


def is_wide(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    "browser_context_args", [pytest.param(LOOKS[name], id=name) for name in LOOKS], indirect=True
)
def test_no_page_shuts_anyone_out(portal, signed_in, admin_user, client, live_server):
    page = signed_in(admin_user)
    found, wide = {}, []
    for address in pages(portal, client):
        page.goto(live_server.url + address)
        found[address] = faults(page)
        wide += [address] if is_wide(page) else []

    assert {address: faults for address, faults in found.items() if faults} == {}
    assert wide == []


def test_every_kind_of_page_is_among_them(portal, client, admin_user):
    client.force_login(admin_user)
    found = pages(portal, client)

    for kind in ("", "guidance/", "guidance/source/add/", "auth/user/", "codes/release/add/"):
        assert f"/admin/{kind}" in found
    assert reverse("admin:guidance_desk", args=["code", "J3490"]) in found
    assert len(found) > 60


def press(page, name: str, role: str = "button") -> None:
    """Presses it and waits for the page that it leads to: a click alone waits for none."""
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).click()


def answers(page, live_server) -> list[tuple[str, str]]:
    """Goes through the pages that come of sending something; what is wrong with each."""
    found = []

    def look() -> None:
        found.extend((urlsplit(page.url).path, *fault) for fault in faults(page))
        assert not is_wide(page), page.url

    page.goto(live_server.url + reverse("admin:auth_user_add"))
    page.get_by_role("button", name="Invite").click()  # the browser itself asks for the name
    look()
    page.get_by_label("Username").fill("j.miller")
    page.get_by_label("E-mail address").fill("j.miller@example.org")
    page.get_by_label("Editor").check()
    press(page, "Invite")
    page.get_by_text("Pass this link on").wait_for()
    look()
    page.goto(page.locator(".secret").inner_text())
    look()
    cpt = reverse("admin:guidance_cptreference_change", args=[CptReference.objects.first().pk])
    page.goto(live_server.url + cpt)
    page.get_by_label("Label").fill("In other words")
    press(page, "Save")
    page.get_by_text("Nothing is saved yet").wait_for()
    look()
    press(page, "Save and publish")
    page.get_by_text("was changed successfully").wait_for()
    look()
    return found


@pytest.mark.parametrize(
    "browser_context_args",
    [LOOKS["light"], LOOKS["dark, narrow"]],
    ids=["light", "dark, narrow"],
    indirect=True,
)
def test_no_answer_to_a_form_shuts_anyone_out(portal, signed_in, admin_user, live_server):
    assert answers(signed_in(admin_user), live_server) == []


@pytest.mark.parametrize(
    "browser_context_args",
    [LOOKS["light"], LOOKS["dark, narrow"]],
    ids=["light", "dark, narrow"],
    indirect=True,
)
def test_the_door_is_open_to_everyone(portal, page, live_server):
    user = make_account("ed", Role.EDITOR)
    actions.set_password(account=user, password="a long enough phrase")
    found = []

    page.goto(live_server.url + "/admin/")
    page.get_by_role("button", name="Sign in").wait_for()
    found += faults(page)
    page.get_by_label("Username").fill("ed")
    page.get_by_label("Password").fill("wrong")
    press(page, "Sign in")
    found += faults(page)
    press(page, "Forgotten your password?", role="link")
    found += faults(page)
    page.get_by_label("Email").fill("ed@example.org")
    press(page, "Send the link")
    found += faults(page)
    press(page, "Sign in", role="link")
    page.get_by_label("Username").fill("ed")
    page.get_by_label("Password").fill("a long enough phrase")
    press(page, "Sign in")
    press(page, "Sign out")
    found += faults(page)

    assert found == []
    assert not is_wide(page)
