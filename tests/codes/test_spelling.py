"""How codes are spelled by people, and what is said of one that is not here."""

import pytest

from codes.converters import code_on_a_claim
from codes.lookup import explain
from guidance.actions import load_starter
from tests.cms_files import code
from tests.factories import make_release
from tests.packs import write_pack


@pytest.mark.parametrize(
    "typed",
    [
        "J3490",
        "j3490",
        " J-3490 ",
        "J3490,",
        "J3490:",
        "(J3490)",
        "J349O",
        "J3490-JW",
        "J3490JZ",
        "J3490 JZ KX",
        "HCPCS J3490",
        "\uff2a\uff13\uff14\uff19\uff10",
    ],
)
def test_a_code_is_known_as_it_stands_on_a_claim(typed):
    assert code_on_a_claim(typed) == "J3490"


@pytest.mark.parametrize(
    "typed", ["", "oxygen", "hoist", "3490", "CO-50", "J34", "JJ3490", "99213"]
)
def test_what_is_no_code_is_taken_for_none(typed):
    assert code_on_a_claim(typed) is None


@pytest.mark.django_db
def test_a_slip_in_the_search_box_is_answered_with_its_neighbours(client, on):
    make_release([code("J3490", short="Drugs", long="Unclassified drugs")], on=on)

    page = client.get("/codes/", {"q": "JJ3490"}).content.decode()

    assert "Did you mean" in page
    assert 'href="/codes/J3490/"' in page


@pytest.mark.django_db
def test_with_the_starter_pack_alone_no_code_is_said_not_to_exist(on):
    make_release(["J0178"], is_excerpt=True, on=on)

    unknown = explain("J0171", on)

    assert unknown.kind == "not_loaded"
    assert unknown.nearest == []


@pytest.mark.django_db
def test_a_denial_category_in_the_search_box_leads_to_its_page(client, tmp_path, on):
    load_starter(on=on, folder=write_pack(tmp_path))

    assert 'href="/denials/CO-50/"' in client.get("/codes/", {"q": "co-50"}).content.decode()
