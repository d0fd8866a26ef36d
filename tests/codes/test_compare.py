"""Two to five codes side by side: the address is the whole state of the page."""

import re
from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateformat import format as date_format

from codes.calendar import today
from codes.pages.compare_views import Row, read_codes
from codes.publication import read_entries, read_entry
from codes.templatetags.comparing import nearest
from tests.codes.test_pages_code import read, words
from tests.factories import make_release
from tests.full_portal import OCTOBER_2025, make_full_portal

pytestmark = pytest.mark.django_db

FIVE = "J3490,J3590,E0601,K0553,A4239"


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), today())


def rows(client, query):
    """The words of each row of the table, by its topic: [marked as differing, cell, cell …]."""
    html = client.get(f"/compare/?{query}").content.decode()
    found = {}
    for row in re.findall(r"<tr role.*?</tr>", html, re.S)[1:]:
        head, *cells = re.split(r"<td[^>]*>", row)
        topic = words(head).removesuffix(" differs")
        found[topic] = ["differs" in words(head), *map(words, cells)]
    return found


def heads(client, query):
    html = client.get(f"/compare/?{query}").content.decode()
    return re.findall(r'<th scope="col".*?>([A-V]\d{4})</a>', html)


def test_each_topic_stands_side_by_side(client, portal):
    table = rows(client, "codes=J3490,E0601")

    assert table["Description"] == [True, "Unclassified drugs", "Item E0601 in full"]
    assert table["Documentation"] == [True, "Name the drug.", "Nothing said"]
    assert table["One unit"][1:] == [
        "One unit is one administration. State the dose.",
        "One unit is one month.",
    ]
    assert table["Who gets the claim"][1] == "The A/B MAC. Other payers decide."
    assert "CO-16" in table["Denials"][1]
    assert table["Coverage"][1] == "Medicare. Priced by hand."
    assert "J3590" in table["Companion codes"][1]
    assert "JZ Required" in table["Modifiers"][1]
    assert table["Traits"][2] == "Capped-rental equipment"
    assert "Capped-rental DME 36" in table["Pricing indicator"][2]


def test_a_row_is_marked_where_the_codes_differ_and_only_there(client, portal):
    table = rows(client, "codes=J3490,J3590")

    assert table["Description"][0]
    assert not table[f"Valid on {date_format(today(), 'M j, Y')}"][0]


def test_the_same_list_in_another_order_is_no_difference(portal):
    assert not Row(
        "Traits", "traits", [[{"slug": "a"}, {"slug": "b"}], [{"slug": "b"}, {"slug": "a"}]]
    ).differs
    assert Row("Traits", "traits", [[{"slug": "a"}], []]).differs


def test_only_what_differs_can_be_asked_for(client, portal):
    every = rows(client, "codes=J3490,J3590")
    only = rows(client, "codes=J3490,J3590&only=differences")

    assert only == {topic: row for topic, row in every.items() if row[0]}
    assert only != every


def test_cms_fields_that_do_not_differ_are_left_out(client, portal):
    assert "Pricing indicator" not in rows(client, "codes=J3490,J3590")


def test_the_date_of_service_decides(client, portal):
    before = rows(client, "codes=K0553,A4239&as_of=2022-12-31")
    after = rows(client, "codes=K0553,A4239&as_of=2023-01-01")

    assert before["Valid on Dec 31, 2022"][1] == "In use"
    assert after["Valid on Jan 1, 2023"][1] == "Ended"
    links = client.get("/compare/?codes=K0553,A4239&as_of=2022-12-31").content.decode()
    assert 'href="/codes/K0553/?as_of=2022-12-31"' in links
    assert 'href="/compare/?codes=A4239&amp;as_of=2022-12-31"' in links, "without K0553"


@pytest.mark.parametrize(
    "typed",
    ["J3490,J3590", "j3490 j3590", "J-3490; J 3590", "J349O\nHCPCS J3590", "J3490-JW,,J3590,"],
)
def test_codes_may_be_typed_in_any_spelling(client, portal, typed):
    assert heads(client, f"codes={quote(typed)}") == ["J3490", "J3590"]
    assert "notice warn" not in client.get(f"/compare/?codes={quote(typed)}").content.decode()


def test_a_code_may_be_added_by_a_field_of_its_own(client, portal):
    assert heads(client, "codes=J3490&codes=J3590") == ["J3490", "J3590"]


@pytest.mark.parametrize(
    ("query", "message", "shown"),
    [
        ("codes=J3490,J3491,J3590", "Not shown: J3491. No release", ["J3490", "J3590"]),
        ("codes=J3490,oxygen,J3590", "Not shown: oxygen. No release", ["J3490", "J3590"]),
        ("codes=J3490,j3490,J3590", "J3490 was given more than once", ["J3490", "J3590"]),
        (f"codes={FIVE},J3490", "J3490 was given more than once", FIVE.split(",")),
        ("codes=J3490,J3590&as_of=2024-02-30", "2024-02-30 is not a date", ["J3490", "J3590"]),
        ("codes=J3490,J3590&as_of=1066-10-14", "between 1980 and 2099", ["J3490", "J3590"]),
    ],
)
def test_what_cannot_be_shown_is_said_and_the_rest_is_shown(client, portal, query, message, shown):
    assert heads(client, query) == shown
    assert message in read(client, f"/compare/?{query}")


def test_what_was_typed_wrong_stays_in_the_field(client, portal):
    html = client.get("/compare/?codes=J3490,oxigen").content.decode()

    assert 'value="J3490, oxigen"' in html


def test_five_codes_are_the_most(client, portal, on):
    make_release([*OCTOBER_2025, *(f"J100{n}" for n in range(7))], quarter="2026-01", on=on)
    query = "codes=J1000,J1001,J1002,J1003,J1004,J1005,J1006"

    assert heads(client, query) == ["J1000", "J1001", "J1002", "J1003", "J1004"]
    assert "Left out: J1005, J1006." in read(client, f"/compare/?{query}")


@pytest.mark.parametrize(
    "codes",
    [
        "J" * 10_000,
        "J3490," * 2_000,
        "\0",
        "'\"<script>&",
        "💊",
        "a:b AND (",
        ",,, ,",
        "%",
        "٣" * 9,
    ],
)
def test_whatever_is_typed_the_answer_is_a_plain_page(client, portal, codes):
    text = read(client, f"/compare/?codes={quote(codes)}")

    assert "Compare codes" in text
    assert len(text) < 3_000
    assert "<script>" not in client.get(f"/compare/?codes={quote(codes)}").content.decode()[5000:]


def test_bytes_that_are_no_text_are_answered(client, portal):
    assert "Not shown" in read(client, "/compare/?codes=%ff%fe%c3&as_of=%ff&only=%00")


def test_no_more_is_read_than_five_codes_need():
    asked = read_codes("J3490 " + "x " * 5_000)

    assert asked.is_cut
    assert asked.codes == ["J3490"]
    assert len(read_codes(",".join(f"J{n:04}" for n in range(5_000))).codes) < 40


@pytest.mark.parametrize("size", [2, 5])
def test_today_costs_one_query_for_all_codes(client, portal, django_assert_num_queries, size):
    codes = ",".join(FIVE.split(",")[:size])

    with django_assert_num_queries(2):  # stored entries; newest release
        client.get(f"/compare/?codes={codes}")


def test_another_date_costs_as_much_for_two_codes_as_for_five(client, portal):
    def cost(codes):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/compare/?as_of=2024-11-01&codes={codes}")
        return len(asked)

    assert cost("K0553,J3490") == cost(FIVE)


def test_no_code_and_one_code_get_the_form_with_words(client, portal):
    assert "Type two to five codes above" in read(client, "/compare/")
    text = read(client, "/compare/?codes=K0553")
    assert "K0553 beside which code?" in text
    assert "Compare with A4239" in text, "the code that replaced it"


def test_the_page_is_one_address_to_search_engines_and_indexed_by_none(client, portal):
    html = client.get("/compare/?codes=J3490,J3590&as_of=2025-10-01").content.decode()

    assert '<meta name="robots" content="noindex">' in html
    assert '<link rel="canonical" href="http://testserver/compare/">' in html


def test_a_code_leads_to_its_comparison_with_its_neighbours(client, portal):
    html = client.get("/codes/J3490/?as_of=2025-10-02").content.decode()

    assert 'href="/compare/?codes=J3490&amp;as_of=2025-10-02"' in html
    assert 'href="/compare/?codes=J3490,J3590&amp;as_of=2025-10-02"' in html


def test_the_nearest_neighbours_are_compared():
    related = [{"code": f"E06{n:02}"} for n in (1, 2, 3, 4, 6, 20, 30, 40)]

    assert nearest({"code": "E0605", "related": related}) == ["E0602", "E0603", "E0604", "E0606"]


def test_entries_are_read_together_as_they_are_one_by_one(portal):
    for on in (today(), date(2024, 11, 1)):
        together = read_entries("code", ["J3490", "E0601", "J3491"], on)
        assert set(together) == {"J3490", "E0601"}
        for key, entry in together.items():
            assert entry.document == read_entry("code", key, on).document
