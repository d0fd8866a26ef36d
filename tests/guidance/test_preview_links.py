"""A draft by a signed link: read by whoever has it, for seven days at most, and by nobody else."""

from datetime import date, timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from codes.models import Code, Family
from guidance import actions
from guidance.admin.links import address_of
from guidance.models import AuditEvent, PreviewLink
from guidance.workflow import Role
from tests.factories import make_account, make_release
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db

SECRET = "One unit is a canary."


@pytest.fixture
def draft(editor, on):
    make_release(["J3490", "J3590"], on=on)
    subject = Code.objects.get(code="J3490")
    draft = actions.start_draft(subject=subject, by=editor, valid_from=date(2024, 1, 1))
    values = {"unit": SECRET}
    return actions.save_draft(revision=draft, values=values, topics={}, edition=1, by=editor)


@pytest.fixture
def link(draft, editor):
    return actions.make_link(revision=draft, by=editor, at=timezone.now())


def opens(client, link):
    answer = client.get(address_of(link))
    assert answer.status_code in (200, 404)
    assert (SECRET in answer.content.decode()) is (answer.status_code == 200)
    return answer.status_code == 200


def test_whoever_has_the_link_reads_the_draft_as_its_page_would_be(client, link):
    page = client.get(address_of(link))
    text = " ".join(page.content.decode().split())

    assert SECRET in text
    assert "Draft, not published." in text
    assert "J3490" in text
    assert "October 2025 release" in text


def test_a_draft_is_not_called_unreviewed_for_what_it_inherits(client, link, tmp_path, on):
    theirs = {"text": "Keep the invoice.", "sources": ["test-source"]}
    pack = write_pack(tmp_path, [text_of("family", "j-noc", documentation=theirs)])
    actions.load_starter(on=on, folder=pack)

    page = client.get(address_of(link)).content.decode()

    assert "Not yet reviewed here: documentation." in page
    assert "signed that part yet" in page


def test_nobody_keeps_finds_or_passes_on_what_it_shows(client, link):
    page = client.get(address_of(link))

    assert page["Cache-Control"] == "no-store, private"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert not page.cookies
    assert "Draft, not published." not in client.get("/codes/J3490/").content.decode()


def test_it_is_dead_after_seven_days(client, link):
    assert link.ends_at - link.made_at == timedelta(days=7)
    week = timedelta(days=7, seconds=1)

    PreviewLink.objects.update(made_at=link.made_at - week, ends_at=link.ends_at - week)

    assert not opens(client, link)


def test_it_is_dead_as_soon_as_it_is_revoked(client, link, editor):
    assert opens(client, link)

    actions.revoke_link(link=link, by=editor, at=timezone.now())

    assert not opens(client, link)


def test_it_is_dead_when_the_draft_is_published(client, link, draft, on):
    reviewer = make_account("reviewer", Role.REVIEWER)
    actions.publish_at_once(revision=draft, by=reviewer, on=on, reason="Now.")

    assert client.get(address_of(link)).status_code == 404


def test_it_is_dead_when_the_draft_is_discarded(client, link, draft, editor):
    address = address_of(link)
    actions.discard(revision=draft, by=editor)

    assert client.get(address).status_code == 404


def test_it_goes_on_showing_what_the_editors_change(client, link, draft, editor):
    values = {"unit": "Put right."}
    actions.save_draft(revision=draft, values=values, topics={}, edition=2, by=editor)

    assert "Put right." in client.get(address_of(link)).content.decode()


@pytest.mark.parametrize("token", ["1", "1:", "nothing", "1:AAAA", "None", "%00", "é"])
def test_a_token_that_was_not_made_here_opens_nothing(client, link, token):
    assert client.get(f"/preview/{token}/").status_code == 404


def test_a_token_signed_for_something_else_opens_nothing(client, link):
    other = signing.Signer(salt="another").sign(str(link.pk))

    assert client.get(reverse("preview", args=[other])).status_code == 404
    assert client.get(address_of(link).replace(f"/{link.pk}:", "/999:")).status_code == 404


def test_a_group_of_codes_can_be_shown_too(client, editor, on):
    make_release(["J3490"], on=on)
    subject = Family.objects.get(slug="j-noc")
    draft = actions.start_draft(subject=subject, by=editor, valid_from=on)
    values = {"summary": SECRET}
    actions.save_draft(revision=draft, values=values, topics={}, edition=1, by=editor)

    assert opens(client, actions.make_link(revision=draft, by=editor, at=timezone.now()))


def test_making_and_revoking_leave_audit_rows(link, draft, editor):
    actions.revoke_link(link=link, by=editor, at=timezone.now())
    actions.revoke_link(link=link, by=editor, at=timezone.now())

    events = AuditEvent.objects.filter(action__contains="preview link").order_by("pk")
    rows = events.values_list("action", "actor", "revision_number")
    assert list(rows) == [
        ("make preview link", editor.pk, draft.number),
        ("revoke preview link", editor.pk, draft.number),
    ]


@pytest.mark.parametrize("role", [Role.DATA_STEWARD, Role.PARTNER_MANAGER])
def test_who_may_not_write_may_not_give_drafts_out(draft, link, role):
    other = make_account("other", role)

    with pytest.raises(actions.NotAllowed, match="may not give drafts out"):
        actions.make_link(revision=draft, by=other, at=timezone.now())
    with pytest.raises(actions.NotAllowed, match="may not give drafts out"):
        actions.revoke_link(link=link, by=other, at=timezone.now())


def test_what_is_public_needs_no_link(draft, editor, on):
    reviewer = make_account("reviewer", Role.REVIEWER)
    actions.publish_at_once(revision=draft, by=reviewer, on=on, reason="Now.")

    with pytest.raises(actions.NotAllowed, match="not yet published"):
        actions.make_link(revision=draft, by=editor, at=timezone.now())


def test_the_desk_makes_lists_and_revokes_links(client, draft, editor):
    client.force_login(editor)
    made = client.post(reverse("admin:guidance_make_link", args=[draft.pk]), follow=True)
    link = PreviewLink.objects.get()
    assert f'value="http://testserver{address_of(link)}"' in made.content.decode()

    revoked = client.post(reverse("admin:guidance_revoke_link", args=[link.pk]), follow=True)

    assert address_of(link) not in revoked.content.decode()
    assert "opens nothing any more" in revoked.content.decode()
