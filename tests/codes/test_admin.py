"""Releases through the admin: uploaded, compared, published or discarded; the rest is read."""

import re

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codes import admin
from codes.models import Entry, Release
from tests.cms_files import code
from tests.factories import make_release, release_file
from tests.hostile_files import HOSTILE

UPLOAD = "/admin/codes/release/add/"

pytestmark = pytest.mark.django_db


def upload(client, name: str, content: bytes, **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(UPLOAD, {"file": file, **fields}, follow=True)


def draft(codes=("J3490",), **about) -> tuple[Release, str]:
    release = make_release(codes, publish=False, **about)
    return release, reverse("admin:codes_release_change", args=[release.pk])


def publish(client, release: Release, **fields):
    address = reverse("admin:codes_release_publish", args=[release.pk])
    return client.post(address, fields, follow=True)


def said(response) -> str:
    """The page as one line of text."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# Upload


def test_an_uploaded_release_is_a_draft_that_changes_nothing(admin_client):
    make_release(["J3490"], quarter="2025-07")
    before = dict(Entry.objects.values_list("key", "digest"))

    page = upload(admin_client, *release_file(["J3490", "J3520"]))

    assert "October 2025" in said(page) and "Publish" in page.content.decode()
    assert Release.objects.get(quarter="2025-10-01").status == Release.Status.DRAFT
    assert dict(Entry.objects.values_list("key", "digest")) == before


def test_the_same_file_again_is_the_same_release(admin_client):
    make_release(["J3490"])

    page = upload(admin_client, *release_file(["J3490"]))

    assert "this file is published already" in said(page)
    assert Release.objects.count() == 1


def test_a_file_that_does_not_tell_its_quarter_is_told_it(admin_client):
    _, content = release_file(["J3490"])

    upload(admin_client, "codes.txt", content, quarter="2025-07")

    assert Release.objects.get().key == "2025-07"


@pytest.mark.parametrize(
    ("quarter", "advice"), [("2025-05", "begins in month"), ("soon", "Write the quarter")]
)
def test_a_quarter_that_is_none_is_refused(admin_client, quarter, advice):
    page = upload(admin_client, *release_file(["J3490"]), quarter=quarter)

    assert advice in said(page)
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    "name", ["document.pdf", "error.txt", "random.bin", "cut_within_a_line.txt", "bomb.zip"]
)
def test_a_file_that_is_no_release_is_refused_at_its_field(admin_client, name):
    make, complaint = HOSTILE[name]

    page = upload(admin_client, name, make())

    [error] = page.context["form"].errors["file"]
    assert re.search(complaint, error) and name in error
    assert not Release.objects.exists()
    assert admin_client.get(UPLOAD).status_code == 200


def test_a_file_larger_than_any_release_is_not_even_read(admin_client, monkeypatch):
    monkeypatch.setattr(admin, "LARGEST_FILE", 100)

    page = upload(admin_client, *release_file(["J3490"]))

    assert "Choose the file that CMS publishes" in said(page)
    assert not Release.objects.exists()


# The difference


def test_the_page_of_a_draft_shows_what_it_would_change(admin_client):
    make_release(["J3490", code("J3520", long="Old words"), "A0021"], quarter="2025-07")
    _, address = draft(["J3490", code("J3520", long="New words"), "J0001"])

    text = said(admin_client.get(address))

    assert "Against July 2025" in text
    assert "codes: 1 added, 1 missing, 1 long texts changed" in text
    assert "J3520 long Old words New words" in text
    assert "A0021 Item A0021" in text and "J0001 Item J0001" in text


def test_values_that_cms_has_not_documented_are_shown(admin_client):
    _, address = draft([code("J3490", coverage="Z")])

    assert "coverage Z 1 J3490" in said(admin_client.get(address))


def test_what_was_mended_or_left_out_is_shown(admin_client):
    _, address = draft([code("J3490"), code("G0503"), code("G0503")])

    assert "1 records are there twice, alike (G0503 first)." in said(admin_client.get(address))


def test_a_long_list_is_cut_and_counted(admin_client, monkeypatch):
    monkeypatch.setattr(admin, "SHOWN", 3)
    make_release(["J3490"], quarter="2025-07")
    _, address = draft(["J3490", *(f"J000{number}" for number in range(5))])

    text = said(admin_client.get(address))

    assert "Added: 5" in text and "And 2 more." in text
    assert "J0002" in text and "J0003" not in text


def test_the_first_release_has_nothing_to_be_compared_with(admin_client):
    _, address = draft()

    assert "nothing to compare it with" in said(admin_client.get(address))


# Publish and discard


@pytest.mark.django_db(transaction=True)
def test_publishing_makes_the_release_public(admin_client):
    release, _ = draft()

    page = publish(admin_client, release)

    assert "October 2025 is published." in said(page)
    assert admin_client.get("/api/v1/codes/J3490/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_shrunk_release_is_published_for_a_reason_only(admin_client):
    make_release(["J3490", "J3520"], quarter="2025-07")
    release, address = draft(["J3490"])

    assert "Why so many codes are missing" in said(admin_client.get(address))
    assert "This field is required" in said(publish(admin_client, release))
    assert "is published." in said(publish(admin_client, release, accept_missing="CMS did"))

    release.refresh_from_db()
    assert release.accepted_missing == "CMS did"


def test_a_release_found_shrunk_only_when_its_turn_comes_stays_a_draft(
    admin_client, django_capture_on_commit_callbacks
):
    release, _ = draft(["J3490"])
    with django_capture_on_commit_callbacks() as callbacks:
        publish(admin_client, release)
    make_release(["J3490", "J3520"], quarter="2025-07")  # someone else's, meanwhile

    for callback in callbacks:
        callback()

    release.refresh_from_db()
    assert release.status == Release.Status.DRAFT


def test_discarding_forgets_the_draft(admin_client):
    release, _ = draft()

    page = admin_client.post(reverse("admin:codes_release_discard", args=[release.pk]), follow=True)

    assert "nothing else has changed" in said(page)
    assert not Release.objects.exists()


@pytest.mark.parametrize("step", ["publish", "discard"])
def test_a_published_release_stays_as_it_is(admin_client, step):
    release = make_release()

    page = admin_client.post(reverse(f"admin:codes_release_{step}", args=[release.pk]), follow=True)

    assert "is published already; nothing has changed" in said(page)
    assert Release.objects.get().status == Release.Status.PUBLISHED


@pytest.mark.parametrize("step", ["publish", "discard"])
def test_a_draft_is_not_published_or_discarded_by_a_link(admin_client, step):
    release, _ = draft()

    answer = admin_client.get(reverse(f"admin:codes_release_{step}", args=[release.pk]))

    assert answer.status_code == 405


@pytest.mark.parametrize("page", ["change/", "publish/", "discard/"])
def test_a_release_that_is_not_there_is_not_found(admin_client, page):
    send = admin_client.get if page == "change/" else admin_client.post

    assert send(f"/admin/codes/release/7/{page}").status_code == 404


# Who may


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [("view", "difference"), ("add", "upload"), ("change", "publish"), ("delete", "discard")],
)
def test_each_step_has_its_permission(client, django_user_model, permission, allowed):
    release, address = draft()
    staff = django_user_model.objects.create_user("staff", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename=f"{permission}_release"))
    client.force_login(staff)

    answers = {
        "difference": client.get(address),
        "upload": client.get(UPLOAD),
        "publish": client.post(reverse("admin:codes_release_publish", args=[release.pk])),
        "discard": client.post(reverse("admin:codes_release_discard", args=[release.pk])),
    }

    opened = {step for step, answer in answers.items() if answer.status_code != 403}
    # Who may change may also look.
    assert opened == {allowed} | ({"difference"} if permission == "change" else set())


# Lists


OURS = [model for model in django_admin.site._registry if model._meta.app_label == "codes"]


def list_queries(client, model) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(reverse(f"admin:codes_{model._meta.model_name}_changelist"), {"q": "J"})
    assert answer.status_code == 200
    return [query["sql"] for query in captured]


def test_lists_cost_the_same_at_any_size_and_read_no_long_columns(admin_client):
    make_release(["J0001", "A0021"], quarter="2025-04")
    small = {model: list_queries(admin_client, model) for model in OURS}

    make_release(
        [f"J{number:04}" for number in range(30)],
        quarter="2025-07",
        accept_missing="the test drops one",
    )
    large = {model: list_queries(admin_client, model) for model in OURS}

    for model in OURS:
        assert len(large[model]) == len(small[model]) <= 8, model
        assert not re.search(r'"(records|facts|document)"', " ".join(large[model])), model


def test_all_but_releases_is_read_only(admin_client):
    make_release()
    for model in set(OURS) - {Release}:
        name = f"admin:codes_{model._meta.model_name}"
        row = model._default_manager.first()

        assert admin_client.get(reverse(f"{name}_add")).status_code == 403
        if row:
            assert admin_client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
            assert admin_client.post(reverse(f"{name}_change", args=[row.pk])).status_code == 403
            assert admin_client.post(reverse(f"{name}_delete", args=[row.pk])).status_code == 403
