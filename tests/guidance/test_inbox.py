"""Messages are answered in the admin by those whose business they are, and each step is audited."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from codes.models import ContactNote, ContactRequest
from guidance import actions
from guidance.models import AuditEvent
from guidance.workflow import Role
from tests.codes.test_pages_code import words
from tests.factories import make_account, make_contact_request

pytestmark = pytest.mark.django_db

PRIVATE = {
    "name": "Dana Quill",
    "email": "dq@example.org",
    "organisation": "Hill Clinic",
    "message": "<script>alert('private words')</script>",
}
LIST = "admin:codes_contactrequest_changelist"


@pytest.fixture
def manager():
    return make_account("manager", Role.PARTNER_MANAGER)


@pytest.fixture
def client(manager):
    return signed_in(manager)


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def page_of(request: ContactRequest) -> str:
    return reverse("admin:codes_contactrequest_change", args=[request.pk])


def do(client, request: ContactRequest, step: str) -> str:
    address = reverse("admin:codes_contactrequest_step", args=[request.pk, step])
    return words(client.post(address, follow=True).content.decode())


def state(request: ContactRequest):
    request.refresh_from_db()
    return request.status, request.assigned_to and request.assigned_to.username


def test_the_list_shows_state_kind_code_age_and_who_has_it(client):
    make_contact_request(about="J3490", at=timezone.now() - timedelta(days=3))

    text = words(client.get(reverse(LIST)).content.decode())

    assert "New Talk to a revenue-cycle team J3490 3 days" in text


def test_a_message_is_taken_answered_and_reopened(client, manager):
    request = make_contact_request()
    for step, after in [
        ("take", ("in_work", "manager")),
        ("answered", ("answered", "manager")),
        ("reopen", ("in_work", "manager")),
        ("spam", ("spam", "manager")),
    ]:
        do(client, request, step)
        assert state(request) == after

    done = AuditEvent.objects.filter(actor=manager).order_by("pk")
    expected = ["contact: take", "contact: answered", "contact: reopen", "contact: spam"]
    assert [event.action for event in done] == expected


def test_the_answer_has_its_time_and_loses_it_when_reopened(client):
    request = make_contact_request()
    do(client, request, "answered")
    request.refresh_from_db()
    assert timezone.now() - request.answered_at < timedelta(minutes=1)

    do(client, request, "reopen")
    request.refresh_from_db()
    assert request.answered_at is None


def test_two_who_take_a_step_at_once_do_it_once(client):
    request = make_contact_request()
    do(client, request, "answered")

    assert "This message is answered by now." in do(client, request, "spam")
    assert state(request)[0] == "answered"


def test_a_message_is_given_to_someone_who_reads_its_kind(client, manager):
    reviewer = make_account("reviewer", Role.REVIEWER)
    talk, correction = make_contact_request(), make_contact_request(kind="correction")
    for request in (talk, correction):
        address = reverse("admin:codes_contactrequest_assign", args=[request.pk])
        client.post(address, {"to": reviewer.pk})

    assert state(talk) == ("new", None)
    assert state(correction) == ("in_work", "reviewer")
    with pytest.raises(actions.NotAllowed, match="does not read messages of this kind"):
        actions.assign_contact(request=talk, to=reviewer, by=manager)


def test_reviewers_read_corrections_and_nothing_else():
    talk, correction = make_contact_request(), make_contact_request(kind="correction")
    reviewer = make_account("reviewer", Role.REVIEWER)
    client = signed_in(reviewer)

    assert client.get(page_of(correction)).status_code == 200
    assert client.get(page_of(talk)).status_code in (302, 404)
    assert words(client.get(reverse(LIST)).content.decode()).count("No. ") == 1
    with pytest.raises(actions.NotAllowed, match="reviewer does not read"):
        actions.take_contact_step(request=talk, step="take", by=reviewer, at=timezone.now())


@pytest.mark.parametrize(
    ("role", "count"),
    [
        (Role.PARTNER_MANAGER, "New messages: 2"),
        (Role.ADMINISTRATOR, "New messages: 2"),
        (Role.REVIEWER, "New messages: 1"),
        (Role.EDITOR, None),
        (Role.DATA_STEWARD, None),
    ],
)
def test_the_front_page_counts_what_is_new_for_whom_it_concerns(role, count):
    make_contact_request(), make_contact_request(kind="correction")
    make_contact_request(is_spam=True)

    text = words(signed_in(make_account("someone", role)).get("/admin/").content.decode())

    assert re.findall(r"New messages: \d+", text) == ([count] if count else [])


def test_a_note_is_kept_beside_the_message_and_a_wrong_one_is_not_lost(client):
    request = make_contact_request()
    address = reverse("admin:codes_contactrequest_note", args=[request.pk])
    client.post(address, {"text": "Called <b>back</b>."})
    refused = client.post(address, {"text": "x" * 2001})

    assert ContactNote.objects.get().text == "Called <b>back</b>."
    assert "Called &lt;b&gt;back&lt;/b&gt;." in client.get(page_of(request)).content.decode()
    assert "x" * 2001 in refused.content.decode()


def test_html_of_a_visitor_stays_text(client):
    page = client.get(page_of(make_contact_request(**PRIVATE))).content.decode()

    assert PRIVATE["message"] not in page
    assert "&lt;script&gt;alert(&#x27;private words&#x27;)&lt;/script&gt;" in page


def test_neither_audit_nor_front_page_nor_list_holds_what_was_typed(client, manager):
    request = make_contact_request(**PRIVATE)
    for step in ("take", "answered", "reopen"):
        do(client, request, step)
    actions.note_on_contact(request=request, text="private note", by=manager, at=timezone.now())
    seen = "".join(
        [
            str(list(AuditEvent.objects.values_list("action", "subject", "note"))),
            client.get("/admin/").content.decode(),
            client.get(reverse(LIST)).content.decode(),
        ]
    )

    assert not [value for value in (*PRIVATE.values(), "private") if value in seen]


def test_a_message_is_erased_for_someone_who_asks(client, manager):
    request = make_contact_request(**PRIVATE)
    ContactNote.objects.create(request=request, author=manager, at=timezone.now(), text="asks")
    address = reverse("admin:codes_contactrequest_erase", args=[request.pk])
    client.post(address)
    assert ContactRequest.objects.exists()

    client.post(address, {"sure": "yes"})

    assert not ContactRequest.objects.exists()
    assert AuditEvent.objects.get().subject == f"contact request {request.pk}"


def test_what_has_been_deleted_meanwhile_is_said_plainly(manager):
    request = make_contact_request()
    ContactRequest.objects.all().delete()

    with pytest.raises(actions.NotAllowed, match="has been deleted"):
        actions.take_contact_step(request=request, step="take", by=manager, at=timezone.now())


@pytest.mark.parametrize("messages", [1, 20])
def test_the_list_costs_the_same_for_one_and_for_twenty(
    client, messages, django_assert_num_queries
):
    for _ in range(messages):
        make_contact_request()

    # session, account, second step, roles, permissions (2), those who have messages, count, rows
    with django_assert_num_queries(9):
        client.get(reverse(LIST))
