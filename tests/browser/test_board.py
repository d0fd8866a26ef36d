"""The workbench's pages in a browser: for everyone, on any screen, by keyboard."""

import pytest
from django.urls import reverse
from django.utils import timezone

from codes.actions import add_counts
from codes.calendar import month_of
from codes.models import Code
from guidance import actions
from guidance.admin.links import address_of
from guidance.models import Guidance
from guidance.workflow import Role
from tests.cms_files import code
from tests.factories import make_account, make_release
from tests.full_portal import OCTOBER_2025, make_full_portal
from tests.looks import WCAG, faults_in_every_look

# What a browser makes of a page is the same whatever the page was read from.
pytestmark = pytest.mark.sqlite

NAMES = ["board", "changed", "changed_lists"]


@pytest.fixture
def reviewer(transactional_db):
    return make_account("reviewer", Role.REVIEWER)


@pytest.fixture
def portal(reviewer, tmp_path, on, live_server):
    """J3490 changed, a family with a new code, a draft with a link: the addresses to look at."""
    make_full_portal(tmp_path, on)
    family = Code.objects.get(code="J3490").family
    draft = actions.start_draft(subject=family, by=reviewer, valid_from=on)
    words = {"unit": "One unit."}
    draft = actions.save_draft(revision=draft, values=words, topics={}, edition=1, by=reviewer)
    actions.publish_at_once(revision=draft, by=reviewer, on=on, reason="Now.")
    changed = code("J3490", long="Unclassified drugs and biologicals")
    others = [one for one in OCTOBER_2025 if one.code != "J3490"]
    make_release([*others, changed, "J7999"], quarter="2026-01", on=on)
    month = month_of(on)
    add_counts(counts={(month, "page", "J3590"): 3, (month, "nothing_found", "wegovy"): 2})
    Guidance.objects.update(review_due=on.replace(year=2020), findings=[["error", "x", "Wrong."]])
    draft = actions.start_draft(subject=Code.objects.get(code="J3590"), by=reviewer, valid_from=on)
    link = actions.make_link(revision=draft, by=reviewer, at=timezone.now())
    own = [reverse(f"admin:guidance_{name}") for name in NAMES]
    own += [reverse("admin:index"), reverse("admin:guidance_queue", args=["overdue"])]
    own += [reverse("admin:guidance_desk", args=["code", "J3590"]), address_of(link)]
    return [live_server.url + address for address in own]


def test_no_page_of_the_workbench_shuts_anyone_out(portal, reviewer, signed_in):
    page = signed_in(reviewer)
    found = {}
    for address in portal:
        assert page.goto(address).status == 200
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found[address] = faults_in_every_look(page, WCAG)

    assert {address: faults for address, faults in found.items() if faults} == {}


def test_a_changed_code_is_found_right_in_two_keys(portal, reviewer, signed_in, live_server):
    page = signed_in(reviewer)
    page.goto(live_server.url + reverse("admin:guidance_changed"))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_text("code J3490 is right as it is.").wait_for()
    assert not Guidance.objects.changed_by_cms().exists()
