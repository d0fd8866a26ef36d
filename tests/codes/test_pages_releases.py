"""The pages of CMS's releases: what each one added, changed and ended."""

from datetime import date

import pytest

from codes.calendar import today
from tests.cms_files import code, modifier
from tests.codes.test_pages_code import read
from tests.factories import make_release

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def releases(module_db):
    on = today()
    kept = [code("J3490"), modifier("KX", short="Old words")]
    make_release([*kept, code("J3590", short="Old name")], quarter="2024-10", on=on)
    ended = code("J3490", terminated=date(2025, 9, 30))
    changed = [code("J3590", short="New name"), modifier("KX", short="New words")]
    make_release([ended, *changed, code("J7999", added=date(2025, 10, 1))], label="v3", on=on)


def test_releases_stand_newest_first_with_their_counts(client, releases):
    text = read(client, "/releases/")

    newest = text.index("October 2025 v3 Oct 1, 2025 3 1 1 1")
    assert newest < text.index("October 2024 Oct 1, 2024")


def test_a_release_begins_with_what_is_new(client, releases):
    text = read(client, "/releases/2025-10/")

    assert "New in this release 1 Changed 1 Ended 1" in text
    assert "J7999 Item J7999 New, with add date 2025-10-01" in text


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("changed", "J3590 New name Short description: left out: Old put in: New name"),
        ("ended", "J3490 Item J3490 Ended: last day of use 2025-09-30"),
    ],
)
def test_each_kind_of_change_is_shown_by_code(client, releases, kind, change):
    assert change in read(client, f"/releases/2025-10/?kind={kind}")


def test_modifiers_that_changed_are_shown_too(client, releases):
    assert "KX Short description: left out: Old put in: New words" in read(
        client, "/releases/2025-10/"
    )


def test_an_unknown_kind_of_change_is_said_to_be_one(client, releases):
    text = read(client, "/releases/2025-10/?kind=%00")

    assert "There is no such kind of change." in text


def test_the_first_release_has_nothing_to_be_compared_with(client, releases):
    assert "No changes are known" in read(client, "/releases/2024-10/")


@pytest.mark.parametrize("codes", [1, 150])
def test_a_release_costs_the_same_for_few_and_many_changes(
    client, on, codes, django_assert_num_queries
):
    make_release(["J3490"], quarter="2024-10", on=on)
    names = [f"J{number}" for number in range(1000, 1000 + codes)]
    make_release(["J3490", *[code(name, added=date(2025, 10, 1)) for name in names]], on=on)

    # are there real releases; the quarter's; counts by kind; count; changes; their texts;
    # modifiers' changes; and the frame's newest release
    with django_assert_num_queries(8):
        client.get("/releases/2025-10/")
    with django_assert_num_queries(4):  # real ones?; releases; counts; newest release
        client.get("/releases/")
