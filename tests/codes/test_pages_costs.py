"""What pages cost in queries: as much for many rows as for few."""

from itertools import product
from string import ascii_uppercase

import pytest

from codes.pages.browse_views import QUESTIONS_A_PAGE
from codes.pages.code_views import MODIFIERS_A_PAGE
from guidance.actions import load_starter
from tests.cms_files import modifier
from tests.factories import make_release
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("modifiers", [1, 120])
def test_modifiers_cost_the_same_for_few_and_many(client, on, modifiers, django_assert_num_queries):
    names = ["".join(pair) for pair in product(ascii_uppercase, repeat=2)][:modifiers]
    make_release([modifier(name) for name in names], on=on)

    with django_assert_num_queries(3):  # count, versions of the page, newest release
        page = client.get("/modifiers/").content.decode()

    assert page.count("<tr>") == 1 + min(modifiers, MODIFIERS_A_PAGE)


@pytest.mark.parametrize("questions", [1, 40])
def test_questions_cost_the_same_for_few_and_many(
    client, tmp_path, on, questions, django_assert_num_queries
):
    make_release([f"J{number}" for number in range(1000, 1000 + questions)], on=on)
    asked = [
        text_of("code", f"J{number}", faqs=[{"question": f"Why {number}?", "answer": "So."}])
        for number in range(1000, 1000 + questions)
    ]
    load_starter(on=on, folder=write_pack(tmp_path, asked))

    with django_assert_num_queries(3):  # count, questions of the page with theirs, newest release
        page = client.get("/faqs/").content.decode()

    assert page.count("Why ") == min(questions, QUESTIONS_A_PAGE)
