"""A starter pack is loaded whole, or refused with file, line and rule."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from codes.models import Code, CodeRelation, Entry, Modifier, Release
from guidance import entry
from guidance.actions import load_starter
from guidance.models import Guidance, PublishedGuidance, Revision, Source
from guidance.pack import STARTER, BadPack, read_pack
from tests.cms_files import code, modifier, release_csv
from tests.factories import make_release
from tests.packs import denial, text_of, write_pack, write_yaml

pytestmark = pytest.mark.django_db


def read_text(key):
    return json.dumps(Entry.objects.get(kind="code", key=key).data)


def unit(words="One unit.", **values):
    return {"text": words, "sources": ["test-source"]} | values


def test_a_pack_becomes_published_guidance(tmp_path, on):
    pack = write_pack(tmp_path, [text_of("code", "J3490", unit=unit(), denials=[denial()])])

    outcome = load_starter(on=on, folder=pack)

    assert outcome.loaded == 1
    content = PublishedGuidance.objects.get().content
    assert content["unit"]["html"] == "<p>One unit.</p>"
    assert content["unit"]["citations"][0]["source"] == "test-source"
    assert content["denials"][0]["category"] == "CO-16"


def test_loading_a_pack_again_changes_nothing(tmp_path, on, django_assert_num_queries):
    pack = write_pack(tmp_path, [text_of("code", "J3490", unit=unit())])
    load_starter(on=on, folder=pack)

    with django_assert_num_queries(1):  # whether this pack was loaded
        load_starter(on=on, folder=pack)

    assert Revision.objects.count() == 1


def test_a_newer_pack_replaces_what_the_older_one_wrote(tmp_path, on):
    make_release(["J3490"], on=on)
    load_starter(on=on, folder=write_pack(tmp_path, [text_of("code", "J3490", unit=unit("Old."))]))

    load_starter(on=on, folder=write_pack(tmp_path, [text_of("code", "J3490", unit=unit("New."))]))

    assert PublishedGuidance.objects.get().number == 2
    assert Entry.objects.get(kind="code", key="J3490").data["unit"]["text"] == "New."


def test_an_older_pack_is_loaded_again_in_the_place_of_a_newer_one(tmp_path, on):
    make_release(["J3490"], on=on)
    old = write_pack(tmp_path / "old", [text_of("code", "J3490", unit=unit("Old."))])
    new = write_pack(tmp_path / "new", [text_of("code", "J3490", unit=unit("New."))])

    for folder in (old, new, old):
        load_starter(on=on, folder=folder)

    assert Entry.objects.get(kind="code", key="J3490").data["unit"]["text"] == "Old."


def test_hiding_cpt_numbers_takes_hold_at_the_next_start(tmp_path, on, settings):
    make_release(["J3490"], on=on)
    row = {"cpt": "96372", "relation": "administered_by"}
    pack = write_pack(
        tmp_path, [text_of("code", "J3490", unit=unit("See {cpt:96372}."), companions=[row])]
    )
    load_starter(on=on, folder=pack)
    assert "96372" in read_text("J3490")

    settings.CPT_DISPLAY = "off"
    load_starter(on=on, folder=pack)

    assert "96372" not in read_text("J3490")


def test_a_newer_composer_composes_every_entry_anew(tmp_path, on, monkeypatch):
    pack = write_pack(tmp_path)
    load_starter(on=on, folder=pack)

    monkeypatch.setattr(entry, "COMPOSER_VERSION", 99)
    load_starter(on=on, folder=pack)

    assert Entry.objects.get(kind="section", key="J").data["composer"] == 99


def test_what_a_newer_pack_no_longer_has_is_withdrawn_and_can_come_back(tmp_path, on):
    make_release(["J3490"], on=on)
    pack = write_pack(tmp_path, [text_of("code", "J3490", unit=unit())])
    load_starter(on=on, folder=pack)

    (pack / "codes" / "J3490.yaml").unlink()
    load_starter(on=on, folder=pack)

    assert Entry.objects.get(kind="code", key="J3490").data["unit"] is None
    assert Revision.objects.get().status == Revision.Status.SUPERSEDED
    assert not Guidance.objects.get().published.exists()

    load_starter(on=on, folder=write_pack(tmp_path, [text_of("code", "J3490", unit=unit())]))

    assert Entry.objects.get(kind="code", key="J3490").data["unit"]["text"] == "One unit."


def test_what_editors_have_changed_stays_when_a_newer_pack_lacks_it(
    tmp_path, on, django_user_model
):
    pack = write_pack(tmp_path, [text_of("code", "J3490", unit=unit("Old."))])
    load_starter(on=on, folder=pack)
    editor = django_user_model.objects.create_user("editor")
    guidance = Guidance.objects.get()
    Revision.objects.create(guidance=guidance, number=2, valid_from=on, note="Mine.", author=editor)

    (pack / "codes" / "J3490.yaml").unlink()
    outcome = load_starter(on=on, folder=pack)

    assert outcome.kept == ["code J3490"]
    assert PublishedGuidance.objects.get().content["unit"]["text"] == "Old."


def test_what_editors_have_changed_is_kept(tmp_path, on, django_user_model):
    load_starter(on=on, folder=write_pack(tmp_path, [text_of("code", "J3490", unit=unit("Old."))]))
    editor = django_user_model.objects.create_user("editor")
    guidance = Guidance.objects.get()
    Revision.objects.create(guidance=guidance, number=2, valid_from=on, note="Mine.", author=editor)

    outcome = load_starter(
        on=on, folder=write_pack(tmp_path, [text_of("code", "J3490", unit=unit("New."))])
    )

    assert outcome.kept == ["code J3490"]
    assert PublishedGuidance.objects.get().content["unit"]["text"] == "Old."


def test_a_later_revision_carries_over_what_it_does_not_name(tmp_path, on):
    later = {"valid_from": "2026-01-01", "unit": unit("After.")}
    pack = write_pack(
        tmp_path,
        [text_of("code", "J3490", unit=unit("Before."), summary=unit("Kept."), later=[later])],
    )

    load_starter(on=on, folder=pack)

    newest = PublishedGuidance.objects.get(valid_from="2026-01-01").content
    assert newest["unit"]["text"] == "After."
    assert newest["summary"]["text"] == "Kept."


def test_guidance_for_a_code_that_no_release_knows_waits_for_it(tmp_path, on):
    load_starter(on=on, folder=write_pack(tmp_path, [text_of("code", "J3490", unit=unit())]))
    assert not Entry.objects.filter(kind="code").exists()

    make_release(["J3490"], on=on)

    assert Entry.objects.get(kind="code", key="J3490").data["unit"]["text"] == "One unit."


def test_relations_name_their_source(tmp_path, on):
    row = {
        "code": "K0553",
        "kind": "replaced_by",
        "to": "A4239",
        "from": "2023-01-01",
        "source": "test-source",
    }

    load_starter(on=on, folder=write_pack(tmp_path, relations=[row]))

    relation = CodeRelation.objects.get()
    assert (relation.code.code, relation.other.code) == ("K0553", "A4239")
    assert relation.source == "A contractor A note"


BAD = {
    "unknown key": ({"colour": "red"}, "colour"),
    "unknown source": ({"unit": unit(sources=["nobody"])}, "no source nobody"),
    "unknown denial category": ({"denials": [denial("CO-999")]}, "CO-999 is not in"),
    "unknown specialty": ({"specialties": ["alchemy"]}, "alchemy is not in"),
    "unknown CPT companion": (
        {"companions": [{"cpt": "11111", "relation": "administered_by"}]},
        "11111 is not in",
    ),
    "unknown CPT in prose": ({"unit": unit("See {cpt:11111}.")}, "11111 is not in"),
    "stray brace": ({"unit": unit("Pay {amount}.")}, "A brace stands only"),
    "same denial twice": ({"denials": [denial(), denial()]}, "say the same key"),
    "companion without a code": ({"companions": [{"relation": "replaces"}]}, "companions"),
    "dental code as companion": (
        {"companions": [{"code": "D0120", "relation": "replaces"}]},
        "D0120",
    ),
    "impossible date": ({"valid_from": "2020-13-01"}, "valid_from"),
    "revisions out of order": ({"later": [{"valid_from": "2019-01-01"}]}, "order of valid_from"),
    "unknown remedy": ({"denials": [denial(remedy="pray")]}, "pray"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_its_name_and_line(tmp_path, on, case):
    topics, complaint = BAD[case]
    pack = write_pack(tmp_path, [text_of("code", "J3490", **topics)])

    with pytest.raises(BadPack) as refused:
        load_starter(on=on, folder=pack)

    assert str(refused.value).startswith("codes/J3490.yaml, line ")
    assert complaint in str(refused.value)
    assert not Source.objects.exists()


@pytest.mark.parametrize(("scope", "key"), [("code", "X1234"), ("section", "Z"), ("code", "96372")])
def test_a_subject_that_cannot_be_is_refused(tmp_path, on, scope, key):
    with pytest.raises(BadPack, match=key):
        load_starter(on=on, folder=write_pack(tmp_path, [text_of(scope, key)]))


def test_a_family_that_does_not_exist_is_refused_and_nothing_is_loaded(tmp_path, on):
    pack = write_pack(tmp_path, [text_of("code", "J3490"), text_of("family", "j-nothing")])

    with pytest.raises(BadPack, match="families/j-nothing.yaml, line 1: There is no family"):
        load_starter(on=on, folder=pack)

    assert not Guidance.objects.exists()
    assert not Code.objects.exists()


def test_a_file_for_another_subject_than_its_name_is_refused(tmp_path, on):
    pack = write_pack(tmp_path)
    write_yaml(pack / "codes" / "J3590.yaml", text_of("code", "J3490"))

    with pytest.raises(BadPack, match="is for `code: J3590`"):
        load_starter(on=on, folder=pack)


def test_a_vocabulary_that_says_one_thing_twice_is_refused(tmp_path, on):
    twice = [{"slug": "urology", "name": name} for name in ("Urology", "Also urology")]

    with pytest.raises(BadPack, match=r"specialties.yaml, line \d+: urology is defined twice"):
        load_starter(on=on, folder=write_pack(tmp_path, specialties=twice))


RELATION = {
    "code": "K0553",
    "kind": "replaced_by",
    "to": "A4239",
    "from": "2023-01-01",
    "source": "test-source",
}


@pytest.mark.parametrize(
    "contradiction",
    [
        {"relations": [RELATION, dict(RELATION)]},
        {"specialties": [{"slug": slug, "name": "One name"} for slug in ("urology", "oncology")]},
    ],
)
def test_a_pack_that_contradicts_itself_is_refused_whole(tmp_path, contradiction):
    write_pack(tmp_path, **contradiction)

    with pytest.raises(CommandError, match="contradicts itself"):
        call_command("load_starter", tmp_path)


@pytest.mark.parametrize(
    "wrong", [{"from": "2023-02-30"}, {"to": "I1234"}, {"to": "J٣٤٩٠"}, {"to": "K0553"}]
)
def test_a_date_or_a_code_that_cannot_be_is_refused(tmp_path, wrong):
    write_pack(tmp_path, relations=[RELATION | wrong])

    with pytest.raises(CommandError, match="relations.yaml, line"):
        call_command("load_starter", tmp_path)


def test_facts_that_are_no_release_are_refused(tmp_path):
    (write_pack(tmp_path) / "facts").mkdir()
    (tmp_path / "facts" / "2025-10.csv").write_text("hello")

    with pytest.raises(CommandError, match="2025-10.csv"):
        call_command("load_starter", tmp_path)


def test_undecodable_bytes_are_refused(tmp_path, on):
    pack = write_pack(tmp_path)
    Path(pack / "relations.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadPack, match="relations.yaml, line 1: It cannot be read"):
        load_starter(on=on, folder=pack)


def test_the_pack_that_ships_is_sound():
    pack = read_pack(STARTER)

    assert {item.key for item in pack.guidance if item.scope == "code"} >= {"J3490"}


def test_the_facts_of_the_packs_own_codes_are_copied_from_a_release(tmp_path, on):
    row = {"code": "E0431", "relation": "accessory_of"}
    rule = {"code": "KX", "relation": "required", "sources": ["test-source"]}
    pack = write_pack(
        tmp_path / "pack", [text_of("code", "E1390", companions=[row], modifiers=[rule])]
    )
    release = tmp_path / "HCPC2025_OCT_ANWEB.csv"
    release.write_bytes(
        release_csv([modifier("KX"), modifier("RR"), code("E0431"), code("E1390"), code("E9999")])
    )

    call_command("pack_facts", release, folder=pack)
    load_starter(on=on, folder=pack)

    assert set(Entry.objects.filter(kind="code").values_list("key", flat=True)) == {
        "E0431",
        "E1390",
    }
    assert Release.objects.get().is_excerpt
    assert Modifier.objects.get().code == "KX"
