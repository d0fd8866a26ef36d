"""Guidance from files becomes drafts; what is published stays, and nothing bad comes in."""

import io
import zipfile
from io import StringIO

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codes.models import Code
from guidance import actions
from guidance.exchange import incoming, outgoing, sheet
from guidance.exchange.plain import topics_of
from guidance.models import PublishedGuidance, Revision
from guidance.pack import BadPack
from guidance.workflow import Role, Status
from tests.factories import make_account, make_release
from tests.full_portal import FULL_GUIDANCE
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(tmp_path, on):
    make_release(["J3490", "J3590"], on=on)
    pack = [text_of("code", "J3490", **FULL_GUIDANCE), text_of("code", "J3590", unit=unit("One."))]
    actions.load_starter(on=on, folder=write_pack(tmp_path / "pack", pack))


def unit(words):
    return {"text": words, "sources": ["test-source"]}


def guidance_file(key="J3490", **topics):
    return yaml.safe_dump(text_of("code", key, **(FULL_GUIDANCE | topics))).encode()


def compare(name, content, by=None):
    return actions.compare_files(files=incoming.read_upload(name, content), by=by)


def drafts():
    return Revision.objects.filter(status=Status.DRAFT)


def edited_sheet(before, after):
    """The sheet of all that is published, with one text changed as in a spreadsheet."""
    text = sheet.written(outgoing.editions_of(outgoing.published())).decode("utf-8-sig")
    assert before in text
    return text.replace(before, after).encode("utf-8-sig")


# The difference


def test_the_difference_is_told_by_subject_and_topic(portal):
    changed = guidance_file(unit=unit("Another unit."), faqs=[])

    [proposal] = compare("J3490.yaml", changed)

    assert (proposal.subject, proposal.changed) == (("code", "J3490"), ["unit", "faqs"])
    assert proposal.topics["unit"]["text"] == "Another unit."


def test_a_sheet_that_was_worked_on_offline_differs_where_it_was_changed(portal):
    content = edited_sheet("The A/B MAC. Other payers decide.", "The DME MAC.")

    [proposal] = compare("guidance.csv", content)

    assert proposal.changed == ["claim_to"]


def test_days_as_excel_writes_them_are_understood(portal):
    assert compare("guidance.csv", edited_sheet("2020-01-01", "1/1/2020")) == []


# Drafts


def test_drafts_are_made_and_what_is_published_stays(portal, editor):
    published = list(PublishedGuidance.objects.values())
    proposals = compare("J3490.yaml", guidance_file(unit=unit("Another.")), editor)

    [draft] = actions.make_drafts(proposals=proposals, by=editor)

    assert (draft.author, draft.status, draft.unit) == (editor, Status.DRAFT, "Another.")
    assert list(PublishedGuidance.objects.values()) == published
    assert compare("J3490.yaml", guidance_file(unit=unit("Another.")), editor) == []


def test_only_the_topics_chosen_become_part_of_the_draft(portal, editor):
    changed = guidance_file(unit=unit("Another."), summary=unit("Not this."))
    proposals = compare("J3490.yaml", changed, editor)

    actions.make_drafts(proposals=proposals, by=editor, chosen={("code", "J3490"): {"unit"}})

    draft = drafts().get()
    assert (draft.unit, draft.summary) == ("Another.", "The *last* resort for a drug.")
    assert draft.denials.get().category.key == "CO-16"


def test_a_subject_that_another_has_open_is_named_and_left_out(portal, editor):
    other = make_account("other", Role.EDITOR)
    actions.start_draft(subject=Code.objects.get(code="J3490"), by=other, valid_from="2024-01-01")

    proposals = compare("J3490.yaml", guidance_file(unit=unit("Another.")), editor)

    assert [one.held_by for one in proposals] == ["other"]
    assert actions.make_drafts(proposals=proposals, by=editor) == []


def test_who_may_not_write_makes_no_drafts(portal):
    steward = make_account("steward", Role.DATA_STEWARD)
    proposals = compare("J3490.yaml", guidance_file(unit=unit("Another.")))

    with pytest.raises(actions.NotAllowed, match="may not write drafts"):
        actions.make_drafts(proposals=proposals, by=steward)


def test_a_dry_run_makes_nothing_and_names_what_differs(portal, tmp_path):
    path = tmp_path / "J3490.yaml"
    path.write_bytes(guidance_file(unit=unit("Another.")))
    out = StringIO()

    call_command("import_guidance", path, dry_run=True, stdout=out)

    assert out.getvalue() == "code J3490 from 2020-01-01: unit\n1 subjects differ.\n"
    assert not drafts().exists()


@pytest.mark.parametrize(
    ("options", "complaint"), [({}, "--by NAME"), ({"by": "nobody"}, "nobody")]
)
def test_drafts_need_someone_to_be_by(portal, tmp_path, options, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("import_guidance", tmp_path, **options)


# Bad input

HEAD = ",".join(sheet.COLUMNS).encode()
ROW = b"\ncode,J3490,2020-01-01,"
BAD = {
    "no yaml": ("a.yaml", b"code: [", "a.yaml, line 2: This is not YAML"),
    "an unknown topic": ("a.yaml", guidance_file(colour="red"), "a.yaml, line"),
    "an unknown source": (
        "a.yaml",
        guidance_file(unit=unit("X") | {"sources": ["no"]}),
        "no source no",
    ),
    "an unknown code": ("a.yaml", guidance_file("J9998"), "There is no code J9998"),
    "another kind of file": ("a.docx", b"PK", "yaml or csv"),
    "no zip": ("a.zip", b"hello", "cannot be read"),
    "bytes": ("a.yaml", b"\xff\xfe\x00", "cannot be read"),
    "a sheet in another encoding": ("a.csv", b"\xff\xfe", "CSV UTF-8"),
    "a sheet without a column": ("a.csv", b"scope,key\n", "line 1: There is no column"),
    "a row without a subject": (
        "a.csv",
        HEAD + b"\nplanet,X,2020-01-01,unit",
        "line 2: Name a section",
    ),
    "a row of no topic": ("a.csv", HEAD + ROW + b"colour", "line 2: There is no topic 'colour'"),
    "a topic twice": (
        "a.csv",
        HEAD + (ROW + b"unit,,,,,Words") * 2,
        "line 3: The topic unit stands twice",
    ),
    "an empty text": ("a.csv", HEAD + ROW + b"unit", "line 2"),
    "a bad day": ("a.csv", HEAD + b"\ncode,J3490,soon,unit,,,,,Words", "'soon' is not a 'date'"),
    "an unknown category": (
        "a.csv",
        HEAD + ROW + b"denials,CO-999,any,,,T,C,appeal",
        "line 2: CO-999",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_whole_with_its_name_line_and_rule(portal, tmp_path, case):
    name, content, complaint = BAD[case]
    (tmp_path / name).write_bytes(content)

    with pytest.raises(BadPack) as refused:
        incoming.read_path(tmp_path / name)

    assert complaint in str(refused.value)
    assert str(refused.value).startswith(name)


def test_one_bad_file_of_many_lets_none_in(portal, editor, tmp_path):
    (tmp_path / "a.yaml").write_bytes(guidance_file(unit=unit("Another.")))
    (tmp_path / "b.yaml").write_bytes(b"code: J3590\nrevisions: []\n")

    with pytest.raises(CommandError, match="b.yaml, line 2.*Nothing was imported"):
        call_command("import_guidance", tmp_path, by="editor")

    assert not drafts().exists()


def test_two_files_of_one_subject_are_refused(portal, tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes(guidance_file())

    with pytest.raises(BadPack, match="b.yaml, line 1: Another file speaks of code J3490"):
        incoming.read_path(tmp_path)


def test_a_zip_that_swells_is_refused_before_it_is_unpacked(portal, monkeypatch):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.yaml", "#" * 2_000_000)
    monkeypatch.setattr(incoming, "LARGEST", 1_000_000)

    with pytest.raises(BadPack, match="too large"):
        incoming.read_upload("a.zip", target.getvalue())


# The pages


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor)
    return client


def upload(client, name, content):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("admin:guidance_import"), {"file": file})


def make_drafts(client, page, *topics):
    shown = page.context
    seen = [f"{p.scope} {p.key}={p.edition}" for p, _ in shown["proposals"]]
    sent = {"name": shown["name"], "content": shown["content"], "seen": seen, "topic": topics}
    return client.post(reverse("admin:guidance_import_drafts"), sent, follow=True)


def test_an_upload_shows_the_words_that_differ_and_becomes_a_draft(as_editor, portal):
    claim_to = FULL_GUIDANCE["claim_to"] | {"text": "The A/B MAC. Other payers differ."}
    page = upload(as_editor, "J3490.yaml", guidance_file(claim_to=claim_to))
    assert "<del>decide." in page.content.decode()
    assert "<ins>differ." in page.content.decode()
    assert not drafts().exists()

    done = make_drafts(as_editor, page, "code J3490 claim_to")

    form = reverse("admin:guidance_revision_change", args=[drafts().get().pk])
    assert f'1 draft is made: <a href="{form}">code J3490</a>.' in done.content.decode()
    assert drafts().get().claim_to == "The A/B MAC. Other payers differ."


def test_what_changed_since_it_was_shown_is_left_out(as_editor, editor, portal, on):
    page = upload(as_editor, "J3490.yaml", guidance_file(unit=unit("Another.")))
    own = actions.start_draft(subject=Code.objects.get(code="J3490"), by=editor, valid_from=on)
    actions.save_draft(
        revision=own, values={"unit": "Mine."}, topics={}, edition=own.edition, by=editor
    )

    done = make_drafts(as_editor, page, "code J3490 unit")

    assert "it has changed since you looked at it" in done.content.decode()
    assert drafts().get().unit == "Mine."


def test_a_bad_upload_is_refused_at_its_field(as_editor, portal):
    page = upload(as_editor, "a.yaml", guidance_file(colour="red")).content.decode()

    assert "a.yaml, line" in page
    assert "Nothing was imported" in page


def test_an_upload_that_is_too_large_is_refused_at_its_field(as_editor, portal):
    page = upload(as_editor, "a.yaml", b"#" * (3 * 1024 * 1024 + 1)).content.decode()

    assert "3.0 MB; 3 at the most" in page


@pytest.mark.parametrize("content", ["", "!!", "aGVsbG8="])
def test_a_tampered_preview_changes_nothing(as_editor, portal, content):
    sent = {"name": "a.yaml", "content": content, "topic": ["code J3490 unit"], "seen": ["x"]}

    page = as_editor.post(reverse("admin:guidance_import_drafts"), sent, follow=True)

    assert "Nothing was imported" in page.content.decode()
    assert not drafts().exists()


def test_comparing_costs_the_same_for_one_subject_and_for_many(portal):
    counted = []
    both = sheet.written(outgoing.editions_of(outgoing.published()))
    one = sheet.written(outgoing.editions_of(outgoing.published(keys=["J3590"])))
    for content in (one, both):
        with CaptureQueriesContext(connection) as queries:
            compare("a.csv", content)
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_frozen_content_reads_as_its_file_does(portal):
    topics = topics_of(PublishedGuidance.objects.get(key="J3490").content)

    assert topics["denials"][0]["rarcs"] == ["M119"]
    assert topics["summary"]["sources"] == [{"id": "test-source", "locator": "page 4"}]
