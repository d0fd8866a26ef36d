"""What the index is made of, read from the tables."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from codes.models import CodeVersion, ModifierVersion, SearchTerm
from codes.search.index import ALWAYS, NEVER, Row
from codes.search.words import stems_of

# What is read of a version, be it a code's or a modifier's.
OF_A_VERSION = (
    "short",
    "long",
    "reads_from",
    "reads_until",
    "period__added",
    "period__terminated",
)
# A text of CMS names the thing first; after one of these it says what it is for or made of.
AFTER_THE_THING = re.compile(
    r"[,;(\[]| for | with | without | used | to | per | when | which | in | includ| exclud| any "
)
# Where the first part of a text only says of what sort the thing is, the thing stands in the next.
SORTS = re.compile(
    r"^(?:injection|infusion|inj|implantation|unlisted|ostomy|(?:manual |power )?wheelchair accessory"
    r"|accessory|repair/modification|replacement|addition to [^,]*)[,;:]? ",
    re.IGNORECASE,
)
# Words of a text that speaks of a part of a thing, or of what is done to it.
OF_A_PART = frozenset(
    stems_of("replacement accessory accessories addition repair modification supplies attachment")
)
WEIGHT_OF_A_PART = 0.7
# Beginnings of codes that are seldom what a word means: measures that are only reported, hospital
# and temporary codes, those that Medicare does not take.
SELDOM_MEANT = {"C": 0.7, "G": 0.9, "H": 0.95, "M": 0.6, "S": 0.8, "T": 0.9}
QUALITY_MEASURES = re.compile(r"G(?:[48]\d{3}|9[0-9]{3}|2(?:09|1[0-9])\d)|M1\d{3}")
WEIGHT_OF_A_MEASURE = 0.45


@dataclass(frozen=True)
class Terms:
    """What codes and families are also called, in the order in which each term prefers them."""

    of_code: dict[str, list[str]]
    of_family: dict[str, list[str]]
    meaning: dict[tuple[str, ...], list[str]]  # the sorted stems of a term: its codes


def read_terms(codes_of_family: dict[str, list[str]]) -> Terms:
    of_code, of_family = defaultdict(list), defaultdict(list)
    meaning: dict[tuple[str, ...], list[str]] = defaultdict(list)
    terms = SearchTerm.objects.order_by("place", "code", "pk")
    for term, code, family in terms.values_list("term", "code", "family"):
        (of_code[code] if code else of_family[family]).append(term)
        stems = tuple(sorted(stems_of(term)))
        meaning[stems] += [code] if code else codes_of_family.get(family, [])
    unique = {stems: list(dict.fromkeys(codes)) for stems, codes in meaning.items()}
    return Terms(of_code, of_family, unique)


def read_rows() -> tuple[list[Row], Terms]:
    """Every version of every code and modifier, and what they are also called."""
    codes = list(_code_versions())
    families: dict[str, list[str]] = defaultdict(list)
    for version in codes:
        if version["code__family__slug"]:
            families[version["code__family__slug"]].append(version["code__code"])
    terms = read_terms({slug: list(dict.fromkeys(found)) for slug, found in families.items()})
    rows = [_code_row(version, terms) for version in codes]
    rows += [_modifier_row(version) for version in _modifier_versions()]
    return rows, terms


def _code_versions() -> Iterator[dict]:
    versions = CodeVersion.objects.order_by("code__code", "starts_on")
    return versions.values(
        "code__code",
        "code__family__slug",
        "code__family__title",
        "code__section__title",
        *OF_A_VERSION,
    ).iterator()


def _modifier_versions() -> Iterator[dict]:
    versions = ModifierVersion.objects.order_by("modifier__code", "starts_on")
    return versions.values("modifier__code", *OF_A_VERSION).iterator()


def _code_row(version: dict, terms: Terms) -> Row:
    code, long = version["code__code"], version["long"]
    called = [*terms.of_code.get(code, ()), *terms.of_family.get(version["code__family__slug"], ())]
    stems = frozenset(stems_of(long))
    return _row(
        "code",
        code,
        version,
        terms=tuple(dict.fromkeys(called)),
        group=f"{version['code__family__title'] or ''} {version['code__section__title']}",
        weight=_weight(code) * (WEIGHT_OF_A_PART if stems & OF_A_PART else 1),
    )


def _modifier_row(version: dict) -> Row:
    return _row("modifier", version["modifier__code"], version, terms=(), group="", weight=1.0)


def _row(
    kind: str, code: str, version: dict, *, terms: tuple[str, ...], group: str, weight: float
) -> Row:
    short, long = version["short"], version["long"]
    thing = thing_of(long or short)
    return Row(
        kind=kind,
        code=code,
        short=short,
        long=long,
        terms=terms,
        group=group,
        reads_from=_first(version["reads_from"]),
        reads_until=_last(version["reads_until"]),
        added=_first(version["period__added"]),
        terminated=_last(version["period__terminated"]),
        thing=thing,
        thing_stems=frozenset(stems_of(thing)),
        weight=weight,
        stems=frozenset(stems_of(" ".join((short, long, group, *terms)))),
    )


def _first(day: date | None) -> int:
    return day.toordinal() if day else NEVER


def _last(day: date | None) -> int:
    return day.toordinal() if day else ALWAYS


def thing_of(text: str) -> str:
    """What a text of CMS is about: `walker` of "Walker, folding, wheeled"."""
    rest = SORTS.sub("", text)
    cut = AFTER_THE_THING.search(rest, 3)
    return rest[: cut.start()] if cut else rest


def _weight(code: str) -> float:
    if QUALITY_MEASURES.fullmatch(code):
        return WEIGHT_OF_A_MEASURE
    return SELDOM_MEANT.get(code[0], 1.0)
