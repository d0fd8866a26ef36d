"""The admin's pages cost the same queries in a small portal as in a larger one."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guidance import actions
from guidance.actions import Wish
from guidance.models import Revision
from guidance.workflow import Status
from tests.guidance.big_portal import make_big_portal

pytestmark = pytest.mark.django_db

MOST_QUERIES = 25
SMALL = {"codes": 20, "texts": 4, "revisions": 8, "in_review": 2}
LARGE = {"codes": 150, "texts": 120, "revisions": 600, "in_review": 90}
LISTS = [
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
    if model._meta.app_label in {"codes", "guidance"}
]
QUESTIONS = ["status__exact=in_review", "q=J0100", "q=words", "o=1.-4", "author__id__exact=1"]
REVISIONS = [f"{reverse('admin:guidance_revision_changelist')}?{one}" for one in QUESTIONS]
OTHERS = [reverse("admin:guidance_batches")]


def counts(client, size, on):
    """The queries of each address in a portal of this size, which is gone again afterwards."""
    with transaction.atomic():
        portal = make_big_portal(on=on, **size)
        one = Revision.objects.filter(status=Status.IN_REVIEW)[:1].get()
        wish = Wish(order="assign", by=portal.editor, on=on)
        for _ in range(size["in_review"] // 2):
            [seen] = actions.preview_batch(wish=wish, ids=[one.pk])
            actions.run_batch(wish=wish, editions={one.pk: seen.edition})
        found = {address: queries_of(client, address) for address in LISTS + REVISIONS + OTHERS}
        found |= subject_counts(portal, one)
        transaction.set_rollback(True)
    return found


def subject_counts(portal, waiting):
    """The queries of a subject's desk and form: in review, then returned, while someone else writes."""
    client = Client()
    client.force_login(portal.reviewer)
    desk = reverse("admin:guidance_desk", args=["code", waiting.guidance.key])
    form = reverse("admin:guidance_revision_change", args=[waiting.pk])
    found = {"desk, in review": queries_of(client, desk), "form, read": queries_of(client, form)}
    actions.return_to_author(revision=waiting, by=portal.reviewer, note="Say more.")
    known = {"by": portal.editor, "at": timezone.now(), "edition": waiting.edition}
    actions.keep_typing(revision=waiting, body="unit=One", **known)
    found |= {"desk, returned": queries_of(client, desk), "form": queries_of(client, form)}
    return found


def queries_of(client, address):
    ContentType.objects.clear_cache()  # as in a process that has just begun
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def test_every_page_costs_the_same_queries_at_two_sizes(admin_client, on):
    small = counts(admin_client, SMALL, on)
    large = counts(admin_client, LARGE, on)

    assert small == large
    assert max(large.values()) <= MOST_QUERIES
