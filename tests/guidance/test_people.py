"""Accounts of staff: invited by mail, given roles, deactivated; and the second step of signing in."""

import re
import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from guidance import actions
from guidance.models import AuditEvent
from guidance.workflow import Role
from tests.factories import make_account

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough phrase"
USERS = get_user_model().objects


@pytest.fixture
def boss(client):
    """An administrator, signed in with the client."""
    user = make_account("boss", Role.ADMINISTRATOR)
    actions.set_password(account=user, password=PASSWORD)
    client.force_login(user)
    return user


@pytest.fixture
def mail_server(settings):
    settings.MAIL_SERVER = {"EMAIL_HOST": "mail.example.org"}


def page_of(account) -> str:
    return reverse("admin:auth_user_change", args=[account.pk])


def do(client, account, deed, follow=True):
    at = reverse("admin:auth_user_deed", args=[account.pk, deed])
    return client.post(at, follow=follow).content.decode()


def invite(client, name="j.miller", roles=(Role.EDITOR,)):
    said = {"username": name, "email": f"{name}@example.org", "roles": roles}
    return client.post(reverse("admin:auth_user_add"), said, follow=True).content.decode()


def link_in(text: str) -> str:
    return re.search(r"https?://\S+/admin/password-reset/[^\s<]+/", text)[0]


def choose_password(link: str, password=PASSWORD):
    client = Client()
    form = client.get(link, follow=True)
    said = {"new_password1": password, "new_password2": password}
    return client.post(form.request["PATH_INFO"], said)


def is_let_in(name: str, password: str = PASSWORD, address: str = "127.0.0.1") -> bool:
    said = {"username": name, "password": password}
    answer = Client(REMOTE_ADDR=address).post(reverse("admin:login"), said)
    return answer.status_code == 302


def last_event() -> tuple:
    event = AuditEvent.objects.first()
    return event.actor.username, event.action, event.subject


# Invitations


def test_whoever_is_invited_chooses_a_password_by_a_mailed_link(client, boss, mail_server):
    page = invite(client)

    [letter] = mail.outbox
    assert letter.to == ["j.miller@example.org"]
    assert link_in(letter.body) not in page
    choose_password(link_in(letter.body))
    assert is_let_in("j.miller")
    assert actions.roles_of(USERS.get(username="j.miller")) == {Role.EDITOR}
    assert last_event() == ("j.miller", "set password", "account j.miller")


def test_without_a_mail_server_the_link_is_shown_once_to_the_administrator(client, boss):
    page = invite(client)

    choose_password(link_in(page))
    assert is_let_in("j.miller")
    again = client.get(page_of(USERS.get(username="j.miller"))).content.decode()
    assert "password-reset" not in again


def test_a_mail_that_cannot_be_sent_gives_the_link_too(client, boss, mail_server, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    page = invite(client)

    assert "The mail could not be sent" in page
    assert link_in(page)


def test_a_link_is_good_once_and_for_three_days(client, boss, settings):
    link = link_in(invite(client))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link is used up" in Client().get(link).content.decode()
    settings.PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

    choose_password(link)

    assert "This link is used up" in Client().get(link).content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"username": "boss", "email": "new@example.org"}, "already exists"),
        ({"username": "new", "email": "first@example.org"}, "Another account has this address"),
        ({"username": "new", "email": "nobody"}, "valid email address"),
        ({"username": "new", "email": "n@example.org", "roles": ["King"]}, "not one of the"),
    ],
)
def test_a_wrong_invitation_is_shown_again_with_all_that_was_typed(client, boss, said, words):
    make_account("first", email="First@example.org")

    page = client.post(reverse("admin:auth_user_add"), said).content.decode()

    assert words in page
    assert f'value="{said["email"]}"' in page
    assert not USERS.filter(username="new").exists()


# Roles, and who is let in


def test_roles_are_changed_and_written_down(client, boss):
    account = make_account("ed", Role.EDITOR)

    client.post(reverse("admin:auth_user_roles", args=[account.pk]), {"roles": [Role.REVIEWER]})

    assert actions.roles_of(account) == {Role.REVIEWER}
    assert last_event() == ("boss", "change roles", "account ed")
    assert AuditEvent.objects.first().note == "Editor → Reviewer"


def test_whoever_is_deactivated_is_out_at_once(client, boss):
    account = make_account("ed", Role.EDITOR)
    theirs = Client()
    theirs.force_login(account)

    do(client, account, "deactivate")

    assert theirs.get(reverse("admin:index")).status_code == 302
    assert last_event() == ("boss", "deactivate", "account ed")


def test_whoever_is_reactivated_comes_in_by_a_new_link_alone(client, boss):
    account = make_account("ed", Role.EDITOR)
    actions.set_password(account=account, password=PASSWORD)
    theirs = Client()
    theirs.force_login(account)
    do(client, account, "deactivate")

    page = do(client, account, "reactivate")

    assert theirs.get(reverse("admin:index")).status_code == 302
    assert not is_let_in("ed")
    choose_password(link_in(page))
    assert is_let_in("ed")


def test_nobody_deactivates_their_own_account(client, boss):
    assert "another administrator must" in do(client, boss, "deactivate")

    boss.refresh_from_db()
    assert boss.is_active


def test_the_last_administrator_keeps_the_role(client, boss):
    invited = invite(client, "second", [Role.ADMINISTRATOR])  # cannot sign in yet

    page = client.post(reverse("admin:auth_user_roles", args=[boss.pk]), follow=True)

    assert "last administrator who can sign in" in page.content.decode()
    assert actions.roles_of(boss) == {Role.ADMINISTRATOR}
    choose_password(link_in(invited))
    client.post(reverse("admin:auth_user_roles", args=[boss.pk]))
    assert actions.roles_of(boss) == set()


def test_a_deactivated_account_gets_no_link(client, boss):
    account = make_account("ed", is_active=False)

    page = client.post(reverse("admin:auth_user_link", args=[account.pk]), follow=True)

    assert "reactivate the account first" in page.content.decode()


@pytest.mark.parametrize("write", [actions.deactivate, actions.reactivate])
def test_only_administrators_change_accounts(write):
    account = make_account("ed", Role.EDITOR)

    with pytest.raises(actions.NotAllowed):
        write(account=account, by=make_account("rev", Role.REVIEWER))


# Guessed passwords


@pytest.fixture
def locked(boss):
    """The administrator's account, locked to one address by ten wrong passwords."""
    for _ in range(10):
        assert not is_let_in("boss", "a wrong guess", "203.0.113.9")
    return boss


def test_after_ten_wrong_passwords_even_the_right_one_waits(locked):
    said = {"username": "boss", "password": PASSWORD}
    page = Client(REMOTE_ADDR="203.0.113.9").post(reverse("admin:login"), said)

    assert page.status_code == 429
    assert "nobody can sign in as boss for 15 minutes" in page.content.decode()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert is_let_in("boss", address="203.0.113.9")


def test_guessing_locks_out_nobody_else(locked):
    actions.set_password(account=make_account("ed", Role.EDITOR), password=PASSWORD)

    assert is_let_in("boss", address="203.0.113.10")
    assert is_let_in("ed", address="203.0.113.9")


def test_a_network_of_ipv6_is_one_visitor(boss):
    for number in range(10):
        assert not is_let_in("boss", "a wrong guess", f"2001:db8:0:1::{number:x}")

    assert not is_let_in("boss", address="2001:db8:0:1::ffff")
    assert is_let_in("boss", address="2001:db8:0:2::1")


@pytest.mark.parametrize(
    ("name", "said", "times"),
    [
        ("admin:login", {"username": "x", "password": "y"}, 100),
        ("admin_password_reset", {"email": "boss@example.org"}, 10),
    ],
)
def test_a_network_that_tries_every_name_is_told_to_wait(db, name, said, times):
    client = Client(REMOTE_ADDR="203.0.113.20")
    answers = [
        client.post(reverse(name), {key: f"{n}{value}" for key, value in said.items()})
        for n in range(times + 1)
    ]

    assert {one.status_code for one in answers[:-1]} <= {200, 302}
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) <= 3600
    assert "Wait an hour" in answers[-1].content.decode()


def test_a_right_password_clears_what_was_wrong_before(boss):
    for _ in range(9):
        is_let_in("boss", "a wrong guess")
    assert is_let_in("boss")

    assert not is_let_in("boss", "a wrong guess")
    assert is_let_in("boss")


# Forgotten passwords


def test_a_known_and_an_unknown_address_get_the_same_answer(client, boss):
    boss.email = "boss@example.org"
    boss.save()
    at = reverse("admin_password_reset")

    answers = [
        Client().post(at, {"email": email}, follow=True).content
        for email in ("boss@example.org", "nobody@example.org")
    ]

    assert answers[0] == answers[1]
    [letter] = mail.outbox
    assert choose_password(link_in(letter.body), "another long phrase").status_code == 302
    assert is_let_in("boss", "another long phrase")


def test_changing_ones_password_is_written_down(client, boss):
    new = "another long phrase"
    said = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    client.post(reverse("admin:password_change"), said)

    assert last_event() == ("boss", "set password", "account boss")


# The second step


def code_of(device: TOTPDevice, later: int = 0) -> str:
    """What an authenticator shows, `later` steps of 30 seconds from now."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + later * device.step
    return f"{totp.token():06}"


@pytest.fixture
def enrolled(boss):
    """The administrator's authenticator, and the recovery codes."""
    device = actions.begin_enrolment(account=boss)
    return actions.confirm_enrolment(account=boss, code=code_of(device, -1))


def sign_in(name="boss"):
    client = Client()
    said = {"username": name, "password": PASSWORD}
    answer = client.post(reverse("admin:login") + "?next=/admin/guidance/", said, follow=True)
    return client, answer.request["PATH_INFO"]


def give(client, code):
    return client.post(reverse("admin:second_step") + "?next=/admin/guidance/", {"code": code})


def test_whoever_scans_the_secret_signs_in_with_a_code_from_then_on(client, boss):
    page = client.get(reverse("admin:enrol")).content.decode()
    assert "<svg" in page and "style=" not in page
    device = TOTPDevice.objects.get(user=boss)

    page = client.post(reverse("admin:enrol"), {"code": code_of(device)}).content.decode()

    assert len(re.findall(r"<li><code>\w{8}</code></li>", page)) == 10
    assert client.get(reverse("admin:index")).status_code == 200
    assert last_event() == ("boss", "enrol second step", "account boss")
    assert sign_in()[1] == reverse("admin:second_step")


def test_a_code_lets_in_where_one_was_going_and_lets_in_once(enrolled):
    device, _ = enrolled
    code = code_of(device)
    first, second = sign_in()[0], sign_in()[0]

    assert give(first, code).url == "/admin/guidance/"
    assert first.get("/admin/guidance/").status_code == 200
    assert "was used before" in give(second, code).content.decode()
    assert second.get("/admin/guidance/").status_code == 302


def test_the_code_that_confirmed_the_authenticator_is_used_up(enrolled):
    device, _ = enrolled
    device.refresh_from_db()

    assert give(sign_in()[0], code_of(device, -1)).status_code == 200


def test_a_recovery_code_lets_in_once(enrolled):
    _, codes = enrolled

    assert give(sign_in()[0], f" {codes[0].upper()} ").status_code == 302
    assert last_event() == ("boss", "use recovery code", "account boss")
    assert give(sign_in()[0], codes[0]).status_code == 200


def test_wrong_codes_make_the_right_one_wait(enrolled):
    device, codes = enrolled
    client, _ = sign_in()
    give(client, "000000")

    page = give(client, code_of(device)).content.decode()
    assert re.search(r"Too many wrong codes. From \d\d:\d\d:\d\d Eastern time", page)
    assert give(client, codes[0]).status_code == 302  # counted apart


def test_an_administrator_removes_what_was_lost(client, boss):
    account = make_account("ed", Role.EDITOR)
    device = actions.begin_enrolment(account=account)
    actions.confirm_enrolment(account=account, code=code_of(device))

    do(client, account, "remove-second-step")

    assert not actions.is_enrolled(account)
    assert last_event() == ("boss", "remove second step", "account ed")


def test_new_recovery_codes_take_the_place_of_the_old(enrolled):
    device, codes = enrolled
    client, _ = sign_in()
    give(client, codes[0])

    page = client.post(reverse("admin:enrol")).content.decode()

    assert "Recovery codes" in page
    assert client.get(reverse("admin:index")).status_code == 200
    assert give(sign_in()[0], codes[1]).status_code == 200


def test_where_it_is_required_nothing_opens_before_it_is_set_up(client, boss, settings):
    settings.REQUIRE_TOTP = True

    page = client.get(reverse("admin:index"), follow=True)

    assert page.request["PATH_INFO"] == reverse("admin:enrol")
    device = TOTPDevice.objects.get(user=boss)
    client.post(reverse("admin:enrol"), {"code": code_of(device)})
    assert client.get(reverse("admin:index")).status_code == 200


def test_signing_in_leads_to_no_other_site(enrolled):
    device, _ = enrolled
    client, _ = sign_in()

    answer = client.post(
        reverse("admin:second_step") + "?next=https://example.org/", {"code": code_of(device)}
    )

    assert answer.url == reverse("admin:index")


# Lists


@pytest.mark.parametrize("many", [1, 20])
def test_the_list_of_people_costs_the_same_at_any_size(client, boss, many):
    for number in range(many):
        make_account(f"ed{number}", Role.EDITOR, last_login=timezone.now())

    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("admin:auth_user_changelist"))

    assert f"ed{many - 1}" in page.content.decode()
    assert len(captured) == 10, "\n".join(q["sql"][-90:] for q in captured)


@pytest.mark.parametrize("many", [1, 20])
def test_the_audit_log_is_filtered_and_costs_the_same_at_any_size(client, boss, many):
    for number in range(many):
        actions.reactivate(account=make_account(f"ed{number}"), by=boss)
    at = reverse("admin:guidance_auditevent_changelist")

    with CaptureQueriesContext(connection) as captured:
        page = client.get(at, {"action": "reactivate", "actor__id__exact": boss.pk})

    assert page.context["cl"].result_count == many
    assert len(captured) == 11, "\n".join(q["sql"][-90:] for q in captured)


def test_secrets_are_nowhere_in_the_admin(client, boss):
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert client.get("/admin/otp_static/staticdevice/").status_code == 404
