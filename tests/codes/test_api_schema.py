"""The OpenAPI schema says what the interface answers; its page keeps the security policy."""

import warnings

import pytest
from jsonschema import Draft202012Validator

from codes.calendar import today
from guidance.actions import load_starter
from tests.factories import make_release
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db


# A path of the schema, an address of it, the status it answers with
ANSWERED = [
    ("", "", 200),
    ("codes/", "codes/", 200),
    ("codes/", "codes/?limit=0", 400),
    ("codes/{code}/", "codes/J3490/", 200),
    ("codes/{code}/", "codes/J3491/", 404),
    ("faqs/", "faqs/", 200),
    ("sections/", "sections/", 200),
    ("sections/{key}/", "sections/J/", 200),
    ("denial-categories/{key}/", "denial-categories/CO-50/", 200),
    ("denial-categories/{key}/", "denial-categories/CO-1/", 404),
    ("specialties/{key}/", "specialties/urology/", 200),
]


@pytest.fixture
def schema(client) -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return client.get("/api/v1/schema/").json()


def answered(schema: dict, path: str, status: str) -> Draft202012Validator:
    [content] = schema["paths"][path]["get"]["responses"][status]["content"].values()
    return Draft202012Validator(content["schema"] | {"components": schema["components"]})


def test_it_is_openapi_3_1_and_warns_that_a_code_is_not_coverage(schema):
    assert schema["openapi"].startswith("3.1")
    assert "says nothing about coverage or payment" in schema["info"]["description"]


def test_every_reference_in_it_leads_somewhere(schema):
    def references(part):
        if isinstance(part, dict):
            yield from ([part["$ref"]] if "$ref" in part else ())
            part = list(part.values())
        if isinstance(part, list):
            for inner in part:
                yield from references(inner)

    for reference in set(references(schema)):
        _, _, group, name = reference.split("/")
        assert name in schema["components"][group], reference


def test_answers_are_what_the_schema_says(client, schema, tmp_path):
    faq = {"question": "Who?", "answer": "You.", "sources": ["test-source"]}
    guidance = [text_of("code", "J3490", faqs=[faq])]
    load_starter(on=today(), folder=write_pack(tmp_path, guidance))
    make_release(["J3490"])

    for path, address, status in ANSWERED:
        answer = client.get(f"/api/v1/{address}")
        assert answer.status_code == status, address
        answered(schema, f"/api/v1/{path}", str(status)).validate(answer.json())


def test_every_parameter_in_it_is_one_that_is_taken(client, schema):
    examples = {"as_of": "2024-05-01", "limit": "1", "offset": "0", "status": "active"}
    for path, operations in schema["paths"].items():
        if "{" in path:
            continue
        named = [p["name"] for p in operations["get"].get("parameters", ())]
        answer = client.get(path, {name: examples.get(name, "") for name in named})
        assert answer.status_code == 200, path


def test_the_page_of_it_draws_every_operation(page, live_server, transactional_db):
    page.goto(f"{live_server.url}/api/v1/docs/")

    page.locator("#operations-codes-codes_list").wait_for()
    assert page.locator(".opblock").count() == 14
