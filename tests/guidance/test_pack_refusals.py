"""What a pack's file may not hold: refused with file, line and rule, and nothing is loaded."""

import pytest

from codes.models import Code
from guidance.actions import load_starter
from guidance.models import Guidance, Source
from guidance.pack import BadPack
from tests.packs import denial, text_of, write_pack

pytestmark = pytest.mark.django_db

UNCITED = {
    "a date in a text": {"summary": {"text": "It began on 2024-01-01."}},
    "a limit in a payer's row": {
        "coverage": [{"payer_class": "medicare", "text": "Paid for 36 months."}]
    },
    "an appeal clock": {"denials": [denial(deadline="Medicare: 120 days for a redetermination")]},
    "a modifier rule": {"modifiers": [{"code": "KX", "relation": "required"}]},
    "a list in an answer": {"faqs": [{"question": "Where?", "answer": "It is on CMS's list."}]},
}


@pytest.mark.parametrize("case", UNCITED)
def test_a_statement_without_its_source_is_refused(tmp_path, on, case):
    pack = write_pack(tmp_path, [text_of("code", "J3490", **UNCITED[case])])

    with pytest.raises(BadPack, match=r"^codes/J3490.yaml, line \d+: .* and nothing is cited"):
        load_starter(on=on, folder=pack)

    assert not Source.objects.exists()


def test_advice_needs_no_source(tmp_path, on):
    advice = {"text": "Compare the units with the record."}

    assert load_starter(on=on, folder=write_pack(tmp_path, [text_of("code", "J3490", unit=advice)]))


FILE = """\
code: J3490
revisions:
- valid_from: 2020-01-01
  note: First edition.
  unit: {text: One unit.}
"""
TRICKS = {
    "two texts for one topic": ("  unit: {text: Two units.}\n", "line 6: 'unit' stands twice"),
    "an anchor": ("  summary: &a {text: One.}\n", "line 6: Anchors"),
    "an alias": ("  summary: *a\n", "line 6: "),
    "a tag": ("  summary: !!python/name:os.system {text: One.}\n", "line 6: The tag"),
    "an unknown key": ("  price: {text: Ten.}\n", "line .*price"),
    "merged keys": ("  <<: {unit: {text: Two units.}}\n", "line 6: Keys are not merged"),
    "a line end in a code": ('  modifiers: [{code: "KX\\n", relation: allowed}]\n', "line 6: "),
    "a rule that ends before it begins": (
        "  modifiers: [{code: KX, relation: allowed, from: 2024-01-01, until: 2023-12-31}]\n",
        "line 6: A rule ends after it begins",
    ),
    "no YAML": ("  summary: [\n", "line .*not YAML"),
    "a second document": ("---\ncode: J3590\n", "line "),
}


@pytest.mark.parametrize("case", TRICKS)
def test_a_trick_in_a_file_is_refused_with_its_line(tmp_path, on, case):
    more, complaint = TRICKS[case]
    pack = write_pack(tmp_path, [text_of("code", "J3590")])
    (pack / "codes" / "J3490.yaml").write_text(FILE + more)

    with pytest.raises(BadPack, match=f"codes/J3490.yaml, {complaint}"):
        load_starter(on=on, folder=pack)

    assert not Guidance.objects.exists()
    assert not Code.objects.exists()


@pytest.mark.parametrize("name", ["J3490.yml", "J3490.YAML", "J3490.yaml.bak"])
def test_a_file_that_would_be_passed_over_is_refused(tmp_path, on, name):
    pack = write_pack(tmp_path, [text_of("code", "J3490")])
    (pack / "codes" / "J3490.yaml").rename(pack / "codes" / name)

    with pytest.raises(BadPack, match=rf"^codes/{name}: .* named KEY.yaml"):
        load_starter(on=on, folder=pack)


@pytest.mark.parametrize("name", ["J349O", "j3490", "J34900", "D0120", "99213"])
def test_a_file_named_for_something_that_is_no_code_is_refused(tmp_path, on, name):
    with pytest.raises(BadPack, match=f"codes/{name}.yaml"):
        load_starter(on=on, folder=write_pack(tmp_path, [text_of("code", name)]))

    assert not Guidance.objects.exists()


TERMS = {
    "digits of another script": ("rod,lay,E٠١٤٣,Ours\n".encode(), "line 2: A term leads to codes"),
    "a code twice": (b"rod,lay,E0143 E0143,Ours\n", "line 2: .* each code or family once"),
    "a control character": (b"r\0d,lay,E0143,Ours\n", "line 2: There is a control character"),
    "no UTF-8": (b"caf\xe9,lay,E0143,Ours\n", "line 2: It cannot be read"),
}


@pytest.mark.parametrize("case", TERMS)
def test_a_wrong_row_of_the_search_terms_is_refused_with_its_line(tmp_path, on, case):
    rows, complaint = TERMS[case]
    pack = write_pack(tmp_path, [text_of("code", "J3490")])
    (pack / "search_terms.csv").write_bytes(b"term,kind,codes,source\n" + rows)

    with pytest.raises(BadPack, match=f"^search_terms.csv, {complaint}"):
        load_starter(on=on, folder=pack)

    assert not Guidance.objects.exists()
