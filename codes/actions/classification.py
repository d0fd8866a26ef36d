"""Writing what is ours in the code tables: sections, families, traits, identities, relations."""

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from codes.classification import family_of
from codes.models import (
    Code,
    CodeRelation,
    Family,
    Modifier,
    Section,
    Trait,
    TraitMembership,
)

SPARE_RANKS = 10_000  # beyond any rank in codes/data
DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Relation:
    """A curated tie between two codes, as `CodeRelation` keeps it."""

    code: str
    kind: str
    other: str
    from_date: date
    source: str


@transaction.atomic
def load_classification() -> None:
    """Make sections, families and traits what codes/data says. Writes nothing when they are."""
    Section.objects.bulk_create(
        [Section(**row) for row in _rows("sections.csv")],
        update_conflicts=True,
        unique_fields=["letter"],
        update_fields=["title"],
    )
    letters = {section.letter: section for section in Section.objects.all()}
    Family.objects.bulk_create(
        [Family(**row | {"section": letters[row["section"]]}) for row in _rows("families.csv")],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["title", "ranges", "section"],
    )
    traits = list(_rows("traits.csv"))
    _make_room(traits)
    Trait.objects.bulk_create(
        [Trait(**row) for row in traits],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["title", "rank", "rule"],
    )
    _load_memberships()
    _sort_into_families()


def name_codes(codes: Collection[str]) -> dict[str, Code]:
    """The identities of the codes, made where they are new: `{code: Code}`."""
    known = Code.objects.in_bulk(field_name="code")
    new = sorted(set(codes) - known.keys())
    if new:
        sections = {section.letter: section for section in Section.objects.all()}
        families = _families()
        Code.objects.bulk_create(
            Code(code=code, section=sections[code[0]], family=_family(code, families))
            for code in new
        )
        known = Code.objects.in_bulk(field_name="code")
    return {code: known[code] for code in codes}


def name_modifiers(codes: Collection[str]) -> dict[str, Modifier]:
    """The identities of the modifiers, made where they are new."""
    known = Modifier.objects.in_bulk(field_name="code")
    Modifier.objects.bulk_create(Modifier(code=code) for code in sorted(set(codes) - known.keys()))
    return Modifier.objects.in_bulk(field_name="code")


@transaction.atomic
def set_relations(relations: Iterable[Relation]) -> None:
    """Make the curated relations these and no others."""
    wanted = list(relations)
    codes = name_codes({r.code for r in wanted} | {r.other for r in wanted})
    CodeRelation.objects.all().delete()
    CodeRelation.objects.bulk_create(
        CodeRelation(
            code=codes[r.code],
            kind=r.kind,
            other=codes[r.other],
            from_date=r.from_date,
            source=r.source,
        )
        for r in wanted
    )


def _make_room(traits: list[dict[str, str]]) -> None:
    """Move traits whose rank changes out of the way: a rank is held by one at a time."""
    ranks = {row["slug"]: int(row["rank"]) for row in traits}
    for trait in Trait.objects.all():
        if trait.rank != ranks.get(trait.slug):
            Trait.objects.filter(pk=trait.pk).update(rank=SPARE_RANKS + trait.pk)


def _load_memberships() -> None:
    rows = list(_rows("trait_members.csv"))
    codes = name_codes({row["code"] for row in rows})
    traits = {trait.slug: trait for trait in Trait.objects.all()}
    TraitMembership.objects.bulk_create(
        [
            TraitMembership(
                trait=traits[row["trait"]],
                code=codes[row["code"]],
                starts_on=row["starts_on"],
                ends_on=row["ends_on"] or None,
                source=row["source"],
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["trait", "code", "starts_on"],
        update_fields=["ends_on", "source"],
    )


def _sort_into_families() -> None:
    families = _families()
    moved = []
    for code in Code.objects.select_related("family"):
        family = _family(code.code, families)
        if code.family != family:
            code.family = family
            moved.append(code)
    Code.objects.bulk_update(moved, ["family"], batch_size=500)


def _families() -> dict[str, list[Family]]:
    families: dict[str, list[Family]] = {}
    for family in Family.objects.select_related("section"):
        families.setdefault(family.section.letter, []).append(family)
    return families


def _family(code: str, families: dict[str, list[Family]]) -> Family | None:
    near = families.get(code[0], [])
    slug = family_of(code, [(family.slug, family.ranges) for family in near])
    return next((family for family in near if family.slug == slug), None)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with open(DATA / name, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
