"""The editors' form and desk in a browser: by keyboard, without losing a word, for everyone."""

import time

import pytest
from django.conf import settings
from django.test import Client

from guidance.models import Revision
from guidance.workflow import Role
from tests.factories import make_account
from tests.looks import WCAG, faults_in_every_look
from tests.revision_form import change_url, form_of, keep_url, rows_of, start

HOME = "/admin/"
DESK = "/admin/guidance/guidance/code/J3490/desk/"


def cookie_of(name, role):
    """The session of an account with a role."""
    client = Client()
    client.force_login(make_account(name, role))
    return client, client.cookies[settings.SESSION_COOKIE_NAME].value


def admit(context, url, session):
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": session, "url": url}])


@pytest.fixture
def editor(portal, page):
    """The client of an editor, who is signed in on the browser page too."""
    client, session = cookie_of("ann", Role.EDITOR)
    admit(page.context, portal, session)
    yield client
    if not page.is_closed():
        page.wait_for_load_state("networkidle")  # what it keeps is not sent to the next test


@pytest.fixture
def draft(editor):
    return start(editor)


class Keys:
    """A keyboard that counts: every key or chord is one, typed words are none."""

    def __init__(self, page):
        self.page = page
        self.pressed = 0

    def press(self, key):
        self.pressed += 1
        self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.type(words)


TEXT = "Order it for one patient."


def write_and_submit(page, keys, home):
    """From the desk's front page to a text in review, with a source for it."""
    page.goto(home)
    keys.type("E0601")
    keys.press("Enter")
    page.get_by_role("heading", name="Code E0601").wait_for()
    keys.press("Enter")
    page.wait_for_selector("#citations-group .add-row a")
    keys.type(TEXT)
    keys.press("Control+k")
    keys.type("test-source")
    keys.press("Control+Enter")
    page.get_by_text("is saved and submitted").wait_for()


def approve(page, keys, home):
    """From the desk's front page to the first text that waits, and its approval."""
    page.goto(home)
    for key in ("Tab", "Tab", "Enter"):
        keys.press(key)
    page.get_by_role("heading", name="Code E0601").wait_for()
    keys.press("a")
    keys.press("Enter")
    page.get_by_text("approved and published").wait_for()


# The whole task


@pytest.mark.django_db(transaction=True)
def test_from_a_code_to_a_public_text_by_two_people_and_a_keyboard(portal, page, editor, browser):
    desk, reader = browser.new_page(), browser.new_page()
    admit(desk.context, portal, cookie_of("rita", Role.REVIEWER)[1])
    writing, reviewing = Keys(page), Keys(desk)

    write_and_submit(page, writing, portal + HOME)
    approve(desk, reviewing, portal + HOME)
    approved = time.perf_counter()
    reader.goto(f"{portal}/codes/E0601/")
    seconds = time.perf_counter() - approved

    assert writing.pressed + reviewing.pressed <= 12
    assert TEXT in reader.content()
    assert seconds <= 1
    told = reader.goto(f"{portal}/api/v1/codes/E0601/").json()
    assert told["summary"]["citations"][0]["source"] == "test-source"
    reader.goto(f"{portal}/codes/?q=airway")
    with reader.expect_navigation():
        reader.get_by_role("link", name="E0601", exact=True).click()
    assert TEXT in reader.content()


# Typing


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_dies_loses_no_more_than_ten_seconds(portal, page, editor, draft):
    page.clock.install()
    page.goto(portal + change_url(draft))
    page.get_by_role("textbox", name="Billing unit").fill("One vial, and half a sent")
    with page.expect_response(lambda answer: answer.url.endswith(keep_url(draft))) as kept:
        page.clock.run_for(10_000)
    assert kept.value.ok
    context = page.context
    page.close()

    again = context.new_page()
    again.goto(portal + change_url(draft))

    assert (
        again.get_by_role("textbox", name="Billing unit").input_value()
        == "One vial, and half a sent"
    )
    assert again.get_by_text("and did not save it").is_visible()
    draft.refresh_from_db()
    assert draft.unit != "One vial, and half a sent"


@pytest.mark.django_db(transaction=True)
def test_leaving_with_unsaved_typing_asks_first(portal, page, editor, draft):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(portal + change_url(draft))
    page.get_by_role("textbox", name="Billing unit").fill("Unsaved.")
    page.get_by_role("textbox", name="Billing unit").press("Tab")

    page.evaluate("location.assign('/admin/')")
    page.wait_for_function("document.readyState === 'complete'")

    assert asked == ["beforeunload"]
    assert page.get_by_role("textbox", name="Billing unit").input_value() == "Unsaved."


@pytest.mark.django_db(transaction=True)
def test_control_s_saves_and_leaves_no_warning_behind(portal, page, editor, draft):
    page.goto(portal + change_url(draft))
    page.get_by_role("textbox", name="Billing unit").fill("One dose.")

    page.keyboard.press("Control+s")

    page.get_by_text("is saved.").wait_for()
    assert page.get_by_role("textbox", name="Billing unit").input_value() == "One dose."


@pytest.mark.django_db(transaction=True)
def test_the_other_one_at_the_form_is_named_while_both_are_there(portal, page, editor, draft):
    other, _ = cookie_of("bob", Role.EDITOR)
    page.clock.install()
    page.goto(portal + change_url(draft))
    other.post(keep_url(draft), {"edition": draft.edition, "beat": "on"})

    page.clock.run_for(40_000)

    page.get_by_text("Also being edited by bob.").wait_for()


# On the page


@pytest.mark.django_db(transaction=True)
def test_a_text_is_shown_as_readers_see_it_under_its_field(portal, page, editor, draft):
    page.goto(portal + change_url(draft))
    page.get_by_role("textbox", name="Billing unit").fill("**One** <script>alert(1)</script>")

    page.get_by_role("button", name="Preview Billing unit").click()

    region = page.get_by_role("region", name="Preview of Billing unit")
    region.locator("strong").wait_for()
    assert region.inner_text() == "One <script>alert(1)</script>"


PASTED = """<html><head><style>p {color: red}</style></head><body><p>Before <b>all</b></p>
<table><tr><td>Dose</td><td>Units</td></tr><tr><td>10&nbsp;mg</td><td>1</td></tr></table>
<ol><li>First</li><li>Then</li></ol><script>document.title = "hacked"</script>
<img src="x" onerror="document.title = 'hacked'"></body></html>"""
PASTE = """html => {
  const sent = new DataTransfer();
  sent.setData("text/html", html);
  const event = new ClipboardEvent("paste", {clipboardData: sent, bubbles: true, cancelable: true});
  document.getElementById("id_unit").dispatchEvent(event);
}"""


@pytest.mark.django_db(transaction=True)
def test_a_table_from_word_becomes_lines_and_nothing_of_it_runs(portal, page, editor, draft):
    page.goto(portal + change_url(draft))
    page.get_by_role("textbox", name="Billing unit").fill("")

    page.evaluate(PASTE, PASTED)

    assert page.get_by_role("textbox", name="Billing unit").input_value() == (
        "Before **all**\n\n- Dose | Units\n- 10 mg | 1\n\n1. First\n2. Then"
    )
    assert "hacked" not in page.title()


@pytest.mark.django_db(transaction=True)
def test_names_are_suggested_as_one_types(portal, page, editor, draft):
    page.goto(portal + change_url(draft))
    page.get_by_label("Specialties").fill("urology, rheu")

    page.wait_for_selector("#suggest-specialty option", state="attached")

    option = page.locator("#suggest-specialty option").first
    assert option.get_attribute("value") == "urology, rheumatology"


@pytest.mark.django_db(transaction=True)
def test_the_list_of_keys_opens_with_a_question_mark_and_closes(portal, page, editor, draft):
    page.goto(portal + change_url(draft))
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    keys.wait_for()

    page.keyboard.press("Escape")

    assert keys.is_hidden()


# For everyone


def states(client, draft, portal):
    """Addresses of the form and the desk, with all that they can show."""
    rows = rows_of("faqs", {"question": "Why?", "answer": "Medicare always covers it."})
    rows |= rows_of("denials", {"category": "CO-16", "payer_class": "any"})
    rows |= rows_of("citations", {"source": "test-source", "topic": "faqs", "row": 1})
    client.post(change_url(draft), form_of(draft, unit="One.", **rows))
    draft.refresh_from_db()
    published = Revision.objects.filter(status="published").first()
    return [change_url(draft), DESK, change_url(published)]


# How a page looks is the same whatever it was read from.
@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_neither_form_nor_desk_shuts_anyone_out(portal, page, editor, draft):
    found = {}
    other, _ = cookie_of("bob", Role.EDITOR)
    addresses = states(editor, draft, portal)
    typed = form_of(draft, unit="Typed, and stale.") | {"edition": draft.edition - 1}

    for address in addresses:
        page.goto(portal + address)
        found[address] = faults_in_every_look(page, WCAG)
    editor.post(keep_url(draft), typed)
    page.goto(portal + change_url(draft))
    found["stale"] = faults_in_every_look(page, WCAG)

    assert {address: wrong for address, wrong in found.items() if wrong} == {}
