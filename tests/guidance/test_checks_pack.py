"""The checks over the database: what is known, the command, and the pack that ships."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from codes.actions import load_classification
from guidance import checks
from guidance.actions import load_starter
from tests.cms_files import code, modifier
from tests.factories import make_release
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db

FIRST = date(2020, 1, 1)


def check_guidance(*args) -> str:
    out = StringIO()
    call_command("check_guidance", *args, stdout=out)
    return out.getvalue()


def coverage(words: str) -> list[dict]:
    return [{"payer_class": "medicare", "text": words, "sources": ["test-source"]}]


# What is known


def test_a_subject_speaks_for_its_active_codes(on):
    ended = code("E0602", price=("36",), terminated=date(2022, 12, 31))
    load_classification()
    make_release([code("E0601", price=("36",)), ended, "J3490"], on=on)
    knowledge = checks.load()

    by_subject = {
        (scope, key): [
            one.code for one in knowledge.subject(scope, key, valid_from=FIRST, on=on).codes
        ]
        for scope, key in (("section", "E"), ("trait", "capped-rental"), ("code", "J3490"))
    }

    assert by_subject["section", "E"] == ["E0601"]
    assert by_subject["trait", "capped-rental"] == ["E0601"]
    assert by_subject["code", "J3490"] == ["J3490"]


def test_an_ended_code_speaks_up_to_its_last_day(on):
    make_release([code("K0553", terminated=date(2022, 12, 31))], on=on)

    subject = checks.load().subject("code", "K0553", valid_from=FIRST, on=on)

    assert subject.on == date(2022, 12, 31)
    assert [one.code for one in subject.codes] == ["K0553"]


def test_fields_of_dates_before_the_first_release_are_not_known(on):
    make_release(["J3490"], quarter="2025-10", on=on)

    subject = checks.load().subject("code", "J3490", valid_from=FIRST, on=date(2023, 12, 31))

    assert subject.codes == ()


def test_what_an_excerpt_lacks_may_exist(on):
    make_release(["J3490"], is_excerpt=True, on=on)
    knowledge = checks.load()

    assert not knowledge.is_complete
    assert knowledge.subject("section", "J", valid_from=FIRST, on=on).codes == ()


@pytest.mark.parametrize("names", [["J3490"], ["J3490", "J3590", "E0601", "A4239"]])
def test_all_is_known_in_a_constant_number_of_queries(on, django_assert_num_queries, names):
    make_release([*names, modifier("KX")], on=on)

    # traits with whom they list, sources, CPT, periods of codes and of modifiers, releases, versions
    with django_assert_num_queries(7):
        knowledge = checks.load()
        knowledge.subject("section", "J", valid_from=FIRST, on=on)


def test_for_one_draft_only_the_codes_that_it_names_are_read(on):
    make_release(["J3490", "J3590", "J9999"], on=on)
    content = {"summary": {"text": "For a biologic take J3590.", "citations": []}}

    knowledge = checks.load({"J3490"} | checks.codes_named(content))

    assert set(knowledge.versions) == {"J3490", "J3590"}
    assert set(knowledge.codes) == {"J3490", "J3590", "J9999"}


# The command


def test_sound_guidance_is_counted(tmp_path, on):
    make_release(["J3490"], on=on)
    pack = write_pack(tmp_path, [text_of("code", "J3490", coverage=coverage("The MAC decides."))])
    load_starter(on=on, folder=pack)

    assert check_guidance() == "4 texts checked: 0 errors, 0 warnings.\n"
    assert check_guidance("--pack", str(pack)) == "4 texts checked: 0 errors, 0 warnings.\n"


def test_an_error_is_named_with_its_place_and_fails(tmp_path, on):
    make_release(["J3490"], on=on)
    pack = write_pack(tmp_path, [text_of("code", "J3490", coverage=coverage("Always covered."))])
    load_starter(on=on, folder=pack)
    out = StringIO()

    with pytest.raises(CommandError, match="4 texts checked: 1 errors, 0 warnings."):
        call_command("check_guidance", stdout=out)

    assert (
        "error [absolute] code J3490 from 2020-01-01, coverage row 1: “Always covered.” says"
        in out.getvalue()
    )


def test_a_pack_is_checked_before_it_is_loaded(tmp_path, on):
    make_release([code("J3490", price=("51",))], on=on)
    words = {"text": "Record the serial number.", "sources": ["test-source"]}
    pack = write_pack(tmp_path, [text_of("code", "J3490", documentation=words)])

    with pytest.raises(CommandError, match="1 errors"):
        check_guidance("--pack", str(pack))


def test_an_edition_is_checked_up_to_the_next_one(tmp_path, on):
    make_release(["A4239", code("K0553", terminated=date(2022, 12, 31))], on=on)
    later = [{"valid_from": "2023-01-01", "coverage": coverage("The MAC decides.")}]
    old = text_of("code", "A4239", coverage=coverage("Bill K0553."), later=later)
    load_starter(on=on, folder=write_pack(tmp_path, [old]))

    assert check_guidance().startswith("5 texts checked: 0 errors")


def test_a_denial_category_keeps_its_meaning(tmp_path, on):
    make_release(["J3490"], on=on)
    wrong = {
        "key": "CO-151",
        "title": "Benefit maximum",
        "gloss": "The benefit maximum has been reached.",
        "causes": "The year's visits are used up.",
        "remedy": "appeal",
        "remedy_text": "Read the record.",
    }
    pack = write_pack(tmp_path, denials=[wrong])
    out = StringIO()

    with pytest.raises(CommandError, match="1 errors"):
        call_command("check_guidance", "--pack", str(pack), stdout=out)

    assert "error [carc-meaning] denial category CO-151" in out.getvalue()


def test_a_folder_that_is_no_pack_is_refused(tmp_path):
    with pytest.raises(CommandError, match="denials.yaml: cannot be read"):
        check_guidance("--pack", str(tmp_path))


# The pack that ships


@pytest.mark.sqlite
def test_the_shipped_pack_has_no_findings_against_its_own_facts(shipped_pack):
    assert " 0 errors, 0 warnings." in check_guidance()
