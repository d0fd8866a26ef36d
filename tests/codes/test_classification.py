"""Sections, families and traits by rule."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.actions.classification import DATA, load_classification, name_codes
from codes.classification import BadRule, Described, covers, family_of, matches, parse_rule
from codes.models import Code, Family, Section, Trait, TraitMembership
from guidance.models import Guidance

FAMILIES = [("wide", "A0021-A9999"), ("narrow", "A0225-A0999;A0021"), ("exact", "A0300")]


def described(code="E0601", text="", **fields):
    return Described(code, text, fields)


@pytest.mark.parametrize(
    ("code", "family"),
    [("A0021", "narrow"), ("A0300", "exact"), ("A0225", "narrow"), ("A1000", "wide"), ("B1", None)],
)
def test_the_most_specific_range_wins_a_code(code, family):
    assert family_of(code, FAMILIES) == family


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("price=36", True),
        ("price=31|36", True),
        ("price=51", False),
        ("coverage=C", True),
        ("code=E0600-E0699", True),
        ("code=A0001;E0700-E0800", False),
        ("text~per hour|per diem", True),
        ("text~biosimilar", False),
        ("price=36 & coverage=C", True),
        ("price=36 & !coverage=C", False),
        ("!price=51", True),
        ("", False),
    ],
)
def test_rules(rule, holds):
    subject = described(text="rental, per diem", price=["36"], coverage="C")

    assert matches(rule, subject) is holds


def test_a_field_that_cms_left_empty_matches_nothing():
    assert not matches("price=36", described())


@pytest.mark.parametrize("rule", ["colour=red", "price", "price=1 & nonsense"])
def test_a_rule_that_cannot_be_read_is_refused(rule):
    with pytest.raises(BadRule, match="no clause"):
        parse_rule(rule)


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999))
def test_a_range_covers_what_lies_between_its_ends(first, last, number):
    covered = covers(f"A{first:04}-A{last:04}", f"A{number:04}")

    assert covered == (first <= number <= last)


@pytest.mark.django_db
def test_all_our_sections_families_and_traits_load():
    load_classification()

    assert (Section.objects.count(), Family.objects.count()) == (17, 114)
    assert TraitMembership.objects.filter(trait__slug="noc").count() > 160


@pytest.mark.django_db
def test_what_is_loaded_already_is_read_and_not_written(django_assert_num_queries):
    load_classification()

    with django_assert_num_queries(6) as captured:
        load_classification()

    assert {query["sql"].partition(" ")[0] for query in captured} == {"SELECT"}


@pytest.mark.django_db
def test_what_our_files_no_longer_have_goes():
    load_classification()
    known = Trait.objects.get(slug="noc")
    code = Code.objects.get(code="E1399")
    TraitMembership.objects.create(trait=known, code=code, starts_on="1999-01-01", source="Old")
    Trait.objects.create(slug="old", title="Old", rank=200, rule="price=36")
    family = Family.objects.create(
        slug="old", title="Old", section=Section.objects.get(letter="E"), ranges="E1399"
    )
    Code.objects.filter(pk=code.pk).update(family=family)

    load_classification()

    assert not TraitMembership.objects.filter(starts_on="1999-01-01").exists()
    assert not Trait.objects.filter(slug="old").exists()
    assert not Family.objects.filter(slug="old").exists()
    assert Code.objects.get(code="E1399").family.slug == "e-otherdme"


@pytest.mark.django_db
def test_what_guidance_speaks_of_stays_and_no_code_falls_under_it():
    load_classification()
    trait = Trait.objects.create(slug="old", title="Old", rank=200, rule="price=36")
    family = Family.objects.create(
        slug="old", title="Old", section=Section.objects.get(letter="E"), ranges="E1399"
    )
    Guidance.objects.bulk_create([Guidance(trait=trait), Guidance(family=family)])

    load_classification()

    assert Trait.objects.get(slug="old").rule == ""
    assert Family.objects.get(slug="old").ranges == ""


@pytest.mark.django_db
def test_a_membership_takes_the_end_and_the_source_that_our_files_give():
    load_classification()
    one = TraitMembership.objects.filter(ends_on=None).first()
    TraitMembership.objects.filter(pk=one.pk).update(ends_on="2999-01-01", source="Another")

    load_classification()

    again = TraitMembership.objects.get(trait=one.trait, code=one.code, starts_on=one.starts_on)
    assert (again.ends_on, again.source) == (None, one.source)


@pytest.mark.django_db
def test_a_family_that_loses_a_code_gives_it_up():
    load_classification()
    stray = Code.objects.get(code="E1399")
    Code.objects.filter(pk=stray.pk).update(family=Family.objects.get(slug="j-noc"))

    load_classification()

    stray.refresh_from_db()
    assert stray.family.slug == "e-otherdme"


@pytest.mark.django_db
def test_traits_can_change_places():
    load_classification()
    ranks = dict(Trait.objects.values_list("slug", "rank"))
    for trait in Trait.objects.order_by("-rank"):
        Trait.objects.filter(pk=trait.pk).update(rank=trait.rank + 1)

    load_classification()

    assert dict(Trait.objects.values_list("slug", "rank")) == ranks


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "family", "is_quality"),
    [
        ("G8978", "g-quality", True),
        ("G0029", "g-quality", True),
        ("G9473", "g-model", False),
        ("G9886", "g-model", False),
        ("M0001", "m-model", True),
        ("M0010", "m-model", False),
    ],
)
def test_only_codes_without_any_payment_are_quality_measures(code, family, is_quality):
    load_classification()
    name_codes([code])
    rule = Trait.objects.get(slug="quality-only").rule

    assert Code.objects.get(code=code).family.slug == family
    assert matches(rule, described(code)) is is_quality


def test_every_trait_rule_can_be_read():
    with open(DATA / "traits.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parse_rule(row["rule"])


@pytest.mark.django_db
def test_traits_stand_in_the_order_of_their_rank():
    load_classification()

    assert Trait.objects.first().slug == "quality-only"
