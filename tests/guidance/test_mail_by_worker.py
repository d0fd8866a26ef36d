"""Links for passwords are mailed by the worker: no answer waits for the mail, or tells who is known."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError

from guidance import tasks
from guidance.models import AuditEvent
from guidance.workflow import Role
from hcpcs_portal.celery import app
from tests.factories import make_account

pytestmark = pytest.mark.django_db

FORGOTTEN = reverse("admin_password_reset")


@pytest.fixture
def boss():
    account = make_account("boss", Role.ADMINISTRATOR, email="boss@example.org")
    account.set_password("a long enough phrase")
    account.save()
    return account


@pytest.fixture
def queue():
    """The queue that a worker would read: the names of tasks, with what they are told."""
    was_eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    with app.connection_for_read() as link:
        waiting = link.SimpleQueue("celery")
        waiting.clear()
        yield waiting
        waiting.clear()
    app.conf.task_always_eager = was_eager


def told(queue) -> tuple[str, dict]:
    message = queue.get(block=False)
    return message.headers["task"], message.payload[1]


def test_a_forgotten_password_costs_the_same_for_any_address(boss, queue):
    def cost(email):
        with CaptureQueriesContext(connection) as queries:
            assert Client().post(FORGOTTEN, {"email": email}).status_code == 302
        return [query["sql"] for query in queries]

    assert cost("boss@example.org") == cost("nobody@example.org") == []
    assert mail.outbox == []
    said = {"email": "boss@example.org", "site": "http://testserver"}
    assert told(queue) == ("guidance.tasks.mail_reset_links", said)


def test_no_queue_holds_the_link_of_an_invitation(client, boss, queue, settings):
    settings.MAIL_SERVER = {"EMAIL_HOST": "mail.example.org"}
    client.force_login(boss)
    said = {"username": "ed", "email": "ed@example.org", "roles": [Role.EDITOR]}

    page = client.post(reverse("admin:auth_user_add"), said, follow=True).content.decode()

    assert "A link is on its way to ed@example.org" in page
    task, told_of = told(queue)
    assert told_of.keys() == {"account_id", "site"}
    app.tasks[task](**told_of)
    assert "http://testserver/admin/password-reset/" in mail.outbox[0].body


def test_where_the_queue_cannot_be_reached_the_mail_goes_at_once(boss, monkeypatch):
    def lost(*_, **__):
        raise OperationalError

    monkeypatch.setattr(tasks.mail_reset_links, "apply_async", lost)

    assert Client().post(FORGOTTEN, {"email": "boss@example.org"}).status_code == 302

    [letter] = mail.outbox
    assert letter.to == ["boss@example.org"]


def test_a_mail_that_the_worker_cannot_send_is_written_down(boss, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(OSError):
        tasks.mail_link(account_id=boss.pk, site="https://portal.example.org")

    event = AuditEvent.objects.first()
    assert (event.action, event.subject) == ("link not mailed", "account boss")
    assert "refused" in event.note
