"""REST's codes: the list as the page's filters understand it, the entry as it is stored."""

from datetime import date

import pytest

from codes import search
from codes.models import Entry
from tests.cms_files import code
from tests.factories import make_release

CODES = "/api/v1/codes/"
PROBLEM = "application/problem+json"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_index():
    search.forget_index()


def listed(client, **query) -> list[str]:
    return [row["code"] for row in client.get(CODES, query).json()["results"]]


# The list


def test_a_row_says_what_the_code_is_on_the_date_of_service(client):
    make_release([code("K0553", long="A supply", short="Supply", terminated=date(2022, 12, 31))])

    [row] = client.get(CODES, {"as_of": "2022-12-31"}).json()["results"]

    assert row == {
        "code": "K0553",
        "status": "active",
        "short": "Supply",
        "long": "A supply",
        "section": "K",
        "family": row["family"],
        "added": "2020-01-01",
        "terminated": "2022-12-31",
        "url": "http://testserver/api/v1/codes/K0553/?as_of=2022-12-31",
    }


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2019-12-31", "future"), ("2020-01-01", "active"), ("2023-01-01", "ended")],
)
def test_the_status_is_that_of_the_date(client, as_of, status):
    make_release([code("K0553", terminated=date(2022, 12, 31))])

    assert listed(client, as_of=as_of, status=status) == ["K0553"]
    assert client.get(CODES, {"as_of": as_of}).json()["results"][0]["status"] == status


def test_filters_narrow_one_another(client):
    make_release(["J3490", "J3520", "A0021", code("J0135", terminated=date(2024, 12, 31))])

    assert listed(client) == ["A0021", "J0135", "J3490", "J3520"]
    assert listed(client, section="J", status="active") == ["J3490", "J3520"]
    assert listed(client, family="j-noc", trait="noc") == ["J3490"]


def test_words_find_codes_by_relevance(client):
    make_release(
        [
            code("J1000", short="Other", long="A pump that is not insulin"),
            code("J2000", short="Insulin", long="Insulin"),
            "J3490",
        ]
    )

    assert listed(client, q="insulin") == ["J2000", "J1000"]
    assert listed(client, q="j-3490") == ["J3490"]


def test_the_envelope_leads_through_the_list(client):
    make_release(["J0001", "J0002", "J0003"])

    first = client.get(CODES, {"limit": 2, "section": "J"}).json()
    second = client.get(first["next"]).json()

    assert [row["code"] for row in second["results"]] == ["J0003"]
    assert (first["count"], first["previous"], second["next"]) == (3, None, None)
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_the_envelope_names_release_and_date_and_that_a_code_is_not_coverage(client):
    make_release(["J3490"], label="v3")

    found = client.get(CODES, {"as_of": "2024-05-01"}).json()

    assert found["as_of"] == "2024-05-01"
    assert found["release"]["title"] == "October 2025 v3"
    assert found["release"]["age_days"] > 0
    assert "coverage" in found["notice"]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_at_any_size(client, count, django_assert_num_queries):
    make_release([f"J{number:04}" for number in range(count)])

    with django_assert_num_queries(4):  # count, codes, rows, newest release
        found = client.get(CODES).json()

    assert found["count"] == len(found["results"]) == count


@pytest.mark.parametrize("count", [1, 20])
def test_a_search_costs_the_same_at_any_size(client, count, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("codes.search.current.SECONDS_BETWEEN_LOOKS", 3600)
    make_release([code(f"J{number:04}", long="A widget") for number in range(count)])
    client.get(CODES, {"q": "widget"})  # builds the index

    with django_assert_num_queries(3):  # codes on the date, rows, newest release
        found = client.get(CODES, {"q": "widget"}).json()

    assert found["count"] == count


def test_an_empty_portal_answers(client):
    answer = client.get(CODES)

    assert answer.json()["results"] == [] and answer.json()["release"] is None
    assert answer["HCPCS-Release"] == "none"


# What the list refuses


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("sectoin=J", "sectoin", "Did you mean section?"),
        ("format=xml", "format", "There is no such parameter."),
        ("section=j", "section", "Did you mean J?"),
        ("status=activ", "status", "Did you mean active?"),
        ("status=x", "status", "Valid: active, ended, future."),
        ("family=j-nok", "family", "Did you mean j-noc?"),
        ("as_of=xyz", "as_of", "such as 2024-05-01"),
        ("as_of=1066-10-14", "as_of", "between 1980 and 2099"),
        ("limit=0", "limit", "greater than or equal to 1"),
        ("limit=501", "limit", "less than or equal to 500"),
        ("offset=-1", "offset", "greater than or equal to 0"),
        ("section=J&section=K", "section", "Give it once."),
        ("q=%00", "q", "Null characters"),
        (f"q={'x' * 10_000}", "q", "200 characters at most"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_nearest_that_can(client, query, parameter, said):
    make_release(["J3490"])

    answer = client.get(f"{CODES}?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert said in " ".join(answer.json()["errors"][parameter])


# The entry


def test_the_entry_is_answered_as_it_is_stored(client, django_assert_num_queries):
    make_release(["J3490"])

    with django_assert_num_queries(2):  # entry, newest release
        answer = client.get(f"{CODES}J3490/")

    stored = Entry.objects.get(kind="code", key="J3490")
    assert answer.content == stored.document.encode()
    assert (answer["Content-Type"], answer["ETag"]) == ("application/json", f'"{stored.digest}"')


def test_a_reader_who_holds_the_document_is_told_so(client):
    make_release(["J3490"])
    etag = client.get(f"{CODES}J3490/")["ETag"]

    answer = client.get(f"{CODES}J3490/", headers={"if-none-match": etag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert answer["HCPCS-Change-Number"]


def test_the_etag_moves_when_the_entry_does(client):
    make_release(["J3490"], quarter="2025-07")
    before = client.get(f"{CODES}J3490/")

    make_release([code("J3490", long="Another text")])
    after = client.get(f"{CODES}J3490/", headers={"if-none-match": before["ETag"]})

    assert after.json()["descriptors"]["long"] == "Another text"
    assert int(after["HCPCS-Change-Number"]) > int(before["HCPCS-Change-Number"])


def test_the_entry_speaks_for_the_date_of_service(client):
    make_release([code("K0553", terminated=date(2022, 12, 31))])

    ended = client.get(f"{CODES}K0553/")
    active = client.get(f"{CODES}K0553/", {"as_of": "2022-12-31"})

    assert (ended.json()["status"], active.json()["status"]) == ("ended", "active")
    assert active["HCPCS-As-Of"] == "2022-12-31"
    assert "private" in active["Cache-Control"] and "public" in ended["Cache-Control"]


@pytest.mark.parametrize("spelling", ["j3490", "J-3490", "%20J3490%20", "j%E2%80%933490"])
def test_other_spellings_lead_to_the_code(client, spelling):
    answer = client.get(f"{CODES}{spelling}/?as_of=2024-05-01")

    assert (answer.status_code, answer["Location"]) == (301, f"{CODES}J3490/?as_of=2024-05-01")


@pytest.mark.parametrize(
    ("asked", "reason", "nearest"),
    [
        ("J3491", "unlisted", ["J3490"]),
        ("99213", "cpt", []),
        ("D0120", "cdt", []),
        ("0001234567", "ndc", []),
        ("3490", "no_letter", ["J3490"]),
        ("X1234", "no_such_letter", []),
        ("nonsense", "malformed", []),
        ("J3490%00", "malformed", ["J3490"]),
    ],
)
def test_an_unknown_code_is_told_which_mistake_it_is(client, asked, reason, nearest):
    make_release(["J3490"])

    answer = client.get(f"{CODES}{asked}/")

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    problem = answer.json()
    assert problem["type"] == "urn:hcpcs-portal:problem:unknown-code"
    assert (problem["reason"], problem["nearest"]) == (reason, nearest)


@pytest.mark.parametrize(
    ("query", "parameter"), [("as_of=xyz", "as_of"), ("asof=2024-05-01", "asof")]
)
def test_an_entry_is_not_answered_to_parameters_it_has_not(client, query, parameter):
    make_release(["J3490"])

    answer = client.get(f"{CODES}J3490/?{query}")

    assert answer.status_code == 400
    assert parameter in answer.json()["errors"]
