"""Releases: uploaded, compared, published; what codes then are on a date of service."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from codes import actions
from codes.admin import PublishForm
from codes.models import Code, CodeChange, CodeVersion, Entry, Modifier, Release
from codes.publication import read_entry
from tests.cms_files import code, modifier
from tests.factories import make_release, release_file

pytestmark = pytest.mark.django_db


def entry(key, on):
    return read_entry("code", key, on).data


def dump(capsys):
    call_command("dump_history")
    return capsys.readouterr().out


def test_an_uploaded_release_is_a_draft_that_nobody_sees():
    release = make_release(["J3490"], publish=False)

    assert release.status == Release.Status.DRAFT
    assert not Code.objects.exists()
    assert not Entry.objects.exists()


def test_the_same_file_uploaded_twice_is_one_release():
    name, content = release_file(["J3490"])

    first = actions.upload_release(name=name, content=content)
    second = actions.upload_release(name="renamed.txt", content=content)

    assert first == second


def test_a_file_is_compared_before_anything_is_kept(on):
    make_release(["J3490"], quarter="2024-10", on=on)
    name, content = release_file(["J3490", "E1390"])

    release = actions.read_draft(name=name, content=content)

    assert actions.compare_release(release=release).lines()[0].startswith("codes: 1 added")
    assert release.pk is None and release.code_count == 2
    assert Release.objects.count() == 1


def test_what_was_mended_or_left_out_is_kept_with_the_release():
    name, content = release_file([code("J3490"), code("G0503"), code("G0503")])

    release = actions.upload_release(name=name, content=content)

    assert Release.objects.get(pk=release.pk).notes == [
        "1 records are there twice, alike (G0503 first)."
    ]


def test_publishing_again_changes_nothing(on):
    release = make_release(["J3490"], on=on)

    outcome = actions.publish_release(release=release, on=on)

    assert outcome.was_published
    assert outcome.published.stored == 0


def test_a_discarded_draft_is_forgotten_and_a_published_one_is_not(on):
    draft = make_release(["J3490"], publish=False)
    published = make_release(["J3490"], quarter="2024-10", on=on)

    actions.discard_release(release=draft)
    actions.discard_release(release=published)

    assert list(Release.objects.all()) == [published]


@pytest.mark.postgresql
def test_the_planner_knows_how_many_codes_a_release_brought(on):
    make_release([f"J{number:04}" for number in range(200)], on=on)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'codes_codeversion'")
        assert cursor.fetchone() == (200,)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2019, 12, 31), "future"),
        (date(2020, 1, 1), "active"),
        (date(2022, 12, 31), "active"),
        (date(2023, 1, 1), "ended"),
    ],
)
def test_first_and_last_day_are_days_of_use(on, status):
    make_release([code("K0553", added=date(2020, 1, 1), terminated=date(2022, 12, 31))])

    assert entry("K0553", on)["status"] == status
    found = getattr(CodeVersion.objects, status)(on)
    assert [version.code.code for version in found] == ["K0553"]


def test_a_code_that_cms_uses_again_keeps_both_meanings(on):
    first = {"added": date(2020, 1, 1), "terminated": date(2021, 12, 31)}
    make_release([code("J9380", short="Old drug", **first)], quarter="2022-01", on=on)
    make_release(
        [code("J9380", short="New drug", added=date(2023, 7, 1))], quarter="2023-07", on=on
    )

    assert entry("J9380", date(2021, 12, 31))["descriptors"]["short"] == "Old drug"
    assert entry("J9380", date(2022, 6, 1))["status"] == "ended"
    assert entry("J9380", date(2023, 6, 30))["descriptors"]["short"] == "Old drug"
    assert entry("J9380", date(2023, 7, 1))["descriptors"]["short"] == "New drug"
    assert [p["short"] for p in entry("J9380", on)["periods"]] == ["Old drug", "New drug"]


def test_a_text_changed_later_reads_as_it_was_on_the_date(on):
    make_release([code("J3490", long="Old words")], quarter="2024-10", on=on)
    new = code("J3490", long="New words", action_date=date(2025, 7, 1))
    make_release([new], quarter="2025-10", on=on)

    assert entry("J3490", date(2025, 6, 30))["descriptors"]["long"] == "Old words"
    assert entry("J3490", date(2025, 7, 1))["descriptors"]["long"] == "New words"
    change = entry("J3490", on)["history"][0]
    assert (change["field"], change["before"], change["after"]) == (
        "long",
        "Old words",
        "New words",
    )


def test_the_order_of_import_does_not_matter(on, capsys):
    files = {
        "2024-10": [code("J3490", long="Old words"), "G0008", modifier("KX")],
        "2025-04": [code("J3490", long="New words"), "G0008", modifier("KX")],
        "2025-10": [code("J3490", terminated=date(2025, 9, 30)), "G0008", "E1390", modifier("KX")],
    }
    dumps = set()
    for order in (sorted(files), sorted(files, reverse=True), ["2025-04", "2025-10", "2024-10"]):
        Code.objects.all().delete()
        Modifier.objects.all().delete()
        Release.objects.all().delete()
        for quarter in order:
            make_release(files[quarter], quarter=quarter, on=on)
        dumps.add(dump(capsys))

    assert len(dumps) == 1
    assert "New words" in dumps.pop()


def test_a_reissue_replaces_its_quarter_and_the_older_file_stays_on_record(on):
    make_release([code("J3490", short="Mistake")], label="v2", on=on)
    make_release([code("J3490", short="Corrected")], label="v3", on=on)

    assert entry("J3490", on)["descriptors"]["short"] == "Corrected"
    assert CodeVersion.objects.count() == 1
    assert Release.objects.published().count() == 2
    assert Release.objects.newest().label == "v3"


def test_an_older_reissue_imported_late_changes_nothing(on):
    make_release([code("J3490", short="Corrected")], label="v3", on=on)

    make_release([code("J3490", short="Mistake")], label="v2", on=on)

    assert entry("J3490", on)["descriptors"]["short"] == "Corrected"


def test_a_code_that_vanishes_is_reported_and_not_ended(on):
    many = [f"J{number}" for number in range(1000, 1200)]
    make_release(many, quarter="2024-10", on=on)
    make_release(many[1:], quarter="2025-10", on=on)

    assert CodeChange.objects.get(kind="missing").code.code == "J1000"
    gone = entry("J1000", on)
    assert gone["status"] == "active"
    assert gone["last_listed"] == "2024-10"
    assert entry("J1001", on)["last_listed"] is None


def test_a_shrunken_file_is_refused_and_nothing_is_written(on):
    make_release(["J3490", "J3590"], quarter="2024-10", on=on)

    with pytest.raises(actions.CodesMissing, match=r"1 codes .* not in it \(50.0%"):
        make_release(["J3490"], quarter="2025-10", on=on)

    assert Release.objects.newest().key == "2024-10"
    assert Entry.objects.filter(kind="code").count() == 2


def test_the_refusal_of_a_shrunken_file_speaks_of_codes_alone(on):
    make_release(["J3490", "J3590", modifier("A1"), modifier("KX")], quarter="2024-10", on=on)

    with pytest.raises(actions.CodesMissing) as refused:
        make_release(["J3490"], quarter="2025-10", on=on)

    assert "1 codes of the release before (October 2024)" in str(refused.value)
    assert "50.0%" in str(refused.value) and "the first J3590" in str(refused.value)
    assert PublishForm.base_fields["accept_missing"].label in str(refused.value)


def test_modifiers_that_vanish_are_no_shrinkage(on):
    make_release(["J3490", modifier("KX")], quarter="2024-10", on=on)

    make_release(["J3490"], quarter="2025-10", on=on)

    assert Release.objects.newest().key == "2025-10"


def test_a_shrunken_file_is_accepted_for_a_reason(on):
    make_release(["J3490", "J3590"], quarter="2024-10", on=on)

    release = make_release(["J3490"], quarter="2025-10", accept_missing="CMS dropped it", on=on)

    assert release.accepted_missing == "CMS dropped it"
    assert Entry.objects.filter(kind="code").count() == 2


def test_an_excerpt_gives_way_to_a_real_release(on):
    make_release(["J3490", "E1390"], is_excerpt=True, on=on)
    assert entry("E1390", on)["facts_release"]["is_excerpt"]

    make_release(["J3490"], quarter="2020-01", on=on)

    assert not entry("J3490", on)["facts_release"]["is_excerpt"]
    assert read_entry("code", "E1390", on) is None
    assert [release.key for release in Release.objects.in_history()] == ["2020-01"]


def test_of_two_excerpts_the_later_one_counts(on):
    make_release([code("J3490", short="First")], is_excerpt=True, on=on)
    make_release([code("J3490", short="Second")], is_excerpt=True, label="v2", on=on)

    assert entry("J3490", on)["descriptors"]["short"] == "Second"


def test_the_comparison_counts_codes_and_modifiers_apart(on):
    make_release([code("J3490", short="a", long="a"), modifier("KX")], quarter="2024-10", on=on)
    release = make_release(
        [
            code("J3490", short="b", long="b", terminated=date(2025, 9, 30)),
            "E1390",
            modifier("KX", long="b"),
        ],
        publish=False,
    )

    assert actions.compare_release(release=release).lines() == [
        "codes: 1 added, 0 missing, 1 long texts changed, 1 short texts changed, 1 newly ended",
        "modifiers: 0 added, 0 missing, 1 long texts changed, 0 short texts changed, 0 newly ended",
    ]


def test_each_kind_of_change_is_named(on):
    many = [f"J{number}" for number in range(1000, 1200)]
    make_release([code("J3490"), *many], quarter="2024-10", on=on)
    make_release([code("J3490", terminated=date(2025, 3, 31)), *many[1:]], quarter="2025-04", on=on)
    make_release([code("J3490", short="x"), "E1390", *many], quarter="2025-10", on=on)

    kinds = CodeChange.objects.values_list("release__quarter__month", "code__code", "kind", "field")

    assert set(kinds) == {
        (4, "J3490", "ended", "terminated"),
        (4, "J1000", "missing", "missing"),
        (10, "J3490", "changed", "terminated"),
        (10, "J3490", "changed", "short"),
        (10, "E1390", "added", "added"),
        (10, "J1000", "returned", "returned"),
    }


def test_a_draft_takes_the_quarter_it_is_given_later():
    name, content = release_file(["J3490"])
    actions.upload_release(name=name, content=content)

    release = actions.upload_release(name=name, content=content, quarter=date(2025, 7, 1))

    assert release.key == "2025-07"
    assert Release.objects.get() == release


@pytest.mark.parametrize("quarter", [date(1900, 1, 1), date(2099, 10, 1)])
def test_a_quarter_that_cannot_be_is_not_published(quarter, on):
    name, content = release_file(["J3490"])
    release = actions.upload_release(name=name, content=content, quarter=quarter)

    with pytest.raises(actions.ReleaseRefused, match=f"{quarter.year}, which cannot be"):
        actions.publish_release(release=release, on=on)

    assert not Release.objects.published().exists()


def test_neighbours_are_the_active_codes_next_in_the_family(on):
    ended = code("E0605", terminated=date(2021, 1, 1))
    make_release(["E0601", "E0602", ended, "E0606", "E1390"], on=on)

    assert [row["code"] for row in entry("E0602", on)["related"]] == ["E0601", "E0606"]
    assert [row["code"] for row in entry("E0605", on)["related"]] == ["E0601", "E0602", "E0606"]
