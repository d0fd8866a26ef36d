"""A portal of full size, built in bulk: `make_big_portal(on=…)`.

8,463 codes of one release; 5,000 guidance texts, one a code, each with older editions, so that there
are 50,000 revisions. The newest of the first `in_review` codes waits for a reviewer. Its people are
an editor and a reviewer.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from codes.actions import load_classification, name_codes
from guidance.models import AuditEvent, CoverageSignal, Guidance, PublishedGuidance, Revision
from guidance.workflow import Role, Status
from tests.factories import make_account, make_release

LETTERS = "ABCEGHJKLMPQRSTUV"
TEXT = "One unit is what the descriptor says. Count what was given, and write it down that day. "


@dataclass(frozen=True)
class BigPortal:
    editor: Any
    reviewer: Any
    codes: list[str]


def make_big_portal(
    *,
    on: date,
    codes: int = 8_463,
    texts: int = 5_000,
    revisions: int = 50_000,
    in_review: int = 200,
) -> BigPortal:
    """The portal, published as of `on`; each code with guidance has `revisions / texts` revisions."""
    portal = BigPortal(
        editor=make_account("editor", Role.EDITOR),
        reviewer=make_account("reviewer", Role.REVIEWER),
        codes=_names(codes),
    )
    load_classification()
    identities = name_codes(portal.codes)
    guidance = Guidance.objects.bulk_create(
        Guidance(code=identities[name], review_due=on + timedelta(days=number % 400))
        for number, name in enumerate(portal.codes[:texts])
    )
    _write(portal, guidance, revisions // texts, in_review)
    make_release(portal.codes, on=on)
    return portal


def _names(count: int) -> list[str]:
    every = (f"{letter}{number:04}" for number in range(100, 9999, 7) for letter in LETTERS)
    return sorted(islice(every, count))


def _write(portal: BigPortal, guidance: list[Guidance], editions: int, in_review: int) -> None:
    rows = Revision.objects.bulk_create(
        (
            _revision(portal, one, number, editions, waits=place < in_review)
            for place, one in enumerate(guidance)
            for number in range(1, editions + 1)
        ),
        batch_size=1_000,
    )
    CoverageSignal.objects.bulk_create(
        CoverageSignal(revision=row, position=0, payer_class="medicare", text=TEXT)
        for row in rows
        if row.status == Status.IN_REVIEW
    )
    published = [row for row in rows if row.status == Status.PUBLISHED]
    PublishedGuidance.objects.bulk_create((_frozen(row) for row in published), batch_size=1_000)
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                actor=portal.editor,
                action="write",
                guidance=row.guidance,
                revision_number=row.number,
            )
            for row in rows
        ),
        batch_size=1_000,
    )


def _revision(
    portal: BigPortal, guidance: Guidance, number: int, editions: int, *, waits: bool
) -> Revision:
    newest = editions - 1 if waits else editions
    status = Status.SUPERSEDED if number < newest else Status.PUBLISHED
    if waits and number == editions:
        status = Status.IN_REVIEW
    is_signed = status != Status.IN_REVIEW
    return Revision(
        guidance=guidance,
        number=number,
        status=status,
        valid_from=date(2020, 1, 1) + timedelta(days=100 * number),
        summary=TEXT,
        unit=TEXT * 3,
        author=portal.editor,
        reviewer=portal.reviewer if is_signed else None,
        reviewed_at=timezone.now() if is_signed else None,
    )


def _frozen(row: Revision) -> PublishedGuidance:
    said = {"text": row.unit, "html": f"<p>{row.unit}</p>", "citations": []}
    return PublishedGuidance(
        guidance=row.guidance,
        revision=row,
        number=row.number,
        scope="code",
        key=row.guidance.code.code,
        valid_from=row.valid_from,
        reviewed_on=row.reviewed_at and row.reviewed_at.date(),
        content={"unit": said},
    )
