"""The editors' pages: from a code to a published text."""

from datetime import date

import pytest
from django.urls import reverse

from codes.models import Code
from codes.publication import read_entry
from guidance import actions
from guidance.models import Revision
from guidance.workflow import Role, Status
from tests.cms_files import code
from tests.factories import make_account, make_release
from tests.full_portal import make_full_portal
from tests.packs import text_of, write_pack
from tests.revision_form import change_url, form_of, rows_of, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in_as(client):
    """A function that signs the client in as an account with a role."""

    def sign_in(name, role):
        user = make_account(name, role)
        client.force_login(user)
        return user

    return sign_in


@pytest.fixture
def portal(tmp_path, on):
    make_release(["J3490", "J3590"], on=on)
    actions.load_starter(on=on, folder=write_pack(tmp_path))


def step(client, revision, name, **said):
    return client.post(reverse("admin:guidance_step", args=[revision.pk, name]), said, follow=True)


def test_a_text_goes_from_draft_to_page_by_two_people(client, signed_in_as, portal, on):
    signed_in_as("editor", Role.EDITOR)
    found = client.get(reverse("admin:guidance_find"), {"q": "j-3490"})
    assert found.url == reverse("admin:guidance_desk", args=["code", "J3490"])
    draft = start(client)
    client.post(change_url(draft), form_of(draft, unit="One unit."))
    step(client, draft, "submit")

    signed_in_as("reviewer", Role.REVIEWER)
    assert "Waiting for me" in client.get(reverse("admin:index")).content.decode()
    step(client, draft, "approve")

    assert read_entry("code", "J3490", on).data["unit"]["text"] == "One unit."
    assert "One unit." in client.get("/codes/J3490/").content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [("unclassified drugs", "code/J3490"), ("biologic", "code/J3590"), ("capped", "trait/capped-")],
)
def test_what_one_writes_about_is_found_by_words(client, signed_in_as, tmp_path, on, asked, found):
    make_full_portal(tmp_path, on)
    signed_in_as("editor", Role.EDITOR)

    page = client.get(reverse("admin:guidance_find"), {"q": asked}).content.decode()

    assert f'href="/admin/guidance/guidance/{found}' in page


def test_words_that_name_nothing_are_said_to(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)

    page = client.get(reverse("admin:guidance_find"), {"q": "zeppelin <b>"}).content.decode()

    assert "is called “zeppelin &lt;b&gt;”" in page


def test_rows_and_citations_are_written_on_the_same_form(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    rows = rows_of("faqs", {"question": "Why?", "answer": "So."})
    rows |= rows_of("citations", {"source": "test-source", "topic": "faqs", "row": 1})

    page = client.post(change_url(draft), form_of(draft, **rows))

    assert page.status_code == 302, page.context["errors"]
    assert draft.faqs.get().position == 0
    assert draft.citations.get().topic == "faqs"


def test_a_save_over_a_newer_one_shows_both_texts(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    stale = form_of(draft, unit="Older.")
    client.post(change_url(draft), form_of(draft, unit="Newer."))

    page = client.post(change_url(draft), stale).content.decode()

    assert "Someone saved this revision after you opened it" in page
    assert "Newer." in page
    assert "Older." in page
    draft.refresh_from_db()
    assert draft.unit == "Newer."


def test_a_text_that_is_too_long_is_refused_at_its_field(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)

    page = client.post(change_url(draft), form_of(draft, unit="x" * 20_001)).content.decode()

    assert "20001 characters; 20000 at the most" in page


def test_an_answer_that_is_too_long_is_refused_at_its_field(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    faq = rows_of("faqs", {"question": "Why?", "answer": "x" * 20_001})

    page = client.post(change_url(draft), form_of(draft, **faq)).content.decode()

    assert "20001 characters; 20000 at the most" in page
    assert not draft.faqs.exists()


def test_a_step_that_is_not_allowed_says_so_and_changes_nothing(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)

    page = step(client, draft, "approve").content.decode()

    assert "may not approve" in page
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_has_no_text_is_not_submitted(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)

    assert "Nothing is written in it yet" in step(client, draft, "submit").content.decode()

    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_two_people_signed_is_not_offered_for_a_signature(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    client.post(change_url(draft), form_of(draft, unit="One unit."))
    step(client, draft, "submit")
    signed_in_as("reviewer", Role.REVIEWER)

    page = step(client, draft, "approve").content.decode()

    assert "revision 1: approved and published" in page
    assert "Countersign" not in page


@pytest.fixture
def waiting(client, signed_in_as, portal):
    """A revision in review, and its reviewer signed in."""
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    client.post(change_url(draft), form_of(draft, unit="One unit."))
    step(client, draft, "submit")
    signed_in_as("reviewer", Role.REVIEWER)
    draft.refresh_from_db()
    return draft


def test_a_note_with_a_step_that_came_too_late_is_not_lost(client, waiting):
    answer = step(client, waiting, "return", note="Say which vial.", edition=waiting.edition - 1)

    page = answer.content.decode()
    assert "was changed after you opened this page" in page
    assert ">Say which vial.</textarea>" in page
    waiting.refresh_from_db()
    assert waiting.status == Status.IN_REVIEW


def test_a_note_is_shown_where_its_step_is_no_longer_to_be_taken(client, waiting):
    actions.recall(revision=waiting, by=waiting.author)

    page = step(client, waiting, "return", note="Say which vial.").content.decode()

    assert "may not return" in page
    assert "it was not used:</strong> Say which vial." in page


def test_a_reason_too_long_to_keep_is_refused_with_its_words(client, waiting):
    page = step(client, waiting, "publish-at-once", note="x" * 301).content.decode()

    assert "the note has 300 characters at the most" in page
    assert "x" * 301 in page


def test_what_waits_is_to_be_approved_and_not_written_in(client, waiting):
    desk = reverse("admin:guidance_desk", args=["code", "J3490"])
    page = client.get(desk).content.decode()

    assert 'value="Approve" class="default" autofocus' in page
    assert 'data-key="w"' not in page


def test_who_wrote_it_is_not_offered_to_approve_it(client, waiting):
    client.force_login(waiting.author)
    make_account("editor", Role.REVIEWER)

    page = client.get(reverse("admin:guidance_desk", args=["code", "J3490"])).content.decode()

    assert 'value="Approve"' not in page
    assert 'value="Recall"' in page


def test_scheduling_takes_a_day(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    client.post(change_url(draft), form_of(draft, unit="One unit."))
    step(client, draft, "submit")
    signed_in_as("reviewer", Role.REVIEWER)

    assert "Write the day" in step(client, draft, "schedule").content.decode()
    past = step(client, draft, "schedule", publish_on="2020-01-01").content.decode()
    assert "2020-01-01 is past" in past
    step(client, draft, "schedule", publish_on="2030-01-01")

    draft.refresh_from_db()
    assert (draft.status, draft.publish_on) == (Status.SCHEDULED, date(2030, 1, 1))


def test_the_preview_shows_the_draft_and_the_public_page_does_not(client, signed_in_as, portal):
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    client.post(change_url(draft), form_of(draft, unit="Canary unit."))
    preview = reverse("admin:guidance_preview", args=[draft.pk])

    page = client.get(preview)

    assert "Canary unit." in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.get(preview, {"format": "json"}).json()["unit"]["text"] == "Canary unit."
    client.logout()
    assert "Canary" not in client.get("/codes/J3490/").content.decode()
    assert client.get(preview).status_code == 302


def test_two_revisions_are_compared_word_by_word(client, signed_in_as, tmp_path, portal, on):
    texts = {"unit": {"text": "One unit is a vial."}}
    pack = write_pack(tmp_path / "two", [text_of("code", "J3490", **texts)])
    actions.load_starter(on=on, folder=pack)
    signed_in_as("editor", Role.EDITOR)
    draft = start(client)
    client.post(change_url(draft), form_of(draft, unit="One unit is a dose."))
    older = Revision.objects.get(number=1)

    page = client.get(reverse("admin:guidance_compare", args=[older.pk, draft.pk])).content.decode()

    assert "<del>vial.</del>" in page
    assert "<ins>dose.</ins>" in page


def test_what_cms_changed_waits_in_its_queue(client, signed_in_as, tmp_path, portal, on):
    pack = write_pack(tmp_path / "two", [text_of("code", "J3490", unit={"text": "Ours."})])
    actions.load_starter(on=on, folder=pack)
    make_release([code("J3490", long="Changed words"), "J3590"], quarter="2026-01", on=on)
    signed_in_as("editor", Role.EDITOR)
    queue = reverse("admin:guidance_changed")

    assert "Changed words" in client.get(queue).content.decode()
    guidance = Code.objects.get(code="J3490").guidance
    client.post(reverse("admin:guidance_still_right", args=[guidance.pk]))
    assert "No guidance waits" in client.get(queue).content.decode()


@pytest.mark.parametrize("role", [Role.DATA_STEWARD, Role.PARTNER_MANAGER])
def test_other_roles_cannot_start_a_draft(client, signed_in_as, portal, role):
    signed_in_as("other", role)

    response = client.post(reverse("admin:guidance_start", args=["code", "J3490"]))

    assert response.status_code == 403
    assert not Revision.objects.filter(status=Status.DRAFT).exists()


@pytest.mark.parametrize(
    "at", ["/admin/guidance/guidance/code/J9998/desk/", "/admin/guidance/guidance/planet/X/desk/"]
)
def test_a_subject_that_is_not_there_is_a_404(client, signed_in_as, portal, at):
    signed_in_as("editor", Role.EDITOR)

    assert client.get(at).status_code == 404
