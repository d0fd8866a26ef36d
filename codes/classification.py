"""Which family and traits a code has: pure rules over its characters and CMS's fields.

A trait's rule is clauses joined by ` & `, all of which must hold:

    price=36|31       a pricing indicator is one of these (likewise coverage, betos)
    code=A2001-A2099;A4100    the code lies in one of these ranges
    text~per hour|per diem    the long description holds one of these phrases
    !code=…                   any clause negated
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Described:
    """What a rule may look at: the code, its folded long text and CMS's fields."""

    code: str
    text: str
    fields: dict


Clause = Callable[[Described], bool]


class BadRule(ValueError):
    """A trait's rule that cannot be read."""


@cache
def parse_ranges(ranges: str) -> tuple[tuple[str, str], ...]:
    """`A0021;A0225-A0999` as pairs of first and last code."""
    pairs = (part.partition("-") for part in ranges.split(";"))
    return tuple((first.strip(), (last or first).strip()) for first, _, last in pairs)


def covers(ranges: str, code: str) -> bool:
    return any(first <= code <= last for first, last in parse_ranges(ranges))


def family_of(code: str, families: Iterable[tuple[str, str]]) -> str | None:
    """The slug, among (slug, ranges), of the family whose narrowest range holds the code."""
    widths = [
        (int(last[1:]) - int(first[1:]), slug)
        for slug, ranges in families
        for first, last in parse_ranges(ranges)
        if first <= code <= last
    ]
    return min(widths)[1] if widths else None


@cache
def parse_rule(rule: str) -> tuple[Clause, ...]:
    return tuple(_clause(text.strip()) for text in rule.split(" & ")) if rule else ()


def matches(rule: str, described: Described) -> bool:
    """Whether the rule gives its trait; an empty rule gives none."""
    clauses = parse_rule(rule)
    return bool(clauses) and all(clause(described) for clause in clauses)


def _clause(text: str) -> Clause:
    if text.startswith("!"):
        inner = _clause(text[1:])
        return lambda described: not inner(described)
    if text.startswith("code="):
        ranges = text.removeprefix("code=")
        return lambda described: covers(ranges, described.code)
    if text.startswith("text~"):
        phrases = text.removeprefix("text~").lower().split("|")
        return lambda described: any(phrase in described.text for phrase in phrases)
    field, equals, values = text.partition("=")
    if field not in {"price", "coverage", "betos"} or not equals:
        raise BadRule(f"{text!r} is no clause of a trait's rule; see codes/classification.py.")
    wanted = frozenset(values.split("|"))
    return lambda described: not wanted.isdisjoint(_values(described.fields.get(field)))


def _values(value: str | list | None) -> list:
    return [value] if isinstance(value, str) else value or []
