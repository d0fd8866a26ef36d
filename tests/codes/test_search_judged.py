"""How well the whole release is searched: the scores that docs/search.md states."""

from datetime import date

import pytest
from django.core.management import call_command

from codes.importer.drug_names import read_drug_names
from codes.models import Code
from codes.search import forget_index
from tests.judged import Query, read_queries, score

ON = date(2025, 11, 25)
PROMISED = {"exact": 1.0, "slip": 0.9, "all": 0.95}
KINDS = ("exact", "words", "slip", "brand", "lay")


def test_there_are_enough_judged_queries_of_every_kind():
    queries = read_queries()

    assert len(queries) >= 200
    assert {query.kind for query in queries} == set(KINDS)


@pytest.fixture(scope="module")
def portal(module_db, shared_data):
    release = shared_data / "hcpcs" / "2025-10" / "HCPC2025_OCT_ANWEB_v3.reassembled.txt"
    call_command("import_release", release, verbosity=0)
    call_command("load_starter", verbosity=0)


@pytest.mark.long
@pytest.mark.django_db
def test_judged_queries_find_what_is_wanted(portal):
    found = score(read_queries(), ON)

    short = {kind: found[kind].missed for kind in PROMISED if found[kind].share < PROMISED[kind]}
    assert short == {}


@pytest.mark.long
@pytest.mark.django_db
def test_every_code_that_is_wanted_is_listed(portal):
    wanted = {code for query in read_queries() for code in query.want}

    assert wanted - set(Code.objects.listed().values_list("code", flat=True)) == set()


@pytest.mark.long
@pytest.mark.django_db
def test_the_names_of_the_crosswalk_find_their_codes(portal, shared_data):
    file = shared_data / "drug_pricing" / "asp_ndc_hcpcs_crosswalk_2026-01.level2.csv"
    call_command("load_search_terms", file)
    forget_index()
    listed = set(Code.objects.listed().values_list("code", flat=True))
    names: dict[str, set[str]] = {}
    for one in read_drug_names(file.name, file.read_bytes()).names:
        names.setdefault(one.name, set()).update({one.code} & listed)
    asked = [Query(name, tuple(codes), "brand") for name, codes in names.items() if codes]

    assert len(asked) > 900
    assert score(asked, ON)["brand"].share >= 0.98
