"""What an entry says, composed from CMS's facts and our published guidance."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes.publication import read_entry, stale_entries
from guidance.actions import load_starter
from guidance.entry import compose
from guidance.models import PublishedGuidance
from tests.cms_files import code, modifier
from tests.factories import make_release
from tests.packs import denial, text_of, write_pack

pytestmark = pytest.mark.django_db


def text(words, **values):
    return {"text": words, "sources": ["test-source"]} | values


def make_guidance(folder, on, *guidance, **files):
    load_starter(on=on, folder=write_pack(folder, list(guidance), **files))


def document(key, on, kind="code"):
    return read_entry(kind, key, on).data


def test_a_code_inherits_from_trait_family_and_section(tmp_path, on):
    make_release([code("E0601", price=("36",))], on=on)
    make_guidance(
        tmp_path,
        on,
        text_of("section", "E", unit=text("section"), claim_to=text("section")),
        text_of("family", "e-resp", unit=text("family"), documentation=text("family")),
        text_of("trait", "capped-rental", documentation=text("trait")),
        text_of("code", "E0601", summary=text("code")),
    )

    entry = document("E0601", on)

    scopes = {
        t: entry[t]["from"]["scope"] for t in ("summary", "documentation", "unit", "claim_to")
    }
    assert scopes == {
        "summary": "code",
        "documentation": "trait",
        "unit": "family",
        "claim_to": "section",
    }
    assert entry["documentation"]["from"]["title"] == "Capped-rental equipment"


def test_a_dated_revision_speaks_from_its_day(tmp_path, on):
    make_release(["J3490"], on=on)
    later = {"valid_from": "2025-01-01", "unit": text("after")}
    make_guidance(tmp_path, on, text_of("code", "J3490", unit=text("before"), later=[later]))

    assert document("J3490", date(2024, 12, 31))["unit"]["text"] == "before"
    assert document("J3490", date(2025, 1, 1))["unit"]["text"] == "after"


def test_nothing_is_said_of_dates_before_the_first_revision(tmp_path, on):
    make_release(["J3490"], on=on)
    make_guidance(
        tmp_path, on, text_of("code", "J3490", unit=text("said"), valid_from="2024-01-01")
    )

    early = document("J3490", date(2023, 12, 31))

    assert early["unit"] is None
    assert early["until"] == "2024-01-01"


def test_a_modifier_rule_holds_between_its_dates(tmp_path, on):
    make_release(["J3490", modifier("JZ", short="Zero drug wasted")], on=on)
    dates = {"from": "2023-07-01", "until": "2025-12-31"}
    rule = {"code": "JZ", "relation": "required", "sources": ["test-source"]} | dates
    make_guidance(tmp_path, on, text_of("code", "J3490", modifiers=[rule]))

    def rules(day):
        return [row["short"] for row in document("J3490", day)["modifiers"]]

    assert rules(date(2023, 6, 30)) == []
    assert rules(date(2023, 7, 1)) == ["Zero drug wasted"]
    assert rules(date(2025, 12, 31)) == ["Zero drug wasted"]
    assert rules(date(2026, 1, 1)) == []
    assert document("J3490", date(2023, 7, 1))["until"] == "2026-01-01"


def test_sources_are_those_cited_and_the_release_of_the_facts(tmp_path, on):
    make_release(["J3490"], on=on)
    make_guidance(tmp_path, on, text_of("code", "J3490", denials=[denial(sources=["test-source"])]))

    entry = document("J3490", on)

    assert [source["id"] for source in entry["sources"]] == ["test-source"]
    assert entry["facts_release"]["file_name"] == "HCPC2025_OCT_ANWEB.txt"


def test_starter_texts_say_that_nobody_here_has_reviewed_them(tmp_path, on):
    make_release(["J3490", "J3590"], on=on)
    make_guidance(tmp_path, on, text_of("code", "J3490", unit=text("said")))

    assert document("J3490", on)["review"]["flags"] == ["not_reviewed_here"]
    assert document("J3590", on)["review"]["flags"] == []


def test_what_is_signed_is_told_from_what_is_inherited_unsigned(tmp_path, on):
    make_release(["J3490"], on=on)
    own = {"unit": text("ours"), "denials": [denial(payer_class="medicare")]}
    family = {"documentation": text("theirs"), "denials": [denial(payer_class="medicaid")]}
    texts = [text_of("code", "J3490", **own), text_of("family", "j-noc", **family)]
    make_guidance(tmp_path, on, *texts)
    PublishedGuidance.objects.filter(scope="code").update(reviewed_on=on)

    [(_, heard)] = compose("code", ["J3490"], on)

    assert heard["review"]["not_reviewed"] == ["documentation", "denials"]
    assert heard["review"]["flags"] == ["not_reviewed_here"]


def test_a_topic_that_is_left_out_of_a_page_is_not_called_unreviewed(tmp_path, on):
    make_release(["J3490", "J3590"], on=on)
    row = {"code": "J3490", "relation": "alternative_of"}
    make_guidance(tmp_path, on, text_of("family", "j-noc", companions=[row]))

    assert document("J3590", on)["review"]["not_reviewed"] == ["companions"]
    assert document("J3490", on)["review"]["not_reviewed"] == []


@pytest.mark.parametrize(
    ("display", "companions", "prose"),
    [
        ("labels", [("96372", "Injection under the skin")], "CPT 96372 (Injection under the skin)"),
        ("numbers", [("96372", "")], "CPT 96372"),
        ("off", [("", "drug injection")], "drug injection"),
    ],
)
def test_cpt_display_rules_lists_and_prose(tmp_path, on, settings, display, companions, prose):
    settings.CPT_DISPLAY = display
    make_release(["J3490"], on=on)
    row = {"cpt": "96372", "relation": "administered_by"}
    make_guidance(
        tmp_path, on, text_of("code", "J3490", unit=text("{cpt:96372}"), companions=[row])
    )

    entry = document("J3490", on)

    assert [(row["code"], row["label"]) for row in entry["companions"]] == companions
    assert entry["unit"]["text"] == prose


def test_a_companion_of_ours_carries_cms_short_text(tmp_path, on):
    make_release(["E1390", code("E0431", short="Portable gas o2")], on=on)
    row = {"code": "E0431", "relation": "accessory_of"}
    make_guidance(tmp_path, on, text_of("code", "E1390", companions=[row]))

    assert document("E1390", on)["companions"][0]["label"] == "Portable gas o2"


def test_no_code_is_its_own_companion(tmp_path, on):
    make_release(["E0601", "E0470"], on=on)
    row = {"code": "E0601", "relation": "requires_base"}
    make_guidance(tmp_path, on, text_of("family", "e-resp", companions=[row]))

    assert document("E0601", on)["companions"] == []
    assert len(document("E0470", on)["companions"]) == 1


def test_families_hear_their_section_and_sections_themselves(tmp_path, on):
    make_guidance(
        tmp_path,
        on,
        text_of("section", "J", unit=text("section")),
        text_of("family", "j-noc", summary=text("family")),
    )

    assert document("j-noc", on, "family")["unit"]["text"] == "section"
    assert document("J", on, "section")["summary"] is None


def test_denial_categories_and_specialties_have_entries(tmp_path, on):
    make_guidance(tmp_path, on)

    assert document("CO-16", on, "denial_category")["group_meaning"] == "Provider liable"
    assert document("urology", on, "specialty")["name"] == "Urology"
    assert document("default", on, "call_to_action")["button"] == "Write"


def test_the_call_to_action_is_composed_under_its_key_alone(tmp_path, on):
    load_starter(on=on, folder=write_pack(tmp_path, []))

    keys = [[own["key"] for own, _ in compose("call_to_action", k, on)] for k in (None, ["x"], [])]

    assert keys == [["default"], [], []]


def test_an_unknown_subject_has_no_entry(on):
    assert read_entry("code", "J9998", on) is None
    assert read_entry("family", "nothing", on) is None


def test_composing_costs_the_same_for_one_code_or_twenty(on):
    def cost(codes):
        make_release([f"J{3400 + number}" for number in range(codes)], on=on, label=f"v{codes}")
        with CaptureQueriesContext(connection) as queries:
            assert list(stale_entries(on)) == []
        return len(queries)

    assert cost(1) == cost(20)
