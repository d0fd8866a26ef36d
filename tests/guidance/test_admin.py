"""Guidance in the admin: read, but for the call to action; and no page breaks the policy."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codes.calendar import today
from codes.models import Entry, EntryChange, Release
from guidance.actions import load_starter
from guidance.models import (
    AuditEvent,
    CallToAction,
    CptReference,
    DenialCategory,
    Guidance,
    Revision,
    Source,
    Specialty,
)
from tests.factories import make_release
from tests.packs import denial, text_of, write_pack

OURS = [model for model in admin.site._registry if model._meta.app_label == "guidance"]
PANEL = {
    "title": "Talk to us",
    "text": "About any claim.",
    "button": "Write",
    "points": "No promises\r\n\r\nA reply in a day",
    "email": "claims@example.org",
    "phone": "",
}

pytestmark = pytest.mark.django_db


def load(folder, guidance=()) -> None:
    load_starter(on=today(), folder=write_pack(folder, list(guidance)))


def address(model, page: str, *args) -> str:
    return reverse(f"admin:guidance_{model._meta.model_name}_{page}", args=args)


# The call to action


def test_saving_the_call_to_action_publishes_it(admin_client, tmp_path):
    load(tmp_path)

    answer = admin_client.post(address(CallToAction, "change", 1), PANEL)

    assert answer.status_code == 302
    entry = Entry.objects.get(kind="call_to_action").data
    assert (entry["email"], entry["text"]) == ("claims@example.org", "About any claim.")
    assert entry["points"] == ["No promises", "A reply in a day"]
    assert EntryChange.objects.last().entry_kind == "call_to_action"


def test_the_form_shows_the_points_one_to_a_line(admin_client, tmp_path):
    load(tmp_path)
    admin_client.post(address(CallToAction, "change", 1), PANEL)

    page = admin_client.get(address(CallToAction, "change", 1)).content.decode()

    assert "No promises\nA reply in a day</textarea>" in page


def test_a_wrong_address_is_refused_and_nothing_changes(admin_client, tmp_path):
    load(tmp_path)
    before = EntryChange.objects.count()

    page = admin_client.post(address(CallToAction, "change", 1), PANEL | {"email": "nobody"})

    assert "valid email address" in page.content.decode()
    assert EntryChange.objects.count() == before


@pytest.mark.parametrize("field", ["text", "points"])
def test_a_panel_as_long_as_a_book_is_refused(admin_client, tmp_path, field):
    load(tmp_path)

    page = admin_client.post(address(CallToAction, "change", 1), PANEL | {field: "x" * 2001})

    assert "at most 2000 characters" in page.content.decode()


def test_there_is_one_call_to_action(admin_client, tmp_path):
    assert admin_client.post(address(CallToAction, "add"), PANEL).status_code == 302
    assert CallToAction.objects.get().pk == 1

    assert admin_client.get(address(CallToAction, "add")).status_code == 403
    assert admin_client.post(address(CallToAction, "delete", 1)).status_code == 403


# Reading


def test_all_else_is_read_only(admin_client, tmp_path):
    load(tmp_path, [text_of("section", "J", denials=[denial()])])
    # A guidance leads to its desk, where its revisions are written; the desk has tests of its own.
    # The vocabularies have tests of their own.
    written = {CallToAction, CptReference, DenialCategory, Guidance, Revision, Source, Specialty}
    AuditEvent.objects.create(action="look")
    for model in set(OURS) - written:
        row = model._default_manager.first()

        assert admin_client.get(address(model, "add")).status_code == 403
        assert admin_client.get(address(model, "change", row.pk)).status_code == 200
        assert admin_client.post(address(model, "change", row.pk)).status_code == 403
        assert admin_client.post(address(model, "delete", row.pk)).status_code == 403


def list_queries(client, model) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(model, "changelist")).status_code == 200
    return [query["sql"] for query in captured]


def test_lists_cost_the_same_at_any_size(admin_client, tmp_path):
    load(tmp_path / "small", [text_of("section", "J")])
    small = {model: list_queries(admin_client, model) for model in OURS}

    load(tmp_path / "large", [text_of("section", letter) for letter in "ABCEGHJ"])
    large = {model: list_queries(admin_client, model) for model in OURS}

    for model in OURS:
        assert len(large[model]) == len(small[model]) <= 13, model
        assert not re.search(r'"content"', " ".join(large[model])), model


# In the browser, whose complaint fails the test


@pytest.mark.django_db(transaction=True)
def test_a_curator_publishes_a_release_in_the_browser(signed_in, live_server, admin_user):
    draft = make_release(["J3490"], publish=False)
    page = signed_in(admin_user)

    page.goto(live_server.url + reverse("admin:codes_release_change", args=[draft.pk]))
    page.get_by_role("button", name="Publish").click()

    page.get_by_text("October 2025 is published.").wait_for()
    draft.refresh_from_db()
    assert draft.status == Release.Status.PUBLISHED
