"""The codes before and after one, in the order of the codes."""

import re

import pytest

from tests.codes.test_pages_code import read
from tests.factories import make_release

pytestmark = pytest.mark.django_db


def leads(client, address):
    """Where the page leads before and after: {"prev": address, "next": address}."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'<a rel="(prev|next)" href="([^"]+)"', page))


def test_a_code_leads_to_the_code_before_and_the_code_after(client, on):
    make_release(["A4239", "J3490", "J3590", "J7999"], on=on)

    assert leads(client, "/codes/J3490/") == {"prev": "/codes/A4239/", "next": "/codes/J3590/"}
    assert "Before A4239: Item A4239 in full After J3590: Item J3590 in full" in read(
        client, "/codes/J3490/"
    )


def test_the_first_code_has_none_before_and_the_last_none_after(client, on):
    make_release(["A4239", "J3490"], on=on)

    assert leads(client, "/codes/A4239/") == {"next": "/codes/J3490/"}
    assert leads(client, "/codes/J3490/") == {"prev": "/codes/A4239/"}


def test_a_title_of_today_does_not_stand_on_the_page_of_another_date(client, on):
    make_release(["A4239", "J3490"], on=on)

    text = read(client, "/codes/J3490/?as_of=2025-11-02")

    assert "Before A4239" in text
    assert "Before A4239:" not in text


def test_a_reader_who_holds_the_page_hears_of_a_new_code_beside(client, on):
    for quarter in ("2025-04", "2025-07", "2025-10"):
        make_release(["J3490"], quarter=quarter, on=on)
    held = client.get("/codes/J3490/")["ETag"]

    make_release(["A4239", "J3490"], quarter="2025-07", label="v2", on=on)

    assert client.get("/codes/J3490/", headers={"if-none-match": held}).status_code == 200
