"""Whoever writes to the portal is heard once, by the right people, and forgotten in time."""

import html
import logging
import re
import smtplib
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from codes import actions, tasks
from codes.forms import ContactForm
from codes.limiting import forget_visitors, visitor_on
from codes.models import ContactNote, ContactRequest
from codes.pages.seal import opened, seal
from tests.codes.test_pages_code import read, words
from tests.factories import make_account, make_contact_request, make_release

pytestmark = pytest.mark.django_db

AS_A_FORM = "application/x-www-form-urlencoded"
examples = hypothesis_settings(deadline=None, max_examples=60)

TYPED = {
    "kind": "talk",
    "about": "j3490",
    "name": "Dana Biller",
    "email": "dana@example.org",
    "organisation": "Hill Clinic",
    "message": "The same denial since May.",
}


@pytest.fixture(autouse=True)
def release(settings):
    settings.CONTACT_EMAIL = "team@example.org"
    forget_visitors()
    make_release(["J3490"])


def a_seal(**ago) -> str:
    return seal(timezone.now() - timedelta(**(ago or {"minutes": 1})))


def send(client, headers=None, **typed):
    return client.post("/contact/", TYPED | {"seal": a_seal()} | typed, headers=headers or {})


def said(response) -> str:
    return words(response.content.decode().partition("<main")[2])


# The form


def test_the_link_on_a_code_page_says_which_code_and_what_for(client):
    page = client.get("/contact/?about=j-3490&kind=correction").content.decode()

    assert re.search(r'name="about" value="J3490"', page)
    assert re.search(r'value="correction"[^>]* checked', page)
    assert "This message is about J3490." in words(page)


@pytest.mark.parametrize("asked", ["about=%00&kind=%ff", "about=" + "J" * 9000, "kind=nope&seal=x"])
def test_a_strange_link_gives_the_plain_form(client, asked):
    page = client.get(f"/contact/?{asked}").content.decode()

    assert re.search(r'value="talk"[^>]* checked', page)


def test_a_message_is_kept_as_it_was_typed_and_thanked_for(client):
    thanks = client.get(send(client)["Location"])

    row = ContactRequest.objects.values(*TYPED, "status").get()
    assert row == TYPED | {"about": "J3490", "status": "new"}
    assert "your message is here" in said(thanks)


def test_the_form_sets_no_cookie_and_is_kept_by_nobody(client):
    answers = [client.get("/contact/"), send(client), send(client, message="")]

    assert [answer["Cache-Control"] for answer in answers[::2]] == ["no-store"] * 2
    assert not any(answer.cookies for answer in answers)


WRONG = {
    "kind": ("nope", "from the list"),
    "about": ("J9998", "No release here lists J9998."),
    "name": ("", "Write your name."),
    "email": ("dana@", "Write the address in full"),
    "organisation": ("x" * 121, "Write at most 120 characters here."),
    "message": ("x" * 10_000, "has 10000 characters; 5,000 is the most"),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_all_is_still_there(client, field):
    wrong, message = WRONG[field]
    response = send(client, **{field: wrong})

    page = html.unescape(response.content.decode())
    assert response.status_code == 400
    assert re.search(rf'<a href="#id_{field}">[A-Z][^<\[]+</a>', page)
    assert said(response).count(message) == 2  # above the form and at the field
    for value in (TYPED | {field: wrong}).values():
        assert value in page or value == "nope"
    assert not ContactRequest.objects.exists()


def test_a_problem_may_be_reported_without_saying_who_one_is(client):
    assert send(client, kind="correction", name="", email="").status_code == 302
    assert send(client, kind="partner", email="").status_code == 400


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Her number is 123-45-6789.", "a Social Security number"),
        ("123 45 6789", "a Social Security number"),
        ("mbi 1eg4-te5-mk73", "a Medicare number"),
        ("1EG4TE5MK73 was refused", "a Medicare number"),
        ("J. Doe, DOB: 4/7/1951", "a date of birth"),
        ("born on March 3, 1950", "a date of birth"),
        ("Date of birth 1950-03-03", "a date of birth"),
        ("123\u201145\u20116789", "a Social Security number"),
        ("123–45–6789 or 123.45.6789", "a Social Security number"),
        ("SSN 123456789", "a Social Security number"),
        ("1EG4 TE5 MK73", "a Medicare number"),
        ("DOB 1 March 1950", "a date of birth"),
        ("dob 01-Mar-1950", "a date of birth"),
    ],
)
def test_what_looks_like_a_patients_own_is_refused(client, text, what):
    response = send(client, message=text)

    assert f"looks like {what}" in said(response)
    assert text in html.unescape(response.content.decode())
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "Call 555-010-1234 or 1-800-555-0199.",
        "NDC 00409-1105-02, J3490-JW, claim of 2024-05-01, CO-16 with M119",
        "A4253 x 100, 99213-25; ZIP 12345-6789; $1,234.56",
        "Denied 11/02/2025. A newborn code?",
    ],
)
def test_numbers_of_the_trade_pass(client, text):
    assert send(client, message=text).status_code == 302


# Robots and forgeries


@pytest.mark.parametrize(
    "robot", [{"homepage": "https://spam.example"}, {"seal": lambda: a_seal(seconds=0)}]
)
def test_a_robot_hears_the_same_and_lands_among_the_spam(client, robot):
    robot = {name: value() if callable(value) else value for name, value in robot.items()}
    thanks, person = send(client, **robot), send(client)

    assert (thanks.status_code, thanks["Location"]) == (person.status_code, person["Location"])
    assert [r.status for r in ContactRequest.objects.order_by("pk")] == ["spam", "new"]
    assert len(mail.outbox) == 1


FORGED = {
    "missing": lambda: "",
    "made up": lambda: "WyJmb3JtIiwxXQ:1abc:xyz",
    "changed": lambda: "X" + a_seal(),
    "too old": lambda: a_seal(days=2),
    "of the future": lambda: a_seal(minutes=-5),
    "any text": lambda: "\0\ufffe:1:" * 10,
}


@pytest.mark.parametrize("kind", FORGED)
def test_without_a_seal_of_ours_nothing_is_kept_and_nothing_is_lost(client, kind):
    response = send(client, seal=FORGED[kind]())

    assert response.status_code == 400
    assert "or was not sent from this page" in said(response)
    assert "The same denial since May." in response.content.decode()
    assert not ContactRequest.objects.exists()
    again = re.search(r'name="seal" value="([^"]+)"', response.content.decode())[1]
    assert opened(again, timezone.now())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "http://testserver"}, 302),
        ({"sec-fetch-site": "none"}, 302),
        ({"sec-fetch-site": "cross-site"}, 400),
        ({"sec-fetch-site": "same-site"}, 400),
        ({"origin": "https://elsewhere.example"}, 400),
        ({"origin": "null"}, 400),
        ({"origin": "http://[::1"}, 400),
    ],
)
def test_another_sites_page_sends_nothing(client, headers, status):
    assert send(client, headers=headers).status_code == status
    assert ContactRequest.objects.exists() == (status == 302)


def test_a_double_click_and_a_request_sent_again_make_one_row(client):
    one = {"seal": a_seal()}
    for _ in range(3):
        assert send(client, **one).status_code == 302

    assert ContactRequest.objects.count() == len(mail.outbox) == 1


def test_other_words_under_the_same_seal_are_another_message(client):
    one = {"seal": a_seal()}
    send(client, **one)
    send(client, message="And one thing more.", **one)

    assert ContactRequest.objects.count() == 2


@pytest.mark.parametrize("field", ["name", "email", "organisation", "about"])
@pytest.mark.parametrize("breaks", ["\r\nBcc: all@example.org", "\nx", "\u2028x", "\0x"])
def test_no_line_break_gets_beyond_the_form(client, field, breaks):
    response = send(client, **{field: TYPED[field] + breaks})

    assert response.status_code == 400
    assert not mail.outbox and not ContactRequest.objects.exists()


@examples
@given(body=st.binary(max_size=300))
def test_any_bytes_get_an_answer(body):
    for content_type in (AS_A_FORM, "multipart/form-data; boundary=x"):
        answer = Client().post("/contact/", body, content_type=content_type)
        assert answer.status_code == 400


@examples
@given(typed=st.fixed_dictionaries({name: st.text(max_size=200) for name in [*TYPED, "seal"]}))
def test_any_text_gets_an_answer(typed):
    body = urlencode(typed, errors="surrogatepass")
    answer = Client().post("/contact/", body, content_type=AS_A_FORM)

    assert answer.status_code == 400


@examples
@given(email=st.emails() | st.builds("{}@{}.org".format, st.text(), st.text()))
def test_whatever_address_is_taken_can_stand_in_a_mail(email):
    form = ContactForm(TYPED | {"about": "", "email": email})
    if form.is_valid():
        told = EmailMessage(to=["team@example.org"], reply_to=[form.cleaned_data["email"]])
        assert "\n" not in str(told.message()["Reply-To"])


# How often


def test_the_eleventh_message_of_an_hour_is_put_off_and_not_lost(client):
    for number in range(10):
        assert send(client, message=f"Message {number}").status_code == 302
    response = send(client, message="One too many")

    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "10 messages were sent from your network" in said(response)
    assert "One too many" in response.content.decode()
    assert ContactRequest.objects.count() == 10


def test_others_are_still_heard(client):
    for number in range(10):
        send(client, message=f"Message {number}")
    answer = client.post("/contact/", TYPED | {"seal": a_seal()}, REMOTE_ADDR="192.0.2.7")

    assert answer.status_code == 302


def test_processes_count_together_over_redis_and_apart_without(client, settings, redis_url):
    settings.REDIS_URL = redis_url
    settings.CELERY_TASK_ALWAYS_EAGER = True
    for number in range(10):
        send(client, message=f"Message {number}")
        forget_visitors()  # as another process would know nothing of it
    assert send(client).status_code == 429

    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    assert send(client).status_code == 302


def test_a_visitor_is_a_digest_of_the_day_and_a_network(on):
    one = visitor_on("192.0.2.7", "contact", on)

    assert re.fullmatch(r"[0-9a-f]{32}", one)
    assert one == visitor_on("::ffff:192.0.2.7", "contact", on)
    assert one != visitor_on("192.0.2.7", "contact", on + timedelta(days=1))
    assert one != visitor_on("192.0.2.8", "contact", on)
    assert visitor_on("2001:db8::1", "contact", on) == visitor_on("2001:db8::2:9", "contact", on)
    assert visitor_on("2001:db8::1", "contact", on) != visitor_on("2001:db8:0:1::", "contact", on)
    assert visitor_on("", "contact", on) == "unknown"


@pytest.mark.sqlite
def test_where_nothing_can_be_written_nothing_is_lost(client, caplog):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        response = send(client)
        cursor.execute("PRAGMA query_only = OFF")

    assert response.status_code == 503
    assert "could not be kept just now" in said(response)
    assert "The same denial since May." in response.content.decode()
    assert "denial since May" not in caplog.text


# The mail


def test_the_team_is_told_by_mail_once(client):
    send(client)
    for _ in range(2):
        tasks.mail_requests()

    [told] = mail.outbox
    assert told.to == ["team@example.org"]
    assert told.subject == "HCPCS Portal: Talk to a revenue-cycle team · J3490"
    assert told.reply_to == ["dana@example.org"]
    for value in ("Dana Biller", "Hill Clinic", "The same denial since May."):
        assert value in told.body


def test_html_in_a_message_stays_text(client):
    send(client, message="<script>alert(1)</script> & <b>")

    [told] = mail.outbox
    assert "<script>alert(1)</script> & <b>" in told.body
    assert (told.content_subtype, told.message().get_content_type()) == ("plain", "text/plain")


def test_without_an_address_the_message_waits_in_the_inbox(client, settings):
    settings.CONTACT_EMAIL = ""
    send(client)

    assert not mail.outbox
    assert ContactRequest.objects.get().mailed_at is None


@pytest.fixture
def no_mail_server(settings):
    """Where no mail server listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_a_mail_server_that_is_down_costs_the_visitor_nothing(client, no_mail_server, caplog):
    assert send(client).status_code == 302

    request = ContactRequest.objects.get()
    assert f"contact request {request.pk} could not be mailed" in caplog.text
    assert not any(value in caplog.text for value in TYPED.values())


def test_a_mail_that_failed_is_sent_later_and_once(client, no_mail_server, settings):
    send(client)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    now = timezone.now()

    told = [actions.mail_requests(at=now + timedelta(minutes=m)) for m in (1, 11, 22)]

    assert told == [0, 1, 0]
    assert len(mail.outbox) == 1


def test_what_is_a_week_old_is_told_of_no_more(settings):
    now = timezone.now()
    make_contact_request(at=now - timedelta(days=8))
    make_contact_request(at=now - timedelta(days=6))

    assert actions.mail_requests(at=now) == 1


def test_each_mail_bears_the_same_name_each_time(client):
    send(client)
    ContactRequest.objects.update(mailed_at=None, mail_tried_at=None)
    tasks.mail_requests()

    first, second = (told.extra_headers["Message-ID"] for told in mail.outbox)
    assert first == second


def test_logs_hold_nothing_of_what_was_typed(client, caplog):
    with caplog.at_level(logging.DEBUG):
        send(client)
        send(client, message="")
        send(client, seal="")

    assert not any(value in caplog.text for value in TYPED.values() if len(value) > 5)


# How long it is kept


@pytest.mark.parametrize(
    ("state", "kept", "gone"),
    [
        ("answered", {"answered": 179, "came": 200}, {"answered": 181, "came": 200}),
        ("answered", {"answered": 5, "came": 364}, {"answered": 5, "came": 366}),
        ("new", {"came": 364}, {"came": 366}),
        ("in_work", {"came": 364}, {"came": 366}),
        ("spam", {"came": 29}, {"came": 31}),
    ],
)
def test_a_message_is_deleted_when_its_time_is_over(state, kept, gone):
    now = timezone.now()
    for days in (kept, gone):
        row = make_contact_request(at=now - timedelta(days=days["came"]))
        answered = now - timedelta(days=days["answered"]) if "answered" in days else None
        ContactRequest.objects.filter(pk=row.pk).update(status=state, answered_at=answered)
        ContactNote.objects.create(request=row, author=make_account("a"), at=now, text="noted")

    assert tasks.forget_old_requests() == 1
    assert (now - ContactRequest.objects.get().received_at).days == kept["came"]
    assert ContactNote.objects.count() == 1


def test_the_privacy_page_says_what_the_settings_say(client, settings):
    settings.CONTACT_KEEP_DAYS = 77
    text = read(client, "/about/privacy/")

    for words_there in (
        "Until 77 days after it was answered, and never longer than 365 days after it came",
        "taken for spam goes after 30 days",
        "Counts are deleted after 13 months",
        "10 messages an hour and 30 messages a day",
        "set no cookie",
        "stay in your browser",
    ):
        assert words_there in text
    assert "deleted 77 days after the answer" in read(client, "/contact/")


def test_every_field_of_the_form_is_kept():
    assert set(ContactForm.base_fields) == set(TYPED)
    assert issubclass(smtplib.SMTPException, OSError)
