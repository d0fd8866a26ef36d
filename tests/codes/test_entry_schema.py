"""docs/entry.schema.json says what an entry document holds: neither less nor more."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator, ValidationError

from codes.calendar import today
from codes.models import Entry
from guidance.actions import load_starter
from guidance.content import TOPICS
from guidance.pack import STARTER
from tests.cms_files import code
from tests.factories import make_release

SCHEMA = json.loads(Path(settings.BASE_DIR, "docs", "entry.schema.json").read_text())

pytestmark = pytest.mark.django_db


def closed(schema: Any) -> Any:
    """The schema with every object closed: readers may meet new keys, we must not add them."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: closed(part) for name, part in schema.items()}
    if "properties" in shut and shut.get("type") == "object":
        shut["additionalProperties"] = False
    return shut


def validator(kind: str) -> Draft202012Validator:
    name = "".join(word.capitalize() for word in kind.split("_")) + "Entry"
    schema = closed(SCHEMA) | {"$ref": f"#/$defs/{name}"}
    del schema["oneOf"]
    return Draft202012Validator(schema)


SOURCE = """
- {id: notice, issuer: CMS, kind: cms_notice, title: "A notice", version: "1"}
"""
RELATION = """
- {code: J0135, kind: replaced_by, to: J3490, from: 2025-11-01, source: notice}
"""


@pytest.fixture
def pack(tmp_path) -> Path:
    """The starter pack's words, and of its guidance only that for J3490 and one relation."""
    shutil.copytree(STARTER / "vocabulary", tmp_path / "vocabulary")
    (tmp_path / "codes").mkdir()
    shutil.copy(STARTER / "codes" / "J3490.yaml", tmp_path / "codes")
    (tmp_path / "vocabulary" / "sources" / "notice.yaml").write_text(SOURCE)
    (tmp_path / "relations.yaml").write_text(RELATION)
    return tmp_path


@pytest.fixture
def documents(pack) -> dict[str, list[dict]]:
    """Every document of a portal with guidance, and releases that change and end codes."""
    load_starter(on=today(), folder=pack)
    make_release(["J3490", code("J0135", long="One text"), "A0021"], quarter="2025-07")
    ended = code("J0135", long="Another", terminated=today().replace(day=1), action="D")
    make_release(
        ["J3490", ended, "C9999"],
        quarter="2025-10",
        accept_missing="the test drops one",
    )
    found: dict[str, list[dict]] = {kind: [] for kind in Entry.Kind.values}
    for entry in Entry.objects.all():
        found[entry.kind].append(entry.data)
    return found


def test_the_schema_is_a_json_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_every_kind_of_entry_is_described():
    named = {
        shape["properties"]["kind"]["const"]
        for name, shape in SCHEMA["$defs"].items()
        if name.endswith("Entry")
    }

    assert named == set(Entry.Kind.values)


def test_every_composed_document_is_what_the_schema_says(documents):
    assert all(documents.values())
    for kind, composed in documents.items():
        for document in composed:
            validator(kind).validate(document)


def test_the_halves_of_a_document_share_no_key(documents):
    for entry in Entry.objects.select_related("guidance"):
        inherited = json.loads(entry.guidance.document) if entry.guidance else {}

        assert not json.loads(entry.facts).keys() & inherited.keys(), entry
        assert json.loads(entry.document) == json.loads(entry.facts) | inherited


def test_the_documents_tried_say_something_on_every_topic(documents):
    of_j3490 = next(one for one in documents["code"] if one["key"] == "J3490")
    of_j0135 = next(one for one in documents["code"] if one["key"] == "J0135")

    assert [topic for topic in TOPICS if not of_j3490[topic]] == []
    assert of_j0135["relations"] and of_j0135["history"] and of_j0135["dates"]["terminated"]


def test_a_document_with_a_key_too_many_is_noticed(documents):
    document = documents["code"][0] | {"price_in_dollars": 3}

    with pytest.raises(ValidationError, match="price_in_dollars"):
        validator("code").validate(document)


def test_a_document_without_one_of_its_topics_is_noticed(documents):
    document = documents["code"][0]

    for topic in TOPICS:
        with pytest.raises(ValidationError, match=topic):
            validator("code").validate({k: v for k, v in document.items() if k != topic})
