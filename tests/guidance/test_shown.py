"""What one writes stands beside what CMS says and what the public page shows now."""

import html

import pytest
from django.urls import reverse

from codes.calendar import today
from guidance.workflow import Role
from tests.factories import make_account
from tests.full_portal import make_full_portal
from tests.revision_form import change_url, start

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), on=today())


@pytest.fixture
def editor(client, portal):
    client.force_login(make_account("editor", Role.EDITOR))
    return client


def form_text(client, code):
    draft = start(client, code)
    return html.unescape(client.get(change_url(draft)).content.decode())


def desk_text(client, code):
    desk = reverse("admin:guidance_desk", args=["code", code])
    return html.unescape(client.get(desk).content.decode())


@pytest.mark.parametrize("shown_on", [form_text, desk_text])
def test_what_cms_says_stands_beside(editor, shown_on):
    page = shown_on(editor, "K0553")

    assert "In short: Ther cgm supply." in page
    assert ">Dec 31, 2022</time> (last day of use)" in page
    assert "CMS’s fields" in page


@pytest.mark.parametrize("shown_on", [form_text, desk_text])
def test_what_is_inherited_stands_beside_with_its_origin(editor, shown_on):
    page = shown_on(editor, "E0601")

    unit = page[page.index("Billing unit on the public page now") :]
    assert "One unit is one month." in unit
    assert "Written for a group:" in unit


@pytest.mark.parametrize("topic", ["Denial advice", "Questions", "Specialties", "Companions"])
def test_rows_that_the_page_shows_stand_at_their_list(editor, topic):
    assert f"{topic} on the public page now" in form_text(editor, "J3490")


def test_rows_stand_there_in_words(editor):
    page = form_text(editor, "J3490")

    assert "CO-16 · any" in page
    assert "JZ · required · Nothing is left over" in page
