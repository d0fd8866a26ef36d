"""The admin in a browser: for everyone, on any screen, light and dark, within the policy."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from guidance import actions
from guidance.models import CptReference
from guidance.workflow import Role
from tests.admin_addresses import addresses
from tests.factories import make_account
from tests.looks import DESK, LIGHT_AND_DARK, WCAG, Look, faults, faults_in_every_look

# What a browser makes of a page is the same whatever the page was read from.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def pages(portal, client) -> list[str]:
    """Every address of the admin that answers with a page, whatever anyone has added since."""
    found = []
    for address in addresses(portal).values():
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found.append(address)
    return found


def test_no_page_shuts_anyone_out(staffed_portal, signed_in, admin_user, client, live_server):
    page = signed_in(admin_user)
    found = {}
    for address in pages(staffed_portal, client):
        page.goto(live_server.url + address)
        found[address] = faults_in_every_look(page, WCAG, LIGHT_AND_DARK)

    assert {address: faults for address, faults in found.items() if faults} == {}


def test_what_a_phone_has_no_room_for_is_read_in_the_dark_too(signed_in, admin_user, live_server):
    page = signed_in(admin_user)
    Look("dark", DESK, dark=True).put_on(page)

    page.goto(live_server.url + "/admin/")

    assert faults(page, WCAG) == []


def test_every_kind_of_page_is_among_them(staffed_portal, client, admin_user):
    client.force_login(admin_user)
    found = pages(staffed_portal, client)

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
        wrong = faults_in_every_look(page, WCAG)
        found.extend((urlsplit(page.url).path, *fault) for fault in wrong)

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


def test_no_answer_to_a_form_shuts_anyone_out(staffed_portal, signed_in, admin_user, live_server):
    assert answers(signed_in(admin_user), live_server) == []


def test_the_door_is_open_to_everyone(staffed_portal, page, live_server):
    user = make_account("ed", Role.EDITOR)
    actions.set_password(account=user, password="a long enough phrase")
    found = []

    page.goto(live_server.url + "/admin/")
    page.get_by_role("button", name="Sign in").wait_for()
    found += faults_in_every_look(page, WCAG)
    page.get_by_label("Username").fill("ed")
    page.get_by_label("Password").fill("wrong")
    press(page, "Sign in")
    found += faults_in_every_look(page, WCAG)
    press(page, "Forgotten your password?", role="link")
    found += faults_in_every_look(page, WCAG)
    page.get_by_label("Email").fill("ed@example.org")
    press(page, "Send the link")
    found += faults_in_every_look(page, WCAG)
    press(page, "Sign in", role="link")
    page.get_by_label("Username").fill("ed")
    page.get_by_label("Password").fill("a long enough phrase")
    press(page, "Sign in")
    press(page, "Sign out")
    found += faults_in_every_look(page, WCAG)

    assert found == []
