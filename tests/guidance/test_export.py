"""Published guidance as files: nothing is lost on the way out and in."""

import csv
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from codes.models import Entry
from guidance import strict_yaml
from guidance.actions import compare_files, load_starter
from guidance.exchange import incoming, outgoing, sheet
from guidance.exchange.plain import plain
from guidance.models import CptReference, DenialCategory, PublishedGuidance, Source, Specialty
from guidance.pack import STARTER, Names, guidance_in, parsed, read_pack
from guidance.workflow import Role
from tests.factories import make_account
from tests.full_portal import FULL_GUIDANCE, SUCCESSOR, make_full_portal
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db

LATER = [
    {"valid_from": "2025-01-01", "unit": {"text": "Two.\n\nIn *two* lines."}, "faqs": []},
    {"valid_from": "2026-01-01", "unit": None, "suppress": {"topics": ["documentation"]}},
]


@pytest.fixture
def portal(tmp_path, on):
    make_full_portal(tmp_path / "full", on)
    pack = [text_of("code", "J3490", later=LATER, **FULL_GUIDANCE)]
    load_starter(on=on, folder=write_pack(tmp_path / "more", pack, relations=[SUCCESSOR]))


def said(pack):
    """What a pack says of each subject and date, in the one form."""
    return {
        (item.scope, item.key, edition.valid_from): plain(edition.topics)
        for item in pack
        for edition in item.revisions
    }


def export(target, *keys, **options):
    call_command("export_guidance", target, *keys, **options)
    return target


# A pack


def test_what_is_exported_reads_back_without_a_difference(portal, tmp_path):
    folder = export(tmp_path / "out")

    assert compare_files(files=incoming.read_path(folder), by=None) == []
    assert said(read_pack(folder).guidance).keys() == {
        ("code", "J3490", day) for day in ("2020-01-01", "2025-01-01", "2026-01-01")
    }


# What the files say is the same whatever they were read from.
@pytest.mark.sqlite
def test_the_whole_starter_pack_comes_back_as_it_was(shipped_pack, tmp_path):
    whole = read_pack(STARTER)

    back = read_pack(export(tmp_path / "out"))

    assert said(back.guidance) == said(whole.guidance)
    assert {row["id"] for row in back.sources} == {row["id"] for row in whole.sources}
    assert back.specialties == sorted(whole.specialties, key=lambda row: row["name"])
    for rows in ("relations", "search_terms"):
        assert sorted(map(str, getattr(back, rows))) == sorted(map(str, getattr(whole, rows)))
    assert compare_files(files=back.guidance, by=None) == []


def test_an_exported_pack_can_be_loaded_elsewhere(portal, tmp_path, on):
    folder = export(tmp_path / "out")
    contents = list(PublishedGuidance.objects.values_list("key", "valid_from", "content"))

    load_starter(on=on, folder=folder)

    columns = ("key", "valid_from", "content")
    assert list(PublishedGuidance.objects.values_list(*columns)) == contents
    [relation] = Entry.objects.get(kind="code", key="K0553").data["relations"]
    assert relation["code"] == "A4239"


def test_a_part_is_exported_by_scope_or_by_key(tmp_path, on):
    make_full_portal(tmp_path / "full", on)

    one = said(read_pack(export(tmp_path / "one", "J3490")).guidance)
    traits = said(read_pack(export(tmp_path / "traits", scope="trait")).guidance)

    assert [subject[:2] for subject in one] == [("code", "J3490")]
    assert [subject[:2] for subject in traits] == [("trait", "capped-rental")]
    with pytest.raises(CommandError, match="Nothing is published of X1234"):
        export(tmp_path / "none", "X1234")


def test_a_folder_that_holds_something_is_left_alone(portal, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("Mine.")

    with pytest.raises(CommandError, match="is not empty"):
        export(tmp_path / "out")


# Any text


lines = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
prose = st.one_of(
    lines,
    st.lists(lines, max_size=4).map("\n".join),
    st.sampled_from("=+-@\t\r\n＝＋－＠'").flatmap(lambda first: lines.map(first.__add__)),
    st.sampled_from(["yes", "1", "2020-01-01", "null", "'=1+1", "''=1", "word " * 60, "a | b \\p"]),
).map(lambda text: text.replace("{", "").replace("}", ""))
short = prose.map(lambda text: text[:180])
required = prose.filter(lambda text: plain({"unit": {"text": text}}).get("unit", {}).get("text"))
sources = st.lists(
    st.one_of(
        st.just("test-source"),
        st.builds(
            lambda where, what: {"id": "test-source", "locator": where, "quote": what}, short, short
        ),
    ),
    max_size=3,
)


def rows(key, **columns):
    """Up to three rows of a list, each with another key."""
    shape = st.fixed_dictionaries({**columns, "sources": sources})
    return st.lists(
        shape, max_size=3, unique_by=lambda row: plain({"unit": {"text": row[key]}})["unit"]["text"]
    )


def one(*names):
    return st.sampled_from(names)


topics = st.fixed_dictionaries(
    {},
    optional={
        "summary": st.fixed_dictionaries({"text": required, "sources": sources}),
        "unit": st.fixed_dictionaries({"text": required, "sources": sources}),
        "coverage": rows("payer_class", payer_class=one("any", "medicaid"), text=required),
        "denials": rows(
            "category",
            category=one("CO-16", "CO-50"),
            causes=required,
            remedy=one("appeal", "write_off"),
            text=required,
            deadline=short,
            rarcs=st.lists(one("M119", "N115"), max_size=2),
        ),
        "modifiers": rows(
            "code",
            code=one("KX", "25"),
            relation=one("required"),
            context=short,
            until=one("2026-01-31", None),
        ),
        "faqs": rows(
            "question",
            question=required.map(lambda text: text[:180]).filter(str.strip),
            answer=required,
        ),
        "specialties": st.lists(one("urology", "rheumatology"), unique=True, max_size=2),
        "suppress": st.dictionaries(
            one("faqs", "denials"), st.lists(short, max_size=2), max_size=2
        ),
    },
)
KNOWN = Names({"test-source"}, {"CO-16", "CO-50"}, {"urology", "rheumatology"}, set())


@given(topics)
def test_a_sheet_loses_nothing_of_any_text(topics):
    expected = plain(topics)

    [file] = list(
        sheet.read("a.csv", sheet.written([("code", "J3490", "2020-01-01", expected)]))
    ) or [None]
    read = {} if file is None else guidance_in(file, KNOWN).revisions[0].topics

    assert plain(read) == expected


@given(topics)
def test_yaml_loses_nothing_of_any_text(topics):
    expected = plain(topics)
    value = {"code": "J3490", "revisions": [{"valid_from": "2020-01-01", "note": "-"} | expected]}

    text = outgoing.as_yaml(value)

    assert (
        plain(guidance_in(parsed("a.yaml", text.encode()), KNOWN).revisions[0].topics) == expected
    )
    assert strict_yaml.load(text).value == value


@given(prose)
def test_no_cell_begins_like_a_formula_and_each_comes_back(text):
    cell = sheet.inert(text)

    assert cell[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert sheet.restored(cell) == text


# In the admin


def chosen(client, action):
    data = {
        "action": action,
        "_selected_action": list(PublishedGuidance.objects.values_list("guidance", flat=True)),
    }
    return client.post(reverse("admin:guidance_guidance_changelist"), data)


@pytest.fixture
def signed_in(client):
    client.force_login(make_account("editor", Role.EDITOR))
    return client


def test_selected_guidance_comes_as_a_zip(signed_in, portal):
    answer = chosen(signed_in, "export_yaml")

    assert "guidance-" in answer["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["codes/J3490.yaml"]
    files = incoming.read_upload("a.zip", answer.content)
    assert compare_files(files=files, by=None) == []


def test_selected_guidance_comes_as_a_sheet_that_excel_opens(signed_in, portal):
    answer = chosen(signed_in, "export_csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["key"] for row in read} == {"J3490"}
    assert "CPT 96372" in {row["name"] for row in read}
    assert compare_files(files=incoming.read_upload("a.csv", answer.content), by=None) == []


def test_the_vocabularies_are_whole(portal, tmp_path):
    pack = read_pack(export(tmp_path / "out"))

    counted = [len(rows) for rows in (pack.sources, pack.denials, pack.specialties, pack.cpt)]
    models = (Source, DenialCategory, Specialty, CptReference)
    assert counted == [model.objects.count() for model in models]
