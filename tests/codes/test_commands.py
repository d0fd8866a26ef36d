"""The commands that import, dump, rebuild and check."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from codes.models import Entry, Release
from tests.cms_files import code, release_zip
from tests.factories import make_release, release_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def cms_file(tmp_path):
    """A function that writes a release's file and gives its path."""

    def write(codes=("J3490",), **release):
        name, content = release_file(codes, **release)
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def run(*args, **options):
    output = StringIO()
    call_command(*args, stdout=output, **options)
    return output.getvalue()


def test_import_says_what_it_did(cms_file):
    run("import_release", cms_file(["J3490"], quarter="2024-10"))

    said = run("import_release", cms_file([code("J3490", coverage="Q"), "E1390"]))

    assert "October 2025: 2 records, 2 codes, 0 modifiers, 0 ended codes." in said
    assert "Unknown value kept: coverage 'Q', 1 times, first on J3490." in said
    assert "Against October 2024:" in said
    assert "codes: 1 added, 0 missing" in said
    assert "entries stored" in said


def test_importing_a_file_again_says_so(cms_file):
    path = cms_file()
    run("import_release", path)

    assert "imported already; nothing changed" in run("import_release", path)


def test_a_dry_run_prints_the_difference_and_writes_nothing(cms_file):
    run("import_release", cms_file(quarter="2024-10"))

    said = run("import_release", cms_file(["J3490", "E1390"]), dry_run=True)

    assert "codes: 1 added" in said
    assert Release.objects.count() == 1


def test_a_dry_run_beside_an_excerpt_says_why_it_compares_nothing(cms_file, on):
    make_release(["J3490"], is_excerpt=True, quarter="2025-10", on=on)

    said = run("import_release", cms_file(["J3490"], quarter="2025-10"), dry_run=True)

    assert "an excerpt of October 2025, a few rows that stand in" in said
    assert "The first release in time" not in said


def test_a_dry_run_of_a_published_file_keeps_it(cms_file):
    run("import_release", cms_file())

    run("import_release", cms_file(), dry_run=True)

    assert Release.objects.published().count() == 1


def test_a_dry_run_leaves_an_uploaded_draft_as_it_was(cms_file):
    draft = make_release(["J3490"], quarter="2025-10", publish=False)
    path = str(cms_file(["J3490"], quarter="2025-10"))

    said = run("import_release", path, "--quarter", "2025-07", "--dry-run")

    assert "July 2025: 1 records" in said
    draft.refresh_from_db()
    assert (draft.key, draft.status) == ("2025-10", Release.Status.DRAFT)


def test_a_refusal_leaves_the_draft_that_someone_uploaded(cms_file):
    run("import_release", cms_file(["J3490", "J3590"], quarter="2024-10"))
    draft = make_release(["J3490"], publish=False)

    with pytest.raises(CommandError, match="--accept-missing"):
        run("import_release", cms_file(["J3490"]))

    assert Release.objects.get(status=Release.Status.DRAFT) == draft


def test_what_was_mended_or_left_out_is_said(cms_file):
    said = run("import_release", cms_file([code("J3490"), code("G0503"), code("G0503")]))

    assert "Note: 1 records are there twice, alike (G0503 first)." in said


def test_several_files_are_imported_in_any_order(cms_file):
    run("import_release", cms_file(quarter="2025-10"), cms_file(quarter="2024-10"))

    assert [release.key for release in Release.objects.in_history()] == ["2024-10", "2025-10"]


def test_the_quarter_can_be_given(tmp_path):
    path = tmp_path / "unnamed.zip"
    path.write_bytes(release_zip([code("J3490")]))

    run("import_release", str(path), "--quarter", "2025-07")

    assert Release.objects.get().key == "2025-07"


@pytest.mark.parametrize(
    ("quarter", "complaint"), [("2025-08", "begins no quarter"), ("autumn", "is no quarter")]
)
def test_what_is_no_quarter_is_refused(cms_file, quarter, complaint):
    with pytest.raises(CommandError, match=complaint):
        run("import_release", str(cms_file()), "--quarter", quarter)


def test_one_quarter_does_not_go_with_two_files(cms_file):
    with pytest.raises(CommandError, match="goes with one file"):
        run("import_release", str(cms_file()), str(cms_file()), "--quarter", "2025-10")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="nothing.txt: It cannot be read"):
        run("import_release", "nothing.txt")


def test_a_wrong_file_is_refused_by_name(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html><body>Service unavailable</body></html>")

    with pytest.raises(CommandError, match="page.html"):
        run("import_release", str(path))


def test_a_shrunken_file_needs_a_reason(cms_file):
    run("import_release", cms_file(["J3490", "J3590"], quarter="2024-10"))

    with pytest.raises(CommandError, match="--accept-missing"):
        run("import_release", cms_file(["J3490"]))
    assert [release.key for release in Release.objects.all()] == ["2024-10"]

    run("import_release", cms_file(["J3490"]), accept_missing="CMS dropped it")
    assert Release.objects.newest().accepted_missing == "CMS dropped it"


def test_a_reason_as_long_as_a_story_is_refused(cms_file):
    with pytest.raises(CommandError, match="300 characters at most"):
        run("import_release", str(cms_file()), "--accept-missing", "so " * 200)


def test_a_published_file_that_others_outgrew_is_still_imported_already(cms_file):
    path = cms_file(["J3490"])
    run("import_release", path)
    run("import_release", cms_file(["J3490", "J3590"], quarter="2025-07"))

    assert "imported already; nothing changed" in run("import_release", path)


def test_what_a_file_says_is_printed_as_it_is(cms_file):
    said = run("import_release", cms_file([code("J3490", betos="[/]")]))

    assert "Unknown value kept: betos '[/]'" in said


def test_the_history_is_dumped_a_code_a_line(on):
    make_release(["J3490", "E1390"], on=on)

    lines = [json.loads(line) for line in run("dump_history").splitlines()]

    assert [line["code"] for line in lines] == ["E1390", "J3490"]
    assert lines[0]["periods"] == [["2020-01-01", None, "2025-10-01"]]


def test_entries_are_checked_and_rebuilt(on):
    make_release(["J3490"], on=on)
    assert "Every stored entry is" in run("rebuild_entries", check=True)
    Entry.objects.filter(key="J3490").update(digest="0" * 64)

    with pytest.raises(CommandError, match="1 entries are stale: code J3490"):
        run("rebuild_entries", check=True)
    assert "1 entries stored" in run("rebuild_entries")

    assert "Every stored entry is" in run("rebuild_entries", check=True)


# test_full_portal loads it on both databases.
@pytest.mark.sqlite
def test_the_starter_pack_is_loaded_once():
    assert "subjects loaded" in run("load_starter")
    assert "0 subjects loaded, 0 entries published" in run("load_starter")


def test_a_bad_pack_is_refused_by_name(tmp_path):
    with pytest.raises(CommandError, match="denials.yaml: cannot be read"):
        run("load_starter", tmp_path)
