"""What changed between two releases, worked out from the records: CMS's action codes miss some."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from codes.importer.records import FIELDS, Record

# These describe the release, not the code.
_RELEASE_FIELDS = ("action", "action_date")
COMPARED = tuple(
    field for field in FIELDS if field not in ("code", "is_modifier", *_RELEASE_FIELDS)
)
_compared = attrgetter(*COMPARED)


class FieldChange(NamedTuple):
    """One field of one code that reads otherwise: `before` and `after` as texts (see as_text)."""

    code: str
    is_modifier: bool
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """Two releases compared, codes and modifiers alike, each list in the order of its release.

    `missing` are codes the later release no longer lists: reported, never ended by us. `ended`
    are those the later release gives an end that the earlier one did not.
    """

    added: list[Record]
    missing: list[Record]
    ended: list[Record]
    changed: list[FieldChange]


def difference(before: list[Record], after: list[Record]) -> Difference:
    """What the later release says that the earlier did not; case and white space do not count."""
    old = {record.code: record for record in before}
    new = {record.code: record for record in after}
    both = [(old[record.code], record) for record in after if record.code in old]
    return Difference(
        added=[record for record in after if record.code not in old],
        missing=[record for record in before if record.code not in new],
        ended=[now for then, now in both if now.terminated and not then.terminated],
        changed=[change for then, now in both for change in field_changes(then, now)],
    )


def field_changes(before: Record, after: Record) -> Iterator[FieldChange]:
    """The fields in which two records of one code differ."""
    then, now = _compared(before), _compared(after)
    if then == now:
        return
    for field, old, new in zip(COMPARED, then, now, strict=True):
        if old != new and folded(old) != folded(new):
            yield FieldChange(after.code, after.is_modifier, field, as_text(old), as_text(new))


def shrinkage(before: list[Record], after: list[Record]) -> float:
    """The share of the earlier release's codes that the later one lacks, 0 to 1."""
    codes = {record.code for record in before if not record.is_modifier}
    return len(codes - {record.code for record in after}) / len(codes) if codes else 0.0


def folded(value: Any) -> Any:
    """The value as compared: without case, and with single blanks."""
    if isinstance(value, tuple):
        return tuple(folded(text) for text in value)
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def as_text(value: Any) -> str:
    """A field as one text: repeated values joined by a blank, days in ISO form, "" for none."""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return value or ""
