"""Releases: uploaded as drafts, compared with the release before them in time, published whole."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from codes import publication
from codes.actions.classification import load_classification
from codes.actions.history import rewrite_history
from codes.importer.archive import read_release
from codes.importer.diff import Difference, difference, shrinkage
from codes.importer.records import ReleaseFile, dump_records, load_records
from codes.models import Entry, Release

# CMS has dropped 107 of 6,155 codes at once (2018): rare enough to ask why.
ALLOWED_SHRINKAGE = 0.01
# No file speaks of a time before HCPCS; CMS publishes a quarter a few weeks before it begins.
FIRST_QUARTER = date(1980, 1, 1)
AHEAD = timedelta(days=183)
# What a file says of itself; all else of a release is ours.
READ_COLUMNS = (
    "sha256",
    "quarter",
    "label",
    "rank",
    "file_name",
    "is_excerpt",
    "records",
    "record_count",
    "code_count",
    "modifier_count",
    "ended_count",
    "unknown_values",
    "notes",
)


class ReleaseRefused(ValueError):
    """A release that cannot be published; str() says why and what to do."""


class CodesMissing(ReleaseRefused):
    """Too many codes of the release before are not in the file."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A release against the release before it in time (`before` is None for the first).

    `stand_in` is an excerpt that the portal has in the place of any release before.
    """

    before: Release | None
    difference: Difference
    shrinkage: float
    stand_in: Release | None = None

    def why_alone(self) -> str:
        """Why there is no release before."""
        if self.stand_in is None:
            return "The first release in time: there is nothing to compare it with."
        return (
            f"Until now the portal has an excerpt of {self.stand_in.title}, a few rows that stand "
            "in for a release: there is nothing whole to compare this one with. Once published, it "
            "takes the excerpt’s place."
        )

    def lines(self) -> list[str]:
        """The difference in words, codes and modifiers apart."""
        return [
            f"{kind}: {self._counts(is_modifier)}"
            for kind, is_modifier in (("codes", False), ("modifiers", True))
        ]

    def _counts(self, is_modifier: bool) -> str:
        of = self.difference
        changed = Counter(c.field for c in of.changed if c.is_modifier == is_modifier)
        counts = {
            "added": sum(r.is_modifier == is_modifier for r in of.added),
            "missing": sum(r.is_modifier == is_modifier for r in of.missing),
            "long texts changed": changed["long"],
            "short texts changed": changed["short"],
            "newly ended": sum(r.is_modifier == is_modifier for r in of.ended),
        }
        return ", ".join(f"{count} {what}" for what, count in counts.items())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What publishing a release did."""

    release: Release
    comparison: Comparison
    published: publication.Published
    was_published: bool


def read_draft(
    *, name: str, content: bytes, quarter: date | None = None, is_excerpt: bool = False
) -> Release:
    """Read a CMS file as a release that is not saved.

    Raises BadFile for a file that is no HCPCS release.
    """
    file = read_release(name, content, quarter)
    row = _as_row(file)
    if is_excerpt:
        row |= {"is_excerpt": True, "rank": ""}  # of two excerpts the one uploaded last counts
    return Release(**row)


def keep_draft(*, release: Release) -> tuple[Release, bool]:
    """Save what `read_draft` gave, and say whether the file is new here.

    The same bytes give the release they gave before; a draft takes over what was read, since its
    quarter may have been wrong.
    """
    row = {name: getattr(release, name) for name in READ_COLUMNS}
    sha256 = row.pop("sha256")
    Release.objects.filter(sha256=sha256, status=Release.Status.DRAFT).update(**row)
    return Release.objects.get_or_create(sha256=sha256, defaults=row)


def upload_release(
    *, name: str, content: bytes, quarter: date | None = None, is_excerpt: bool = False
) -> Release:
    """Read a CMS file and keep it as a draft (see `keep_draft`). Raises BadFile."""
    read = read_draft(name=name, content=content, quarter=quarter, is_excerpt=is_excerpt)
    release, _ = keep_draft(release=read)
    return release


def discard_release(*, release: Release) -> None:
    """Forget a draft."""
    Release.objects.filter(pk=release.pk, status=Release.Status.DRAFT).delete()


def compare_release(*, release: Release) -> Comparison:
    """What publishing the release would change, against the release before it in time."""
    before = (
        Release.objects.in_history()
        .filter(quarter__lt=release.quarter, is_excerpt=release.is_excerpt)
        .last()
    )
    standing = Release.objects.in_history().filter(is_excerpt=True).exclude(pk=release.pk)
    old = load_records(bytes(before.records)) if before else []
    new = load_records(bytes(release.records))
    return Comparison(
        before=before,
        difference=difference(old, new),
        shrinkage=shrinkage(old, new) if before else 0.0,
        stand_in=None if before else standing.last(),
    )


def publish_release(
    *,
    release: Release,
    on: date,
    accept_missing: str = "",
    progress: Callable[[str], None] = lambda stage: None,
) -> Outcome:
    """Make a release part of the history: all of it, or none of it. `on` is today.

    Raises CodesMissing where more than 1 % of the codes of the release before are missing and
    `accept_missing` gives no reason, ReleaseRefused for a quarter that cannot be. A release that
    is published already changes nothing.
    """
    progress("comparing")
    comparison = compare_release(release=release)
    if release.status == Release.Status.DRAFT:
        _refuse_misdated(release, on)
        _refuse_shrunk(release, comparison, accept_missing)
    with transaction.atomic():
        publication.wait_for_turn()
        release = Release.objects.select_for_update().get(pk=release.pk)
        if release.status == Release.Status.PUBLISHED:
            nothing = publication.Published(stored=0, removed=0)
            return Outcome(release, comparison, nothing, was_published=True)
        _mark_published(release, accept_missing)
        progress("writing the history")
        load_classification()
        rewrite_history()
        progress("composing entries")
        published = publication.publish(
            publication.EVERYTHING, on=on, reason=f"Release {release.title}"
        )
    return Outcome(release, comparison, published, was_published=False)


def _as_row(file: ReleaseFile) -> dict:
    codes = [record for record in file.records if not record.is_modifier]
    return {
        "sha256": file.sha256,
        "quarter": file.quarter,
        "label": file.label,
        "rank": file.rank,
        "file_name": file.name,
        "records": dump_records(file.records),
        "record_count": file.record_count,
        "code_count": len(codes),
        "modifier_count": len(file.records) - len(codes),
        "ended_count": sum(record.terminated is not None for record in codes),
        "unknown_values": [
            [unknown.field, unknown.value, unknown.count, unknown.first_code]
            for unknown in file.unknown_values
        ],
        "notes": list(file.notes),
    }


def _refuse_misdated(release: Release, on: date) -> None:
    if not FIRST_QUARTER <= release.quarter <= on + AHEAD:
        raise ReleaseRefused(
            f"{release.file_name}: it was read as the release of {release.quarter:%B %Y}, which "
            "cannot be. Import it again with its right quarter (--quarter 2025-10; in the admin: "
            "in the field Quarter)."
        )


def _refuse_shrunk(release: Release, comparison: Comparison, accept_missing: str) -> None:
    if comparison.shrinkage <= ALLOWED_SHRINKAGE or accept_missing or not comparison.before:
        return
    missing = [record for record in comparison.difference.missing if not record.is_modifier]
    raise CodesMissing(
        f"{release.file_name}: {len(missing)} codes of the release before "
        f"({comparison.before.title}) are not in it ({comparison.shrinkage:.1%}; 1 % is allowed), "
        f"the first {missing[0].code}. Download the file again; if CMS did drop them, give the "
        "reason with --accept-missing (in the admin: under Why so many codes are missing)."
    )


def _mark_published(release: Release, accept_missing: str) -> None:
    release.status = Release.Status.PUBLISHED
    release.published_at = timezone.now()
    release.accepted_missing = accept_missing
    release.save(update_fields=["status", "published_at", "accepted_missing"])


def publish_due_entries(*, on: date) -> int:
    """Store anew the entries whose `until` has come. `on` is today; returns how many changed."""
    with transaction.atomic():
        publication.wait_for_turn()
        due: dict[str, list[str]] = {}
        for kind, key in Entry.objects.due(on).values_list("kind", "key"):
            due.setdefault(kind, []).append(key)
        return publication.publish(due, on=on, reason="A date has come").stored
