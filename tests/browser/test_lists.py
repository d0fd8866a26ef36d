"""The admin's lists and bulk pages in a browser: by keyboard, for everyone, light and dark."""

import re

import pytest
from django.urls import reverse

from codes.models import Code
from guidance import actions
from guidance.actions import Wish
from guidance.models import Batch, Guidance, Revision
from guidance.workflow import Role, Status
from tests.factories import make_account
from tests.looks import EVERY_RULE, faults, faults_in_every_look

# What a browser makes of a page is the same whatever the page was read from.
pytestmark = pytest.mark.sqlite

REVISIONS = "/admin/guidance/revision/"


@pytest.fixture
def portal(portal, on):
    """The full portal with three revisions in review."""
    editor = make_account("editor", Role.EDITOR)
    for name in ("J3490", "J3590", "A4239"):
        subject = Code.objects.get(code=name)
        draft = actions.start_draft(subject=subject, by=editor, valid_from=on)
        draft = actions.save_draft(
            revision=draft,
            values={"unit": "One unit."},
            topics={},
            edition=draft.edition,
            by=editor,
        )
        actions.submit(revision=draft, by=editor, on=on)
    return portal


@pytest.fixture
def reviewer(portal):
    return make_account("reviewer", Role.REVIEWER, is_superuser=True)


@pytest.fixture
def listing(signed_in, reviewer, portal):
    """The list of revisions, open in the browser."""
    page = signed_in(reviewer)
    page.goto(f"{portal}{REVISIONS}?status__exact=in_review")
    return page


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_rows_are_walked_ticked_and_opened_by_single_keys(listing):
    listing.keyboard.press("j")
    first = focused(listing)
    listing.keyboard.press("j")
    second = focused(listing)
    listing.keyboard.press("x")
    listing.keyboard.press("k")
    assert (focused(listing), first == second) == (first, False)
    assert second in listing.locator("tr.selected").inner_text()

    listing.keyboard.press("e")
    listing.wait_for_url(re.compile("/change/"))

    assert first in listing.content()


def test_what_has_the_focus_is_seen(listing):
    listing.keyboard.press("j")

    outline = listing.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert outline != "none"


def test_a_slash_leads_to_the_search_where_keys_are_text_again(listing):
    listing.keyboard.press("/")
    listing.keyboard.type("jx?/e")

    assert listing.locator("#searchbar").input_value() == "jx?/e"
    assert listing.locator("tr.selected").count() == 0
    assert not listing.locator("dialog.keys").is_visible()


def test_a_question_mark_shows_the_keys_and_they_can_be_switched_off(listing):
    listing.keyboard.press("?")
    assert listing.get_by_role("dialog", name="Keyboard").is_visible()
    listing.get_by_role("dialog").get_by_role("checkbox").uncheck()
    listing.keyboard.press("Escape")

    listing.keyboard.press("j")
    listing.keyboard.press("?")
    assert not listing.get_by_role("dialog").is_visible()
    assert listing.evaluate("document.activeElement.closest('tr')") is None

    listing.reload()
    listing.get_by_role("button", name="Keyboard").click()
    assert not listing.get_by_role("dialog").get_by_role("checkbox").is_checked()


def test_many_are_approved_and_undone_by_keyboard_alone(listing):
    for _ in range(3):
        listing.keyboard.press("j")
        listing.keyboard.press("x")
    listing.locator("select[name=action]").focus()
    listing.keyboard.type("Approve")
    listing.keyboard.press("Tab")
    listing.keyboard.press("Enter")
    listing.get_by_role("button", name="Do it").press("Enter")
    listing.get_by_text("Done: 3 of 3.").wait_for()
    assert Revision.objects.filter(status=Status.IN_REVIEW).count() == 0

    listing.get_by_role("button", name="Undo the whole batch").press("Enter")

    listing.get_by_text("Undone: 3 of 3.").wait_for()
    assert Revision.objects.filter(status=Status.WITHDRAWN).count() == 3


@pytest.fixture
def addresses(portal, reviewer, on):
    """Every list of our admin, and the pages of a batch and of an import."""
    wish = Wish(order="review-by", by=reviewer, on=on, day=on)
    [outcome] = actions.preview_batch(wish=wish, ids=[Guidance.objects.latest("pk").pk])
    actions.run_batch(wish=wish, editions={outcome.item.pk: outcome.edition})
    lists = [
        f"/admin/{app}/"
        for app in (
            *(f"guidance/{name}" for name in ("guidance", "revision", "publishedguidance")),
            *(f"guidance/{name}" for name in ("source", "specialty", "denialcategory")),
            *(f"codes/{name}" for name in ("code", "release", "entry", "entrychange")),
        )
    ]
    own = [reverse("admin:guidance_batches"), reverse("admin:guidance_import")]
    return [*lists, *own, reverse("admin:guidance_batch", args=[Batch.objects.get().pk])]


def test_no_list_shuts_anyone_out(signed_in, reviewer, portal, addresses, tmp_path):
    page = signed_in(reviewer)
    found = {}
    for address in addresses:  # test_admin_pages looks at them dark and narrow too
        page.goto(portal + address)
        found[address] = faults(page, EVERY_RULE)
    page.goto(f"{portal}{REVISIONS}?status__exact=in_review")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("withdraw")
    with page.expect_navigation():
        page.get_by_role("button", name="Go").click()
    found["preview"] = faults_in_every_look(page, EVERY_RULE)
    page.keyboard.press("?")
    found["keys"] = faults_in_every_look(page, EVERY_RULE)
    sheet = tmp_path / "J3490.yaml"
    sheet.write_text(
        "code: J3590\nrevisions:\n- {valid_from: 2020-01-01, note: A, unit: {text: B}}\n"
    )
    page.goto(portal + reverse("admin:guidance_import"))
    page.get_by_label("File").set_input_files(sheet)
    with page.expect_navigation():
        page.get_by_role("button", name="Show the difference").click()
    found["difference"] = faults_in_every_look(page, EVERY_RULE)

    assert {address: some for address, some in found.items() if some} == {}
