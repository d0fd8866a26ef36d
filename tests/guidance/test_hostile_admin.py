"""The admin under addresses that nobody in good faith sends: refused, and never an error of ours."""

import pytest
from django.urls import reverse

from codes.calendar import today
from guidance.admin.files import MOST_SHOWN
from guidance.exchange.plain import TOPICS
from tests.admin_addresses import addresses, make_staffed_portal
from tests.factories import make_account

pytestmark = pytest.mark.django_db

FILTERS = ("status__exact", "kind__exact", "entry_kind__exact", "action", "role", "q", "page", "o")


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    return make_staffed_portal(tmp_path_factory.mktemp("pack"), today())


@pytest.fixture
def boss(client):
    client.force_login(make_account("boss", is_superuser=True))
    return client


@pytest.mark.parametrize("value", ["%00", "9" * 30])
def test_no_filter_breaks_a_list(boss, portal, value):
    for name, address in addresses(portal).items():
        if not name.endswith(("_changelist", "_changed", "_changed_lists", "_board", "_queue")):
            continue
        for filtered in FILTERS:
            answer = boss.get(f"{address}?{filtered}={value}")
            assert answer.status_code in (200, 302, 400), (name, filtered)


def test_a_password_is_not_guessed_at_by_filtering_the_list(boss):
    answer = boss.get("/admin/auth/user/?password__startswith=md5")

    assert answer.status_code == 400


@pytest.mark.parametrize(("step", "most"), [("withdraw", "2,000"), ("publish-at-once", "300")])
def test_a_note_that_is_too_long_is_told_as_such(boss, portal, step, most):
    step = reverse("admin:guidance_step", args=[portal.draft.pk, step])

    answer = boss.post(step, {"note": "x" * 2_001}, follow=True)

    [message] = answer.context["messages"]
    assert f"{most} characters" in str(message)
    portal.draft.refresh_from_db()
    assert portal.draft.status == "draft"


def test_all_that_an_import_offers_can_be_sent_back_at_once(settings):
    ticked_of_each = len(TOPICS) + 1  # and what was seen
    beside = 3  # the token, the file's name and its content

    assert MOST_SHOWN * ticked_of_each + beside <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_signing_in_takes_no_address_for_the_name_of_a_page(boss):
    answer = boss.get("/admin/login/", {"next": "%no:page"})

    assert answer.status_code == 302
