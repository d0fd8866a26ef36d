"""Writing what is ours in the code tables: sections, families, traits, identities, relations."""

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError

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
MEMBERS = "trait_members.csv"


@dataclass(frozen=True, slots=True)
class Relation:
    """A curated tie between two codes, as `CodeRelation` keeps it."""

    code: str
    kind: str
    other: str
    from_date: date
    source: str


@transaction.atomic(savepoint=False)
def load_classification() -> None:
    """Make sections, families, traits, memberships and every code's family what codes/data says.

    What is no longer there is deleted. A family or trait that guidance speaks of stays, without
    ranges or rule, so that no code falls under it. Where all is as it should be nothing is written.
    """
    letters = _load(Section, "letter", list(_rows("sections.csv")))
    families = [{"section_id": letters[row.pop("section")]} | row for row in _rows("families.csv")]
    _retire(Family, "ranges", families, _load(Family, "slug", families))
    traits = [row | {"rank": int(row["rank"])} for row in _rows("traits.csv")]
    _retire(Trait, "rule", traits, _load(Trait, "slug", traits))
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


def _load(model: type[Any], key: str, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert the rows that are new and update those that differ: `{key: pk}` of the whole table."""
    columns = [name for name in rows[0] if name != key]
    known = {row[key]: row for row in model.objects.values("pk", key, *columns)}
    pks = {name: row.pop("pk") for name, row in known.items()}
    changed = [row for row in rows if known.get(row[key]) != row]
    if not changed:
        return pks
    if model is Trait:
        _make_room()
        changed = rows
    model.objects.bulk_create(
        [model(**row) for row in changed],
        update_conflicts=True,
        unique_fields=[key],
        update_fields=columns,
    )
    return dict(model.objects.values_list(key, "pk"))


def _make_room() -> None:
    """Move every trait out of the way of the ranks to come: a rank is held by one at a time."""
    Trait.objects.update(rank=SPARE_RANKS + F("pk"))


def _retire(model: type[Any], rule: str, rows: list[dict], pks: dict[str, int]) -> None:
    """Delete what the file's rows lack; what guidance speaks of loses its ranges or rule instead."""
    gone = set(pks) - {row["slug"] for row in rows}
    for row in model.objects.filter(slug__in=gone) if gone else ():
        try:
            row.delete()
        except ProtectedError:
            model.objects.filter(pk=row.pk).exclude(**{rule: ""}).update(**{rule: ""})


def _load_memberships() -> None:
    wanted = {(row["trait"], row["code"], _day(row["starts_on"])): row for row in _rows(MEMBERS)}
    rows = TraitMembership.objects.values_list(
        "pk", "trait__slug", "code__code", "starts_on", "ends_on", "source"
    )
    stale = [row[0] for row in rows if not _as_wanted(wanted, *row[1:])]
    if stale:
        TraitMembership.objects.filter(pk__in=stale).delete()
    if wanted:
        _add_memberships(list(wanted.values()))


def _as_wanted(
    wanted: dict, trait: str, code: str, starts_on: date, ends_on: date | None, source: str
) -> bool:
    """Whether the file has the membership just so; then it is taken out of `wanted`."""
    row = wanted.get((trait, code, starts_on))
    if row is None or (_day(row["ends_on"]), row["source"]) != (ends_on, source):
        return False
    del wanted[trait, code, starts_on]
    return True


def _add_memberships(rows: list[dict[str, str]]) -> None:
    codes = name_codes({row["code"] for row in rows})
    traits = {trait.slug: trait for trait in Trait.objects.all()}
    TraitMembership.objects.bulk_create(
        TraitMembership(
            trait=traits[row["trait"]],
            code=codes[row["code"]],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"] or None,
            source=row["source"],
        )
        for row in rows
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _sort_into_families() -> None:
    families = _families()
    moved = []
    for code in Code.objects.only("code", "family_id"):
        family = _family(code.code, families)
        if code.family_id != (family.pk if family else None):
            code.family = family
            moved.append(code)
    if moved:
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
