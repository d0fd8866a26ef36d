"""Pages of portals with an unusual history: empty, an excerpt alone, codes re-used or gone."""

from datetime import date, timedelta

import pytest

from tests.cms_files import code
from tests.codes.test_pages_code import read
from tests.factories import make_release

pytestmark = pytest.mark.django_db


def test_an_empty_portal_answers_everywhere(client):
    for address in [
        "/",
        "/codes/",
        "/sections/",
        "/releases/",
        "/modifiers/",
        "/faqs/",
        "/contact/",
    ]:
        assert read(client, address)
    assert "no release has been imported yet" in read(client, "/")


def test_a_code_that_is_not_yet_in_use_says_from_when(client, on):
    tomorrow = on + timedelta(days=1)
    make_release([code("J3490", added=tomorrow)], on=on)

    assert "J3490 is not yet in use on" in read(client, "/codes/J3490/")
    assert "Yes" in read(client, f"/codes/J3490/?as_of={tomorrow}")


def test_a_re_used_code_shows_both_meanings(client, on):
    first = code("J9380", short="Old drug", added=date(2010, 1, 1), terminated=date(2015, 12, 31))
    make_release([first], quarter="2020-01", on=on)
    make_release([code("J9380", short="New drug", added=date(2023, 7, 1))], on=on)

    text = read(client, "/codes/J9380/")

    assert "CMS has used J9380 more than once." in text
    assert "Earlier meaning: Old drug, Jan 1, 2010 to Dec 31, 2015 (read it)" in text
    assert "J9380: Old drug" not in text
    assert "Later meaning: New drug" in read(client, "/codes/J9380/?as_of=2012-01-01")


def test_a_code_that_the_newest_file_lacks_is_reported_not_ended(client, on):
    make_release(["J3490", "J3590"], quarter="2024-10", on=on)
    make_release(["J3490"], quarter="2025-10", accept_missing="CMS dropped it", on=on)

    text = read(client, "/codes/J3590/")

    assert "CMS’s newest file no longer lists J3590" in text
    assert "has ended" not in text


def test_cms_texts_cannot_bring_markup(client, on):
    make_release([code("J3490", long="<script>alert(1)</script> & more", short="<b>x")], on=on)

    page = client.get("/codes/J3490/").content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_excerpt_is_named_as_one_with_the_way_out(client, on):
    make_release(["J3490"], is_excerpt=True, on=on)

    text = read(client, "/codes/J3490/")

    assert "Only the starter pack’s codes are loaded" in text
    assert "How to import a release" in text


def test_a_re_issue_answers_for_its_quarter_and_names_what_it_replaced(client, on):
    make_release(["J3490"], label="v2", on=on)
    make_release(["J3490", "J3590"], label="v3", on=on)

    text = read(client, "/releases/2025-10/")

    assert "October 2025 v3" in text
    assert "Replaces HCPC2025_OCT_ANWEB_v2.txt" in text
