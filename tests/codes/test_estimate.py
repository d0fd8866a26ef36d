"""The estimate multiplies a visitor's own figures, in the open, and promises nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.estimate import Estimate
from codes.templatetags.estimate import dollars, number
from tests.codes.test_pages_code import read, words
from tests.full_portal import make_full_portal

pytestmark = pytest.mark.django_db

GOOD = {"claims": "1,000", "average": "$150.50", "denied": "8 %", "recoverable": "60"}
FIGURES = st.fixed_dictionaries(
    {
        "claims": st.decimals(0, 10_000_000, places=0),
        "average": st.decimals(0, 1_000_000, places=2),
        "denied": st.decimals(0, 100, places=2),
        "recoverable": st.decimals(0, 100, places=2),
    }
)


def shown(client, **figures):
    return words(client.get("/estimate/", GOOD | figures).content.decode())


def test_each_step_is_shown_with_its_formula(client):
    text = shown(client)

    for step in (
        "Denied claims a month claims × denied part 80",
        "denied claims × average value $12,040.00",
        "their worth × recoverable part $7,224.00",
        "Recoverable a year the month × 12 $86,688.00",
        "No forecast and no promise",
    ):
        assert step in text


def test_what_was_typed_stays_as_it_was(client):
    page = client.get("/estimate/", GOOD).content.decode()

    for value in GOOD.values():
        assert f'value="{value}"' in page


def test_without_figures_there_is_no_result_and_no_complaint(client):
    response = client.get("/estimate/")

    assert response.status_code == 200
    assert "cannot be multiplied" not in words(response.content.decode())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (field, value)
        for field in GOOD
        for value in ["", "many", "-1", "NaN", "Infinity", "1e400", "9" * 10_000, "\0", "1.2345"]
    ]
    + [("denied", "100.01"), ("recoverable", "101"), ("claims", "1.5"), ("claims", "10000001")],
)
def test_an_impossible_figure_gets_one_plain_message(client, field, value):
    response = client.get("/estimate/", GOOD | {field: value})

    text = words(response.content.decode())
    assert response.status_code == 400
    assert text.count("write a number from") == 1
    assert "$" not in text.partition("Step by step")[2].partition("No forecast")[0]


@given(figures=FIGURES, more=FIGURES)
def test_more_of_any_figure_never_gives_less(figures, more):
    before = Estimate(**figures)
    for name in figures:
        after = Estimate(**figures | {name: max(figures[name], more[name])})
        assert after.recovered >= before.recovered


@given(figures=FIGURES)
def test_nothing_exceeds_what_was_denied_nor_that_what_was_sent(figures):
    found = Estimate(**figures)

    assert 0 <= found.recovered <= found.denied_value <= found.claims * found.average
    assert found.recovered_a_year == found.recovered * 12


@pytest.mark.parametrize(
    ("amount", "as_number", "as_dollars"),
    [
        ("0", "0", "$0.00"),
        ("-0", "0", "$0.00"),
        ("80.50", "80.5", "$80.50"),
        ("100", "100", "$100.00"),
        ("1234.005", "1,234.01", "$1,234.01"),
        ("1E+7", "10,000,000", "$10,000,000.00"),
    ],
)
def test_figures_are_written_in_full(amount, as_number, as_dollars):
    assert (number(Decimal(amount)), dollars(Decimal(amount))) == (as_number, as_dollars)


def test_the_page_sets_no_cookie_and_names_no_sum_of_ours(client):
    response = client.get("/estimate/")

    assert not response.cookies
    assert "$" not in response.content.decode()


def test_a_code_page_leads_to_the_form_and_to_the_estimate(client, tmp_path, on):
    make_full_portal(tmp_path, on)
    page = client.get("/codes/J3490/").content.decode()

    assert 'href="/contact/?about=J3490"' in page
    assert 'href="/estimate/"' in page
    assert 'href="/estimate/"' in client.get("/contact/").content.decode()
    assert "one-minute estimate" in read(client, "/codes/J3490/")
