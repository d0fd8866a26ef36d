"""What was public and wrong is said so in public."""

from datetime import timedelta

import pytest
from django.db import transaction

from codes import publication
from codes.actions import record_correction
from codes.models import Correction
from codes.publication import read_entry, stale_entries
from tests.factories import make_release

PAGE = "/about/corrections/"

pytestmark = pytest.mark.django_db


def correct(on, key="J3490", kind="code", note="One unit is 10 mg, not 1 mg."):
    with transaction.atomic():
        record_correction(
            kind=kind,
            key=key,
            title="Unclassified drugs",
            note=note,
            published_on=on - timedelta(days=30),
            withdrawn_on=on,
        )
        publication.publish({kind: [key]}, on=on, reason="Withdrawn")


def test_the_page_says_what_was_wrong_and_for_how_long(client, on):
    make_release(["J3490"], on=on)
    correct(on)

    page = client.get(PAGE).content.decode()

    assert '<a class="code" href="/codes/J3490/">J3490</a>' in page
    assert "One unit is 10 mg, not 1 mg." in page
    assert (on - timedelta(days=30)).isoformat() in page
    assert on.isoformat() in page


def test_a_note_cannot_bring_markup(client, on):
    make_release(["J3490"], on=on)
    correct(on, note="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("kind", "key"), [("section", "J"), ("family", "j-noc"), ("trait", "noc"), ("code", "J3490")]
)
def test_every_subject_leads_to_its_page(client, on, kind, key):
    make_release(["J3490"], on=on)
    correct(on, key=key, kind=kind)

    assert client.get(Correction.objects.get().get_absolute_url()).status_code == 200


def test_the_footer_leads_to_the_corrections(client):
    assert f'href="{PAGE}"' in client.get("/").content.decode()
    assert "Nothing has been withdrawn as wrong." in client.get(PAGE).content.decode()


def test_the_code_names_its_correction_for_a_year(client, on):
    make_release(["J3490"], on=on)
    before = client.get("/codes/J3490/")["ETag"]
    correct(on)

    page = client.get("/codes/J3490/", headers={"if-none-match": before})

    assert "We said something wrong about J3490" in page.content.decode()
    last = on + timedelta(days=365)
    said = [read_entry("code", "J3490", day).data for day in (last, last + timedelta(days=1))]
    assert [len(one["corrections"]) for one in said] == [1, 0]
    assert said[0]["until"] == (last + timedelta(days=1)).isoformat()
    assert list(stale_entries(on)) == []


@pytest.mark.parametrize("corrections", [1, 20])
def test_corrections_cost_the_same_at_any_number(
    client, on, corrections, django_assert_num_queries
):
    make_release(["J3490"], on=on)
    for _ in range(corrections):
        correct(on)

    with django_assert_num_queries(3):  # count, corrections, newest release
        client.get(PAGE)
    with django_assert_num_queries(4):  # entry, call to action, codes beside it, newest release
        client.get("/codes/J3490/")
