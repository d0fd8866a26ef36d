"""Writing the computed history of codes and modifiers into their tables.

Only what differs is written: a code whose history is as it was keeps its rows.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from codes.actions.classification import name_codes, name_modifiers
from codes.importer.history import MISSING, RETURNED, Change, CodeHistory, Period, history
from codes.importer.records import DATE_FIELDS, FIELDS, Record, load_records
from codes.models import (
    Code,
    CodeChange,
    CodePeriod,
    CodeVersion,
    Modifier,
    ModifierChange,
    ModifierPeriod,
    ModifierVersion,
    Release,
    WrittenHistory,
)

ONE_DAY = timedelta(days=1)
# Columns of their own in the tables, or of no meaning beyond their release.
NOT_A_FIELD = {"code", "is_modifier", "long", "short", "added", "action_date", "terminated"}
CMS_FIELDS = [name for name in FIELDS if name not in NOT_A_FIELD | {"action"}]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the history of one kind of subject is written."""

    # Any: the twins share no base that is a model of its own.
    identity: type[Any]
    period: type[Any]
    version: type[Any]
    change: type[Any]
    owner: str


CODES = Tables(Code, CodePeriod, CodeVersion, CodeChange, "code")
MODIFIERS = Tables(Modifier, ModifierPeriod, ModifierVersion, ModifierChange, "modifier")


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A published release as the history wants it: its records are read when they are told."""

    id: int
    quarter: date
    rank: str

    @property
    def records(self) -> list[Record]:
        return load_records(
            bytes(Release.objects.values_list("records", flat=True).get(pk=self.id))
        )


def rewrite_history() -> None:
    """Make the tables what the published releases say. The caller holds the transaction."""
    published = Release.objects.in_history().values_list("pk", "quarter", "rank")
    told = history(_Recorded(*row) for row in published).values()
    codes = [one for one in told if not one.is_modifier]
    modifiers = [one for one in told if one.is_modifier]
    _rewrite(codes, CODES, name_codes({one.code for one in codes}))
    _rewrite(modifiers, MODIFIERS, name_modifiers({one.code for one in modifiers}))
    _refresh_statistics()


def _refresh_statistics() -> None:
    """Have PostgreSQL count what was just written: all entries are composed from it before the
    server would count by itself, and planned by the old counts that may take minutes."""
    if connection.vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in (Code, CodePeriod, CodeVersion))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def _rewrite(histories: list[CodeHistory], tables: Tables, identities: dict[str, Any]) -> None:
    digests = {one.code: _digest(one) for one in histories}
    written = dict(WrittenHistory.objects.values_list("subject", "digest"))
    changed = [one for one in histories if written.get(one.code) != digests[one.code]]
    listed = set(tables.identity.objects.listed().values_list("code", flat=True))
    gone = listed - digests.keys()
    _clear(tables, {one.code for one in changed} | gone)
    _describe(tables, changed, identities)
    WrittenHistory.objects.bulk_create(
        WrittenHistory(subject=one.code, digest=digests[one.code]) for one in changed
    )
    _set_last_release(tables, histories)


def _clear(tables: Tables, codes: set[str]) -> None:
    owned = {f"{tables.owner}__code__in": codes}
    for table in (tables.change, tables.version, tables.period):
        table.objects.filter(**owned).delete()
    WrittenHistory.objects.filter(subject__in=codes).delete()
    tables.identity.objects.filter(code__in=codes).update(last_release=None)


def _set_last_release(tables: Tables, histories: list[CodeHistory]) -> None:
    """Most codes are in the newest release; each older one still speaks for a few."""
    by_release: dict[int, list[str]] = {}
    for one in histories:
        by_release.setdefault(one.last_release, []).append(one.code)
    for release, codes in by_release.items():
        rows = tables.identity.objects.filter(code__in=codes)
        rows.exclude(last_release=release).update(last_release=release)


def _describe(tables: Tables, histories: list[CodeHistory], identities: dict[str, Any]) -> None:
    periods: list[list[Any]] = []
    for one in histories:
        owner = {tables.owner: identities[one.code]}
        periods.append([tables.period(**owner, **_period(p)) for p in one.periods])
    tables.period.objects.bulk_create([p for rows in periods for p in rows], batch_size=2000)
    tables.version.objects.bulk_create(
        (
            tables.version(**{tables.owner: identities[one.code]}, **values)
            for one, rows in zip(histories, periods, strict=True)
            for values in _versions(one, rows)
        ),
        batch_size=2000,
    )
    tables.change.objects.bulk_create(
        (
            tables.change(**{tables.owner: identities[one.code]}, **values)
            for one in histories
            for values in _changes(one)
        ),
        batch_size=2000,
    )


def _period(period: Period) -> dict[str, Any]:
    return {
        "added": period.added,
        "terminated": period.terminated,
        "text_known_from": period.text_known_from,
    }


def _versions(one: CodeHistory, periods: list[Any]) -> Iterator[dict[str, Any]]:
    """Each version reads until the day before the next; the first and the last are open."""
    following = [version.starts_on for version in one.versions[1:]]
    for place, version in enumerate(one.versions):
        yield {
            "period": periods[version.period],
            "starts_on": version.starts_on,
            "reads_from": version.starts_on if place else None,
            "reads_until": following[place] - ONE_DAY if place < len(following) else None,
            "release_id": version.release,
            "short": version.record.short,
            "long": version.record.long,
            "fields": cms_fields(version.record),
        }


def cms_fields(record: Record) -> dict[str, Any]:
    """The record's other fields, the empty ones left out: strings, lists, ISO dates."""
    values = {name: getattr(record, name) for name in CMS_FIELDS}
    return {
        name: value.isoformat() if name in DATE_FIELDS else _listed(value)
        for name, value in values.items()
        if value
    }


def _listed(value: str | tuple[str, ...]) -> str | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _changes(one: CodeHistory) -> Iterator[dict[str, Any]]:
    for change in one.changes:
        yield {
            "release_id": change.release,
            "kind": _kind(change),
            "field": change.field,
            "before": change.before,
            "after": change.after,
        }


def _kind(change: Change) -> str:
    """An add date where there was none is a code new to the file; an end likewise is its end."""
    if change.field in (MISSING, RETURNED):
        return change.field
    kinds = {"added": CodeChange.Kind.ADDED, "terminated": CodeChange.Kind.ENDED}
    return (
        CodeChange.Kind.CHANGED
        if change.before
        else kinds.get(change.field, CodeChange.Kind.CHANGED)
    )


def _digest(one: CodeHistory) -> str:
    rows = [list(_versions(one, list(range(len(one.periods))))), list(_changes(one))]
    text = json.dumps([[_period(p) for p in one.periods], rows], default=str)
    return hashlib.sha256(text.encode()).hexdigest()
