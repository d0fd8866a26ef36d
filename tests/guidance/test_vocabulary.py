"""Vocabularies: a save shows first what it changes, then publishes it; what is used stays."""

import pytest
from django.urls import reverse

from codes.models import Entry, EntryChange
from codes.publication import stale_entries
from guidance import actions
from guidance.models import AuditEvent, CptReference, DenialCategory, Source, Specialty
from guidance.workflow import Role
from tests.factories import make_account
from tests.full_portal import make_full_portal
from tests.packs import write_pack

pytestmark = pytest.mark.django_db

SOURCE = {"slug": "new-source", "issuer": "CMS", "kind": "manual", "title": "A manual"}
CATEGORY = {
    "group": "CO",
    "carc": "29",
    "title": "Too late",
    "gloss": "The claim came after the time limit.",
    "causes": "It was sent late.",
    "remedy": "appeal",
    "remedy_text": "Show when it was sent.",
    "deadline": "",
}
USED = ("test-source", "rheumatology")
CPT = ("96365", "96372")
NEWER_CPT = {"label": "In newer words", "group": "a drug"}
PLAINER = CATEGORY | {"gloss": "Something is missing.", "causes": "It was left out."}
PLAINER |= {"remedy": "corrected_claim", "remedy_text": "Send it again with what was missing."}


@pytest.fixture
def reviewer(tmp_path, on, client):
    make_full_portal(tmp_path, on)
    user = make_account("reviewer", Role.REVIEWER)
    client.force_login(user)
    return user


def address(row, page="change"):
    return reverse(f"admin:guidance_{row._meta.model_name}_{page}", args=[row.pk])


def add_address(model):
    return reverse(f"admin:guidance_{model._meta.model_name}_add")


def save(client, at, **said):
    """Looks at the preview, then saves."""
    seen = client.post(at, said).context["seen"]
    return client.post(at, said | {"seen": seen})


def test_a_save_shows_first_what_it_changes(client, reviewer):
    cpt = CptReference.objects.get(number="96372")
    before = EntryChange.objects.count()

    page = client.post(address(cpt), {"label": "A shot", "group": "drug injection"})

    assert page.context["changed"] == ["code J3490"]
    assert "Nothing is saved yet" in page.content.decode()
    assert 'value="A shot"' in page.content.decode()
    cpt.refresh_from_db()
    assert cpt.label == "Injection under the skin"
    assert EntryChange.objects.count() == before


def test_what_was_looked_at_is_saved_and_published(client, reviewer, on):
    cpt = CptReference.objects.get(number="96372")

    save(client, address(cpt), label="A shot", group="drug injection")

    assert Entry.objects.get(kind="code", key="J3490").data["companions"][0]["label"] == "A shot"
    assert list(stale_entries(on)) == []
    event = AuditEvent.objects.first()
    assert (event.actor, event.subject) == (reviewer, "cpt reference 96372")


def test_what_was_changed_after_the_look_is_shown_again(client, reviewer):
    cpt = CptReference.objects.get(number="96372")
    said = {"label": "A shot", "group": "drug injection"}
    seen = client.post(address(cpt), said).context["seen"]

    page = client.post(address(cpt), said | {"label": "Another", "seen": seen})

    assert "Nothing is saved yet" in page.content.decode()
    assert CptReference.objects.filter(label="Another").count() == 0


@pytest.mark.parametrize(
    ("model", "said", "changed"),
    [
        (
            Source,
            {"issuer": "CMS", "kind": "manual", "title": "Else", "version": "3"},
            "code J3490",
        ),
        (Source, {"issuer": "CMS", "kind": "manual", "title": "E", "version": "3"}, "family j-noc"),
        (Specialty, {"name": "Joints", "cms_code": "66"}, "specialty rheumatology"),
        (Specialty, {"name": "Joints", "cms_code": "66"}, "code J3490"),
        (DenialCategory, PLAINER, "denial_category CO-16"),
        (DenialCategory, PLAINER, "code J3490"),
    ],
)
def test_whatever_shows_the_entry_changes_with_it(client, reviewer, on, model, said, changed):
    row = model.objects.get(**{"key": "CO-16"} if model is DenialCategory else {"slug__in": USED})
    page = client.post(address(row), said)

    assert changed in page.context["changed"]
    client.post(address(row), said | {"seen": page.context["seen"]})
    assert list(stale_entries(on)) == []


def test_reviewers_add_and_the_new_page_is_public(client, reviewer):
    save(client, add_address(Specialty), slug="cardiology", name="Cardiology", cms_code="06")

    assert client.get("/specialties/cardiology/").status_code == 200


def test_a_category_is_named_by_its_group_and_reason(client, reviewer):
    save(client, add_address(DenialCategory), **CATEGORY)

    assert client.get("/denials/CO-29/").status_code == 200
    again = client.post(add_address(DenialCategory), CATEGORY)
    assert again.context["errors"] == [["CO-29 is there already: change that one."]]


@pytest.mark.parametrize(
    ("model", "said", "field", "words"),
    [
        (DenialCategory, CATEGORY | {"gloss": "Pay $100."}, "gloss", "$"),
        (Source, SOURCE, "version", "Give the version or the day"),
        (CptReference, {"number": "96", "label": "a", "group": "b"}, "number", "five characters"),
        (Specialty, {"slug": "x", "name": "Urology"}, "name", "already exists"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, reviewer, model, said, field, words):
    page = client.post(add_address(model), said)

    form = page.context["adminform"].form
    assert words in " ".join(form.errors[field])
    assert "seen" not in page.context


def test_what_is_used_is_not_deleted(client, reviewer):
    for row in [Source.objects.get(), DenialCategory.objects.get(key="CO-16")]:
        page = client.post(address(row, "delete"), {"post": "yes"}, follow=True)

        assert "revisions (older ones too) and" in page.content.decode()
        row.refresh_from_db()


def test_a_cpt_number_in_prose_is_a_use(reviewer, on):
    cpt = CptReference.objects.get(number="96365")
    DenialCategory.objects.filter(key="CO-50").update(gloss="Not with {cpt:96365}.")

    with pytest.raises(actions.NotAllowed, match="0 revisions .* 1 denial categories"):
        actions.delete_vocabulary(row=cpt, by=reviewer, on=on)


def test_what_nothing_uses_goes_with_its_page(client, reviewer):
    urology = Specialty.objects.get(slug="urology")

    client.post(address(urology, "delete"), {"post": "yes"})

    assert client.get("/specialties/urology/").status_code == 404
    assert AuditEvent.objects.first().action == "delete"


def test_a_newer_pack_leaves_what_a_reviewer_saved(client, reviewer, tmp_path, on):
    cpt = CptReference.objects.get(number="96372")
    save(client, address(cpt), label="A shot", group="drug injection")

    newer = write_pack(tmp_path / "newer", cpt=[NEWER_CPT | {"number": n} for n in CPT])
    actions.load_starter(on=on, folder=newer)

    assert dict(CptReference.objects.values_list("number", "label")) == {
        "96365": "In newer words",
        "96372": "A shot",
    }


@pytest.mark.parametrize("role", [Role.EDITOR, Role.DATA_STEWARD, Role.PARTNER_MANAGER])
def test_others_may_not_change_what_all_texts_share(reviewer, on, role):
    urology = Specialty.objects.get(slug="urology")

    with pytest.raises(actions.NotAllowed):
        actions.delete_vocabulary(row=urology, by=make_account("other", role), on=on)


def test_cpt_labels_ask_for_our_own_words(client, reviewer):
    page = client.get(add_address(CptReference)).content.decode()

    assert "In our own words, never the AMA’s" in page
