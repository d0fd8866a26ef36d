"""What a release makes doubtful: the editors' queue, the public flag, and what ends them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codes.models import Code, CodeChange, Correction, Family, Release
from codes.publication import read_entry, stale_entries
from guidance import actions
from guidance.models import AuditEvent, Guidance, PublishedGuidance, Revision
from guidance.workflow import Role, Status
from tests.cms_files import code
from tests.factories import make_account, make_release
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db

CHANGED = reverse("admin:guidance_changed")
LISTS = reverse("admin:guidance_changed_lists")


def names(first, count):
    return [f"J{number:04}" for number in range(first, first + count)]


def changed(keys):
    return [code(key, long=f"New words of {key}") for key in keys]


def load(folder, on, *codes, families=()):
    """Guidance of codes and families, published beside the newest release."""
    subjects = [("code", key) for key in codes] + [("family", key) for key in families]
    texts = [text_of(scope, key, unit={"text": f"Ours of {key}."}) for scope, key in subjects]
    actions.load_starter(on=on, folder=write_pack(folder, texts))


def in_queue():
    return {guidance.key for guidance in Guidance.objects.changed_by_cms().with_subjects()}


def flagged(on):
    """The codes whose stored entries carry the public flag."""
    entries = [read_entry("code", key, on) for key in Code.objects.values_list("code", flat=True)]
    return {one.key for one in entries if one and "changed_by_cms" in one.data["review"]["flags"]}


@pytest.fixture
def sign_in(client):
    def as_role(role):
        user = make_account(role.label, role)
        client.force_login(user)
        return user

    return as_role


@pytest.fixture
def one_changed(tmp_path, on):
    """J3490 and J3590 with guidance, J3490 changed since; J3520 changed, without guidance."""
    make_release(["J3490", "J3520", "J3590"], on=on)
    load(tmp_path, on, "J3490", "J3590")
    make_release([*changed(["J3490", "J3520"]), "J3590"], quarter="2026-01", on=on)
    return Code.objects.get(code="J3490").guidance


# Who is in the queue, and flagged


def test_every_guidance_whose_code_a_release_changed_is_in_the_queue_at_once(tmp_path, on):
    kept, touched, unsaid = names(1000, 300), names(2000, 300), names(3000, 50)
    make_release([*kept, *touched, *unsaid, "V5336"], on=on)
    load(tmp_path, on, *kept, *touched)
    assert in_queue() == flagged(on) == set()

    make_release([*kept, *changed(touched + unsaid), "V5336"], quarter="2026-01", on=on)

    assert in_queue() == flagged(on) == set(touched)
    assert list(stale_entries(on)) == []


def test_the_page_and_the_json_say_which_release_changed_the_code(client, one_changed):
    review = client.get("/api/v1/codes/J3490/").json()["review"]
    page = " ".join(client.get("/codes/J3490/").content.decode().split())

    assert review["flags"] == ["not_reviewed_here", "changed_by_cms"]
    assert review["changed_in"] == {"key": "2026-01", "title": "January 2026"}
    assert "CMS changed this code in the January 2026 release." in page
    assert "This guidance was written before it and is being looked at." in page
    assert "CMS changed this code" not in client.get("/codes/J3590/").content.decode()


def test_a_code_without_guidance_of_its_own_is_not_flagged(one_changed, on):
    assert read_entry("code", "J3520", on).data["review"]["changed_in"] is None


def test_saying_that_it_is_still_right_ends_both(one_changed, on):
    editor = make_account("editor", Role.EDITOR)

    actions.still_right(guidance=one_changed, by=editor, on=on)

    assert in_queue() == flagged(on) == set()
    assert list(stale_entries(on)) == []
    assert AuditEvent.objects.get(action="still right").actor == editor


def test_a_new_revision_ends_both(one_changed, on):
    author = make_account("author", Role.REVIEWER)
    draft = actions.start_draft(subject=one_changed.subject, by=author, valid_from=on)
    actions.publish_at_once(revision=draft, by=author, on=on, reason="Looked at.")

    assert in_queue() == flagged(on) == set()
    reviewed = set(PublishedGuidance.objects.values_list("key", "facts_reviewed__quarter"))
    assert len({quarter for key, quarter in reviewed if key == "J3490"}) == 1
    assert list(stale_entries(on)) == []


def test_a_re_issue_of_the_quarter_is_news_and_an_older_quarter_is_none(tmp_path, on):
    make_release(["J3490", "J3590"], quarter="2025-07", on=on)
    make_release(["J3490", "J3590"], quarter="2025-10", label="v1", on=on)
    load(tmp_path, on, "J3490", "J3590")

    make_release(changed(["J3490"]) + ["J3590"], quarter="2025-10", label="v2", on=on)
    assert in_queue() == flagged(on) == {"J3490"}
    make_release(["J3490", *changed(["J3590"])], quarter="2025-04", on=on)
    assert in_queue() == flagged(on) == {"J3490"}


def test_the_release_that_the_packs_excerpt_was_taken_from_is_no_news(tmp_path, on):
    make_release(["J3490"], is_excerpt=True, on=on)
    load(tmp_path, on, "J3490")

    make_release(["J3490", "J3590"], on=on)
    make_release([code("J3490", long="Older words")], quarter="2025-07", on=on)

    assert CodeChange.objects.filter(release__quarter="2025-10-01").exists()
    assert in_queue() == flagged(on) == set()


def test_what_was_published_before_any_release_has_everything_to_be_held_against(tmp_path, on):
    load(tmp_path, on, "J3490")
    make_release(["J3490"], quarter="2025-07", on=on)
    assert in_queue() == flagged(on) == set()

    make_release(changed(["J3490"]), on=on)

    assert in_queue() == flagged(on) == {"J3490"}


def test_a_draft_is_previewed_without_the_flag_that_publishing_it_ends(
    client, sign_in, one_changed
):
    sign_in(Role.EDITOR)
    client.post(reverse("admin:guidance_start", args=["code", "J3490"]))
    draft = Revision.objects.get(status=Status.DRAFT)

    preview = client.get(reverse("admin:guidance_preview", args=[draft.pk]), {"format": "json"})

    assert "changed_by_cms" not in preview.json()["review"]["flags"]


def test_a_family_is_in_its_queue_when_it_gets_a_code_or_one_ends(tmp_path, on):
    before = ["J3490", "E0601", "A4239", "A4253"]
    make_release(before, on=on)
    families = dict(Code.objects.filter(code__in=before).values_list("code", "family__slug"))
    load(tmp_path, on, families=set(families.values()))

    ended = code("E0601", terminated=on)
    after = [*changed(["J3490"]), ended, "A4239", "A4253", "J3590"]
    make_release(after, quarter="2026-01", on=on)

    found = Guidance.objects.with_new_or_ended_codes().with_subjects()
    assert {one.key for one in found} == {families["E0601"], families["J3490"]}
    assert Code.objects.get(code="J3590").family.slug == families["J3490"]


# The page


def test_old_and_new_words_stand_beside_our_own(client, sign_in, one_changed):
    sign_in(Role.EDITOR)

    page = client.get(CHANGED).content.decode()

    assert "<del>Item</del>" in page
    assert "<ins>New words of</ins>" in page
    assert "Ours of J3490." in page
    assert "Ours of J3590." not in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [({"section": "J"}, 1), ({"section": "E"}, 0), ({"section": "nonsense"}, 1)],
)
def test_the_queue_is_narrowed_by_section(client, sign_in, one_changed, asked, shown):
    sign_in(Role.EDITOR)

    assert len(client.get(CHANGED, asked).context["rows"]) == shown


def test_the_queue_is_narrowed_by_release(client, sign_in, one_changed):
    sign_in(Role.EDITOR)
    older, newer = Release.objects.order_by("quarter")

    assert len(client.get(CHANGED, {"release": newer.pk}).context["rows"]) == 1
    assert len(client.get(CHANGED, {"release": older.pk}).context["rows"]) == 0


def test_still_right_goes_on_with_the_queue_as_it_was_filtered(client, sign_in, one_changed):
    sign_in(Role.EDITOR)
    address = reverse("admin:guidance_still_right", args=[one_changed.pk])

    page = client.post(address, {"back": "section=J&page=2"}, follow=True)

    assert page.redirect_chain == [(f"{CHANGED}?section=J&page=2", 302)]
    assert "No guidance waits" in page.content.decode()


def test_withdrawing_from_the_queue_takes_a_note_and_may_correct(client, sign_in, one_changed):
    sign_in(Role.REVIEWER)
    address = reverse("admin:guidance_step", args=[one_changed.revisions.get().pk, "withdraw"])

    assert address in client.get(CHANGED).content.decode()
    assert "says why" in client.post(address, {}, follow=True).content.decode()
    assert in_queue() == {"J3490"}
    said = {"note": "The unit was wrong.", "as_wrong": "on", "back": "section=J"}
    assert client.post(address, said).url == f"{CHANGED}?section=J"

    assert in_queue() == set()
    assert Correction.objects.get().note == "The unit was wrong."
    assert "The unit was wrong." in client.get("/about/corrections/").content.decode()


def test_an_editor_cannot_withdraw_from_the_queue(client, sign_in, one_changed):
    sign_in(Role.EDITOR)
    address = reverse("admin:guidance_step", args=[one_changed.revisions.get().pk, "withdraw"])
    assert address not in client.get(CHANGED).content.decode()

    page = client.post(address, {"note": "I think so."}, follow=True)

    assert "may not withdraw" in page.content.decode()
    assert PublishedGuidance.objects.filter(key="J3490").exists()


def test_other_roles_read_the_queue_and_say_nothing(client, sign_in, one_changed):
    sign_in(Role.DATA_STEWARD)
    address = reverse("admin:guidance_still_right", args=[one_changed.pk])

    assert address not in client.get(CHANGED).content.decode()
    assert client.post(address).status_code == 403
    assert in_queue() == {"J3490"}


@pytest.mark.parametrize("address", [CHANGED, LISTS])
def test_the_queue_costs_the_same_at_any_size(client, sign_in, tmp_path, on, address):
    def cost(size):
        keys = names(1000, size)
        make_release(keys, quarter="2025-07", label=f"v{size}", on=on)
        slugs = set(Family.objects.filter(codes__code__in=keys).values_list("slug", flat=True))
        load(tmp_path / f"{size}", on, *keys, families=slugs)
        after = [*changed(keys), *names(1500, size)]
        make_release(after, quarter="2025-10", label=f"v{size}", on=on)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).context["rows"]
        return len(queries)

    sign_in(Role.REVIEWER)
    assert cost(1) == cost(15) <= 14


# What the checks find


def test_publishing_keeps_what_the_checks_find_and_withdrawing_forgets_it(on):
    make_release(["J3490"], on=on)
    author = make_account("author", Role.REVIEWER)
    subject = Code.objects.get(code="J3490")
    draft = actions.start_draft(subject=subject, by=author, valid_from=on)
    words = {"summary": "The plan says so. " * 40}
    draft = actions.save_draft(revision=draft, values=words, topics={}, edition=1, by=author)
    actions.publish_at_once(revision=draft, by=author, on=on, reason="Now.")

    [guidance] = Guidance.objects.failing_checks()
    severity, rule, message = guidance.findings[0]
    assert (severity, rule) == ("warning", "length")
    assert message
    actions.withdraw(revision=draft, by=author, on=on, note="Wrong.", as_wrong=False)
    assert not Guidance.objects.failing_checks().exists()
    assert Guidance.objects.get().findings == []


def test_every_night_all_that_is_published_is_checked_anew(one_changed, on):
    Guidance.objects.update(findings=[["error", "old", "Long mended."]])

    assert actions.refresh_findings(on=on) == 0
    assert not Guidance.objects.exclude(findings=[]).exists()
