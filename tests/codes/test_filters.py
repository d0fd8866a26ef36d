"""What the parameters of a list of codes mean, for the page and for REST."""

from datetime import date

import pytest
from django.http import QueryDict

from codes.calendar import today
from codes.filters import CodeFilter
from tests.cms_files import code
from tests.factories import make_release
from tests.full_portal import make_full_portal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), today())


def found(query: str) -> list[str]:
    return list(CodeFilter(QueryDict(query)).codes())


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A4239", "E0601", "J3490", "J3590", "K0553"]),
        ("section=J", ["J3490", "J3590"]),
        ("family=e-resp", ["E0601"]),
        ("status=active", ["A4239", "E0601", "J3490", "J3590"]),
        ("status=ended", ["K0553"]),
        ("status=future", []),
        ("trait=capped-rental", ["E0601"]),
        ("specialty=rheumatology", ["J3490"]),
        ("denial=CO-16", ["J3490"]),
        ("denial=CO-50", []),
        ("section=J&specialty=rheumatology&status=active", ["J3490"]),
        ("section=E&specialty=rheumatology", []),
        ("section=&status=&q=", ["A4239", "E0601", "J3490", "J3590", "K0553"]),
    ],
)
def test_filters_narrow_the_list_together(query, codes):
    assert found(query) == codes


@pytest.mark.parametrize(
    ("day", "codes"),
    [("2022-12-31", ["K0553"]), ("2023-01-01", []), ("2017-06-30", []), ("12/31/2022", ["K0553"])],
)
def test_status_is_that_of_the_date_of_service(day, codes):
    assert found(f"section=K&status=active&as_of={day}") == codes


def test_the_list_reads_as_on_the_date_of_service(on):
    first = code("J9380", short="Old drug", added=date(2010, 1, 1), terminated=date(2015, 12, 31))
    make_release([first], quarter="2020-01", on=on)

    old = CodeFilter(QueryDict("as_of=2012-01-01")).qs.get(code__code="J9380")

    assert old.short == "Old drug"


def test_a_search_puts_the_best_match_first_and_then_filters():
    assert found("q=unclassified biologics")[0] == "J3590"
    assert found("q=unclassified&specialty=rheumatology") == ["J3490"]


@pytest.mark.parametrize("query", ["section=Z", "as_of=x", "status=x", "q=%00", "trait=x"])
def test_what_cannot_be_understood_finds_nothing_and_is_named(query):
    codes = CodeFilter(QueryDict(query))

    assert list(codes.qs) == []
    assert list(codes.errors) == [query.partition("=")[0]]
