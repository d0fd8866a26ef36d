"""REST's other entries and its questions, and what holds for the whole interface."""

import pytest

from codes.calendar import today
from codes.models import Entry
from guidance.actions import load_starter
from tests.factories import make_release
from tests.packs import text_of, write_pack

API = "/api/v1/"
PROBLEM = "application/problem+json"
KINDS = {
    "sections": ("section", "J"),
    "families": ("family", "j-noc"),
    "traits": ("trait", "noc"),
    "specialties": ("specialty", "urology"),
    "denial-categories": ("denial_category", "CO-16"),
}

pytestmark = pytest.mark.django_db


def question(text: str) -> dict:
    return {"question": text, "answer": "It **depends**.", "sources": ["test-source"]}


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory) -> None:
    """Two codes, and guidance that answers one question for one of them and one for its section."""
    guidance = [
        text_of("code", "J3490", faqs=[question("What does J3490 name?")]),
        text_of("section", "J", faqs=[question("Who bills drugs?")]),
    ]
    load_starter(on=today(), folder=write_pack(tmp_path_factory.mktemp("pack"), guidance))
    make_release(["J3490", "J3520"])


def test_a_list_leads_to_its_entries(client, portal):
    for address, (kind, key) in KINDS.items():
        rows = client.get(f"{API}{address}/?limit=500").json()["results"]

        [row] = [row for row in rows if row["key"] == key]
        stored = Entry.objects.get(kind=kind, key=key)
        assert row["title"] == stored.title
        assert client.get(row["url"]).content == stored.document.encode()


@pytest.mark.parametrize("limit", [1, 500])
def test_a_list_costs_the_same_at_any_size(client, portal, limit, django_assert_num_queries):
    for address in KINDS:
        with django_assert_num_queries(3):  # count, entries, newest release
            client.get(f"{API}{address}/", {"limit": limit})


def test_an_entry_costs_two_queries(client, portal, django_assert_num_queries):
    for address, (_, key) in KINDS.items():
        with django_assert_num_queries(2):  # entry, newest release
            client.get(f"{API}{address}/{key}/")


def test_an_unknown_key_is_told_the_nearest(client, portal):
    answer = client.get(f"{API}denial-categories/co-16/")

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert answer.json()["nearest"][0] == "CO-16"


def test_questions_name_the_subject_that_answers_them(client, portal):
    found = client.get(f"{API}faqs/", {"q": "j3490"}).json()["results"]

    assert found == [
        {
            "question": "What does J3490 name?",
            "answer": "It **depends**.",
            "html": "<p>It <strong>depends</strong>.</p>",
            "subject": {
                "key": "J3490",
                "title": "Item J3490 in full",
                "url": "http://testserver/api/v1/codes/J3490/",
                "kind": "code",
            },
        }
    ]


@pytest.mark.parametrize("limit", [1, 50])
def test_questions_cost_the_same_at_any_size(client, portal, limit, django_assert_num_queries):
    with django_assert_num_queries(3):  # count, questions, newest release
        found = client.get(f"{API}faqs/", {"limit": limit}).json()

    assert (found["count"], len(found["results"])) == (2, min(limit, 2))


def test_a_question_too_long_is_refused(client):
    assert client.get(f"{API}faqs/", {"q": "x" * 201}).status_code == 400


# The whole interface


def test_the_index_leads_everywhere(client, portal):
    addresses = client.get(API).json()

    assert "coverage" in addresses.pop("notice")
    assert len(addresses) == 9
    for address in addresses.values():
        assert client.get(address).status_code == 200


ANSWERED = ["", "codes/", "codes/J3490/", "codes/j3490/", "codes/J0000/", "faqs/?x=1", "nothing/"]


def test_every_answer_says_where_the_portal_stands(client, portal):
    for address in ANSWERED:
        answer = client.get(API + address)

        assert answer["HCPCS-Release"] == "2025-10"
        assert int(answer["HCPCS-Release-Age-Days"]) > 0
        assert answer["HCPCS-As-Of"] == today().isoformat()
        assert int(answer["HCPCS-Change-Number"]) > 0
        assert "nothing about coverage or payment" in answer["HCPCS-Notice"]


def test_no_answer_depends_on_a_cookie(client, portal):
    for address in [*ANSWERED, "docs/"]:
        answer = client.get(API + address)

        assert not answer.cookies and "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    ("address", "request_as", "status", "problem"),
    [
        ("nothing/", {}, 404, "unknown-address"),
        ("codes/J3490/history/", {}, 404, "unknown-address"),
        ("codes/", {"method": "POST"}, 405, "method-not-allowed"),
        ("codes/J3490/", {"method": "DELETE"}, 405, "method-not-allowed"),
        ("codes/", {"headers": {"accept": "text/csv"}}, 406, "not-acceptable"),
        ("codes/?limit=x", {}, 400, "bad-parameters"),
        ("?x=1", {}, 400, "bad-parameters"),
        ("schema/?lang=de", {}, 400, "bad-parameters"),
    ],
)
def test_every_refusal_is_a_problem_document(client, address, request_as, status, problem):
    answer = client.generic(request_as.pop("method", "GET"), API + address, **request_as)

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    said = answer.json()
    assert said["type"] == f"urn:hcpcs-portal:problem:{problem}"
    assert said["status"] == status and said["title"] and said["detail"]
    assert answer["Cache-Control"] == "no-store"


def test_head_is_answered_without_a_body(client, portal):
    answer = client.head(f"{API}codes/J3490/")

    assert (answer.status_code, answer.content) == (200, b"") and answer["ETag"]


def test_an_address_without_its_slash_is_led_to_the_right_one(client):
    assert client.get(f"{API}codes/J3490")["Location"] == f"{API}codes/J3490/"
